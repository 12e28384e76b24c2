"""An experiment as a link that opens on the page: the fragment of its address.

What `static/js/share/link.js` reads, written in Python: the fields in which it differs from the
opening experiment, each in the notation of `static/js/share/notation.js`. The server fills in what
a field leaves out.
"""

import re
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from app.lab.spec.parse import parse

VERSION = "v1"
LONG = 240
"""A value that is longer is compressed."""
_PLAIN = "-_.!~*'()$,:;@"
"""What stands in a text as it is; everything else but letters and digits is percent-encoded."""
_BARE = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


def fragment(document: Mapping[str, Any], step: int = 0, **look: Any) -> str:
    """The fragment of an experiment at a step; `look` is what is open on the page, as in a link.

    Raises InvalidInput for a document that is no experiment.
    """
    opening, spec = parse({}).spec.document, parse(document).spec.document
    fields = {
        name: document.get(name, value)
        for name, value in spec.items()
        if value != opening.get(name)
    }
    if step:
        fields["step"] = step
    fields |= {f"see.{name}": value for name, value in look.items()}
    return "&".join(
        [VERSION, *(f"{name}={_short(write(value))}" for name, value in fields.items())]
    )


def write(value: Any) -> str:
    """JSON in the characters that may stand in a fragment, a subset of Rison."""
    if value is None:
        return "!n"
    if isinstance(value, bool):
        return "!t" if value else "!f"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return f"({','.join(f'{_text(key)}:{write(inner)}' for key, inner in value.items())})"
    return f"!({','.join(write(inner) for inner in value)})"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _text(text: str) -> str:
    if _BARE.fullmatch(text):
        return text
    marked = re.sub(r"[!']", r"!\g<0>", text)
    return f"'{quote(marked, safe=_PLAIN)}'"


def _short(text: str) -> str:
    if len(text) <= LONG:
        return text
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflate.compress(text.encode()) + deflate.flush()
    return "~" + urlsafe_b64encode(packed).rstrip(b"=").decode()
