"""Times that can be compared although the machine is shared: interleaved trials and medians."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping

TRIAL_SECONDS = 0.04


def interleaved(works: Mapping[str, Callable[[], object]], trials: int = 25) -> dict[str, float]:
    """The median seconds of one call of each work.

    Every trial times all works one after the other, each for about as long, and begins with
    another one, so that a machine that is slow for a while is slow for all of them.
    """
    names = list(works)
    calls = {name: _calls_for_a_trial(works[name]) for name in names}
    times: dict[str, list[float]] = {name: [] for name in names}
    gc.collect()
    gc.disable()
    try:
        for trial in range(trials):
            first = trial % len(names)
            for name in names[first:] + names[:first]:
                times[name].append(_seconds(works[name], calls[name]))
    finally:
        gc.enable()
    return {name: statistics.median(times[name]) for name in names}


def _seconds(work: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) / calls


def _calls_for_a_trial(work: Callable[[], object]) -> int:
    """How many calls fill a trial; trying it also warms up caches and allocators."""
    calls = 1
    while (seconds := _seconds(work, calls)) * calls < TRIAL_SECONDS / 2:
        calls *= 2
    return max(1, round(TRIAL_SECONDS / seconds))
