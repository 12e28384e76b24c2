"""How a study is divided: blocks of seeds of one cell, all recipes side by side, and their order.

A block is what one process trains at a time: a fraction of a second, so that progress is seen and a
cancelled study ends soon, but long enough that sending it costs nothing beside. How a study is
divided changes no number of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.lab.study.plan import CellSize, StudyPlan
from app.lab.study.target import FIRST_SEEDS
from app.nn.training import training_block

SECONDS = 0.2
"""How long a block takes one core, by a rough estimate."""
MOST_BLOCKS = 1000
MOST_RUNS = 1000
"""Networks of one block: their numbers travel together."""
FEWEST_BLOCKS = 16
"""Of a short study, so that several processes share it."""


@dataclass(frozen=True)
class BlockPlace:
    """The seeds at offsets start … stop - 1 of a cell."""

    cell: int
    start: int
    stop: int


def seconds_of_run(plan: StudyPlan, size: CellSize) -> float:
    """A rough estimate for one network among many, on one core."""
    return 2e-6 * plan.steps + 0.7e-9 * plan.run_work(size)


def seeds_per_stack(plan: StudyPlan, size: CellSize) -> int:
    """The number of seeds whose runs are best trained in one stack."""
    return max(1, training_block(size.architecture, size.batch) // plan.recipes)


def seeds_per_block(plan: StudyPlan) -> list[int]:
    """The number of seeds in a block of each cell: as many whole stacks as take a while."""
    sizes = [plan.size(cell) for cell in range(len(plan.cells))]
    each = [plan.recipes * seconds_of_run(plan, size) for size in sizes]
    total = sum(each) * plan.count
    wanted = max(min(SECONDS, total / FEWEST_BLOCKS), total / MOST_BLOCKS)
    most = min(plan.count, max(1, MOST_RUNS // plan.recipes))
    found = []
    for size, seconds in zip(sizes, each, strict=True):
        stack = seeds_per_stack(plan, size)
        stacks = max(1, round(wanted / seconds / stack))
        found.append(max(1, min(most, stack * stacks)))
    return found


def divide(plan: StudyPlan, sizes: Sequence[int]) -> tuple[BlockPlace, ...]:
    """All blocks, in the order in which they are trained.

    First those from which the default target is chosen, then all cells' first seeds, and so on: at
    any time the cells are about as far as each other.
    """
    first = {(cell, offset) for cell, offset in target_seeds(plan)}
    places = [
        BlockPlace(cell, start, min(start + size, plan.count))
        for cell, size in enumerate(sizes)
        for start in range(0, plan.count, size)
    ]

    def later(place: BlockPlace) -> tuple[bool, int, int]:
        offsets = range(place.start, place.stop)
        wanted = any((place.cell, offset) in first for offset in offsets)
        return not wanted, place.start, place.cell

    return tuple(sorted(places, key=later))


def target_seeds(plan: StudyPlan) -> list[tuple[int, int]]:
    """The cell and offset of each seed from which the default target is chosen.

    The first 20 seeds; in a grid they are spread over its cells.
    """
    few = min(FIRST_SEEDS, plan.count)
    return [(offset * len(plan.cells) // few, offset) for offset in range(few)]
