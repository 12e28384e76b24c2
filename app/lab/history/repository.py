"""Experiments as they lie in the store: the present one opened, and any moment of its past.

A record holds the present moment and the events, and stays small; the history lies beside it in
chunks, of which the first, of step 0, also carries the spec. Every number of the past is either in
a chunk or computed again from one.
"""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import FieldError, InvalidInput, StaleVersion
from app.lab.experiment import training
from app.lab.experiment.checkpoints import CHECKPOINT_SPACING
from app.lab.experiment.events import describe_event, from_record
from app.lab.experiment.setup import Setup, build
from app.lab.experiment.state import Event, Moment, Stretch
from app.lab.history import segments
from app.lab.history.binary import pack_arrays, unpack_arrays
from app.lab.history.cache import Past, Pasts
from app.lab.history.trajectory import Path
from app.lab.spec.parse import parse
from app.nn.types import Array
from app.store.base import Record, Store

SETUPS_KEPT = 64
PATH_POINTS = 256
"""A path is drawn with at most this many points, beside the present one and those set by hand."""
SET_BY_HAND = 16
"""Of the steps at which runs were set by hand, the last so many are points of the path."""
PATH_BYTES = 1 << 26
"""Of large networks fewer points are taken, so that their parameters are no more than this."""
CHUNK_STEPS = 128
"""The most steps in one chunk: what is read of the past is not much more than what is wanted."""
FEW = 1000
"""So many losses are read where they lie; for more the whole past is made ready."""
_STATE = "state."
_SPEC = "spec"


@dataclass(frozen=True)
class Opened:
    """An experiment as loaded: its setup, the present moment and the events so far.

    `cut` is the version in which its past was last cut off: since then it has only grown.
    """

    id: str
    version: int
    setup: Setup
    moment: Moment
    events: tuple[Event, ...]
    cut: int = 1


class Archive:
    """Opens and keeps experiments.

    Setups never change, and pasts only grow or are cut off, so a few of them are kept ready; which
    ones matters to speed only.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._setups: OrderedDict[str, Setup] = OrderedDict()
        self._pasts = Pasts()

    def create(self, opened: Opened, first: Stretch) -> None:
        """Keeps a new experiment. Raises Conflict when its id is taken."""
        text = json.dumps(opened.setup.spec.document, allow_nan=False).encode()
        spec = {_SPEC: np.frombuffer(text, dtype=np.uint8)}
        self.store.create(_record(opened), segments.to_chunk(first, spec))
        self._remember(opened.id, opened.setup)

    def branch(self, source: Opened, opened: Opened) -> None:
        """Keeps a new experiment with the past of another up to where the new one is."""
        self.store.copy(source.id, _record(opened), opened.moment.step)
        self._remember(opened.id, opened.setup)

    def open(self, id: str, version: int | None = None) -> Opened:
        """An experiment as it is now. Raises UnknownExperiment, or StaleVersion for another one."""
        record = self.store.load(id)
        if version is not None and version != record.version:
            raise StaleVersion(version, record.version)
        body = json.loads(record.body)
        setup = self._setups.get(id) or build(parse(self._spec(id)))
        self._remember(id, setup)
        arrays = unpack_arrays(record.state)
        state = {
            name.removeprefix(_STATE): array.copy()
            for name, array in arrays.items()
            if name.startswith(_STATE)
        }
        moment = Moment(body["step"], arrays["theta"].copy(), state, arrays["diverged"].copy())
        events = tuple(from_record(entry) for entry in body["events"])
        return Opened(id, record.version, setup, moment, events, body.get("cut", record.version))

    def save(
        self, opened: Opened, stretches: Sequence[Stretch] = (), *, keep_until: int | None = None
    ) -> None:
        """Keeps an experiment that has moved on, and what happened, in order; see Store.save."""
        pieces = [piece for stretch in stretches for piece in segments.pieces(stretch, CHUNK_STEPS)]
        chunks = [segments.to_chunk(piece) for piece in pieces]
        cut = opened.cut if keep_until is None else opened.version
        self.store.save(_record(replace(opened, cut=cut)), *chunks, keep_until=keep_until)
        past = self._pasts.get(opened.id)
        if past is not None and past.version == opened.version - 1:
            if keep_until is not None:
                past.cut(keep_until)
            for stretch in stretches:
                past.tell(stretch)
            past.version = opened.version

    def delete(self, id: str) -> None:
        """Forgets an experiment."""
        self.store.delete(id)
        self._setups.pop(id, None)
        self._pasts.forget(id)

    def _stretches(self, opened: Opened, first: int, last: int) -> list[Stretch]:
        return [segments.from_chunk(chunk) for chunk in self.store.chunks(opened.id, first, last)]

    def _past(self, opened: Opened) -> Past:
        """The past up to the present step, read as far as it is not at hand."""
        past = self._pasts.get(opened.id)
        if past is None or not opened.cut <= past.version <= opened.version:
            past = Past(opened.version, self._stretches(opened, 0, opened.moment.step))
        elif past.version < opened.version:
            for stretch in self._stretches(opened, past.last, opened.moment.step):
                past.tell(stretch)
            past.version = opened.version
        past.cut(opened.moment.step)
        self._pasts.keep(opened.id, past)
        return past

    def losses(self, opened: Opened, first: int, last: int) -> segments.Losses:
        """The losses of steps `first` … `last`."""
        if last - first < FEW and self._pasts.get(opened.id) is None:
            return segments.losses(self._stretches(opened, first, last), first, last)
        return self._past(opened).losses(first, last)

    def moment(
        self, opened: Opened, step: int | None, source: str = "query", at: str = ""
    ) -> Moment:
        """The moment at a step, computed again from the last one whose parameters were kept."""
        present = opened.moment
        if step is None or step == present.step:
            return present
        if step > present.step:
            allowed = {"minimum": 0, "maximum": present.step}
            detail = f"the experiment is at step {present.step}"
            raise InvalidInput(
                [FieldError(f"{at}/step", "out_of_range", detail, allowed, step, source)]
            )
        earliest = max(0, step - CHECKPOINT_SPACING)
        stretches = self._stretches(opened, earliest, step)
        kept = segments.checkpoint(stretches, step)
        if kept.step == step:
            return kept
        return training.advance(opened.setup, kept, opened.events, step - kept.step)[0]

    def path(self, opened: Opened, moment: Moment) -> Path:
        """Where the runs have been up to a moment."""
        past = self._past(opened)
        kept = past.kept[: int(np.searchsorted(past.kept, moment.step, side="right"))]
        limit = min(PATH_POINTS, max(2, PATH_BYTES // moment.theta.nbytes))
        set_at = [event.step for event in opened.events if event.theta is not None]
        by_hand = [step for step in set_at if step <= moment.step][-SET_BY_HAND:]
        chosen = segments.spread(kept, moment.step, limit) | np.isin(kept, by_hand)
        rows = np.flatnonzero(chosen)
        steps = kept[rows]
        known = past.theta
        theta = self._kept_parameters(opened, steps) if known is None else known[rows]
        if steps[-1] != moment.step:
            steps = np.append(steps, moment.step)
            theta = np.concatenate([theta, moment.theta[np.newaxis]])
        return Path(steps, theta, past.losses(0, moment.step).train[steps])

    def _kept_parameters(self, opened: Opened, steps: NDArray[np.int64]) -> Array:
        """theta (C, K, P) at some of the steps (C,) whose parameters were kept."""
        found: list[Array] = []
        stretch: Stretch | None = None
        for step in steps.tolist():
            if stretch is None or not stretch.first <= step <= stretch.last:
                stretch = self._stretches(opened, step, step)[-1]
            found.append(stretch.theta[np.searchsorted(stretch.kept, step)])
        return np.stack(found)

    def _spec(self, id: str) -> Any:
        """The document that an experiment was made from."""
        first = self.store.chunks(id, 0, 0)[0]
        return json.loads(unpack_arrays(first.data)[_SPEC].tobytes())

    def _remember(self, id: str, setup: Setup) -> None:
        self._setups[id] = setup
        while len(self._setups) > SETUPS_KEPT:
            self._setups.popitem(last=False)


def _record(opened: Opened) -> Record:
    moment = opened.moment
    body = {
        "step": moment.step,
        "cut": opened.cut,
        "events": [describe_event(event, None) for event in opened.events],
    }
    state = {
        "theta": moment.theta,
        "diverged": moment.diverged,
        **{_STATE + name: array for name, array in moment.state.items()},
    }
    text = json.dumps(body, allow_nan=False).encode()
    return Record(opened.id, opened.version, text, pack_arrays(state))
