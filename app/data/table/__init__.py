"""Tables as text, such as a CSV file or cells pasted from a spreadsheet.

- `reading`: delimiter, header and decimal mark are inferred, and the text is split into rows.
- `cells`: one cell as a number, a missing value or text.
"""
