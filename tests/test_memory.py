"""What threads have freed is there for the others."""

import subprocess
import sys
from pathlib import Path

from app.memory import keep_one_arena

THREADS, PIECE, PIECES = 12, 4 << 20, 8
"""So many threads, one after the other, need so many pieces of so many bytes at the same time."""
PROGRAM = f"""
import ctypes, sys, threading
from app.memory import keep_one_arena
assert sys.argv[1] == "as it is" or keep_one_arena()
c = ctypes.CDLL(None)
c.malloc.restype, c.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
c.free.argtypes = [ctypes.c_void_p]
c.free(c.malloc(32 << 20))  # from now on smaller pieces come from arenas
stay = threading.Event()

def work():
    pieces = [c.malloc({PIECE}) for _ in range({PIECES})]
    for piece in pieces:
        ctypes.memset(piece, 1, {PIECE})
    last = c.malloc(64)  # so that the arena's end is in use
    for piece in pieces:
        c.free(piece)
    done.set()
    stay.wait()

for _ in range({THREADS}):
    done = threading.Event()
    threading.Thread(target=work).start()
    done.wait()
status = open("/proc/self/status").read()
stay.set()
print(status.split("VmRSS:")[1].split()[0])
"""


def held(how: str) -> int:
    """Bytes that the threads' memory takes in a process of its own."""
    words = [sys.executable, "-c", PROGRAM, how]
    root = Path(__file__).parents[1]
    run = subprocess.run(words, cwd=root, capture_output=True, text=True, check=True)
    return int(run.stdout) << 10


def test_what_one_thread_has_freed_another_uses() -> None:
    if not sys.platform.startswith("linux"):  # others have no arenas
        assert not keep_one_arena()
        return
    assert held("as it is") > THREADS // 2 * PIECE * PIECES
    assert held("with one") < 4 * PIECE * PIECES
