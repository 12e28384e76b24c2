"""Damaged records and chunks, made again from what is whole.

Time is a function of the spec and the events: where both can be read, everything else is computed
again, to the last bit. Where only the spec can be read, the experiment begins again at step 0.
"""

import struct
from collections.abc import Sequence
from logging import getLogger

from app.lab.experiment import training
from app.lab.experiment.segment import Segment
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import Event, Pause, TrainState, nothing
from app.lab.history.chunks import from_chunk
from app.lab.spec.ranges import WORK_LIMIT
from app.store.base import Chunk

DAMAGE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, struct.error)
"""What reading bytes raises that are not what was stored: cut off, empty, or others."""
log = getLogger(__name__)


def sound_segments(setup: Setup, chunks: Sequence[Chunk], first: int, last: int) -> list[Segment]:
    """The segments of chunks, which hold all steps of a range. Raises one of DAMAGE."""
    end = first - 1
    for chunk in sorted(chunks, key=lambda chunk: chunk.first):
        if chunk.first > end + 1:
            break
        end = max(end, chunk.last)
    if end < last:
        raise LookupError(f"step {end + 1} is not stored")
    return [_sound(setup, chunk) for chunk in chunks]


def _sound(setup: Setup, chunk: Chunk) -> Segment:
    """The segment of a chunk, which fits its experiment."""
    segment = from_chunk(chunk)
    losses = (chunk.last - chunk.first + 1, len(setup.runs))
    theta = (len(segment.theta_steps), *setup.initial.shape)
    if segment.train.shape != losses or segment.test.shape != losses:
        raise ValueError(f"the losses are {segment.train.shape}, not {losses}")
    if segment.theta.shape != theta:
        raise ValueError(f"the parameters are {segment.theta.shape}, not {theta}")
    return segment


def sound_state(setup: Setup, state: TrainState) -> TrainState:
    """The state, which fits its experiment. Raises one of DAMAGE."""
    runs = setup.initial.shape[:1]
    if state.theta.shape != setup.initial.shape or state.diverged.shape != runs or state.step < 0:
        raise ValueError(f"the parameters are {state.theta.shape}, not {setup.initial.shape}")
    return state


def trained_again(
    setup: Setup, events: Sequence[Event], step: int, pause: Pause = nothing
) -> tuple[TrainState, list[Segment]]:
    """The state at a step and all segments up to it; at step 0 where that would take too long."""
    if step * setup.step_work > WORK_LIMIT:
        step = 0
    state, first = training.begin(setup)
    segments = [first]
    for event in events:
        if event.step == 0:
            state, first = training.apply(setup, state, event, events)
            segments = [first]
    state, found = training.advance(setup, state, events, step, None, pause)
    return state, segments + found
