"""How a process begins that trains blocks for a server, before numpy is imported in it.

So this module is plain standard library, and imports nothing that imports numpy.
"""

import os
import signal
import threading
from contextlib import suppress
from multiprocessing.connection import Connection

NICENESS = 10


def begin(server: Connection) -> None:
    """Set this process up: one thread for numpy, behind learners' requests, ended by the server.

    `server` is the reading end of a pipe to which nobody writes: it closes when the server closes
    its own end or dies, however it dies. Ctrl+C in a terminal goes to the server only.
    """
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):  # Windows has other means
        with suppress(OSError):
            os.nice(NICENESS)
    threading.Thread(target=_end_with, args=(server,), daemon=True).start()


def _end_with(server: Connection) -> None:
    with suppress(EOFError, OSError):
        server.poll(None)
    os._exit(0)
