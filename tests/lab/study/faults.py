"""What a block may do to the process that trains it, in tests; a pool's processes import this."""

import gc
import os
import signal
from multiprocessing.queues import SimpleQueue

from app.lab.study.block import Block, RecipeChunk, train_block

DEADLY = 3
"""The offset of the seed whose block kills its process."""


def die_at_one_seed(block: Block) -> tuple[RecipeChunk, ...]:
    """Train a block, unless it has the deadly seed."""
    if block.start <= DEADLY < block.stop:
        os.kill(os.getpid(), signal.SIGKILL)
    return train_block(block)


def die_while_writing(block: Block) -> tuple[RecipeChunk, ...]:
    """Kill the process of a block in the middle of its result, unless it is for one seed alone."""
    if block.stop - block.start > 1:
        for results in (each for each in gc.get_objects() if isinstance(each, SimpleQueue)):
            # The head of a message of 4,096 bytes, and some of them; the reader waits for the rest.
            os.write(results._writer.fileno(), (4096).to_bytes(4, "big") + b"half")  # type: ignore[attr-defined]
        os.kill(os.getpid(), signal.SIGKILL)
    return train_block(block)
