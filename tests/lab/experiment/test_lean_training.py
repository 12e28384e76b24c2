"""Training that keeps little is, bit for bit, the experiments that keep everything."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.lab.experiment.setup import Setup, build
from app.lab.experiment.training import advance, begin
from app.lab.spec.parse import parse
from app.nn import training as engine
from app.nn.losses import LOSSES
from app.nn.training import Trained, together, train
from app.nn.types import Array
from app.nn.update.clipping import CLIPPINGS
from app.nn.update.optimizers import OPTIMIZERS
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.schedules import SCHEDULES

Spec = dict[str, Any]

STEPS = 90
RECORD = np.array([*range(12), 20, 37, 63, 64, 65, 80, STEPS])
SMALL: Spec = {"data": {"name": "circle", "samples": 40, "noise": 0.1}}
DROPOUT = [
    {"units": 4, "activation": "tanh", "dropout": 0.3},
    {"units": 3, "activation": "relu"},
    {"units": 1, "activation": "sigmoid"},
]


def too_fast(layers: list[Spec], *rates: float) -> Spec:
    """A spec whose runs learn at these rates, most of them too fast."""
    descents = [{"name": "gradient_descent", "learning_rate": rate} for rate in rates]
    runs = [{"optimizer": descent} for descent in descents]
    return {"data": {"name": "sine", "samples": 30}, "layers": layers, "runs": runs}


LINEAR = {"units": 1, "activation": "linear"}
SLOWLY = too_fast([LINEAR], 0.45, 0.3, 0.7, 0.5, 1.2)
SUDDENLY = too_fast([{"units": 4, "activation": "relu"}, LINEAR], 3.0, 0.01, 0.3, 10.0, 0.6)


def methods() -> dict[str, Spec]:
    """Every choice of how to learn, once."""
    kinds: dict[str, Iterable[str]] = {
        "optimizer": OPTIMIZERS, "schedule": SCHEDULES,
        "clipping": CLIPPINGS, "regularizer": REGULARIZERS,
    }  # fmt: skip
    return {
        f"{kind}-{name}": {kind: {"name": name}} for kind, names in kinds.items() for name in names
    }


SPECS: dict[str, Spec] = {
    **methods(),
    "batches": {"batch_size": 7},
    "batches-adam": {"batch_size": 7, "optimizer": {"name": "adam", "learning_rate": 0.05}},
    "dropout": {"layers": DROPOUT},
    "dropout-batches": {"layers": DROPOUT, "batch_size": 10, "optimizer": {"name": "momentum"}},
    "no-test-set": {"data": {**SMALL["data"], "train_fraction": 1.0}},
    "diverging": SUDDENLY,
    "diverging-slowly": SLOWLY,
    "diverging-batches": {**SUDDENLY, "batch_size": 4},
    "diverging-slowly-batches": {**SLOWLY, "batch_size": 7},
    "own-methods": {
        "runs": [
            {"optimizer": {"name": "adam"}, "loss": "mse"},
            {"optimizer": {"name": "momentum"}, "clipping": {"name": "norm"}},
            {"regularizer": {"name": "l1_dying", "rate": 0.05}, "loss": "huber"},
            {"schedule": {"name": "cosine"}, "recipe": {"weights": {"name": "zeros"}}},
        ]
    },
}
every_spec = pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)


def setup_of(spec: Spec, seed: int, vary: str) -> Setup:
    """The experiment of one seed: other beginnings, or other data, batches and dropout too."""
    document = {**SMALL, **spec}
    if vary == "all":
        data = {**document["data"], "seed": 1 + seed}
        return build(parse({**document, "data": data, "seed": seed}))
    complete = parse(document).spec.document
    runs = [{**run, "seed": seed} for run in complete["runs"]]
    return build(parse({**complete, "runs": runs}))


def whole_history(setup: Setup) -> tuple[Array, Array, Array, NDArray[np.int64]]:
    """J (T, K) and the test loss from step 0 on, theta at the end, and who diverged when."""
    state, first = begin(setup)
    state, later = advance(setup, state, (), STEPS)
    segments = [first, *later]
    return (
        np.concatenate([part.train for part in segments]),
        np.concatenate([part.test for part in segments]),
        state.theta,
        state.diverged,
    )


def many(setups: Sequence[Setup], vary: str, target: float | None) -> Trained:
    """All networks of some experiments in one stack."""
    first, runs = setups[0], len(setups[0].runs)
    if vary == "all":
        task = together([setup.task for setup in setups], runs)
        test = [
            np.repeat(np.stack(part), runs, axis=0)
            for part in zip(*map(held_out, setups), strict=True)
        ]
    else:
        task, test = first.task.repeated(len(setups)), list(held_out(first))
    return train(
        task,
        [run.method for setup in setups for run in setup.runs],
        np.concatenate([setup.initial for setup in setups]),
        RECORD,
        target,
        (test[0], test[1]) if first.test is not None else None,
    )


def held_out(setup: Setup) -> tuple[Array, Array]:
    """The test samples, or nothing."""
    nothing = np.empty((0, 0))
    return (nothing, nothing) if setup.test is None else (setup.test.X, setup.test.Y)


@pytest.mark.parametrize("vary", ["init", "all"])
@every_spec
def test_many_seeds_in_one_stack_are_the_experiments(spec: Spec, vary: str) -> None:
    setups = [setup_of(spec, seed, vary) for seed in (7, 8, 9)]
    histories = [whole_history(setup) for setup in setups]
    J, test, theta, diverged = (np.concatenate(part, axis=-1) for part in zip(
        *[(h[0], h[1], h[2].T, h[3]) for h in histories], strict=True))  # fmt: skip
    target = float(np.nanquantile(J[10:], 0.3))
    found = many(setups, vary, target)
    assert np.array_equal(found.train, J[RECORD], equal_nan=True)
    if found.test is None:
        assert np.isnan(test).all()
    else:
        assert np.array_equal(found.test, test[RECORD], equal_nan=True)
    assert np.array_equal(found.theta, theta.T)
    assert np.array_equal(found.diverged, diverged)
    seen = np.arange(STEPS + 1) if setups[0].task.whole else RECORD
    hits = J[seen] <= target
    first = np.where(hits.any(axis=0), seen[np.argmax(hits, axis=0)], -1)
    assert np.array_equal(found.reached, first)
    assert first.max() >= 0


def test_the_diverging_diverge_at_different_steps_and_some_do_not() -> None:
    *_, diverged = whole_history(setup_of(SLOWLY, 7, "init"))
    assert len({*diverged.tolist()}) >= 4
    assert -1 in diverged
    assert diverged.max() > 20


@pytest.mark.parametrize("length", [1, 2, 5, 1000])
@pytest.mark.parametrize("name", ["diverging-slowly", "diverging-batches", "optimizer-adam"])
def test_how_many_steps_are_looked_at_together_changes_nothing(
    name: str, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    setups = [setup_of(SPECS[name], 7, "init")]
    expected = many(setups, "init", 0.5)
    monkeypatch.setattr(engine, "chunk_length", lambda theta: length)
    found = many(setups, "init", 0.5)
    for part in ("theta", "train", "test", "reached", "diverged"):
        a, b = getattr(found, part), getattr(expected, part)
        assert np.array_equal(a, b, equal_nan=part in ("train", "test")), part


def test_without_a_target_nothing_is_reached_and_all_else_is_the_same() -> None:
    setups = [setup_of({}, 7, "init")]
    with_one, without = many(setups, "init", 0.5), many(setups, "init", None)
    assert np.array_equal(with_one.train, without.train)
    assert np.array_equal(with_one.theta, without.theta)
    assert without.reached.tolist() == [-1] * 5


def test_a_target_reached_at_the_beginning_is_reached_at_step_0() -> None:
    assert many([setup_of({}, 7, "init")], "init", 1e9).reached.tolist() == [0] * 5


def test_step_0_alone_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    setup = setup_of({}, 7, "init")
    state, first = begin(setup)
    methods = [run.method for run in setup.runs]
    found = train(setup.task, methods, setup.initial, np.array([0]), 1e9)
    assert np.array_equal(found.train, first.train)
    assert np.array_equal(found.theta, state.theta)
    assert found.reached.tolist() == [0] * 5


def parameters(units: int, size: float) -> Spec:
    """W and b of a network [2, 3, units], all as large as that."""
    W = [[[size, -size]] * 3, [[size, -size, 0.5 * size]] * units]
    return {"W": W, "b": [[0.1, 0.2, -0.1], [0.0, size][:units]]}


@pytest.mark.parametrize("loss", LOSSES)
def test_parameters_beyond_all_measure_diverge_as_in_an_experiment(loss: str) -> None:
    output = {"hinge": "tanh", "softmax_cross_entropy": "softmax"}.get(loss, "sigmoid")
    units = 2 if output == "softmax" else 1
    layers = [{"units": 3, "activation": "relu"}, {"units": units, "activation": output}]
    spec: Spec = {
        "layers": layers, "loss": loss,
        "runs": [{"parameters": parameters(units, size)} for size in (1.0, 1e5, 1e6)],
        "optimizer": {"name": "gradient_descent", "learning_rate": 10.0},
    }  # fmt: skip
    setup = setup_of(spec, 7, "init")
    J, _, theta, diverged = whole_history(setup)
    found = many([setup], "init", None)
    assert np.array_equal(found.train, J[RECORD], equal_nan=True)
    assert np.array_equal(found.theta, theta)
    assert np.array_equal(found.diverged, diverged)
