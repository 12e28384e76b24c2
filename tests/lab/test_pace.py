"""The pace that a busy server asks for."""

from dataclasses import dataclass, field

import pytest

from app.lab.pace import FALL, HASTE, RISE, SLOWEST, Pace, busy, crowded


@dataclass
class Process:
    """A process whose time passes by hand."""

    now: float = 0.0
    computed: float = 0.0
    waited: float = 0.0
    pace: Pace = field(init=False)

    def __post_init__(self) -> None:
        measures = [crowded(lambda: self.waited), busy(lambda: self.computed)]
        self.pace = Pace(measures, lambda: self.now)

    def passes(self, seconds: float, share: float = 0.0, waiting: float = 0.0) -> float:
        """So many seconds pass, of which a share is computed, while so many wait."""
        for _ in range(round(seconds / 0.25)):
            self.now += 0.25
            self.computed += 0.25 * share
            self.waited += 0.25 * waiting
            found = self.pace.now()
        return found


@pytest.fixture
def process() -> Process:
    return Process()


def test_the_pace_rises_while_there_is_no_pause_and_falls_again(process: Process) -> None:
    assert process.pace.now() == 1.0
    assert process.passes(5, 0.5) == 1.0
    process.passes(20, 1.0, waiting=0.5)
    slower = process.passes(3, 0.8)
    assert 2.0 < slower < SLOWEST
    assert process.passes(20, 0.8) == slower, "what is just right stays"
    assert process.passes(200, 1.0, waiting=0.5) == SLOWEST
    assert process.passes(600, 0.1) == 1.0


def test_one_who_uses_what_nobody_else_wants_slows_nobody_down(process: Process) -> None:
    assert process.passes(60, 1.0, waiting=0.2) == 1.0


def test_it_follows_how_many_wait_where_the_processor_does_not_tell(process: Process) -> None:
    assert process.passes(30, 0.3, waiting=0.9) == 1.0, "now and then one waits"
    slower = process.passes(5, 0.3, waiting=6.0)
    assert slower > 2.0
    assert process.passes(20, 0.3, waiting=2.0) == slower
    assert process.passes(300, 0.3) == 1.0


def test_the_measure_that_has_most_decides(process: Process) -> None:
    process.passes(5, waiting=6.0)
    before = process.pace.now()
    assert process.passes(30, 0.8, waiting=0.0) == before


def test_it_changes_the_less_the_nearer_it_is_to_right(process: Process) -> None:
    nearly = process.passes(4, 0.91, waiting=0.5)
    assert 1.0 < nearly < 1.1
    assert process.passes(4, waiting=6.0) / nearly > nearly
    before = process.passes(1, 0.8)
    after = process.passes(10, 0.69)
    assert before * FALL < after < before


def test_it_rises_at_once_for_a_class_that_comes_and_then_waits_for_what_comes_of_it(
    process: Process,
) -> None:
    seconds = 0.0
    while process.passes(0.5, waiting=20.0) < HASTE:
        seconds += 0.5
    assert seconds < 7.0
    before = process.pace.now()
    assert process.passes(1.5, waiting=20.0) == before
    assert process.passes(0.5, waiting=20.0) == pytest.approx(before * RISE)


def test_it_falls_by_a_little_at_a_time(process: Process) -> None:
    process.passes(15, waiting=20.0)
    before = process.passes(2, 0.8)
    assert before > HASTE
    assert process.passes(3, 0.1) == before, "pages still have what they had asked for"
    assert process.passes(2, 0.1) == pytest.approx(before * FALL, rel=0.05)


def test_after_a_silence_there_is_nothing_to_wait_for(process: Process) -> None:
    process.passes(60, 1.0, waiting=0.5)
    process.now += 6000.0
    assert process.pace.now() == 1.0
