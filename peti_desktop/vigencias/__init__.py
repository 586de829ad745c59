"""What rules in a year: its deadlines, its lists, and what a change of them means for the records there are."""
