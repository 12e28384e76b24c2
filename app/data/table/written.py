"""Text in a table that is written for a spreadsheet.

Of a cell that begins with `=`, `+`, `-`, `@` or a break a spreadsheet makes a formula, which may
fetch an address or start a program, and what a run is called came by a link perhaps
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

import re

_FORMULA = re.compile(r"[=+\-@\t\r\n].", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def as_text(text: str) -> str:
    """The text with an apostrophe before it, where it would be taken for a formula.

    A number stays, as a class may be called -1, and so does a sign alone.
    """
    is_formula = _FORMULA.match(text) is not None and _NUMBER.fullmatch(text) is None
    return f"'{text}" if is_formula else text
