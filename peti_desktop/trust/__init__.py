"""Keys, the office's authority, and the electronic signature of a workbook; knows no record and no store."""
