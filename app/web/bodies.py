"""Few large bodies at a time: read as JSON, one of 8 MB takes more than ten times that in memory.

A body that is larger than `LARGE` waits for its turn before it is looked at, and whoever comes when
as many are read as may be is told to ask again. An ordinary request never meets this.
"""

import re
import threading

from flask import Flask, g, request

from app.errors import Busy

LARGE = 1 << 19
"""Bytes from which on a body is large."""
TOGETHER = 2
"""So many large ones are read and worked on at a time."""
WAIT_SECONDS = 1.0
"""For how long another one waits before it is refused."""
MOST_LISTS = 100_000
"""The most lists and objects of a body. As JSON an empty list takes three bytes, as a value to be
checked a hundred; the largest data and the largest parameters set by hand have 25,000 rows."""
_TEXTS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""A text, also one that is not closed: else each of its quotes would be tried as the next one's
beginning, and the time for it would grow with its square."""


def count_lists(data: bytes) -> int:
    """How many lists and objects a body has: brackets are counted, not parsed.

    Those within texts are counted too, unless there are too many in all. Raises ValueError for as
    many of which not all are closed: that is no JSON.
    """
    count = data.count(b"[") + data.count(b"{")
    if count <= MOST_LISTS:
        return count
    bare = _TEXTS.sub(b"", data)
    lists, objects = bare.count(b"["), bare.count(b"{")
    if (lists, objects) != (bare.count(b"]"), bare.count(b"}")):
        raise ValueError("not every bracket is closed")
    return lists + objects


def register(application: Flask) -> None:
    """Let few requests with large bodies in at a time; the others are Busy."""
    room = threading.BoundedSemaphore(TOGETHER)

    @application.before_request
    def enter() -> None:
        if (request.content_length or 0) <= LARGE:
            return
        if not room.acquire(timeout=WAIT_SECONDS):
            raise Busy(retry_after=2)
        g.has_large_body = True

    @application.teardown_request
    def leave(error: BaseException | None) -> None:
        if g.pop("has_large_body", False):
            room.release()
