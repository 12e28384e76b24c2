"""What hand-ins claim to have measured, measured again by the code that measured it.

Everything is trained in a store of its own, which is gone afterwards; from the server's store only
mysteries are read.
"""

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import ValidationError

from app.config import Settings
from app.errors import BasinError, InvalidInput, UnknownMystery
from app.grade.hand_in import NoHandIn, text_of
from app.grade.reason import Refusal
from app.lab.analysis.training_block import ViewRequests
from app.lab.experiment.events import NewExperiment
from app.lab.history.mysteries import MysteryRepository
from app.lab.lessons.built_in import lesson
from app.lab.lessons.check import check_lesson
from app.lab.lessons.measure import Measured, measured_of_study
from app.lab.lessons.order import BUILT_IN
from app.lab.lessons.schema import OF_STUDIES, Card, Descend
from app.lab.service import ExperimentService
from app.lab.spec import ranges
from app.lab.spec.field_errors import invalid_input
from app.lab.spec.mystery import Mystery
from app.lab.study.request import StudyRequest
from app.lab.study.results import Look
from app.lab.study.service import StudyService, open_studies
from app.store import open_store

BLOCK = 2000
"""Steps of one piece of training, between which the time is looked at."""
SECONDS = 120.0
"""One experiment may take so long to be trained again."""
_OFTEN = 0.1


class NoReplay(Refusal):
    """Something that cannot be measured again."""


@dataclass(frozen=True)
class KnownLesson:
    """A lesson whose cards can be measured: its title by language, and its cards."""

    title: Mapping[str, str]
    cards: Sequence[Card]


class Replayer:
    """Measures again. What it has measured of a card it measures once for all hand-ins."""

    def __init__(
        self,
        service: ExperimentService,
        studies: StudyService,
        kept: MysteryRepository | None,
        copies: MysteryRepository,
        lessons: Mapping[str, KnownLesson],
        seconds: float = SECONDS,
        public_url: str | None = None,
    ) -> None:
        self.public_url = public_url
        self._service = service
        self._studies = studies
        self._kept = kept
        self._copies = copies
        self._lessons = lessons
        self._seconds = seconds
        self._mysteries: dict[str, Mystery] = {}
        self._measured: dict[tuple[str, int], Measured] = {}

    def losses(self, document: Any) -> Mapping[str, Sequence[float | None]]:
        """J of every run on the training and test set, of an experiment as it was handed in.

        Raises NoReplay.
        """
        if not isinstance(document, dict) or not isinstance(document.get("spec"), dict):
            raise NoReplay("no_experiment")
        spec, events, step = document["spec"], document.get("events", []), document.get("step", 0)
        if type(step) is not int or step < 0:
            raise NoReplay("no_step")
        if step > ranges.MOST_LOSSES:
            raise NoReplay("steps")
        if isinstance(spec.get("mystery"), str):
            self.mystery(spec["mystery"])
        with _in_words():
            given = {**spec, "events": events}
            try:
                new = NewExperiment.model_validate(given)
            except ValidationError as error:
                raise invalid_input(error, given) from None
            made = self._service.create(new)
            try:
                self._train(made["id"], step)
                found = self._service.summary(made["id"])["loss"]
                return {"train": found["train"], "test": found["test"]}
            finally:
                self._service.delete(made["id"])

    def _train(self, id: str, step: int) -> None:
        """Train up to a step. Raises NoReplay where that takes too long, and InvalidInput."""
        until = time.monotonic() + self._seconds
        at, most = 0, BLOCK
        while at < step:
            if time.monotonic() > until:
                raise NoReplay("slow", steps=step, seconds=f"{self._seconds:g}")
            count = min(most, step - at)
            try:
                block = self._service.train(id, count, count, ViewRequests(), None, None)
            except InvalidInput as error:
                fewer = error.errors[0].allowed.get("maximum")
                if not fewer or fewer >= count:
                    raise
                most = int(fewer)
                continue
            at = block["step"]

    def mystery(self, id: str) -> Mystery:
        """A mystery of the server's store. Raises NoReplay."""
        known = self._mysteries.get(id)
        if known is not None:
            return known
        if self._kept is None:
            raise NoReplay("store_elsewhere")
        try:
            found = self._kept.load(id)
        except UnknownMystery:
            raise NoReplay("mystery_gone") from None
        except BasinError as error:
            raise NoReplay("store_unreadable", error=error) from None
        self._copies.create(found)
        self._mysteries[id] = found
        return found

    def card(self, key: str, place: int) -> Card:
        """A card of a lesson. Raises NoReplay."""
        known = self.lesson(key)
        if not 0 <= place < len(known.cards):
            raise NoReplay("card")
        return known.cards[place]

    def lesson(self, key: str) -> KnownLesson:
        """A lesson by its id. Raises NoReplay."""
        if key in self._lessons:
            return self._lessons[key]
        if key in BUILT_IN:
            return known_lesson(lesson(key))
        raise NoReplay("lesson")

    def measured(self, key: str, place: int) -> Measured:
        """What a card asks, measured. Raises NoReplay."""
        known = self._measured.get((key, place))
        if known is None:
            card = self.card(key, place)
            with _in_words():
                study = card.measure.quantity in OF_STUDIES
                known = self._of_study(card) if study else self._service.measure_card(card)
            self._measured[key, place] = known
        return known

    def _of_study(self, card: Card) -> Measured:
        spec = card.setup.spec
        if spec is None:
            raise NoReplay("no_spec")
        request = StudyRequest.model_validate(
            {
                "spec": spec,
                "seeds": {"first": spec["seed"], "count": card.measure.seeds},
                "steps": card.steps,
                "target": card.measure.target,
            }
        )
        id = self._studies.create(request)["id"]
        look = Look(card.measure.target)
        result = self._studies.result(id, look)
        while result["status"] in ("queued", "running"):
            time.sleep(_OFTEN)
            result = self._studies.result(id, look)
        self._studies.delete(id)
        return measured_of_study(card, result)

    def height(self, key: str, place: int, x: float, y: float) -> float:
        """J of the first run of a card on which one descends, at a point of its map.

        Raises NoReplay.
        """
        card = self.card(key, place)
        if not isinstance(card.predict, Descend) or card.setup.spec is None:
            raise NoReplay("no_descent")
        with _in_words():
            made = self._service.create(NewExperiment.model_validate(card.setup.spec))
            values = {"values": {card.predict.x: x, card.predict.y: y}}
            self._service.set_parameters(made["id"], 0, values, None)
            found = self._service.summary(made["id"])["loss"]["train"][0]
            self._service.delete(made["id"])
        if found is None:
            raise NoReplay("not_finite")
        return found


@contextmanager
def _in_words() -> Iterator[None]:
    """What the service refuses, as NoReplay."""
    try:
        yield
    except InvalidInput as error:
        raise NoReplay("cannot_be_made", error=str(error)[:300]) from None


def known_lesson(document: Mapping[str, Any]) -> KnownLesson:
    """A lesson as the server reads it."""
    cards = [Card.model_validate(card) for card in document["cards"]]
    return KnownLesson(document["title"], cards)


def read_lessons(paths: Sequence[Path]) -> dict[str, KnownLesson]:
    """Lesson files by the key that the page knows them by. Raises NoHandIn."""
    found: dict[str, KnownLesson] = {}
    for path in paths:
        try:
            read = check_lesson(text_of(path, follow=True))
        except NoHandIn as error:
            raise NoHandIn("lesson_unreadable", path=path, error=error) from None
        if read["lesson"] is None:
            first = read["problems"][0]
            raise NoHandIn("lesson_line", path=path, line=first["line"], detail=first["detail"])
        found[key_of(read["lesson"])] = known_lesson(read["lesson"])
    return found


def key_of(document: Mapping[str, Any]) -> str:
    """The key of a lesson of one's own, as `keyOf` of the page's record.js makes it."""
    total = 5381
    for sign in js_json(document):
        total = (total * 33 + ord(sign)) % 2**40
    digits = ""
    while total:
        total, digit = divmod(total, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return f"own-{digits or '0'}"


def js_json(value: Any) -> str:
    """JSON as JavaScript writes what it has read: 200.0 is 200, and 0.00001 has no exponent."""
    if isinstance(value, Mapping):
        # Names that are whole numbers would stand first; a lesson has none.
        inner = (f"{js_json(str(key))}:{js_json(each)}" for key, each in value.items())
        return f"{{{','.join(inner)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(js_json, value))}]"
    if isinstance(value, float):
        if value == int(value) and abs(value) < 1e21:
            return str(int(value))
        plain = 1e-6 <= abs(value) < 1e21
        short = repr(value)
        return format(Decimal(short), "f") if plain else short.replace("e-0", "e-")
    return json.dumps(value, ensure_ascii=False)


@contextmanager
def replaying(
    settings: Settings, lessons: Mapping[str, KnownLesson], seconds: float = SECONDS
) -> Iterator[Replayer]:
    """A replayer that reads mysteries from the store that the settings name, if that is there."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="basin-grade-"))
        own = Settings(store=f"sqlite:///{Path(folder) / 'basin.db'}")
        store = open_store(own.store, lifetime=own.lifetime)
        stack.callback(store.close)
        service = ExperimentService(store)
        studies = open_studies(store, service.computing, own, service.limits)
        stack.callback(studies.close)
        studies.resume()
        kept = None
        if is_there(settings):
            server = open_store(settings.store, lifetime=settings.lifetime)
            stack.callback(server.close)
            kept = MysteryRepository(server)
        copies = MysteryRepository(store)
        yield Replayer(service, studies, kept, copies, lessons, seconds, settings.public_url)


def is_there(settings: Settings) -> bool:
    """Whether there is a store to read from; grading makes none, nor one of an empty file."""
    scheme, _, path = settings.store.partition(":///")
    if scheme != "sqlite":
        return True
    file = Path(path).absolute()
    if not file.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as db:
            (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        return True  # and as it is opened one hears what is wrong with it
    return bool(tables)
