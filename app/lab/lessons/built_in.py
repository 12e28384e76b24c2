"""The lessons that are built in: the files beside this module, in the order of the strip."""

from functools import lru_cache
from pathlib import Path

from typing_extensions import TypedDict

from app.errors import UnknownLesson
from app.lab.lessons.check import check_lesson
from app.lab.lessons.order import BUILT_IN, check_order
from app.lab.lessons.schema import LessonDocument

FOLDER = Path(__file__).parent / "files"


class LessonEntry(TypedDict):
    """A lesson of the list, in one language; `builds_on` are ids of lessons before it."""

    id: str
    title: str
    about: str
    minutes: int
    builds_on: list[str]
    cards: int


class LessonList(TypedDict):
    """The lessons that are built in, in the order in which they build on each other."""

    lessons: list[LessonEntry]


@lru_cache(maxsize=len(BUILT_IN))
def _read(id: str) -> LessonDocument:
    found = check_lesson((FOLDER / f"{id}.json").read_text("utf-8"))["lesson"]
    if found is None:
        raise ValueError(f"the lesson {id} cannot be read")
    return found


def lesson(id: str) -> LessonDocument:
    """A built-in lesson, with complete specs. Raises UnknownLesson where there is no such one."""
    if id not in BUILT_IN:
        raise UnknownLesson(id)
    return _read(id)


def lessons(language: str) -> LessonList:
    """All built-in lessons, their titles in a language."""
    entries = [_entry(id, language) for id in BUILT_IN]
    check_order({entry["id"]: entry["builds_on"] for entry in entries})
    return {"lessons": entries}


def _entry(id: str, language: str) -> LessonEntry:
    found = _read(id)
    title, about = (found[name] for name in ("title", "about"))
    return {
        "id": id,
        "title": title.get(language) or next(iter(title.values())),
        "about": about.get(language) or next(iter(about.values())),
        "minutes": found["minutes"],
        "builds_on": found["builds_on"],
        "cards": len(found["cards"]),
    }
