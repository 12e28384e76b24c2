"""What a block may do to the process that trains it, in tests; a pool's processes import this."""

import os
import signal

from app.lab.study.block import Block, RecipeChunk, train_block

DEADLY = 3
"""The offset of the seed whose block kills its process."""


def die_at_one_seed(block: Block) -> tuple[RecipeChunk, ...]:
    """Train a block, unless it has the deadly seed."""
    if block.start <= DEADLY < block.stop:
        os.kill(os.getpid(), signal.SIGKILL)
    return train_block(block)
