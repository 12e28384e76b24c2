"""`python -m app grade FOLDER`: the hand-ins of a class as CSV and as a page."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from app.config import Settings
from app.grade.hand_in import NoHandIn
from app.grade.lines import Line, lines_of_folder
from app.grade.replay import read_lessons, replaying
from app.grade.report import csv_of, page_of
from app.web.languages import LANGUAGES


def grade(
    folder: Path,
    *,
    table: Path | None,
    page: Path,
    lessons: Sequence[Path] = (),
    language: str | None = None,
    settings: Settings | None = None,
    out: TextIO | None = None,
) -> int:
    """Grade every file of a folder; the exit status is 1 where something does not replay.

    The table goes to a file, or is printed where that is None. Without a language both are in that
    of most hand-ins. Raises NoHandIn where the folder or
    a lesson cannot be read, and OSError where nothing can be written.
    """
    if not folder.is_dir():
        raise NoHandIn("no_folder", folder=folder)
    known = read_lessons(lessons)
    with replaying(settings or Settings.from_environment(), known) as replayer:
        lines = list(lines_of_folder(folder, replayer))
        language = language or language_of(lines)
        html = page_of(lines, replayer, language)
    text = csv_of(lines, language)
    if table is None:
        (out or sys.stdout).write(_for(out or sys.stdout, text))
    else:
        table.write_text(f"\ufeff{text}", "utf-8")  # by its mark spreadsheets know UTF-8
    page.write_text(html, "utf-8")
    return 1 if any(line.replays is False for line in lines) else 0


def language_of(lines: Sequence[Line]) -> str:
    """The language in which most files were made; English where none says any."""
    languages = {line.file: line.language for line in lines if line.language}
    found = Counter(languages.values()).most_common(1)
    return found[0][0] if found else LANGUAGES[0]


def _for(out: TextIO, text: str) -> str:
    """A text as a stream can write it: the console of Windows may know no Chinese name."""
    encoding = getattr(out, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
