"""Repository of experiments: how an experiment lies in the store, and how it is read again.

A record holds the present state and the events, and stays small. The history lies beside it in
chunks, of which the first one, of step 0, also holds the spec. Every number of an earlier step is
either in a chunk or computed again from a checkpoint in one.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import (
    Conflict,
    DamagedExperiment,
    FieldError,
    InvalidInput,
    ReadOnly,
    StaleVersion,
    UnknownExperiment,
)
from app.lab.experiment import training
from app.lab.experiment.checkpoints import CHECKPOINT_SPACING, theta_spacing
from app.lab.experiment.events import describe_event, from_record
from app.lab.experiment.known import STEP_BYTES, Known
from app.lab.experiment.segment import (
    Segment,
    concat,
    last_checkpoint,
    losses_bytes,
    losses_of,
    own_losses,
    visible,
)
from app.lab.experiment.setup import Setup, build, sealed
from app.lab.experiment.state import Event, Pause, TrainState, nothing
from app.lab.history.binary import pack_arrays, unpack_arrays
from app.lab.history.cache import CachedHistory, HistoryCache
from app.lab.history.chunks import pack_state, to_chunk, unpack_state
from app.lab.history.past import Past
from app.lab.history.repair import DAMAGE, sound_segments, sound_state, trained_again
from app.lab.history.repair import log as repair_log
from app.lab.history.thinning import spread
from app.lab.history.trajectory import Trajectory
from app.lab.recent import Recent
from app.lab.spec import mystery as mysteries
from app.lab.spec.parse import parse
from app.nn.status import LONG_WINDOW
from app.nn.types import Array
from app.store.base import Chunk, Record, Store
from app.store.seal import read_json, sealed_json

SETUPS_CACHED = 320
"""The setups of the experiments used last, at most so many, stay in memory."""
SETUPS_BYTES = 96 << 20
"""They take no more than this."""
LATELY_BYTES = 32 << 20
"""The last losses of the experiments used last take no more than this."""
READ_BYTES = 1 << 25
"""A long history is read in parts of about so many bytes, each of CHUNK_STEPS steps or more."""
BEST_CACHED = 4096
"""Of so many experiments the least losses so far stay in memory, one number for each run."""
TRAJECTORY_POINTS = 256
"""A trajectory has at most so many points, beside the present one and those set by hand."""
SET_BY_HAND = 16
"""Of the steps at which runs were set by hand, the last so many are points of the trajectory."""
TRAJECTORY_BYTES = 1 << 26
"""Of large networks there are fewer points, so that their parameters take no more than this."""
CHUNK_STEPS = 128
"""The most steps in one chunk, so that to read few steps is to read few bytes."""
FEW_STEPS = 1000
"""The losses of so many steps are read from the store; for more the history is cached."""
SAVES = 16
"""Of so many saves an experiment has the marks: a server that saw an older one reads all anew."""
VIEW = "view-"
"""So begin the ids under which an experiment may be looked at only."""
_SPEC = "spec"
_MYSTERY = "mystery"
_VIEW_OF = "view_of"


@dataclass(frozen=True)
class Experiment:
    """An experiment as of a version: its setup, its state at the present step, and its events.

    `cut` is the version in which its history was last cut off; since then it has only grown. The
    setup of one with a mystery does not tell it unless it is `revealed`.
    """

    id: str
    version: int
    setup: Setup
    state: TrainState
    events: tuple[Event, ...]
    cut: int = 1
    revealed: bool = False
    shown_as: str | None = None
    """The id under which it was asked for by somebody who may look and not change."""
    saves: tuple[str, ...] = field(default_factory=lambda: (_mark(),))
    """The marks of its last saves, the newest last; () where an earlier version has saved it.

    A store that has lost its last writes comes to the same version twice, and what a server keeps
    of the one is nothing of the other.
    """

    @property
    def edition(self) -> tuple[int, str]:
        """What tells this version from another one of the same number."""
        return self.version, self.saves[-1] if self.saves else ""

    @property
    def before(self) -> tuple[int, str]:
        """The edition that this one was made from."""
        return self.version - 1, self.saves[-2] if len(self.saves) > 1 else ""

    def moved(self, **changes: Any) -> "Experiment":
        """The next version of it, with these changes."""
        saves = (*self.saves[1 - SAVES :], _mark())
        return replace(self, version=self.version + 1, saves=saves, **changes)

    @property
    def sealed(self) -> bool:
        """Whether it has a mystery that is not revealed."""
        return self.setup.mystery is not None and not self.revealed

    @property
    def known_as(self) -> str:
        """The id that whoever asks may know."""
        return self.shown_as or self.id


def _mark() -> str:
    return secrets.token_urlsafe(6)


def reached(experiment: Experiment, step: int | None, source: str = "query", at: str = "") -> int:
    """The step that is asked about, or the present one.

    Raises InvalidInput for a step that was not reached; `source` and `at` say where in the request
    it was.
    """
    present = experiment.state.step
    if step is None:
        return present
    if step > present:
        allowed = {"minimum": 0, "maximum": present}
        detail = f"the experiment is at step {present}"
        raise InvalidInput(
            [FieldError(f"{at}/step", "out_of_range", detail, allowed, step, source)]
        )
    return step


class ExperimentRepository:
    """Loads experiments from a store and saves them to it.

    Setups and histories are cached, which matters to speed only: a setup never changes, and a
    history is read again where another process has changed it. What has to be trained again calls
    `pause` now and then.
    """

    def __init__(self, store: Store, pause: Pause = nothing) -> None:
        self.store = store
        self._pause = pause
        self._setups: Recent[Setup] = Recent(
            SETUPS_CACHED, lambda setup: setup.nbytes, SETUPS_BYTES
        )
        self._known: Known | None = Known()
        self._histories = HistoryCache()
        self._best: Recent[tuple[tuple[int, str], Sequence[int], Array]] = Recent(BEST_CACHED)
        self._lately: Recent[tuple[tuple[int, str], Segment]] = Recent(
            BEST_CACHED, lambda known: losses_bytes(known[1]), LATELY_BYTES
        )

    def informed(self, setup: Setup) -> Setup:
        """The setup, which knows what other experiments of this repository have come to.

        Few of large networks would fit.
        """
        if self._known is None or setup.initial.nbytes > STEP_BYTES:
            return setup
        informed = replace(setup, known=self._known)
        self._known.meet(informed.digest)
        return informed

    def create(self, experiment: Experiment, first: Segment) -> None:
        """Saves a new experiment with the segment of step 0. Raises Conflict if its id is taken."""
        self.store.create(_record(experiment), to_chunk(first, _spec_arrays(experiment.setup)))
        self._setups.put(_key(experiment), experiment.setup)

    def branch(self, source: Experiment, experiment: Experiment) -> None:
        """Saves a new experiment with the history of another, up to the step of the new one.

        Raises Conflict if its id is taken, and UnknownExperiment if the source is gone.
        """
        self.store.copy(source.id, _record(experiment), experiment.state.step)
        self._setups.put(_key(experiment), experiment.setup)

    def load(self, id: str, version: int | None = None) -> Experiment:
        """The experiment as it is now.

        Raises UnknownExperiment, and StaleVersion unless it is at this version, if one is given.
        """
        record = self.store.load(id)
        shown = _view_of(record)
        if shown is not None:
            try:
                return replace(self.load(shown, version), shown_as=id)
            except UnknownExperiment:
                raise UnknownExperiment(id) from None
        if version is not None and version != record.version:
            raise StaleVersion(version, record.version)
        revealed = _is_revealed(record)
        setup = self._setup(id, revealed)
        try:
            return _experiment(record, setup, revealed)
        except DAMAGE as error:
            rebuilt = self._rebuild(record, setup, revealed, error)
        if version is not None:
            raise StaleVersion(version, rebuilt.version)
        return rebuilt

    def reveal(self, experiment: Experiment) -> Experiment:
        """Saves an experiment as one whose mystery is told, and returns that.

        Raises StaleVersion where another request saved it meanwhile, and UnknownExperiment.
        """
        told = experiment.moved(revealed=True)
        told = replace(told, setup=self._setup(experiment.id, revealed=True))
        self.save(told)
        return told

    def _setup(self, id: str, revealed: bool) -> Setup:
        """What the spec describes; it hides a mystery until that is told.

        Raises UnknownExperiment where the spec itself is damaged: then there is nothing to make the
        experiment of again, and it is as good as gone.
        """
        setup = self._setups.get((id, revealed))
        if setup is None:
            try:
                setup = self.informed(self._built(id, revealed))
            except (*DAMAGE, InvalidInput) as error:
                repair_log.error("experiment %s is lost: its spec is damaged (%s)", id, error)
                raise UnknownExperiment(id) from error
        self._setups.put((id, revealed), setup)
        return setup

    def _rebuild(
        self, record: Record, setup: Setup, revealed: bool, error: Exception
    ) -> Experiment:
        """Make a damaged experiment again, from its spec and, where they can be read, its events.

        Its version is one more. Raises StaleVersion where it was saved meanwhile.
        """
        try:
            step, events = _told(read_json(record.body))
        except DAMAGE:
            step, events = 0, ()
        state, segments = trained_again(setup, events, step, self._pause)
        events = tuple(event for event in events if event.step <= state.step)
        version = record.version + 1
        rebuilt = Experiment(record.id, version, setup, state, events, version, revealed)
        self._histories.drop(record.id)
        self._best.drop(record.id)
        first, *parts = (part for one in segments for part in one.split(CHUNK_STEPS))
        chunks = [to_chunk(first, _spec_arrays(setup)), *map(to_chunk, parts)]
        self.store.save(_record(rebuilt), *chunks, keep_until=-1)
        repair_log.error(
            "experiment %s was damaged (%s): it was rebuilt at step %d",
            record.id,
            error,
            state.step,
        )
        return rebuilt

    def own(self, id: str, version: int | None = None) -> Experiment:
        """The experiment to change it. Beside what `load` raises, ReadOnly for the id of a view."""
        experiment = self.load(id, version)
        if experiment.shown_as is not None:
            raise ReadOnly(id)
        return experiment

    def view(self, experiment: Experiment) -> str:
        """The id under which the experiment may be looked at and not changed: always the same one.

        From the one to the other there is no way back. It lasts as long as it is used, and shows
        nothing once the experiment is gone.
        """
        if experiment.shown_as is not None:
            return experiment.shown_as
        digest = hashlib.sha256(f"view {experiment.id}".encode()).digest()
        id = VIEW + base64.urlsafe_b64encode(digest[:12]).decode()
        view = Record(id, 1, sealed_json({_VIEW_OF: experiment.id}), pack_arrays({}))
        chunk = Chunk(0, 0, pack_arrays({}))
        with suppress(Conflict):  # it is there already
            self.store.create(view, chunk)
            return id
        try:
            found = self.store.load(id)
            if _view_of(found) is None:
                repair_log.error("view %s was damaged, and is made again", id)
                with suppress(Conflict):  # by another request
                    self.store.save(replace(view, version=found.version + 1))
        except DamagedExperiment:  # not even its version is known
            with suppress(Conflict, UnknownExperiment):  # by another request
                self.store.delete(id)
                self.store.create(view, chunk)
        return id

    def save(
        self,
        experiment: Experiment,
        segments: Sequence[Segment] = (),
        *,
        keep_until: int | None = None,
    ) -> None:
        """Saves an experiment that has moved on, and appends segments to its history.

        `keep_until` first cuts the history off after a step, as `Store.save` does. Raises
        StaleVersion unless the version is that of the store plus 1, and UnknownExperiment.
        """
        parts = [part for segment in segments for part in segment.split(CHUNK_STEPS)]
        chunks = [to_chunk(part) for part in parts]
        cut = experiment.cut if keep_until is None else experiment.version
        self.store.save(_record(replace(experiment, cut=cut)), *chunks, keep_until=keep_until)
        grown = () if keep_until is not None else segments
        self._follow_best(experiment, grown)
        history = self._histories.get(experiment.id)
        if history is not None and history.edition == experiment.before:
            if keep_until is not None:
                history.truncate(keep_until)
            for segment in segments:
                history.append(segment)
            history.edition = experiment.edition
            self._lately.drop(experiment.id)  # the history has them
        else:
            self._follow_losses(experiment, grown)

    def delete(self, id: str) -> None:
        """Deletes an experiment and its history. Raises UnknownExperiment and ReadOnly."""
        if id.startswith(VIEW) and _view_of(self.store.load(id)) is not None:
            raise ReadOnly(id)
        self.store.delete(id)
        for revealed in (False, True):
            self._setups.drop((id, revealed))
        self._histories.drop(id)
        self._best.drop(id)
        self._lately.drop(id)

    def losses(self, experiment: Experiment, first: int, last: int) -> Segment:
        """The losses of steps `first` … `last`, without parameters."""
        if last - first < FEW_STEPS and self._histories.get(experiment.id) is None:
            return losses_of(self._segments(experiment, first, last), first, last)
        return self._history(experiment).losses(first, last)

    def past(self, experiment: Experiment, state: TrainState) -> Past:
        """The past of a state that its status depends on."""
        present = state.step == experiment.state.step
        recent = self._last_losses(experiment, state.step, present)
        since = training.comparable_since(experiment.setup, experiment.events, state.step)
        known = self._best.get(experiment.id)
        if present and known is not None and known[0] == experiment.edition:
            return Past(recent, known[2], since)
        best = self._least(experiment, state, since)
        if present:
            self._best.put(experiment.id, (experiment.edition, since, best))
        return Past(recent, best, since)

    def _last_losses(self, experiment: Experiment, step: int, present: bool) -> Segment:
        """The losses of the steps up to one on which its status depends."""
        first = max(0, step - LONG_WINDOW)
        known = self._lately.get(experiment.id)
        if present and known is not None and known[0] == experiment.edition:
            return known[1]
        history = self._histories.get(experiment.id)
        if present and history is not None and history.edition == experiment.edition:
            return history.losses(first, step)
        found = self.losses(experiment, first, step)
        if present:
            self._lately.put(experiment.id, (experiment.edition, own_losses(found, first)))
        return found

    def _follow_losses(self, after: Experiment, grown: Sequence[Segment]) -> None:
        """Keep the last losses up with an experiment that trains.

        They lie in the store in as many chunks as there were blocks, and every block needs them.
        """
        known = self._lately.get(after.id)
        if not grown or known is None or known[0] != after.before:
            return
        whole = concat([known[1], *(segment.losses() for segment in grown)])
        first = max(0, after.state.step - LONG_WINDOW)
        self._lately.put(after.id, (after.edition, own_losses(whole, first)))

    def _least(self, experiment: Experiment, state: TrainState, since: Sequence[int]) -> Array:
        """The least objective (K,) of every run from a step on."""
        objective = self.losses(experiment, 0, state.step).objective
        return np.array([np.fmin.reduce(objective[step:, k]) for k, step in enumerate(since)])

    def _follow_best(self, after: Experiment, grown: Sequence[Segment]) -> None:
        """Keep the least up with an experiment that trains, which saves reading it whole."""
        known = self._best.get(after.id)
        if not grown or known is None or known[0] != after.before:
            return
        _, before, best = known
        since = training.comparable_since(after.setup, after.events, after.state.step)
        if any(step < earlier for step, earlier in zip(since, before, strict=True)):
            return  # what was taken back counts no longer, and what was before it does again
        new = concat([segment.losses() for segment in grown])
        least = best.copy()
        for k, step in enumerate(since):
            first = max(0, step - new.first)
            least[k] = np.fmin.reduce(new.objective[first:, k])
            if step < new.first:  # else the run has begun anew meanwhile
                least[k] = np.fmin(least[k], best[k])
        self._best.put(after.id, (after.edition, since, least))

    def state_at(
        self, experiment: Experiment, step: int | None, source: str = "query", at: str = ""
    ) -> TrainState:
        """The state at a step, computed again from the last checkpoint; or at the present step.

        Raises InvalidInput for a step that was not reached; `source` and `at` say where in the
        request it was.
        """
        step = reached(experiment, step, source, at)
        if step == experiment.state.step:
            return experiment.state
        earliest = max(0, step - CHECKPOINT_SPACING)
        state = last_checkpoint(self._segments(experiment, earliest, step), step)
        if state.step == step:
            return state
        setup, events = experiment.setup, experiment.events
        return training.advance(setup, state, events, step - state.step, None, self._pause)[0]

    def trajectory(self, experiment: Experiment, state: TrainState) -> Trajectory:
        """The trajectory of the runs from step 0 up to a state."""
        history = self._history(experiment)
        count = int(np.searchsorted(history.theta_steps, state.step, side="right"))
        stored = history.theta_steps[:count]
        limit = min(TRAJECTORY_POINTS, max(2, TRAJECTORY_BYTES // state.theta.nbytes))
        set_at = [event.step for event in experiment.events if event.theta is not None]
        by_hand = [step for step in set_at if step <= state.step][-SET_BY_HAND:]
        rows = np.flatnonzero(spread(stored, state.step, limit) | np.isin(stored, by_hand))
        steps = stored[rows]
        if history.theta is None:
            theta = self._stored_theta(experiment, steps)
        else:
            theta = history.theta[rows]
        if steps[-1] != state.step:
            steps = np.append(steps, state.step)
            theta = np.concatenate([theta, state.theta[np.newaxis]])
        return Trajectory(steps, theta, history.losses(0, state.step).train[steps])

    def _segments(self, experiment: Experiment, first: int, last: int) -> list[Segment]:
        """The stored segments with a step in a range.

        Where one is damaged the whole is rebuilt, and StaleVersion raised: its version is another
        one, and whoever reads it again finds it whole.
        """
        chunks = self.store.chunks(experiment.id, first, last)
        try:
            return sound_segments(experiment.setup, chunks, first, last)
        except DAMAGE as error:
            record = self.store.load(experiment.id)
            current = record.version
            if current == experiment.version:
                rebuilt = self._rebuild(record, experiment.setup, experiment.revealed, error)
                current = rebuilt.version
            raise StaleVersion(experiment.version, current) from error

    def _in_parts(self, experiment: Experiment, last: int) -> Iterator[Segment]:
        """The visible segments of steps 0 … `last`, in order, of which few are in memory at once.

        A chunk that lies in two parts is read twice, and cut where they meet.
        """
        state = experiment.state
        carried = sum(array.nbytes for array in state.optimizer_state.values())
        losses = 32 * len(experiment.setup.runs)
        dense = theta_spacing(experiment.setup)
        each = losses + state.theta.nbytes // dense + carried // CHECKPOINT_SPACING
        length = max(CHUNK_STEPS, READ_BYTES // each)
        for first in range(0, last + 1, length):
            end = min(last, first + length - 1)
            for segment in visible(self._segments(experiment, first, end)):
                if segment.last >= first and segment.first <= end:
                    yield segment.slice(first, end)

    def _history(self, experiment: Experiment) -> CachedHistory:
        """The history up to the present step, of which only what is not cached is read."""
        present = experiment.state.step
        history = self._histories.get(experiment.id)
        if history is None or not _leads_to(history.edition, experiment):
            parts = self._in_parts(experiment, present)
            history = CachedHistory(experiment.edition, [next(parts)])
            for segment in parts:
                history.append(segment)
        elif history.edition != experiment.edition:
            for segment in visible(self._segments(experiment, history.last, present)):
                if segment.last >= history.last:
                    history.append(segment.slice(history.last, segment.last))
            history.edition = experiment.edition
        history.truncate(present)
        self._histories.put(experiment.id, history)
        return history

    def _stored_theta(self, experiment: Experiment, steps: NDArray[np.int64]) -> Array:
        """theta (C, K, P) at steps (C,) whose parameters are stored."""
        # Chunks of an experiment that was trained without a pause end at multiples of CHUNK_STEPS.
        next_chunk = np.flatnonzero(np.diff((steps - 1) // CHUNK_STEPS)) + 1
        return np.concatenate(
            [
                segment.theta[np.isin(segment.theta_steps, some)]
                for some in np.split(steps, next_chunk)
                for segment in visible(self._segments(experiment, int(some[0]), int(some[-1])))
            ]
        )

    def _built(self, id: str, revealed: bool) -> Setup:
        """The setup of the document that an experiment was made from."""
        arrays = unpack_arrays(self.store.chunks(id, 0, 0)[0].data)
        if _MYSTERY not in arrays:
            return build(parse(json.loads(arrays[_SPEC].tobytes())))
        mystery = mysteries.loads(json.loads(arrays[_MYSTERY].tobytes()))
        setup = build(parse(mystery.document))
        return replace(setup, mystery=mystery) if revealed else sealed(setup, mystery)


def _leads_to(edition: tuple[int, str], experiment: Experiment) -> bool:
    """Whether the history of an edition is the beginning of an experiment's."""
    if edition == experiment.edition:
        return True
    version, mark = edition
    return experiment.cut <= version < experiment.version and mark in experiment.saves


def _key(experiment: Experiment) -> tuple[str, bool]:
    """By what a setup is known: it says more once its mystery is told."""
    return experiment.id, experiment.revealed


def _bytes_of(document: Any) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(document, allow_nan=False).encode(), dtype=np.uint8)


def _told(body: Any) -> tuple[int, tuple[Event, ...]]:
    """The step and the events that a record tells. Raises one of DAMAGE."""
    return int(body["step"]), tuple(from_record(entry) for entry in body["events"])


def _is_revealed(record: Record) -> bool:
    """Whether a mystery has been told; where the record is damaged it stays one."""
    try:
        return bool(read_json(record.body).get("revealed", False))
    except (ValueError, AttributeError):
        return False


def _experiment(record: Record, setup: Setup, revealed: bool) -> Experiment:
    """The experiment of a record. Raises one of DAMAGE."""
    body = read_json(record.body)
    step, events = _told(body)
    arrays = {name: array.copy() for name, array in unpack_arrays(record.state).items()}
    state = TrainState(step, arrays["theta"], unpack_state(arrays), arrays["diverged"])
    cut, saves = body.get("cut", record.version), tuple(map(str, body.get("saves", ())))
    sound = sound_state(setup, state)
    version = record.version
    return Experiment(record.id, version, setup, sound, events, cut, revealed, saves=saves)


def _spec_arrays(setup: Setup) -> dict[str, NDArray[Any]]:
    """The document that an experiment is made from, as it is stored in the first chunk."""
    if setup.mystery is None:
        return {_SPEC: _bytes_of(setup.spec.document)}
    return {_MYSTERY: _bytes_of(mysteries.dumps(setup.mystery))}


def _view_of(record: Record) -> str | None:
    """The experiment that a record only shows, or None for one of its own."""
    if not record.id.startswith(VIEW):
        return None
    try:
        shown = read_json(record.body).get(_VIEW_OF)
    except (ValueError, AttributeError):
        return None  # damaged: whoever reads on finds out, and says so
    return shown if isinstance(shown, str) else None


def _record(experiment: Experiment) -> Record:
    state = experiment.state
    body: dict[str, Any] = {
        "step": state.step,
        "cut": experiment.cut,
        "saves": experiment.saves,
        "events": [describe_event(event, None) for event in experiment.events],
    }
    if experiment.revealed:
        body["revealed"] = True
    arrays = {
        "theta": state.theta,
        "diverged": state.diverged,
        **pack_state(state.optimizer_state),
    }
    return Record(experiment.id, experiment.version, sealed_json(body), pack_arrays(arrays))
