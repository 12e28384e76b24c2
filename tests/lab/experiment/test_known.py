"""What one experiment has come to is there for the others, and is what they would come to alone."""

from collections import Counter
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.lab.analysis import layer_statistics
from app.lab.experiment import known as knowing
from app.lab.experiment import training
from app.lab.experiment.known import COMPANY, STRETCH, Known, Steps
from app.lab.experiment.segment import Segment, concat
from app.lab.experiment.setup import Setup, build
from app.lab.experiment.state import TrainState
from app.lab.landscape import surface as surfaces
from app.lab.spec.parse import parse
from app.nn.status import FORESEEN
from app.nn.training import Descent
from tests.lab.client import Client, Experiment, serving
from tests.lab.history.specs import SMALL, SPECS

VIEWS = {"outputs": {"run": 0, "size": 5}, "inside": {"run": 1}, "metrics": True, "signals": True}
ACTIONS = st.one_of(
    st.tuples(st.just("train"), st.integers(1, 80)),
    st.tuples(st.just("rewind"), st.floats(0, 1)),
    st.tuples(st.just("rate"), st.sampled_from([0.01, 0.1, 10.0]), st.sampled_from([None, 0, 1])),
    st.tuples(st.just("set"), st.sampled_from([-1.0, 0.5, 1e6]), st.sampled_from([0, 1])),
)


@pytest.fixture(scope="module")
def sharing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("sharing")) as client:
        yield client


def setup_of(known: Known | None = None, others: int = COMPANY - 1, **spec: Any) -> Setup:
    """A setup that so many other experiments have, too."""
    setup = build(parse({**SMALL, **spec}))
    if known is None:
        return setup
    for _ in range(1 + others):
        known.meet(setup.digest)
    return Setup(**{**_fields(setup), "known": known})


def _fields(setup: Setup) -> dict[str, Any]:
    names = ("spec", "train", "test", "center", "scale", "initial", "mystery")
    return {name: getattr(setup, name) for name in names}


def walk(setup: Setup, *counts: int) -> tuple[TrainState, Segment]:
    """Where training in blocks of so many steps comes to, and all that is kept of the way."""
    state, first = training.begin(setup)
    segments = [first]
    for count in counts:
        state, more = training.advance(setup, state, (), count)
        segments += more
    return state, concat(segments)


def same(one: tuple[TrainState, Segment], other: tuple[TrainState, Segment]) -> None:
    (state, way), (known_state, known_way) = one, other
    assert state.step == known_state.step
    for name in ("theta", "diverged"):
        assert getattr(state, name).tobytes() == getattr(known_state, name).tobytes()
    for name in ("train", "test", "penalty", "diverged", "theta", "theta_steps"):
        assert getattr(way, name).tobytes() == getattr(known_way, name).tobytes(), name


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many updates every descent has made, from now on."""
    found: list[int] = []
    run = Descent.run

    def counting(self: Descent, thetas: Any, seen: Any) -> None:
        found.append(len(thetas))
        run(self, thetas, seen)

    monkeypatch.setattr(Descent, "run", counting)
    return found


@pytest.mark.parametrize("name", ["small", "mini-batch", "diverging"])
@pytest.mark.parametrize("counts", [(200,), (9,) * 9, (1, 1, 3, 60, 64, 65)])
def test_who_comes_later_makes_no_update_and_has_the_same_bits(
    name: str, counts: tuple[int, ...], made: list[int]
) -> None:
    known, spec = Known(), SPECS[name]
    alone = walk(setup_of(**spec), *counts)
    walk(setup_of(known, **spec), 70, 130)
    made.clear()
    same(alone, walk(setup_of(known, **spec), *counts))
    assert not made


def test_steps_beyond_what_is_known_are_made_from_there_on(made: list[int]) -> None:
    known = Known()
    alone = walk(setup_of(), 100)
    walk(setup_of(known), 40)
    made.clear()
    same(alone, walk(setup_of(known), 100))
    assert sum(made) == 100 - 40  # the next few were made with the first 40, and are with these


def test_the_next_updates_that_a_status_asks_for_are_those_training_makes(made: list[int]) -> None:
    setup, alone = setup_of(Known()), setup_of()
    state, _ = walk(setup, 20)
    made.clear()
    theta, gradient = training.foresee(setup, state, (), FORESEEN)
    assert not made
    after, _ = training.advance(setup, state, (), FORESEEN)
    assert not made
    assert after.theta.tobytes() == theta[-1].tobytes()
    other_theta, other_gradient = training.foresee(alone, state, (), FORESEEN)
    assert theta.tobytes() == other_theta.tobytes()
    assert gradient.tobytes() == other_gradient.tobytes()


def test_what_is_foreseen_of_a_run_that_diverges_is_what_it_is_alone() -> None:
    """Training stops where a run diverges, and what is foreseen does not."""
    spec = SPECS["diverging"]
    setup, alone = setup_of(Known(), **spec), setup_of(**spec)
    state, _ = training.begin(alone)
    while (state.diverged < 0).all():
        theta, gradient = training.foresee(setup, state, (), FORESEEN)
        other_theta, other_gradient = training.foresee(alone, state, (), FORESEEN)
        assert theta.tobytes() == other_theta.tobytes()
        assert gradient.tobytes() == other_gradient.tobytes()
        state, _ = training.advance(alone, state, (), 1)
    assert state.step > FORESEEN


def test_a_state_that_is_not_the_known_one_goes_its_own_way() -> None:
    known = Known()
    setup = setup_of(known)
    state, _ = walk(setup, 10)
    walk(setup, 40)
    moved = TrainState(state.step, state.theta + 0.5, {}, state.diverged)
    after, _ = training.advance(setup, moved, (), 20)
    other, _ = training.advance(setup_of(), moved, (), 20)
    assert after.theta.tobytes() == other.theta.tobytes()


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 8},
        {"batch_size": 5},
        {"data": {"samples": 31}},
        {"loss": "mse"},
        {"runs": [{}, {"seed": 10, "loss": "mse"}]},
        {"optimizer": {"learning_rate": 0.5}},
        {"regularizer": {"name": "l2", "rate": 0.1}},
        {"clipping": {"name": "norm", "max_norm": 0.1}},
        {"schedule": {"name": "cosine", "length": 50}},
    ],
)
def test_what_differs_in_anything_is_not_the_same(change: dict[str, Any]) -> None:
    known = Known()
    walk(setup_of(known), 60)
    same(walk(setup_of(**change), 60), walk(setup_of(known, **change), 60))
    assert setup_of(**change).digest != setup_of().digest


def test_nobody_can_change_what_is_known() -> None:
    known, key = Known(), (b"", b"")
    for _ in range(COMPANY):
        known.meet(b"")
    start = TrainState(0, np.zeros((1, 2)), {}, np.array([-1]))
    for _ in range(3):
        found = known.steps(key, start, 9, lambda here: steps(1, 9))
        np.testing.assert_array_equal(found.train, steps(1, 9).train)
        found.end().theta[:] = 7.0  # a state is its own
        for array in (found.theta, found.train, found.diverged):
            if array.flags.writeable:
                array[:] = 7


def test_it_forgets_what_was_not_used_for_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowing, "KNOWN_BYTES", 60_000)
    known = Known()
    for seed in range(12):
        walk(setup_of(known, seed=seed), 2 * STRETCH)
    assert 0 < known._stretches._bytes <= 60_000
    assert known._stretches._bytes == sum(
        steps.nbytes for steps in known._stretches._known.values()
    )


def test_steps_of_large_networks_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Known()
    monkeypatch.setattr(knowing, "STEP_BYTES", 100)
    walk(setup_of(known), 10)
    assert not known._stretches._known


def test_of_what_few_have_only_the_next_updates_are_kept(made: list[int]) -> None:
    known = Known()
    setup = setup_of(known, others=0)
    alone = walk(setup_of(), *[9] * 12)
    state, _ = training.begin(setup)
    training.foresee(setup, state, (), FORESEEN)
    assert not known._next._known  # a status alone leaves nothing behind
    made.clear()
    same(alone, walk(setup, *[9] * 12))
    assert sum(made) == 9 * 12 + FORESEEN  # those that are foreseen are made once
    assert not known._stretches._known
    (ahead,) = known._next._known.values()
    assert (ahead.first, ahead.last) == (9 * 12, 9 * 12 + FORESEEN)
    assert setup.answer(state, "a", lambda: [1]) is not setup.answer(state, "a", lambda: [1])
    setup_of(known)  # others come
    assert setup.answer(state, "a", lambda: [1]) is setup.answer(state, "a", lambda: [2])
    same(alone, walk(setup, *[9] * 12))
    made.clear()
    same(alone, walk(setup, *[9] * 12))
    assert not made


def steps(first: int, count: int) -> Steps:
    numbers = np.arange(first, first + count, dtype=float)[:, np.newaxis]
    return Steps(
        first,
        np.repeat(numbers[..., np.newaxis], 2, axis=2),
        numbers,
        numbers,
        numbers,
        np.full((count, 1), -1),
    )


@settings(max_examples=60)
@given(walks=st.lists(st.tuples(st.integers(0, 200), st.integers(1, 90)), min_size=1, max_size=12))
def test_wherever_walks_begin_and_end_their_steps_are_theirs(walks: list[tuple[int, int]]) -> None:
    known, key = Known(), (b"", b"")
    for _ in range(COMPANY):
        known.meet(b"")

    def trained(stop: int) -> Callable[[TrainState], Steps]:
        return lambda here: steps(here.step + 1, stop - here.step + 3)

    for start, count in walks:
        state = TrainState(start, np.full((1, 2), float(start)), {}, np.array([-1]))
        found = known.steps(key, state, start + count, trained(start + count))
        expected = steps(start + 1, count)
        assert found.first == start + 1
        np.testing.assert_array_equal(found.theta, expected.theta)
        np.testing.assert_array_equal(found.train, expected.train)


@settings(max_examples=15)
@given(actions=st.lists(ACTIONS, min_size=3, max_size=8))
@pytest.mark.parametrize("name", ["small", "mini-batch", "diverging", "stateful"])
def test_in_company_everything_is_told_and_shown_as_alone(
    basin: Client, sharing: Client, name: str, actions: list[tuple[Any, ...]]
) -> None:
    """Two of a class that do the same one after the other, and one that nobody else is with."""
    spec = SPECS[name]
    for _ in range(COMPANY - 2):
        sharing.create(spec)
    together = [sharing.create(spec), sharing.create(spec), basin.create(spec)]
    for action, value, *run in actions:
        answers = [act(one, action, value, *run) for one in together]
        assert answers[0] == answers[1] == answers[2]
        for what in LOOKS:
            looks = [look(one, what) for one in together]
            assert looks[0] == looks[1] == looks[2], what


@pytest.mark.parametrize("name", ["small", "mini-batch", "stateful"])
def test_whoever_made_other_pauses_sees_the_same_surface_and_a_path_of_its_own(
    basin: Client, sharing: Client, name: str
) -> None:
    spec = {**SPECS[name], "seed": 77}
    for _ in range(COMPANY):
        sharing.create(spec)
    for counts in ([40], [1, 38, 1], [13, 27]):
        together = [sharing.create(spec), basin.create(spec)]
        for one in together:
            for count in counts:
                one.train(count)
        for what in LOOKS:
            seen, alone = (look(one, what) for one in together)
            assert seen == alone, what


def test_a_class_looks_at_what_is_made_once(
    sharing: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: Counter[str] = Counter()

    def counted(module: ModuleType, name: str) -> None:
        whole = getattr(module, name)

        def make(*given: Any) -> Any:
            made[name] += 1
            return whole(*given)

        monkeypatch.setattr(module, name, make)

    counted(surfaces, "surface")
    counted(layer_statistics, "diagnose_runs")
    spec = {**SMALL, "seed": 78}
    for _ in range(COMPANY):
        sharing.create(spec)
    for _ in range(4):
        one = sharing.create(spec)
        one.train(20)
        one.read("surface", size=5)
        one.read("diagnostics")
    assert made == {"surface": 1, "diagnose_runs": 1}
    one.read("surface", size=7)
    one.read("surface", size=5, x_max=9)
    one.read("surface", size=5, x="W2[0,0]")
    one.read("surface", size=5, loss="mse")
    one.read("surface", size=5, step=19)
    assert made["surface"] == 6


LOOKS = {
    "diagnostics": ("diagnostics", {}),
    "outputs": ("outputs", {"run": 0, "size": 5, "neurons": "false"}),
    "outputs of the other": ("outputs", {"run": 1, "size": 5, "neurons": "false"}),
    "neurons": ("outputs", {"run": 0, "size": 5, "neurons": "true"}),
    "metrics": ("metrics", {"run": 0}),
    "metrics of the other": ("metrics", {"run": 1}),
    "relief": ("relief", {"run": 0}),
    "relief of another reach": ("relief", {"run": 0, "reach": 0.5}),
    "surface": ("surface", {"run": 0, "size": 5}),
    "surface of the other": ("surface", {"run": 1, "size": 5}),
    "surface at the start": ("surface", {"run": 0, "size": 5, "step": 0}),
    "random plane": ("surface", {"run": 0, "size": 5, "plane": "random"}),
}
"""What a page looks at."""


def look(experiment: Experiment, name: str) -> Any:
    """What a visitor sees, or why not."""
    what, query = LOOKS[name]
    client = experiment.client.application.test_client()
    answer = client.get(f"{experiment.url}/{what}", query_string=query)
    assert answer.status_code in (200, 422)
    told = answer.get_json()
    return {key: value for key, value in told.items() if key not in ("id", "version")}


def act(experiment: Experiment, action: str, value: Any, run: int | None = None) -> Any:
    """What a visitor is answered, but for the id."""
    if action == "train":
        answer = experiment.train(value, views=VIEWS)
    elif action == "rewind":
        answer = experiment.rewind(round(value * experiment.summary()["step"]))
    elif action == "rate":
        answer = experiment.change_rate(value, run)
    else:
        answer = experiment.set(run or 0, values={"W1[0,0]": value})
    return {name: told for name, told in answer.items() if name != "id"}
