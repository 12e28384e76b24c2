"""Studies in the store: a small record of how far each is, and the numbers of its finished blocks.

They lie beside the experiments, under ids that no call for an experiment can name. The store keeps
chunks by ranges of whole numbers; for a study these are not steps but places: 0 is the plan, and
from 1 on every run has one place for its outcome and another for its losses. Those of one recipe in
one cell follow each other, so that they are read without the others.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from app.errors import UnknownExperiment, UnknownStudy
from app.lab.history.binary import unpack_arrays
from app.lab.recent import Recent
from app.lab.study.block import RecipeChunk
from app.lab.study.blocks import BlockPlace, divide
from app.lab.study.plan import StudyPlan
from app.store.base import Chunk, Record, Store

PREFIX = "study/"
"""Of a study's id in the store; the path of a request for an experiment cannot hold the slash."""
_PLANS_CACHED = 4

Status = Literal["queued", "running", "done", "cancelled", "failed"]
ENDED = ("done", "cancelled", "failed")


class BlockState(IntEnum):
    """What became of a block."""

    WAITING = 0
    DONE = 1
    FAILED = 2


@dataclass(frozen=True)
class StoredPlan:
    """A plan, and how it was divided when the study began."""

    plan: StudyPlan
    blocks: tuple[BlockPlace, ...]


@dataclass(frozen=True)
class StudyRecord:
    """How far a study is.

    `blocks` (B,) is the state of every block, `failures` the reason of each that failed, `seconds`
    how long it has been running, and `problem` what keeps it from running, if anything does.
    """

    id: str
    version: int
    status: Status
    blocks: NDArray[np.uint8]
    seconds: float = 0.0
    failures: Mapping[int, str] = field(default_factory=dict)
    problem: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will be trained."""
        return self.status in ENDED

    def next(self, **changes: Any) -> "StudyRecord":
        """The record that follows it."""
        return replace(self, version=self.version + 1, **changes)


class StudyRepository:
    """Creates, loads and saves studies. Every method may raise StoreUnavailable."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._plans: Recent[StoredPlan] = Recent(_PLANS_CACHED)

    def create(self, id: str, plan: StudyPlan, sizes: Sequence[int]) -> StudyRecord:
        """Store a new study. Raises Conflict when its id is taken."""
        blocks = divide(plan, sizes)
        text = json.dumps({"plan": plan.dumps(), "sizes": list(sizes)}).encode()
        record = StudyRecord(id, 1, "queued", np.zeros(len(blocks), dtype=np.uint8))
        self.store.create(_packed(record), Chunk(0, 0, text))
        self._plans.put(id, StoredPlan(plan, blocks))
        return record

    def load(self, id: str) -> StudyRecord:
        """The record of a study. Raises UnknownStudy."""
        with _unknown(id):
            return _unpacked(id, self.store.load(PREFIX + id))

    def plan(self, id: str) -> StoredPlan:
        """The plan of a study, which may have been deleted since. Raises UnknownStudy."""
        known = self._plans.get(id)
        if known is None:
            with _unknown(id):
                (chunk,) = self.store.chunks(PREFIX + id, 0, 0)
            stored = json.loads(chunk.data)
            plan = StudyPlan.loads(stored["plan"])
            known = StoredPlan(plan, divide(plan, stored["sizes"]))
            self._plans.put(id, known)
        return known

    def save(
        self,
        record: StudyRecord,
        block: BlockPlace | None = None,
        chunks: Sequence[RecipeChunk] = (),
    ) -> None:
        """Save a record, and with it the numbers of a block that is done.

        Raises StaleVersion where another process saved it meanwhile, and UnknownStudy.
        """
        found: list[Chunk] = []
        if block is not None:
            plan = self.plan(record.id).plan
            for recipe, chunk in enumerate(chunks):
                for kind, data in enumerate((chunk.outcome, chunk.losses)):
                    first = _place(plan, kind, block.cell, recipe, block.start)
                    found.append(Chunk(first, first + block.stop - block.start - 1, data))
        with _unknown(record.id):
            self.store.save(_packed(record), *found)

    def delete(self, id: str) -> None:
        """Delete a study. Raises UnknownStudy."""
        with _unknown(id):
            self.store.delete(PREFIX + id)

    def outcomes(
        self, id: str, cell: int, recipe: int, start: int = 0, stop: int | None = None
    ) -> Iterator[tuple[int, dict[str, NDArray[Any]]]]:
        """The offset of the first seed, and the outcome arrays, of every block that is done."""
        return self._read(id, 0, cell, recipe, start, stop)

    def losses(
        self, id: str, cell: int, recipe: int, start: int = 0, stop: int | None = None
    ) -> Iterator[tuple[int, dict[str, NDArray[Any]]]]:
        """The offset of the first seed, and the losses, of every block that is done."""
        return self._read(id, 1, cell, recipe, start, stop)

    def _read(
        self, id: str, kind: int, cell: int, recipe: int, start: int, stop: int | None
    ) -> Iterator[tuple[int, dict[str, NDArray[Any]]]]:
        plan = self.plan(id).plan
        origin = _place(plan, kind, cell, recipe, 0)
        last = origin + (plan.count if stop is None else stop) - 1
        with _unknown(id):
            chunks = self.store.chunks(PREFIX + id, origin + start, last)
        chunks.sort(key=lambda chunk: chunk.first, reverse=True)
        while chunks:  # each is let go of once it has been read
            chunk = chunks.pop()
            yield chunk.first - origin, unpack_arrays(chunk.data)


def _place(plan: StudyPlan, kind: int, cell: int, recipe: int, offset: int) -> int:
    """The place of a run's numbers of a kind: 0 for its outcome, 1 for its losses."""
    return 1 + kind * plan.runs + (cell * plan.recipes + recipe) * plan.count + offset


@contextmanager
def _unknown(id: str) -> Iterator[None]:
    """Turn the store's error into that of studies."""
    try:
        yield
    except UnknownExperiment:
        raise UnknownStudy(id) from None


def _packed(record: StudyRecord) -> Record:
    body = {
        "status": record.status,
        "seconds": record.seconds,
        "failures": {str(block): reason for block, reason in record.failures.items()},
        "problem": record.problem,
    }
    text = json.dumps(body, allow_nan=False).encode()
    return Record(PREFIX + record.id, record.version, text, record.blocks.tobytes())


def _unpacked(id: str, stored: Record) -> StudyRecord:
    body = json.loads(stored.body)
    return StudyRecord(
        id=id,
        version=stored.version,
        status=body["status"],
        blocks=np.frombuffer(stored.state, dtype=np.uint8),
        seconds=body["seconds"],
        failures={int(block): reason for block, reason in body["failures"].items()},
        problem=body["problem"],
    )
