"""Static files under one content hash, compressed once, cached by browsers without expiry.

The hash of all files together is part of every URL, so that a module's relative imports stay within
one version, and a changed file is a new URL.
"""

import gzip
import hashlib
import mimetypes
import posixpath
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

STATIC = Path(__file__).parents[2] / "static"
PLOTLY = "vendor/plotly.min.js"
START = "js/main.js"
STYLE = "css/page.css"
"""All style sheets in one file, so that a browser waits for one answer instead of twelve."""
SHEETS = ("base", "layout", "controls", "setup", "runs", "views", "landscape", "frame", "time",
          "inside", "choices", "seeds", "enlarge")  # fmt: skip
"""The style sheets, each after those that it builds on."""
_IMPORT = re.compile(r"""^(?:import|export)\s[^;'"]*?["'](\.[^"']+)["'];""", re.MULTILINE)
_COMMENT = re.compile(rb"^[ \t]*(?://[^\n]*|/\*(?:(?!\*/).)*\*/)[ \t]*$", re.MULTILINE | re.DOTALL)
"""A comment that has its lines for itself."""
_TEXT = {".js", ".css", ".json", ".svg", ".html", ".txt"}
_TYPES = {".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """A file's bytes, its type, and the bytes compressed where that helps."""

    content: bytes
    media_type: str

    @cached_property
    def compressed(self) -> bytes:
        """The bytes, gzipped once."""
        return gzip.compress(self.content, 9, mtime=0)


def without_comments(text: bytes) -> bytes:
    """A script or a style without the comments that have lines for themselves.

    They are a quarter of what a visitor would load. The lines stay, empty, so that a place that a
    browser names is found in the source.
    """
    return _COMMENT.sub(lambda found: b"\n" * found[0].count(b"\n"), text)


def plotly_file() -> Path:
    """The plotly.js inside the plotly package, found without importing the package.

    Raises FileNotFoundError where the package is not installed.
    """
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the plotly package is not installed")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


class Assets:
    """The static files as they were when the server started."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._files = {  # what each file is put together from
            path.relative_to(folder).as_posix(): [path]
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }
        self._files[STYLE] = [folder / "css" / f"{name}.css" for name in SHEETS]
        self._files[PLOTLY] = [plotly_file()]
        digest = hashlib.sha256()
        for name in self._files:
            digest.update(name.encode())
            digest.update(self._written(name))
        self.version = digest.hexdigest()[:12]
        self.get = lru_cache(maxsize=None)(self._read)

    def url(self, name: str) -> str:
        """The URL of a file, relative to the page. Raises KeyError for one that does not exist."""
        self._files[name]
        return f"assets/{self.version}/{name}"

    @cached_property
    def modules(self) -> list[str]:
        """Every module that the page starts with, without those that are imported on first use."""
        found: dict[str, None] = {}
        waiting = [START]
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found[name] = None
            text = self._written(name).decode()
            folder = PurePosixPath(name).parent
            waiting.extend(posixpath.normpath(folder / path) for path in _IMPORT.findall(text))
        return sorted(found)

    def names(self) -> list[str]:
        """The names of all files."""
        return list(self._files)

    def _written(self, name: str) -> bytes:
        return b"\n".join(path.read_bytes() for path in self._files[name])

    def _read(self, name: str) -> Asset:
        content, suffix = self._written(name), PurePosixPath(name).suffix
        if suffix in (".js", ".css") and name != PLOTLY:
            content = without_comments(content)
        kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0]
        media_type = kind or "application/octet-stream"
        if suffix in _TEXT:
            media_type += "; charset=utf-8"
        return Asset(content, media_type)
