"""Text out of a file that was handed in, without signs that are not seen.

Signs for right-to-left text turn round what stands after them: a name with one would rewrite the
rest of its line, verdict included. Control signs would do the same to a terminal.
"""

import re

_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def plain(text: str) -> str:
    """The text without them; tabs and ends of lines stay."""
    return _UNSEEN.sub("", text)


def with_escapes(text: str) -> str:
    """The text with its number for each, where it has to be known again, as a file's name has."""
    return _UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
