"""`python -m app grade FOLDER`: the hand-ins of a class as CSV and as a page."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from app.config import Settings
from app.grade.hand_in import NoHandIn
from app.grade.lines import Line, lines_of_files
from app.grade.replay import read_lessons, replaying
from app.grade.report import csv_of, page_of
from app.grade.targets import check_targets, file_at, is_output
from app.web.languages import LANGUAGES


class Graded(NamedTuple):
    """What came of it: the exit status, and the table where it is to be printed, else ""."""

    status: int
    printed: str


def grade(
    folder: Path,
    *,
    table: Path | None,
    page: Path,
    lessons: Sequence[Path] = (),
    language: str | None = None,
    settings: Settings | None = None,
    out: TextIO | None = None,
) -> Graded:
    """Grade every file of a folder; the exit status is 1 where something does not replay.

    The table goes to a file, or where that is None is printed by the caller, to `out`: the page is
    there by then, whoever reads on. Without a language both are in that of most hand-ins. Raises
    NoHandIn where the folder or a lesson cannot be read, and before anything is trained BadTarget
    where table or page cannot be written, or would take the place of something else; OSError where
    they cannot be written in the end.
    """
    if not folder.is_dir():
        raise NoHandIn("no_folder", folder=folder)
    known = read_lessons(lessons)
    written = check_targets(table, page, out)
    paths = [path for path in sorted(folder.iterdir()) if file_at(path) not in written]
    with replaying(settings or Settings.from_environment(), known) as replayer:
        lines = list(lines_of_files(paths, replayer, is_output))
        language = language or language_of(lines)
        html = page_of(lines, replayer, language)
    page.write_text(html, "utf-8")
    text = csv_of(lines, language)
    if table is not None:
        table.write_text(f"\ufeff{text}", "utf-8")  # by its mark spreadsheets know UTF-8
    status = 1 if any(line.replays is False for line in lines) else 0
    return Graded(status, text if table is None else "")


def language_of(lines: Sequence[Line]) -> str:
    """The language in which most files were made; English where none says any."""
    languages = {line.file: line.language for line in lines if line.language}
    found = Counter(languages.values()).most_common(1)
    return found[0][0] if found else LANGUAGES[0]
