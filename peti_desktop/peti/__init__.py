"""The plan of technologies (PETI) as the office keeps it: initiatives, the years they take, and indicators."""
