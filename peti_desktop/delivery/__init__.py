"""What goes out of a dependencia: the workbook, its signature, its paper; and reading such a workbook back."""
