"""Memory that the C library would keep for threads which no longer need it."""

import ctypes
import sys

ARENAS = 1
_M_ARENA_MAX = -8  # of glibc's malloc.h


def keep_one_arena() -> bool:
    """Has the C library keep one memory for all threads; whether it can, which glibc does.

    It gives every thread a part of its own, up to eight for each processor, and what one of them
    has freed is of no use to another. As one thread computes at a time, and a large network takes
    hundreds of megabytes, a server of many threads came to hold them many times. To be called
    before there are threads.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:  # another C library, such as musl, has no arenas
        return False
    return bool(mallopt(_M_ARENA_MAX, ARENAS))
