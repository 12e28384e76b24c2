"""Where the work on a table gives way to others: between rows, and between columns.

Reading a table of a megabyte takes seconds. What is called between its parts is set for the thread
that reads, so that not every function on the way has to hand it on.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

_PAUSE: ContextVar[Callable[[], None] | None] = ContextVar("pause", default=None)
_Item = TypeVar("_Item")


@contextmanager
def pausing(pause: Callable[[], None]) -> Iterator[None]:
    """Within it, `pause` is called between the parts of what is read."""
    before = _PAUSE.set(pause)
    try:
        yield
    finally:
        _PAUSE.reset(before)


def paused(items: Iterable[_Item], each: int = 1) -> Iterator[_Item]:
    """The items, with a pause before the first and then before every so many."""
    pause = _PAUSE.get()
    for place, item in enumerate(items):
        if pause is not None and place % each == 0:
            pause()
        yield item
