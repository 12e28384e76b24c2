"""A table of text, such as a CSV file or cells pasted from a spreadsheet.

- `reading`: delimiter, header and decimal mark found out, and the text cut into rows.
- `cells`: one cell as a number, a missing value or text.
"""
