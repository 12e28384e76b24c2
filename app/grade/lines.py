"""One line for each thing that was handed in: what was said, what is measured, do both agree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from app.grade.hand_in import HandIn, NoHandIn, read_hand_in
from app.grade.judge import NoGuess, Verdict, check_guess, judge
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


def lines_of_folder(folder: Path, replayer: Replayer) -> Iterator[Line]:
    """The lines of every file of a folder, in the order of their names; one for what is none."""
    for path in sorted(folder.iterdir()):
        try:
            hand_in = read_hand_in(path)
        except NoHandIn as error:
            yield Line(path.name, "", "file", replays=False, why=error.reason)
            continue
        yield from lines_of(path.name, hand_in, replayer)


def lines_of(file: str, hand_in: HandIn, replayer: Replayer) -> Iterator[Line]:
    """The lines of one hand-in."""
    start = Line(file, hand_in.name, "file", hand_in.language)
    if hand_in.experiment is not None:
        yield _experiment(replace(start, kind="experiment", of=hand_in.link), hand_in, replayer)
    for entry in hand_in.predictions:
        yield _prediction(replace(start, kind="prediction"), entry, replayer)
    for entry in hand_in.mysteries:
        yield from _mystery(replace(start, kind="mystery"), entry, replayer)
    if hand_in.experiment is None and not hand_in.predictions and not hand_in.mysteries:
        yield replace(start, replays=False, why=Reason("nothing"))


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
    return replace(line, replays=True)


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
