"""The HTTP server: waitress, with an end to the patience it has for slow and silent clients.

Waitress reads requests and sends answers in one loop, without blocking: a thread gets a request
when all of it is there, and leaves its answer to the loop. So a client that sends half a request,
or does not read its answer, costs a connection and some memory, but never a thread. Here it loses
that too, after seconds: a head has `HEAD_SECONDS`, a body and an answer have to get on at a least
rate, and a connection without a request is kept for `idle_seconds`, or not at all where there are
many.
"""

import json
import os
import selectors
import socket
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import waitress.server
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask, ThreadedTaskDispatcher
from waitress.utilities import BadRequest, Error

from app.web.problems import MEDIA_TYPE

if sys.platform != "win32":
    import fcntl
    import termios

HEAD_SECONDS = 5.0
"""How long a request's head may take, from its first byte on."""
STALL_SECONDS = 5.0
"""How long a body or an answer may get on at less than its rate."""
RATE = 8192
"""Bytes a second at which a body has to come, and an answer to be taken."""
IDLE_SECONDS = 30.0
"""How long a connection waits for a request."""
HEAD_BYTES = 65536
"""The largest head of a request, its address included."""
CROWDED = 0.8
"""From this share of the connections on, those without a request are closed."""
HASTE = 0.2
"""… and half a request has this share of its seconds."""
BODIES_BYTES = 1 << 26
"""Bytes of half-sent bodies that a process holds at most, all of them together."""
ANSWERS_BYTES = 1 << 28
"""… and of answers that clients have not taken."""
DRAIN_SECONDS = 2.0
"""How long a server that is to stop goes on with what it has begun."""
END_SECONDS = 3.0
"""How long after it was told to stop a process ends, whatever it does; gunicorn needs a second."""
_BEAT = 1.0
_EVENTS = (selectors.EVENT_READ, wasyncore.read), (selectors.EVENT_WRITE, wasyncore.write)

_TITLES = {
    400: ("malformed_request", "The request cannot be read"),
    408: ("too_slow", "The request took too long"),
    411: ("length_required", "The length of the body is not said"),
    413: ("body_too_large", "The body is too large"),
    414: ("address_too_long", "The address is too long"),
    431: ("head_too_large", "The head of the request is too large"),
    500: ("internal", "An error that should not be"),
    501: ("not_implemented", "This way of sending is not known"),
    505: ("unknown_version", "This version of HTTP is not known"),
}


class _LengthRequired(Error):
    code = 411
    reason = "Length Required"


class _UnknownVersion(Error):
    code = 505
    reason = "HTTP Version Not Supported"


class Request(HTTPRequestParser):
    """A request of HTTP/1.0 or 1.1 that says at once how long its body is.

    Chunks are read in the loop that serves all connections, and of one byte each they keep it busy
    for seconds. No browser sends them.
    """

    def parse_header(self, header_plus: bytes) -> None:
        """Read a head; `error` says what is refused for it, before the body is read."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # of a length with thousands of digits, or a half address
            what = "Content-Length is no number of bytes"
            if "digits" not in str(error):
                what = "the address cannot be read"
            raise ParsingError(what) from None
        self.error = self._unfit(b"\r\ntransfer-encoding:" in header_plus.lower())
        if not 0 < self.content_length <= self.adj.max_request_body_size:
            self.expect_continue = False  # there is nothing to wait for, or nothing that is wanted
        if self.error is not None:
            self.chunked, self.expect_continue = False, False
            self.body_rcv, self.content_length = None, 0

    def _unfit(self, is_encoded: bool) -> Error | None:
        if self.version not in ("1.0", "1.1"):
            return _UnknownVersion("this server speaks HTTP/1.0 and HTTP/1.1")
        if is_encoded and ("CONTENT_LENGTH" in self.headers or self.version == "1.0"):
            return BadRequest(
                "Transfer-Encoding cannot stand beside Content-Length, or in HTTP/1.0"
            )
        if is_encoded:
            return _LengthRequired("send the body in one piece, with its Content-Length")
        return None


class Progress:
    """Whether bytes get on, by how many have passed since the connection began.

    Of one request or answer alone they would be fewer again with the next, which is no stall.
    """

    def __init__(self) -> None:
        self._seen: tuple[float, int] | None = None

    def begin_anew(self) -> None:
        """Nothing is on its way, or whatever there was does not count."""
        self._seen = None

    def stalls(self, now: float, count: int, seconds: float) -> bool:
        """Whether in so many seconds, or more, `count` has grown by less than `RATE` allows."""
        if self._seen is None:
            self._seen = now, count
        since, before = self._seen
        if now - since <= seconds:
            return False
        self._seen = now, count
        return count - before < RATE * (now - since)


class Channel(HTTPChannel):
    """A connection that knows since when it waits, and for what."""

    parser_class = Request
    error_task_class: Any

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._loop = threading.get_ident()
        self.idle_since = self.began = time.monotonic()
        self.came = self.sent = 0
        """Bytes of all requests, and of all answers that the client has taken."""
        self._body, self._answer = Progress(), Progress()

    def received(self, data: bytes) -> bool:
        """Take bytes of a request, and note when it began."""
        before = self.request
        self.came += len(data)
        taken = super().received(data)
        if self.request is not None and self.request is not before:
            self.began = time.monotonic()
        return bool(taken)

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send as many bytes as the client takes; how many that were.

        Where the client is gone the connection is closed by the loop alone, which owns it.
        """
        do_close = do_close and threading.get_ident() == self._loop
        taken = int(super().send(data, do_close=do_close) or 0)
        self.sent += taken
        return taken

    def write_soon(self, data: Any) -> int:
        """Have bytes of an answer sent; called by the thread that makes it."""
        count = int(super().write_soon(data))
        if self.total_outbufs_len:
            # Waitress says so too, but before it lets go of the answer: the loop may have looked
            # by then, and have left it to this thread.
            self.server.pull_trigger()
        return count

    def writable(self) -> bool:
        """Whether there is something to send, and no thread is just sending it.

        Else the loop would turn as fast as it can until that thread has the interpreter again,
        for which it waits all the longer.
        """
        if not super().writable():
            return False
        free = self.outbuf_lock.acquire(blocking=False)
        if free:
            self.outbuf_lock.release()
        return free

    def send_continue(self) -> None:
        """Say that the body may come; the loop sends it, whatever thread says so."""
        line = b"HTTP/1.1 100 Continue\r\n\r\n"
        request: Any = self.request
        request.expect_continue, request.completed = False, False
        with self.outbuf_lock:
            self.outbufs[-1].append(line)
            self.current_outbuf_count += len(line)
            self.total_outbufs_len += len(line)
            self.sent_continue = True

    def check_client_disconnected(self) -> bool:  # type: ignore[override]
        """Whether the client has hung up; waitress puts this into the `environ` of a request.

        Whoever closes only its own side after a request is taken for gone, as proxies do.
        """
        connection = self.socket
        try:
            return connection is None or not connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:  # reset, or closed here meanwhile
            return True

    @property
    def taken(self) -> int:
        """Bytes of answers that have reached the client's computer.

        Of what was sent some lies in this one's buffer, of which the loop hears only when a third
        is free: at 60 kB/s that may be none for longer than an answer may stall.
        """
        return self.sent - _untaken(self.socket)

    def service(self) -> None:
        """Answer a request; the connection is idle from then on."""
        self.idle_since = time.monotonic()
        super().service()
        self.idle_since = time.monotonic()

    @property
    def receiving(self) -> int:
        """Bytes that have come of a body which is not complete."""
        return 0 if self.request is None else int(self.request.body_bytes_received)

    def tidy(self, now: float, idle_seconds: float, patience: float = 1.0) -> None:
        """Let go of the client if it has kept this waiting for too long.

        `patience` is the share of a request's seconds that it has while there are many clients.
        """
        if not self.total_outbufs_len:
            self._answer.begin_anew()
        if self.request is None or not self.request.headers_finished:
            self._body.begin_anew()
        if self.total_outbufs_len:
            if self._answer.stalls(now, self.taken, STALL_SECONDS):
                self.handle_close()  # at once: what waits to be written would wait for the client
        elif self.requests:
            pass  # it is the client that waits
        elif self.request is None:
            self.will_close |= now - self.idle_since > idle_seconds
        elif self._is_late(now, patience):
            self.refuse()

    def _is_late(self, now: float, patience: float) -> bool:
        """Whether a request that is being received has had its time."""
        if self.request is not None and self.request.headers_finished:
            return self._body.stalls(now, self.came, patience * STALL_SECONDS)
        return now - self.began > patience * HEAD_SECONDS

    def excuse(self, now: float) -> None:
        """Begin all its times anew: it was this server that did nothing."""
        self.began = self.idle_since = now
        self._body.begin_anew()
        self._answer.begin_anew()

    def refuse(self) -> None:
        """Say 408 to a client that sends too slowly, or too much beside others, and close."""
        body = problem_body(408, "the rest of the request did not come in time")
        head = (
            f"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode()
        with self.outbuf_lock:
            self.outbufs[-1].append(head + body)
            self.total_outbufs_len += len(head) + len(body)
        if self.request is not None:
            self.request.close()
        self.request = None
        self.close_when_flushed = True


class _ProblemTask(ErrorTask):
    """The answer to what never reaches the application: problem+json like all others."""

    def execute(self) -> None:
        request: Any = self.request
        error, code = request.error, int(request.error.code)
        if code == 431 and b"\n" not in request.header_plus:
            code = 414
        body = problem_body(
            code, str(error.body) if code in (400, 411, 501, 505) else _TITLES[code][1]
        )
        self.status = f"{code} {_TITLES[code][1]}"
        self.response_headers = [*self.response_headers, ("Content-Type", MEDIA_TYPE)]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


Channel.error_task_class = _ProblemTask


class Threads(ThreadedTaskDispatcher):
    """Threads of which the one that worked last works next.

    Its memory is still in the processor's cache, and its part of the heap has been paid for. With
    turns, as waitress has them, every request meets the coldest thread, and all threads grow as
    large as the largest answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self._idle: list[threading.Condition] = []
        self._held: deque[Any] = deque()

    def handler_thread(self, thread_no: int) -> None:
        """Take tasks until told to stop."""
        mine = threading.Condition(self.lock)
        while (task := self._next(mine, thread_no)) is not None:
            try:
                task.service()
            except BaseException:
                self.logger.exception("Exception when servicing %r", task)

    def _next(self, mine: threading.Condition, thread_no: int) -> Any:
        """The next task, waited for, or None where this thread is to stop."""
        with self.lock:
            while not self.queue and not self.stop_count:
                self.active_count -= 1
                self._idle.append(mine)
                mine.wait()
                self.active_count += 1
            if not self.stop_count:
                return self.queue.popleft()
            self.active_count -= 1
            self.stop_count -= 1
            self.threads.discard(thread_no)
            self.thread_exit_cv.notify()
            return None

    def add_task(self, task: Any) -> None:
        """Have a task done by the thread that worked last, or by the next that is free.

        That of a client who has not taken its last answer is held until it has: who asks on and on
        and reads nothing would fill the memory with answers, and then hold a thread with each.
        """
        if getattr(task, "total_outbufs_len", 0):
            self._held.append(task)
            return
        with self.lock:
            self.queue.append(task)
            if self._idle:
                self._idle.pop().notify()

    def resume(self) -> None:
        """Add the tasks that were held and need not be any more; called by the loop."""
        for _ in range(len(self._held)):
            self.add_task(self._held.popleft())

    def set_thread_count(self, count: int) -> None:
        """Start threads, or have as many stop as are too many."""
        super().set_thread_count(count)
        with self.lock:
            while self.stop_count and self._idle:
                self._idle.pop().notify()


class Sockets(dict[int, Any]):
    """What waits at sockets, by descriptor; a turn takes as long as what happens in it.

    Waitress asks everything that is open, in every turn, what it waits for: of two hundred learners
    that were half of a process. Here only those are asked that can have changed their minds: new
    ones, those that have just read or written, and those of which a thread has a request. The
    operating system is told of changes, and keeps the rest.
    """

    def __init__(self) -> None:
        super().__init__()
        self._selector = selectors.DefaultSelector()
        self._unsettled: set[int] = set()

    def __setitem__(self, descriptor: int, one: Any) -> None:
        super().__setitem__(descriptor, one)
        self._unsettled.add(descriptor)

    def __delitem__(self, descriptor: int) -> None:
        self._unsettled.discard(descriptor)
        if descriptor in self._selector.get_map():
            self._selector.unregister(descriptor)
        super().__delitem__(descriptor)

    def unsettle(self) -> None:
        """Ask everything in the next turn."""
        self._unsettled.update(self)

    def turn(self, seconds: float) -> None:
        """Wait as long as this for something to read or write, and do it."""
        for descriptor in tuple(self._unsettled):
            one = self[descriptor]
            try:
                self._ask(descriptor, one)
            except (OSError, ValueError):  # it is no socket any more: that ends this one alone
                if one.accepting:
                    raise
                one.handle_close()
        ready = self._selector.select(seconds)
        # New connections last: they may get the descriptors of those that end in this turn.
        for key, events in sorted(ready, key=lambda each: bool(each[0].data.accepting)):
            one = key.data
            for event, do in _EVENTS:
                if events & event and self._holds(key.fd, one):
                    self._unsettled.add(key.fd)
                    do(one)

    def close(self) -> None:
        """Close all of them, and the files in which large answers lie."""
        for one in list(self.values()):
            if isinstance(one, Channel):
                one.handle_close()
        wasyncore.close_all(self, ignore_all=True)
        self._selector.close()

    def _holds(self, descriptor: int, one: object) -> bool:
        """Whether this has not been closed meanwhile."""
        return self.get(descriptor) is one

    def _ask(self, descriptor: int, one: Any) -> None:
        """Tell the operating system what this waits for now."""
        # First of all: a thread adds the last of its answer before it takes its request away.
        may_change = one.accepting or bool(getattr(one, "requests", None))
        events = selectors.EVENT_READ if one.readable() else 0
        if one.writable() and not one.accepting:
            events |= selectors.EVENT_WRITE
        key = self._selector.get_map().get(descriptor)
        if key is None and events:
            self._selector.register(descriptor, events, one)
        elif key is not None and not events:
            self._selector.unregister(descriptor)
        elif key is not None and key.events != events:
            self._selector.modify(descriptor, events, one)
        if events == selectors.EVENT_READ and not may_change:
            self._unsettled.discard(descriptor)


class Server:
    """Answers requests on sockets that listen already, in threads, until it is told to stop."""

    def __init__(
        self,
        application: Any,
        sockets: Sequence[socket.socket],
        *,
        threads: int,
        connections: int = 1000,
        idle_seconds: float = IDLE_SECONDS,
        body_bytes: int = 8 << 20,
    ) -> None:
        """Begin to listen.

        The application refuses bodies of more than `body_bytes` itself, with a good answer; here
        those end that are twice as large.
        """
        self._map = Sockets()
        self._connections = connections
        self._idle_seconds = idle_seconds
        self._threads = Threads()
        self._threads.set_thread_count(threads)
        self._server = waitress.server.create_server(
            application,
            map=self._map,
            sockets=list(sockets),
            _dispatcher=self._threads,
            connection_limit=connections,
            max_request_header_size=HEAD_BYTES,
            max_request_body_size=2 * body_bytes,
            outbuf_high_watermark=ANSWERS_BYTES,  # a thread never waits for a client
            channel_timeout=1 << 30,  # by a clock that may be set; `Channel.tidy` has its own
            clear_untrusted_proxy_headers=False,  # which the application reads where it may
            ident=None,
            log_socket_errors=False,
        )
        for listener in self._listeners():
            listener.channel_class = Channel
        self._tidied = time.monotonic()

    def serve(self, stopped: Callable[[], bool], beat: Callable[[], None] = lambda: None) -> None:
        """Answer until `stopped` says so; `beat` is called every second."""
        last = float("-inf")
        while not stopped():
            if (now := time.monotonic()) - last >= _BEAT:
                last = now
                beat()
            self._turn(_BEAT)

    def wake(self) -> None:
        """Have `serve` ask at once whether it is to stop; may be called by a signal's handler."""
        for listener in self._listeners():
            listener.pull_trigger()

    def close(self) -> None:
        """Accept nothing more, end what has begun in `DRAIN_SECONDS`, and let go of the rest."""
        for listener in self._listeners():
            listener.accepting = False
        end = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < end and any(
            channel.requests or channel.total_outbufs_len for channel in self._channels()
        ):
            self._turn(0.05)
        self._server.task_dispatcher.shutdown(timeout=1)
        self._map.close()

    def _turn(self, seconds: float) -> None:
        """Wait as long as this for something to read or write, and do it."""
        self._map.turn(seconds)
        self._threads.resume()
        now = time.monotonic()
        if now - self._tidied >= _BEAT:
            late = now - self._tidied > 3 * _BEAT  # a laptop that slept, a processor with much else
            self._tidied = now
            channels = list(self._channels())
            if late:
                for channel in channels:
                    channel.excuse(now)
            crowded = len(channels) > CROWDED * self._connections
            idle, patience = (0.0, HASTE) if crowded else (self._idle_seconds, 1.0)
            for channel in channels:
                channel.tidy(now, idle, patience)
            _bound_bodies(channels)
            _bound_answers(channels)
            self._map.unsettle()

    def _channels(self) -> Iterator[Channel]:
        return (each for each in list(self._map.values()) if isinstance(each, Channel))

    def _listeners(self) -> Iterator[waitress.server.BaseWSGIServer]:
        found = list(self._map.values())
        return (each for each in found if isinstance(each, waitress.server.BaseWSGIServer))


def _bound_bodies(channels: Sequence[Channel]) -> None:
    """Refuse the largest of half-sent bodies, until all that have come fit into `BODIES_BYTES`."""
    coming = sorted((each for each in channels if each.receiving), key=lambda one: one.receiving)
    total = sum(channel.receiving for channel in coming)
    while total > BODIES_BYTES:
        largest = coming.pop()
        total -= largest.receiving
        largest.refuse()


def _bound_answers(channels: Sequence[Channel]) -> None:
    """Let go of those who have most to take, until all that is left fits into `ANSWERS_BYTES`."""
    waiting = sorted(
        (each for each in channels if each.total_outbufs_len), key=lambda one: one.total_outbufs_len
    )
    total = sum(channel.total_outbufs_len for channel in waiting)
    while total > ANSWERS_BYTES:
        largest = waiting.pop()
        total -= largest.total_outbufs_len
        largest.handle_close()


def _untaken(connection: socket.socket | None) -> int:
    """Bytes that lie in a socket's buffer, where the operating system tells: else none."""
    if sys.platform != "win32" and connection is not None:
        with suppress(OSError):
            return int(struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)))[0])
    return 0


def end_soon(seconds: float = END_SECONDS) -> None:
    """End this process in so many seconds at the latest, whatever still computes in it."""
    timer = threading.Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()


def problem_body(status: int, detail: str) -> bytes:
    """The text of a problem that is answered before the application is asked."""
    code, title = _TITLES[status]
    return json.dumps(
        {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": detail,
            "errors": [
                {"pointer": "", "code": code, "detail": detail, "allowed": {}, "received": None}
            ],
        }
    ).encode()
