"""A text as a QR code (ISO/IEC 18004), drawn as SVG by segno."""

import io

import segno

from app.errors import FieldError, InvalidInput

TYPE = "image/svg+xml"
TEXT = 2000
"""The most bytes of a text: a code of more is too fine to be read off a wall."""


def qr_code(text: str) -> str:
    """The code as an SVG document of black squares on white, with the margin that readers need.

    Raises InvalidInput for a text that is empty or too long.
    """
    data = text.encode("utf-8", "surrogatepass")
    if not 0 < len(data) <= TEXT:
        detail = f"must be from 1 to {TEXT} bytes long in UTF-8"
        allowed = {"minimum": 1, "maximum": TEXT}
        raise InvalidInput([FieldError("/text", "out_of_range", detail, allowed, len(data))])
    # In binary mode every reader gets the very bytes; the code is never smaller by much.
    code = segno.make_qr(data, error="l", mode="byte")
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", border=4, scale=4, light="#fff", dark="#000", title=None)
    return drawn.getvalue().decode()
