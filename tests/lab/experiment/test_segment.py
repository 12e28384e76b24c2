"""Segments: cut, joined and read back, and of two that hold a step the later one counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lab.experiment import training
from app.lab.experiment.segment import Segment, concat, diverged_by, last_checkpoint, losses_of
from app.lab.experiment.setup import build
from app.lab.spec.parse import parse

RUNS, PARAMETERS = 2, 3


def segment(first: int, length: int, mark: float = 0.0, every: tuple[int, int] = (2, 4)) -> Segment:
    """A segment whose numbers say where they belong: step + mark, theta at every second step."""
    steps = np.arange(first, first + length)
    theta_steps, checkpoints = (steps[steps % spacing == 0] for spacing in every)
    losses = np.repeat(steps[:, np.newaxis] + mark, RUNS, axis=1)
    return Segment(
        first,
        losses,
        losses + 0.25,
        losses + 0.5,
        np.repeat(steps[:, np.newaxis] - 1, RUNS, axis=1),
        theta_steps,
        np.broadcast_to(theta_steps[:, np.newaxis, np.newaxis] + mark, (len(theta_steps), 2, 3)),
        checkpoints,
        {"adam.mean": np.full((len(checkpoints), RUNS, PARAMETERS), mark)},
        losses[:, :, np.newaxis] * 2.0,
    )


def same(one: Segment, other: Segment) -> None:
    """Asserts that two segments hold the same, bit for bit."""
    assert one.first == other.first
    for name in ("train", "test", "penalty", "diverged", "theta_steps", "theta", "watched"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
    np.testing.assert_array_equal(one.checkpoint_steps, other.checkpoint_steps)
    assert one.optimizer_state.keys() == other.optimizer_state.keys()
    for name, array in one.optimizer_state.items():
        np.testing.assert_array_equal(array, other.optimizer_state[name], name)


@given(st.integers(0, 20), st.integers(1, 40), st.integers(1, 50))
def test_what_is_split_and_joined_again_is_the_same(first: int, count: int, length: int) -> None:
    whole = segment(first, count)
    parts = list(whole.split(length))
    assert [len(part.steps) for part in parts[:-1]] == [length] * (len(parts) - 1)
    assert len(parts[-1].steps) <= length
    same(concat(parts), whole)


@given(st.integers(0, 20), st.integers(1, 40), st.integers(-5, 70), st.integers(0, 70))
def test_a_slice_holds_those_steps_that_are_asked_for(
    first: int, length: int, start: int, count: int
) -> None:
    whole, wanted = segment(first, length), range(start, start + count)
    expected = [step for step in whole.steps.tolist() if step in wanted]
    if not expected:
        with pytest.raises(ValueError, match="no step of"):
            whole.slice(start, start + count - 1)
        return
    part = whole.slice(start, start + count - 1)
    same(part, segment(expected[0], len(expected)))
    assert part.steps.tolist() == expected


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 20)), min_size=1, max_size=8))
def test_of_two_segments_that_hold_a_step_the_later_one_counts(
    moves: list[tuple[float, int]],
) -> None:
    made: list[Segment] = []
    present: dict[int, int] = {}  # by which of the segments a step counts
    for mark, (back, length) in enumerate(moves):
        first = round(back * len(present)) if present else 0
        made.append(segment(first, length, mark / 16.0))
        present = {step: by for step, by in present.items() if step < first}
        present |= dict.fromkeys(range(first, first + length), mark)
    joined = concat(made)
    expected = np.array([step + mark / 16.0 for step, mark in sorted(present.items())])
    np.testing.assert_array_equal(joined.train[:, 0], expected)
    np.testing.assert_array_equal(joined.theta[:, 0, 0], expected[joined.theta_steps])
    same(losses_of(made, 0, joined.last), joined.losses())
    for step in range(len(expected)):
        state = last_checkpoint(made, step)
        assert state.step == step - step % 4
        assert state.theta[0, 0] == expected[state.step]
        assert state.optimizer_state["adam.mean"][0, 0] == expected[state.step] - state.step
        assert state.diverged.tolist() == [state.step - 1] * RUNS


def test_there_is_no_checkpoint_before_the_first_one() -> None:
    with pytest.raises(LookupError, match="at or before step 3"):
        last_checkpoint([segment(1, 10)], 3)


def test_segments_that_leave_steps_out_are_refused() -> None:
    with pytest.raises(ValueError, match="between 5 and 7"):
        concat([segment(1, 5), segment(7, 2)])
    with pytest.raises(ValueError, match="not all in 1 … 5"):
        losses_of([segment(1, 5)], 1, 6)


def test_an_optimizer_carries_nothing_before_it_is_used() -> None:
    plain = segment(0, 8)
    before = Segment(**{**vars(plain), "optimizer_state": {"momentum.mean": np.ones((2, 2, 3))}})
    joined = concat([before, segment(8, 4, mark=5.0)])
    assert joined.optimizer_state["adam.mean"][:, 0, 0].tolist() == [0.0, 0.0, 5.0]
    assert joined.optimizer_state["momentum.mean"][:, 0, 0].tolist() == [1.0, 1.0, 0.0]


def test_a_run_has_diverged_from_its_step_on() -> None:
    found = diverged_by(np.arange(3, 6), np.array([-1, 4, 2]))
    assert found.tolist() == [[-1, -1, 2], [-1, 4, 2], [-1, 4, 2]]


def test_segments_without_checkpoints_keep_no_state_alive() -> None:
    layers = [{"units": 64}, {"units": 64}, {"units": 1}]  # too large to be stored at every step
    setup = build(parse({"optimizer": {"name": "adam"}, "runs": [{}], "layers": layers}))
    _, (trained,) = training.advance(setup, training.begin(setup)[0], (), 2)
    for array in (trained.theta, *trained.optimizer_state.values()):
        assert (len(array), array.base) == (0, None)
    theta = trained.losses().theta
    assert (len(theta), theta.base) == (0, None)
