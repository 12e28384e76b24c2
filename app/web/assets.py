"""Static files under one content hash, compressed once, cached by browsers for ever.

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
"""All style sheets in one file, so that there is one answer to wait for instead of twelve."""
SHEETS = ("base", "layout", "controls", "setup", "runs", "views", "landscape", "frame", "time",
          "inside", "choices", "own")  # fmt: skip
"""Each after those that it builds on."""
_IMPORT = re.compile(r"""^(?:import|export)\s[^;'"]*?["'](\.[^"']+)["'];""", re.MULTILINE)
_COMMENT = re.compile(rb"^[ \t]*(?://[^\n]*|/\*(?:(?!\*/).)*\*/)[ \t]*$", re.MULTILINE | re.DOTALL)
_TEXT = {".js", ".css", ".json", ".svg", ".html", ".txt"}
_TYPES = {".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """A file's bytes, its type, and the bytes compressed where that helps."""

    content: bytes
    media_type: str

    @cached_property
    def compressed(self) -> bytes:
        """The same, gzipped; made once."""
        return gzip.compress(self.content, 9, mtime=0)


def plotly_file() -> Path:
    """The plotly.js that the plotly package carries; found without importing the package."""
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the plotly package is not installed")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


def without_comments(script: bytes) -> bytes:
    """A script without the comments that have lines of their own: they are a quarter of its bytes.

    The lines stay, so that what a browser says of a line is true of the file, too.
    """
    return _COMMENT.sub(lambda comment: b"\n" * comment[0].count(b"\n"), script)


class Assets:
    """The static files as they were when the server started."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }
        self._sheets = [self._files[f"css/{name}.css"] for name in SHEETS]
        self._files[PLOTLY] = plotly_file()
        digest = hashlib.sha256()
        for name, path in self._files.items():
            digest.update(name.encode())
            digest.update(path.read_bytes())
        self.version = digest.hexdigest()[:12]
        self.get = lru_cache(maxsize=None)(self._read)

    def url(self, name: str) -> str:
        """The URL of a file; KeyError for one that is not there."""
        if name != STYLE:
            self._files[name]
        return f"/assets/{self.version}/{name}"

    @cached_property
    def modules(self) -> list[str]:
        """Every module the page starts with; those asked for on first use are not."""
        found: dict[str, None] = {}
        waiting = [START]
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found[name] = None
            text = self._files[name].read_text(encoding="utf-8")
            folder = PurePosixPath(name).parent
            waiting.extend(posixpath.normpath(folder / path) for path in _IMPORT.findall(text))
        return sorted(found)

    def names(self) -> list[str]:
        """Every file there is."""
        return list(self._files)

    def _read(self, name: str) -> Asset:
        if name == STYLE:
            content = b"\n".join(path.read_bytes() for path in self._sheets)
            return Asset(content, "text/css; charset=utf-8")
        path = self._files[name]
        content = path.read_bytes()
        if path.suffix == ".js" and name != PLOTLY:
            content = without_comments(content)
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
        media_type = kind or "application/octet-stream"
        if path.suffix in _TEXT:
            media_type += "; charset=utf-8"
        return Asset(content, media_type)
