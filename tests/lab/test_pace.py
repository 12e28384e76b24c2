"""The pace that a busy server asks for."""

from dataclasses import dataclass

from app.lab.pace import CROWDED, SLOWEST, Pace


@dataclass
class Process:
    """A process whose time passes by hand."""

    now: float = 0.0
    computed: float = 0.0

    def passes(self, pace: Pace, seconds: float, share: float) -> float:
        """So many seconds pass, of which a share is computed."""
        for _ in range(int(seconds)):
            self.now += 1.0
            self.computed += share
            found = pace.now()
        return found


def test_the_pace_rises_while_there_is_no_pause_and_falls_again() -> None:
    process = Process()
    pace = Pace(lambda: process.computed, lambda: process.now)
    assert pace.now() == 1.0
    assert process.passes(pace, 5, 0.5) == 1.0
    slower = process.passes(pace, 5, 0.99)
    assert 2.0 < slower < SLOWEST
    assert process.passes(pace, 5, 0.75) == slower, "what is just right stays"
    assert process.passes(pace, 60, 1.0) == SLOWEST
    assert process.passes(pace, 30, 0.1) == 1.0


def test_after_a_silence_there_is_nothing_to_wait_for() -> None:
    process = Process()
    pace = Pace(lambda: process.computed, lambda: process.now)
    process.passes(pace, 60, 1.0)
    process.now += 600.0
    assert pace.now() == 1.0


def test_it_follows_how_many_wait_where_that_is_what_is_counted() -> None:
    process = Process()
    pace = Pace(lambda: process.computed, lambda: process.now, CROWDED)
    assert process.passes(pace, 30, 0.4) == 1.0, "now and then one waits"
    slower = process.passes(pace, 5, 4.0)
    assert slower > 2.0
    assert process.passes(pace, 20, 1.0) == slower
    assert process.passes(pace, 20, 0.0) == 1.0
