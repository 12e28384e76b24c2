"""Plans: cells, and the experiment that each run of a study is."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.lab.spec.parse import parse
from app.lab.study.blocks import BlockPlace, divide, seeds_per_block, target_seeds
from tests.lab.study.plans import plan_of

NORMAL = {"weights": {"name": "normal", "std": 0.1}}


def test_cells_are_all_combinations() -> None:
    plan = plan_of(grid={"noise": [0.0, 0.1], "units": [2, 3]})
    assert plan.cells == (
        {"units": 2, "noise": 0.0},
        {"units": 2, "noise": 0.1},
        {"units": 3, "noise": 0.0},
        {"units": 3, "noise": 0.1},
    )


def test_a_learning_rate_is_that_of_every_run() -> None:
    own = {"name": "adam", "learning_rate": 0.01}
    plan = plan_of({"runs": [{}, {"optimizer": own}]}, grid={"learning_rate": [0.3]})
    runs = parse(plan.cell_document(0)).spec.runs
    assert [run.optimizer.options["learning_rate"] for run in runs] == [0.3, 0.3]
    assert [run.optimizer.name for run in runs] == ["gradient_descent", "adam"]


@pytest.mark.parametrize(("depth", "units"), [(0, [1]), (1, [3, 1]), (3, [3, 5, 5, 1])])
def test_depth_repeats_the_last_hidden_layer_or_leaves_some_out(
    depth: int, units: list[int]
) -> None:
    layers = [{"units": 3}, {"units": 5}, {"units": 1, "activation": "sigmoid"}]
    plan = plan_of({"layers": layers}, grid={"depth": [depth]})
    assert [layer["units"] for layer in plan.cell_document(0)["layers"]] == units


def test_units_are_those_of_every_hidden_layer() -> None:
    layers = [{"units": 3}, {"units": 5}, {"units": 1, "activation": "sigmoid"}]
    plan = plan_of({"layers": layers}, grid={"units": [2]})
    assert [layer["units"] for layer in plan.cell_document(0)["layers"]] == [2, 2, 1]


def test_std_is_that_of_every_normal_rule() -> None:
    recipe: dict[str, Any] = {
        "weights": {"name": "zeros"},
        "biases": {"name": "normal", "std": 0.1},
        "layers": [{"weights": {"name": "normal", "std": 0.1}}],
    }
    spec = {"runs": [{"recipe": recipe}, {"recipe": {"weights": {"name": "he_normal"}}}]}
    first, second = plan_of(spec, grid={"std": [0.7]}).cell_document(0)["runs"]
    assert first["recipe"]["biases"]["std"] == 0.7
    assert first["recipe"]["layers"][0]["weights"]["std"] == 0.7
    assert second["recipe"]["weights"] == {"name": "he_normal"}


def test_a_grid_leaves_the_spec_as_it_is() -> None:
    plan = plan_of(grid={"std": [0.7], "samples": [50]})
    before = plan.dumps()
    plan.cell_document(0)
    plan.experiment(0, 3)
    assert plan.dumps() == before


def test_with_init_every_run_has_the_seed() -> None:
    document = plan_of({"runs": [{"seed": 5}, {}]}, seeds={"first": 40}).experiment(0, 2)
    assert [run["seed"] for run in document["runs"]] == [42, 42]
    assert (document["seed"], document["data"]["seed"]) == (7, 1)


def test_with_all_the_experiment_has_the_seed_and_other_data() -> None:
    plan = plan_of({"runs": [{"seed": 5}, {}]}, vary="all", seeds={"first": 40})
    document = plan.experiment(0, 2)
    assert [run.get("seed") for run in document["runs"]] == [5, None]
    assert (document["seed"], document["data"]["seed"]) == (42, 3)


@pytest.mark.parametrize(
    ("spec", "grid", "every"),
    [
        ({}, None, True),
        ({"batch_size": 250}, None, True),
        ({"batch_size": 10}, None, False),
        ({"batch_size": 100}, {"samples": [200, 400]}, False),
        ({"layers": [{"units": 4, "dropout": 0.5}, {"units": 1}], "loss": "mse"}, None, False),
    ],
)
def test_the_target_is_seen_at_every_step_where_each_gives_the_loss(
    spec: Any, grid: Any, every: bool
) -> None:
    assert plan_of(spec, grid=grid).every_step is every


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"seeds": {"count": 1}},
        {"seeds": {"count": 10_000}},
        {"seeds": {"count": 30}, "grid": {"units": list(range(1, 21)), "noise": [0.0, 0.1]}},
    ],
)
def test_blocks_hold_every_seed_of_every_cell_once(asked: Any) -> None:
    plan = plan_of(steps=50, **asked)
    sizes = seeds_per_block(plan)
    blocks = divide(plan, sizes)
    found = np.zeros((len(plan.cells), plan.count), dtype=int)
    for block in blocks:
        found[block.cell, block.start : block.stop] += 1
    assert (found == 1).all()
    assert len(blocks) <= 1000 + len(plan.cells)


def test_the_seeds_that_decide_the_default_target_come_first() -> None:
    plan = plan_of(seeds={"count": 60}, grid={"units": [1, 2, 3]})
    wanted = target_seeds(plan)
    assert len(wanted) == 20
    assert {cell for cell, _ in wanted} == {0, 1, 2}

    blocks = divide(plan, [10, 10, 10])

    def has(block: BlockPlace) -> bool:
        return any(
            block.cell == cell and block.start <= offset < block.stop for cell, offset in wanted
        )

    first = [has(block) for block in blocks]
    assert first == sorted(first, reverse=True)


def test_all_cells_grow_together() -> None:
    plan = plan_of(seeds={"count": 60}, grid={"units": [1, 2, 3]})
    later = [block.start for block in divide(plan, [20, 20, 20])[-6:]]
    assert later == [20, 20, 20, 40, 40, 40]


class Uncopied:
    """Something large, which nobody is to copy."""

    def __deepcopy__(self, _known: Any) -> Any:
        raise AssertionError("it was copied")


def test_nothing_large_is_copied_for_a_cell() -> None:
    """Nor is any run to know how large the networks of a cell are: there may be 400 cells."""
    plan = plan_of(grid={"units": [2, 3], "learning_rate": [0.1, 1.0]})
    given = {"label": None, "parameters": Uncopied()}
    held = replace(plan, document={**plan.document, "runs": [given]})
    (run,) = held.cell_document(3)["runs"]
    assert run is not given
    assert run["parameters"] is given["parameters"]
    whole = replace(plan, document={**plan.document, "runs": [{"recipe": Uncopied()}]})
    assert [whole.size(cell).architecture.layers[0].units for cell in range(4)] == [2, 3, 2, 3]
