"""Few large bodies at a time: read as JSON, one of 8 MB takes more than ten times that in memory.

A body that is larger than `LARGE` waits for its turn before it is looked at, and whoever comes when
as many are read as may be is told to ask again. An ordinary request never meets this.
"""

import threading

from flask import Flask, g, request

from app.errors import Busy

LARGE = 1 << 19
"""Bytes from which on a body is large."""
TOGETHER = 2
"""So many large ones are read and worked on at a time."""
WAIT_SECONDS = 1.0
"""For how long another one waits before it is refused."""


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
