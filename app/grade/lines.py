"""One line for each thing that was handed in: what was said, what is measured, do both agree."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from app.grade.hand_in import HandIn, NoHandIn, printable, read_hand_in
from app.grade.judge import NoGuess, Verdict, check_guess, judge
from app.grade.linked import why_elsewhere
from app.grade.reason import Reason
from app.grade.replay import NoReplay, Replayer
from app.lab.lessons.schema import Card, Descend

Kind = Literal["file", "experiment", "prediction", "mystery"]


@dataclass(frozen=True)
class Line:
    """One line of the table.

    `of` and `card` say what it is about: a lesson and its card, counted from 0, or a mystery and
    its run. `replays` is None where nothing was claimed to have been measured; else it says
    whether all of it is what is measured here, to the last digit, and if not, `why`.
    """

    file: str
    name: str
    kind: Kind
    language: str = ""
    of: str = ""
    card: int | None = None
    guess: Any = None
    measured: Any = None
    verdict: Verdict | None = None
    replays: bool | None = None
    why: Reason | None = None


def lines_of_files(
    paths: Iterable[Path], replayer: Replayer, is_output: Callable[[Path], bool]
) -> Iterator[Line]:
    """The lines of every file, one after another; one for what is no hand-in.

    What an earlier grading has put there, under another name, is named, and is no fault.
    """
    before: dict[HandInText, str] = {}
    for path in paths:
        start = Line(printable(path.name), "", "file")
        try:
            if is_output(path):
                yield replace(start, why=Reason("output"))
                continue
            hand_in = read_hand_in(path)
            found = _again(start, hand_in, before)
            if not found or found[0].replays is None:
                found += lines_of(start.file, hand_in, replayer)
        except NoHandIn as error:
            found = [_fails(start, error.reason)]
        except Exception as error:  # noqa: BLE001 (whatever is in one file, the others are graded)
            said = f"{type(error).__name__}: {error}"[:300]
            found = [_fails(start, Reason("ungradable", {"error": said}))]
        yield from found


HandInText = tuple[str, str]
"""The name in a hand-in, and all that is in it, or "" beside a name alone."""


def _again(start: Line, hand_in: HandIn, before: dict[HandInText, str]) -> list[Line]:
    """What is to be said of a hand-in after others: a copy counts once, if it has a name.

    Without names two learners may well hand in the same, and two may have the same name.
    """
    name = hand_in.name
    start = replace(start, name=name)
    whole = (name, json.dumps(asdict(hand_in), sort_keys=True))
    copied, named = before.get(whole), before.get((name, ""))
    before.setdefault(whole, start.file)
    if name:
        before.setdefault((name, ""), start.file)
    if copied is not None and name:
        return [_fails(start, Reason("copy", {"file": copied}))]
    if copied is not None:
        return [replace(start, why=Reason("copy_unnamed", {"file": copied}))]
    if named is not None:
        return [replace(start, why=Reason("same_name", {"file": named}))]
    return []


def lines_of(file: str, hand_in: HandIn, replayer: Replayer) -> Iterator[Line]:
    """The lines of one hand-in."""
    start = Line(file, hand_in.name, "file", hand_in.language)
    if hand_in.experiment is not None:
        yield _experiment(replace(start, kind="experiment", of=hand_in.link), hand_in, replayer)
    told: set[tuple[Any, ...]] = set()
    for entry in hand_in.predictions:
        line = replace(start, kind="prediction")
        yield _once(line, entry, told) or _prediction(line, entry, replayer)
    for entry in hand_in.mysteries:
        line = replace(start, kind="mystery")
        more = _once(line, entry, told)
        yield from [more] if more else _mystery(line, entry, replayer)
    if hand_in.experiment is None and not hand_in.predictions and not hand_in.mysteries:
        yield replace(start, replays=False, why=Reason("nothing"))


def _once(line: Line, entry: Any, told: set[tuple[Any, ...]]) -> Line | None:
    """A line that says that a card or a mystery was in the file before; it counts once."""
    if not isinstance(entry, Mapping):
        return None
    key = (line.kind, *(entry.get(name) for name in ("lesson", "card", "id")))
    if not all(part is None or isinstance(part, str | int) for part in key):
        return None
    if key not in told:
        told.add(key)
        return None
    of, card = entry.get("lesson") or entry.get("id"), entry.get("card")
    line = replace(line, of=str(of or "")[:80], card=card if type(card) is int else None)
    return _fails(line, Reason("twice"))


def _fails(line: Line, why: Reason) -> Line:
    return replace(line, replays=False, why=why)


def _experiment(line: Line, hand_in: HandIn, replayer: Replayer) -> Line:
    """Whether the losses that are claimed are those of the experiment."""
    document = hand_in.experiment
    try:
        found = replayer.losses(document)
    except NoReplay as error:
        return _fails(line, error.reason)
    line = replace(line, measured=found["train"])
    for which in ("train", "test"):
        if not _same(document.get(which), found[which]):
            return _fails(line, Reason(f"losses_{which}"))
    elsewhere = why_elsewhere(hand_in.link, document, replayer.public_url)
    return _fails(line, elsewhere) if elsewhere else replace(line, replays=True)


def _prediction(line: Line, entry: Any, replayer: Replayer) -> Line:
    """What a card measures, and the verdict on what was predicted."""
    if not isinstance(entry, Mapping):
        return _fails(line, Reason("no_prediction"))
    key, place, guess = entry.get("lesson"), entry.get("card"), entry.get("guess")
    if not isinstance(key, str) or type(place) is not int:
        return _fails(line, Reason("no_card"))
    line = replace(line, of=key[:80], card=place, guess=guess)
    try:
        card = replayer.card(key, place)
        if guess is not None:
            check_guess(card, guess)
        found = replayer.measured(key, place)
        guess = _measured_guess(card, guess, key, place, replayer)
    except (NoReplay, NoGuess) as error:
        return _fails(replace(line, guess=None), error.reason)
    answer = found["values"] if found["answer"] is None else found["answer"]
    line = replace(line, guess=guess, measured=answer, verdict=judge(card, guess, found))
    said = entry.get("measured")
    if said is None:  # answers were not told where it was made, and nothing is claimed
        return line
    if not _same(said, found):
        return _fails(line, Reason("measured"))
    return replace(line, replays=True)


def _measured_guess(card: Card, guess: Any, key: str, place: int, replayer: Replayer) -> Any:
    """A guess, in which J at the end of a way down is what is measured there."""
    if guess is None or not isinstance(card.predict, Descend):
        return guess
    x, y, _ = guess[-1]
    return [*guess[:-1], [x, y, replayer.height(key, place, x, y)]]


def _mystery(line: Line, entry: Any, replayer: Replayer) -> Iterator[Line]:
    """A line for every run that a mystery asks about."""
    if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
        yield _fails(line, Reason("no_mystery"))
        return
    line = replace(line, of=entry["id"][:80])
    try:
        mystery = replayer.mystery(entry["id"])
    except NoReplay as error:
        yield _fails(line, error.reason)
        return
    guesses = entry.get("guess")
    guesses = guesses if isinstance(guesses, list) else []
    for place, (run, answer) in enumerate(zip(mystery.runs, mystery.answers, strict=True)):
        guess = guesses[place] if place < len(guesses) else None
        told = replace(line, card=run, measured=answer)
        if guess is None:
            yield replace(told, verdict="skipped")
        elif type(guess) is not int or not 0 <= guess < len(mystery.options):
            yield _fails(told, Reason("guess_recipe"))
        else:
            yield replace(told, guess=guess, verdict="right" if guess == answer else "wrong")


def _same(said: Any, found: Any) -> bool:
    """Whether two values of JSON are the same, numbers to the last digit."""
    if isinstance(found, Mapping):
        keys = found.keys()
        return isinstance(said, Mapping) and all(_same(said.get(key), found[key]) for key in keys)
    if isinstance(found, list | tuple):
        if not isinstance(said, list) or len(said) != len(found):
            return False
        return all(_same(a, b) for a, b in zip(said, found, strict=True))
    if isinstance(said, bool) or isinstance(found, bool):
        return said is found
    return bool(said == found)
