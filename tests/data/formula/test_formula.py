"""Formulas: what the grammar means, against Python's own arithmetic; what it refuses, and where."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data.formula.cursor import MOST_NESTING
from app.data.formula.formula import CONSTANTS, FUNCTIONS, FormulaError, NotFinite
from app.data.formula.grammar import MOST_CHARACTERS, parse

X = np.array([[0.5, -1.5, 2.0, -0.25], [1.0, 2.5, -3.0, 0.75]])


def values(text: str, x: Any = X) -> Any:
    return parse(text, len(x)).values(x).tolist()


def refusal(text: str, inputs: int = 2) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        parse(text, inputs)
    return caught.value


# Written as Python has it, so that Python itself says what each means.
SAME_IN_PYTHON = [
    "1 + 2 * 3", "(1 + 2) * 3", "8 / 4 / 2", "8 - 4 - 2", "2 ** 3 ** 2", "-2 ** 2", "(-2) ** 2",
    "2 ** -1", "- - 3", "-x1 ** 2", "x1 * -x2", "+x1 - +x2", "x1 ** 2 + x2 ** 2", "1.5e-3 * x1",
    ".5 + 1.", "x1 < x2", "x1 <= 0.5", "x1 > x2", "x1 >= 0.5", "x1 == 0.5", "x1 != 0.5",
    "0 < x1 < 2", "-1 < x1 <= x2 < 3", "not x1 > 0", "x1 > 0 and x2 > 0", "x1 > 0 or x2 > 0",
    "not x1 > 0 and x2 > 0 or x1 < -1", "not (x1 > 0 and x2 > 0)", "(x1 > 0) != (x2 > 0)",
    "(x1 > 0) * 2 - 1", "max(x1, x2)", "min(x1, x2, 0)", "abs(x1) + abs(x2 - 1)", "pi * x1",
    "sin(x1) * cos(x2)", "exp(-x1 * x1)", "tanh(x1 + x2)", "sqrt(x1 ** 2 + 1)", "log(x2 ** 2)",
    "floor(x1) + ceil(x2)", "atan2(x1, x2)", "hypot(x1, x2)", "e ** x1", "sinh(x1) - cosh(x2)",
    "atan(x1) + tan(x2 / 3)",
]  # fmt: skip
NAMES: dict[str, Any] = {**vars(math), "abs": abs, "min": min, "max": max}


@pytest.mark.parametrize("text", SAME_IN_PYTHON)
def test_a_formula_means_what_python_means_by_it(text: str) -> None:
    expected = [
        float(eval(text, {**NAMES, "x1": x1, "x2": x2}))  # noqa: S307 (the texts are those above)
        for x1, x2 in X.T.tolist()
    ]
    np.testing.assert_allclose(values(text), expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("x1^2", "x1**2"), ("2^3^2", "2**9"), ("x₁² + x₂²", "x1**2 + x2**2"),
        ("x1 ≤ x2", "x1 <= x2"), ("x1 ≠ 0.5", "x1 != 0.5"), ("2·π·x1 − 1", "2*pi*x1 - 1"),
        ("（x1＋x2）÷2", "(x1+x2)/2"), ("max（x1，x2）", "max(x1,x2)"), ("x1²⁰", "x1**20"),
        ("x1>0 ∧ ¬ x2>0", "x1>0 and not x2>0"), ("x + y", "x1 + x2"), ("ln(x2^2)", "log(x2^2)"),
        ("step(x1)", "(x1 >= 0) * 1"), ("sign(x1)", "(x1 > 0) - (x1 < 0)"),
        ("relu(x1)", "max(x1, 0)"), ("sigmoid(x1)", "1 / (1 + exp(-x1))"),
        ("mod(x1, 2)", "x1 - 2*floor(x1/2)"), ("log2(8) + log10(100)", "5"),
        ("round(x2)", "floor(x2 + 0.5) - (x2 == 2.5)"), ("asin(0.5) + acos(0.5)", "pi / 2"),
    ],
)  # fmt: skip
def test_other_ways_of_writing_mean_the_same(text: str, plain: str) -> None:
    np.testing.assert_allclose(values(text), values(plain), rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize(
    ("text", "is_boundary"),
    [
        ("x1 < x2", True), ("not x1", True), ("x1 > 0 or x2 > 0", True), ("(x1 < x2)", True),
        ("0 < x1 < 2", True), ("((x1 > 0) == (x2 > 0))", True),
        ("x1", False), ("(x1 < x2) * 1", False), ("-(x1 < x2)", False), ("(x1 < x2)^2", False),
        ("max(x1 < x2, 0)", False), ("(x1 < 1) + (x2 < 1)", False), ("(x1 < 1) * (x2 < 1)", False),
    ],
)  # fmt: skip
def test_a_comparison_at_the_top_is_a_boundary(text: str, is_boundary: bool) -> None:
    formula = parse(text, 2)
    assert formula.is_boundary == is_boundary
    if is_boundary:
        assert {*formula.values(X).tolist()} <= {0.0, 1.0}


def test_every_function_of_the_grammar_can_be_called() -> None:
    for name, function in FUNCTIONS.items():
        for count in range(function.least, function.most + 1):
            text = f"{name}({', '.join(['0.5'] * count)})"
            assert np.isfinite(values(text)).all(), text


def test_a_number_alone_is_the_same_everywhere() -> None:
    assert values("pi") == [math.pi] * 4


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("", "missing", 1), ("   ", "missing", 4), ("x1 +", "unexpected_end", 5),
        ("x1 + * 2", "unexpected_token", 6), ("(x1", "unexpected_end", 4),
        ("x1)", "unexpected_token", 3), ("x3", "unknown_name", 1),
        ("x0", "unknown_name", 1), ("1 + foo", "unknown_name", 5),
        ("True", "unknown_name", 1), ("lambda", "unknown_name", 1),
        ("import", "unknown_name", 1), ("__class__", "unknown_name", 1),
        ("eval(x1)", "not_a_function", 1), ("1 + open(x1)", "not_a_function", 5),
        ("sin", "unexpected_token", 1), ("sin + x1", "unexpected_token", 1),
        ("sin()", "wrong_count", 1),
        ("1 + sin(x1, x2)", "wrong_count", 5), ("max(x1)", "wrong_count", 1),
        ("x1.real", "unexpected_character", 3), ("x1[0]", "unexpected_character", 3),
        ("__import__('os')", "unexpected_character", 12), ("x1; x2", "unexpected_character", 3),
        ("x1 = 2", "unexpected_character", 4), ("x1 & x2", "unexpected_character", 4),
        ("{x1}", "unexpected_character", 1), ("x1 @ x2", "unexpected_character", 4),
        ("x1 % 2", "unexpected_character", 4), ("α", "unexpected_character", 1),
        ("ˣ", "unexpected_token", 1), ("x1 := 2", "unexpected_character", 4),
        ("x1\0", "unexpected_character", 3), ("1e999", "out_of_range", 1),
        ("x1 < ", "unexpected_end", 6), ("and x1", "unexpected_token", 1),
        ("x1 not x2", "unexpected_token", 4), ("max(x1,)", "unexpected_token", 8),
        ("x₁² + ?", "unexpected_character", 7), ("(,)", "unexpected_token", 2),
    ],
)  # fmt: skip
def test_what_is_not_in_the_grammar_is_refused_with_its_place(
    text: str, code: str, column: int
) -> None:
    error = refusal(text)
    assert (error.code, error.column) == (code, column)
    assert str(error).startswith(f"column {column}: ")


def test_an_unknown_name_is_told_those_there_are() -> None:
    assert {*refusal("z").names} == {"x1", "x2", *CONSTANTS, *FUNCTIONS}
    assert {*refusal("f(x1)").names} == {*FUNCTIONS}
    assert refusal("y", inputs=1).code == "unknown_name"  # y is x2, where there is one


@pytest.mark.parametrize(
    ("open_", "close"),
    [("(", ")"), ("sin(", ")"), ("-", ""), ("not ", ""), ("2^", ""), ("0<(", ")"), ("|", "|"),
     ("sin ", ""), ("√", ""), ("2(", ")"), ("sin²(", ")")],
)  # fmt: skip
def test_nesting_is_bounded(open_: str, close: str) -> None:
    for depth in (MOST_NESTING, MOST_NESTING + 1):
        text = open_ * depth + "x1" + close * depth
        if depth == MOST_NESTING:
            parse(text, 2)
        else:
            assert refusal(text).code == "too_deep"


def test_length_is_bounded_and_a_long_sum_is_none_too_deep() -> None:
    longest = "+".join(["x1"] * (MOST_CHARACTERS // 3))
    assert values(longest)[0] == pytest.approx(0.5 * (MOST_CHARACTERS // 3))
    assert refusal(longest + "+x1" * 2).code == "too_long"


@pytest.mark.parametrize(
    ("text", "sample"),
    [
        ("log(x1)", 1), ("sqrt(x2)", 2), ("1 / (x1 - 0.5)", 0), ("1 / (x1 - x1)", 0),
        ("exp(exp(exp(x2 + 4)))", 0), ("x1 ^ 0.5", 1), ("log(x1) < 0", 1), ("not log(x1)", 1),
        ("x2 > 0 or log(x1) > 0", 1), ("1e12 * x1 * x1 * 9", 0), ("asin(x1)", 1),
        ("max(log(x1), 0)", 1), ("0 < log(x1) < 1", 1), ("sign(log(x1))", 1),
        ("step(log(x1))", 1), ("log(x1) and 1", 1),
    ],
)  # fmt: skip
def test_what_is_no_ordinary_number_is_refused_with_the_first_sample(
    text: str, sample: int
) -> None:
    with pytest.raises(NotFinite) as caught:
        values(text)
    assert caught.value.sample == sample
    assert caught.value.place.startswith("x1 = ")


@pytest.mark.parametrize("piece", ["(", "|", "x1+", "√", "sin ", "f(", "1,", "²", "not ", "\u200b"])
def test_a_formula_of_any_length_is_refused_at_once(piece: str) -> None:
    error = refusal(piece * (100_000 // len(piece)))
    assert (error.code, error.column) == ("too_long", MOST_CHARACTERS + 1)


ALPHABET = "x12+-*/^()<>=!,.; eandortsimpxyπ²|√&σ"


@given(st.text(alphabet=ALPHABET, max_size=40) | st.text(max_size=60))
def test_any_text_is_understood_or_refused(text: str) -> None:
    column, sample = 1, 0
    try:
        assert parse(text, 2).values(X).shape == (4,)
    except FormulaError as error:
        column = error.column
    except NotFinite as error:
        sample = error.sample
    assert 1 <= column <= len(text) + 1
    assert 0 <= sample < 4
