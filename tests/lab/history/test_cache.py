"""The cache of histories: arrays that grow, and what is dropped when they take too much."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lab.experiment import training
from app.lab.experiment.segment import Segment, concat
from app.lab.experiment.setup import build
from app.lab.history import cache
from app.lab.history.cache import CachedHistory, GrowingArray, HistoryCache
from app.lab.spec.parse import parse
from tests.lab.history.specs import STATEFUL


@pytest.fixture(scope="module")
def segments() -> list[Segment]:
    """Steps 0 … 60 in blocks."""
    setup = build(parse(STATEFUL))
    state, first = training.begin(setup)
    found = [first]
    for count in (10, 25, 25):
        state, later = training.advance(setup, state, (), count)
        found += later
    return found


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 200)), max_size=8))
def test_an_array_grows_and_is_written_over(moves: list[tuple[float, int]]) -> None:
    expected = [0.0]
    array = GrowingArray(np.array(expected))
    for number, (back, length) in enumerate(moves, start=1):
        at = round(back * len(expected))
        array.write(at, np.full(length, float(number)))
        expected = expected[:at] + [float(number)] * length
        assert array.rows.tolist() == expected
        assert array.nbytes >= array.rows.nbytes
    array.truncate(3)
    assert array.rows.tolist() == expected[:3]


def test_a_history_holds_what_its_segments_hold(segments: list[Segment]) -> None:
    history, whole = CachedHistory((1, ""), segments), concat(segments)
    assert history.last == whole.last == 60
    assert history.theta is not None
    np.testing.assert_array_equal(history.theta_steps, whole.theta_steps)
    np.testing.assert_array_equal(history.theta, whole.theta)
    for name in ("train", "test", "penalty", "diverged"):
        rows = getattr(history.losses(7, 44), name)
        np.testing.assert_array_equal(rows, getattr(whole, name)[7:45])


def test_a_history_that_is_cut_off_and_goes_on_is_as_if_never_cut(
    segments: list[Segment],
) -> None:
    history, whole = CachedHistory((1, ""), segments[:3]), concat(segments)
    history.truncate(20)
    assert (history.last, history.theta_steps[-1]) == (20, 20)
    history.append(whole.slice(21, 60))
    np.testing.assert_array_equal(history.losses(0, 60).train, whole.train)
    np.testing.assert_array_equal(history.theta, whole.theta)


def test_parameters_that_take_too_much_are_not_cached(
    segments: list[Segment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "THETA_BYTES", 1000)
    history, whole = CachedHistory((1, ""), segments), concat(segments)
    assert history.theta is None
    np.testing.assert_array_equal(history.theta_steps, whole.theta_steps)
    history.truncate(2)
    assert history.theta is None


def test_histories_unused_for_longest_are_dropped_first(
    segments: list[Segment], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = CachedHistory((1, ""), segments)
    monkeypatch.setattr(cache, "TOTAL_BYTES", 2 * one.nbytes)
    histories = HistoryCache()
    histories.put("a", one)
    histories.put("b", CachedHistory((1, ""), segments))
    assert histories.get("a") is one
    histories.put("c", CachedHistory((1, ""), segments))
    assert [id for id in "abc" if histories.get(id)] == ["a", "c"]
    monkeypatch.setattr(cache, "TOTAL_BYTES", 1)
    histories.put("d", one)
    assert [id for id in "abcd" if histories.get(id)] == ["d"]
    histories.drop("d")
    assert histories.get("d") is None
