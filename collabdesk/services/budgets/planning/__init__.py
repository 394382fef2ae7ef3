"""Setting a year up and planning it: versions, lines, amounts, letters, and workbooks taken in."""
