"""Tables as text, such as a CSV file or cells pasted from a spreadsheet.

- `reading`: delimiter, header and decimal mark are inferred, and the text is split into rows.
- `splitting`: rows and their cells; `joints`: numbers that the delimiter cuts; `records`: JSON.
- `heading`, `margins`: where the table begins, and rows that are no samples.
- `notation`, `dates`: how its numbers and dates are written.
- `cells`: one cell as a number, a missing value or text.
- `written`: text in tables that Basin writes, of which no spreadsheet makes a formula.
"""
