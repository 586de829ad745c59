"""The steps of bringing in a spreadsheet."""
