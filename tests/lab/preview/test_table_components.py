"""Principal components of a table's columns: against their definition, and without a leak."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data import datasets
from app.lab.preview.table_components import principal_components
from app.lab.preview.table_use import SEED
from tests.lab.client import Client
from tests.lab.preview.test_table_cases import look


def many(columns: int, rows: int, seed: int = 0) -> np.ndarray:
    """Columns of very different units that depend on few hidden ones, (rows, columns)."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(rows, 4)) * [4.0, 2.0, 1.0, 0.5]
    mixed = hidden @ rng.normal(size=(4, columns)) + 0.1 * rng.normal(size=(rows, columns))
    return np.round(mixed * 10.0 ** rng.integers(-3, 4, columns) + 5.0, 9)


def table(X: np.ndarray, y: np.ndarray) -> str:
    head = ",".join([*(f"c{i}" for i in range(X.shape[1])), "y"])
    rows = [
        ",".join(map(repr, map(float, (*row, target)))) for row, target in zip(X, y, strict=True)
    ]
    return "\n".join([head, *rows])


def training(rows: int, share: float = 0.8) -> Any:
    return datasets.shuffled(rows, SEED)[: datasets.split_point(rows, share)]


def test_components_are_uncorrelated_and_have_the_eigenvalues_as_their_variances() -> None:
    X = many(30, 200)
    rows = training(200)
    found = principal_components(X.T.tolist(), rows, 20)
    correlation = np.corrcoef(X[rows].T)
    expected = np.linalg.eigvalsh(correlation)[::-1][:20]
    made = np.array(found.values)[:, rows]
    assert np.allclose(made @ made.T / len(rows), np.diag(expected), atol=1e-10)
    assert found.explained == pytest.approx(expected / 30)
    assert np.allclose(made.mean(axis=1), 0.0, atol=1e-12)


def test_components_are_those_of_a_singular_value_decomposition() -> None:
    X = many(8, 60)
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    _, singular, directions = np.linalg.svd(Z, full_matrices=False)
    found = np.array(principal_components(X.T.tolist(), range(60), 5).values)
    assert np.allclose(np.abs(found), np.abs(directions[:5] @ Z.T), atol=1e-9)
    assert np.allclose((found**2).sum(axis=1), singular[:5] ** 2)


def test_all_components_keep_every_distance() -> None:
    X = many(6, 40)
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    found = np.array(principal_components(X.T.tolist(), range(40), 6).values).T
    assert np.allclose(found @ found.T, Z @ Z.T, atol=1e-9)


def test_nothing_of_a_test_row_is_in_another_row() -> None:
    X = many(30, 100)
    rows = training(100)
    apart = np.setdiff1d(np.arange(100), rows)
    changed = X.copy()
    changed[apart] *= 1000.0
    before = np.array(principal_components(X.T.tolist(), rows, 20).values)
    after = np.array(principal_components(changed.T.tolist(), rows, 20).values)
    assert np.array_equal(before[:, rows], after[:, rows])
    assert not np.array_equal(before[:, apart], after[:, apart])


def test_two_columns_of_one_line_have_one_component() -> None:
    found = principal_components([[0.0, 2.0], [0.0, 20.0], [7.0, 7.0]], [0, 1], 20)
    assert found.explained == (1.0,)
    assert found.values[0] == pytest.approx([-(2.0**0.5), 2.0**0.5])


def test_constant_columns_have_none() -> None:
    assert principal_components([[3.0, 3.0, 4.0]], [0, 1], 20) == ((), ())


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 5), st.floats(1e-300, 1e300))
def test_components_are_finite_and_no_more_than_can_be(
    columns: int, rows: int, seed: int, unit: float
) -> None:
    X = np.random.default_rng(seed).integers(-3, 4, (columns, rows)) * unit
    found = principal_components(X.tolist(), range(rows), 20)
    assert len(found.values) <= min(columns, max(0, rows - 1))
    assert np.isfinite(found.values).all()
    assert sum(found.explained) <= 1.0 + 1e-12


# -- in a table


def test_many_columns_become_twenty_components_and_can_be_trained(basin: Client) -> None:
    X = many(64, 150)
    y = np.round(X[:, 0] / X[:, 0].std(), 6)
    text = table(X, y)
    assert "too_many_inputs" in {one["code"] for one in look(text)["problems"]}
    answer = look(text, reduce="components")
    expected = principal_components(X.T.tolist(), training(150), 20)
    data = answer["data"]
    assert data["input_names"] == [f"PC{i}" for i in range(1, 21)]
    assert np.allclose(np.array(data["inputs"]).T, expected.values)
    assert answer["explained"] == pytest.approx(list(expected.explained))
    assert len(answer["inputs"]) == 64
    features = [f"x{i}" for i in range(1, 21)]
    spec = {"data": data, "features": features, "loss": "mse",
            "layers": [{"units": 1, "activation": "linear"}]}  # fmt: skip
    assert basin.create(spec).train(5)["step"] == 5


def test_the_share_that_is_trained_on_is_the_one_that_they_come_from() -> None:
    X = many(30, 100)
    answer = look(table(X, X[:, 0]), reduce="components", train_fraction=0.5)
    expected = principal_components(X.T.tolist(), training(100, 0.5), 20)
    assert np.allclose(np.array(answer["data"]["inputs"]).T, expected.values)


def test_categories_stay_beside_the_components() -> None:
    X = many(30, 60)
    lines = table(X, X[:, 0]).splitlines()
    text = "\n".join(f"{'kind' if i == 0 else 'ab'[i % 2]},{line}" for i, line in enumerate(lines))
    answer = look(text, reduce="components", encodings={"kind": "one_hot"})
    names = answer["data"]["input_names"]
    assert names == [*(f"PC{i}" for i in range(1, 19)), "kind=a", "kind=b"]


def test_gaps_are_settled_before_there_are_components() -> None:
    X = many(30, 60)
    text = table(X, X[:, 0]).splitlines()
    text[3] = "," + text[3].split(",", 1)[1]
    answer = look("\n".join(text), reduce="components")
    assert (answer["data"], answer["explained"]) == (None, None)
    assert {one["code"] for one in answer["problems"]} == {"missing"}
    for said in ("mean", "median", "omit"):
        answer = look("\n".join(text), reduce="components", missing=said)
        assert len(answer["data"]["inputs"][0]) == len(answer["explained"]) == 20
