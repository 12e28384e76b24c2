"""Formulas as people write them: what each means, by numpy; and what is refused, with advice."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data.formula.cursor import MOST_NESTING
from app.data.formula.formula import FormulaError, NotFinite
from app.data.formula.grammar import MOST_CHARACTERS, parse
from app.data.types import Array

X = np.array([[0.5, -1.5, 2.0, -0.25], [1.0, 2.5, -3.0, 0.75]])

Meaning = Callable[[Array, Array], Any]

WRITTEN: dict[str, Meaning] = {
    # absolute values
    "|x|": lambda x, y: np.abs(x),
    "2|x|": lambda x, y: 2 * np.abs(x),
    "|x||y|": lambda x, y: np.abs(x) * np.abs(y),
    "|x|y": lambda x, y: np.abs(x) * y,
    "x|x|": lambda x, y: x * np.abs(x),
    "||x|-1|": lambda x, y: np.abs(np.abs(x) - 1),
    "|x-|y||": lambda x, y: np.abs(x - np.abs(y)),
    "|x-|y|-1|": lambda x, y: np.abs(x - np.abs(y) - 1),
    "|-|x||": lambda x, y: np.abs(x),
    "|x|^2 + |y|²": lambda x, y: x * x + y * y,
    "2 |x + 1|(|y| - 1)": lambda x, y: 2 * np.abs(x + 1) * (np.abs(y) - 1),
    "|x| < 1 or |y| < 1": lambda x, y: (np.abs(x) < 1) | (np.abs(y) < 1),
    "max(|x|, |y|)": lambda x, y: np.maximum(np.abs(x), np.abs(y)),
    "∣x∣ + ｜y｜": lambda x, y: np.abs(x) + np.abs(y),
    # products without a sign
    "2x": lambda x, y: 2 * x,
    "-2x1": lambda x, y: -2 * x,
    "2(x+1)": lambda x, y: 2 * (x + 1),
    "(x+1)(x-1)": lambda x, y: (x + 1) * (x - 1),
    "x(x+1)": lambda x, y: x * (x + 1),
    "x y": lambda x, y: x * y,
    "2x1 x2": lambda x, y: 2 * x * y,
    "x₁x₂": lambda x, y: x * y,
    "2πx": lambda x, y: 2 * np.pi * x,
    "2sin(x)cos(y)": lambda x, y: 2 * np.sin(x) * np.cos(y),
    "x^2y": lambda x, y: x**2 * y,
    "x²y": lambda x, y: x**2 * y,
    "2x^2": lambda x, y: 2 * x**2,
    "e²x": lambda x, y: np.e**2 * x,
    "e^(2x)y": lambda x, y: np.exp(2 * x) * y,
    "2x/3": lambda x, y: 2 * x / 3,
    "3(x>0)": lambda x, y: 3 * (x > 0),
    "2e^x": lambda x, y: 2 * np.exp(x),
    # functions without brackets, and powers of functions
    "sin x": lambda x, y: np.sin(x),
    "sin 2x": lambda x, y: np.sin(2 * x),
    "sin 2πx": lambda x, y: np.sin(2 * np.pi * x),
    "sin -x": lambda x, y: np.sin(-x),
    "sin x^2": lambda x, y: np.sin(x**2),
    "sin x + 1": lambda x, y: np.sin(x) + 1,
    "sin x * cos y": lambda x, y: np.sin(x) * np.cos(y),
    "2 sin x": lambda x, y: 2 * np.sin(x),
    "x sin x": lambda x, y: x * np.sin(x),
    "sin cos x": lambda x, y: np.sin(np.cos(x)),
    "sin |x|": lambda x, y: np.sin(np.abs(x)),
    "exp -x^2": lambda x, y: np.exp(-(x**2)),
    "sin²(x)": lambda x, y: np.sin(x) ** 2,
    "sin^2(x)": lambda x, y: np.sin(x) ** 2,
    "sin^2 x + cos² x": lambda x, y: np.ones_like(x),
    "sin**2(x)": lambda x, y: np.sin(x) ** 2,
    "sin²2x": lambda x, y: np.sin(2 * x) ** 2,
    "sin²⁰20x": lambda x, y: np.sin(20 * x) ** 20,
    "x²0": lambda x, y: x**20,
    "sin²(x)cos(x)": lambda x, y: np.sin(x) ** 2 * np.cos(x),
    "3 sin² x": lambda x, y: 3 * np.sin(x) ** 2,
    "ln e^x": lambda x, y: x,
    # roots
    "√(x + 7)": lambda x, y: np.sqrt(x + 7),
    "√4": lambda x, y: np.full_like(x, 2),
    "2√|x|": lambda x, y: 2 * np.sqrt(np.abs(x)),
    "|√|x||": lambda x, y: np.sqrt(np.abs(x)),
    "√(x^2)y": lambda x, y: np.abs(x) * y,
    "√√16": lambda x, y: np.full_like(x, 2),
    "√|x| + 1": lambda x, y: np.sqrt(np.abs(x)) + 1,
    "sqrt |x|": lambda x, y: np.sqrt(np.abs(x)),
    # definitions
    "y = x1^2": lambda x, y: x**2,
    "Y = 2x": lambda x, y: 2 * x,
    "f(x) = x^2": lambda x, y: x**2,
    "f(x, y) = x - y": lambda x, y: x - y,
    "f(x1, x2) = x1 - x2": lambda x, y: x - y,
    "g(a; b) := a - b": lambda x, y: x - y,
    "y(x) = x^2": lambda x, y: x**2,
    "z = x + y": lambda x, y: x + y,
    "f(t) = t^2": lambda x, y: x**2,
    "=SIN(X1)": lambda x, y: np.sin(x),
    # signs and letters
    "2×x·y÷4−1": lambda x, y: 2 * x * y / 4 - 1,
    "x ≤ 0.5": lambda x, y: x <= 0.5,
    "x ≥ 0.5": lambda x, y: x >= 0.5,
    "x ≠ 0.5": lambda x, y: x != 0.5,
    "x <> 0.5": lambda x, y: x != 0.5,
    "x > 0 ∧ ¬ y > 0 ∨ x > 1": lambda x, y: (x > 0) & ~(y > 0) | (x > 1),
    "x > 0 && y > 0": lambda x, y: (x > 0) & (y > 0),
    "x > 0 || y > 0": lambda x, y: (x > 0) | (y > 0),
    "x > 0||y > 0": lambda x, y: (x > 0) | (y > 0),
    "!(x > 0) && y > 0": lambda x, y: ~(x > 0) & (y > 0),
    "!(x > 0) == (y > 0)": lambda x, y: ~(x > 0) == (y > 0),
    "x > 0 AND NOT(y > 0)": lambda x, y: (x > 0) & ~(y > 0),
    "X1 + X2": lambda x, y: x + y,
    "SIN(x1) + Cos(X2)": lambda x, y: np.sin(x) + np.cos(y),
    "x_1 - x_2": lambda x, y: x - y,
    "ｘ１＋𝑦²": lambda x, y: x + y**2,
    "x⁻¹": lambda x, y: 1 / x,
    "eˣ + e⁻ˣ": lambda x, y: np.exp(x) + np.exp(-x),
    "σ(x)": lambda x, y: 1 / (1 + np.exp(-x)),
    "sin\N{FUNCTION APPLICATION}x": lambda x, y: np.sin(x),
    "2\N{INVISIBLE TIMES}x\N{ZERO WIDTH SPACE}1": lambda x, y: 2 * x,
    # functions by other names
    "arctan(x) + arcsin(y/9) + arccos(x/9)": lambda x, y: (
        np.arctan(x) + np.arcsin(y / 9) + np.arccos(x / 9)
    ),
    "arctan2(x, y)": lambda x, y: np.arctan2(x, y),
    "sgn(x)": lambda x, y: np.sign(x),
    "lg(x + 7) + lb(y + 7)": lambda x, y: np.log10(x + 7) + np.log2(y + 7),
    "log(100,10)": lambda x, y: np.full_like(x, 2),
    "log(x + 7, 10)": lambda x, y: np.log10(x + 7),
    "log(x + 7; 2)": lambda x, y: np.log2(x + 7),
    "log(x + 7, e)": lambda x, y: np.log(x + 7),
    "log(x + 7, 3)": lambda x, y: np.log(x + 7) / np.log(3),
    "log₂(x + 7) + log_10(y + 7)": lambda x, y: np.log2(x + 7) + np.log10(y + 7),
    "LN(X + 7)": lambda x, y: np.log(x + 7),
    # decimal commas
    "1,5*x": lambda x, y: 1.5 * x,
    "1,5x + 0,125": lambda x, y: 1.5 * x + 0.125,
    "(1,5 + x)": lambda x, y: 1.5 + x,
    "sin(1,5*x)": lambda x, y: np.sin(1.5 * x),
    "max(1,5; x)": lambda x, y: np.maximum(1.5, x),
    "max(1,5; x; 0,25) + 1,5e1": lambda x, y: np.maximum(1.5, x) + 15,
    "|1,5 x| + 1,25 < 2,5": lambda x, y: np.abs(1.5 * x) + 1.25 < 2.5,
}


@pytest.mark.parametrize("text", WRITTEN)
def test_what_people_write_is_read(text: str) -> None:
    formula = parse(text, 2)
    expected = np.asarray(WRITTEN[text](*X))
    np.testing.assert_allclose(formula.values(X), expected, rtol=1e-14, atol=1e-15)
    assert formula.is_boundary == (expected.dtype == bool)


@pytest.mark.parametrize("text", WRITTEN)
def test_a_reading_is_read_as_it_stands(text: str) -> None:
    formula = parse(text, 2)
    again = parse(formula.reading, 2)
    assert again.reading == formula.reading
    assert again.values(X).tolist() == formula.values(X).tolist()
    assert formula.reading.isascii()
    assert not {*"|&;"} & {*formula.reading}


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("x1^2 + x2^2 < 9", "x1^2 + x2^2 < 9"), ("sin(x1) > x2", "sin(x1) > x2"),
        ("2 sin²x", "2*sin(x1)^2"), ("||x|-1|", "abs(abs(x1) - 1)"), ("y = 1,5x", "1.5*x1"),
        ("log(x1)", "ln(x1)"), ("log(x, 10)", "log10(x1)"), ("√(x+1)", "sqrt(x1 + 1)"),
        ("x1 && !(x2)", "x1 and (not (x2))"), ("((x1))", "((x1))"), ("sin -x", "sin(-x1)"),
        ("0<x<2", "0 < x1 < 2"), ("x⁻¹", "x1^(-1)"), ("max(X1;2)", "max(x1, 2)"),
        ("2^3^2", "2^(3^2)"), ("e^-x^2", "e^(-x1^2)"),
        ("not x > 0 and y > 0", "(not x1 > 0) and x2 > 0"),
        ("x>0 and y>0 or x<-1", "(x1 > 0 and x2 > 0) or x1 < -1"),
    ],
)  # fmt: skip
def test_a_reading_has_every_sign_and_bracket(text: str, reading: str) -> None:
    assert parse(text, 2).reading == reading


@pytest.mark.parametrize(
    ("count", "names"), [(1, "x"), (2, "x y"), (3, "x y z"), (4, "x"), (20, "x")]
)
def test_letters_are_inputs_where_there_are_no_more_inputs_than_letters(
    count: int, names: str
) -> None:
    known = names.split()
    for place, letter in enumerate("xyz"):
        if letter in known:
            assert parse(letter, count).program == (place,)
        else:
            with pytest.raises(FormulaError, match="column 1"):
                parse(letter, count)


# Each with the column at which it can be meant in several ways, and the words for each meaning.
AMBIGUOUS: dict[str, tuple[int, tuple[str, ...]]] = {
    "sin x cos x": (7, ("sin(x1)*…", "sin(x1*…)")),
    "sin x y": (7, ("sin(x1)*…", "sin(x1*…)")),
    "sin x(x+1)": (6, ("sin(x1)*…", "sin(x1*…)")),
    "sin 2(x+1)": (6, ("sin(2)*…", "sin(2*…)")),
    "sin² x cos x": (8, ("sin(x1)^2*…", "sin(x1*…)^2")),
    "sin x/2": (6, ("sin(x1)/…", "sin(x1/…)")),
    "-sin x y": (8, ("-sin(x1)*…", "-sin(x1*…)")),
    "sin^-1(x)": (5, ("asin(…)", "1/sin(…)")),
    "tan⁻¹(x)": (4, ("atan(…)", "1/tan(…)")),
    "sin^2(x)^3": (9, ("(sin(x1)^2)^…",)),
    "1/2x": (4, ("1/(2*…)", "1/2*…")),
    "6/2(1+2)": (4, ("6/(2*…)", "6/2*…")),
    "x/2 y": (5, ("x1/(2*…)", "x1/2*…")),
    "1/|x|y": (6, ("1/(abs(x1)*…)", "1/abs(x1)*…")),
    "e^2x": (4, ("e^2*…", "e^(2*…)")),
    "2^3x": (4, ("2^3*…", "2^(3*…)")),
    "x^-2y": (5, ("x1^-2*…", "x1^(-2*…)")),
    "e^x y": (5, ("e^x1*…", "e^(x1*…)")),
    "√2x": (3, ("sqrt(2)*…", "sqrt(2*…)")),
    "√x^2": (3, ("sqrt(x1^…)", "sqrt(x1)^…")),
    "√(x)²": (5, ("sqrt((x1)^…)", "sqrt(x1)^…")),
    "sqrt x²": (7, ("sqrt(x1^…)", "sqrt(x1)^…")),
    "|x|y|x|": (5, ("x2*|…|",)),
    "x1>0 | x2>0": (6, ("or", "0*|…|")),
    "(x1>0)|(x2>0)|(x1<1)": (7, ("or",)),
    "|x|>1||y>0": (6, ("or", "*|…|")),
    "2||x|-1|": (2, ("or", "*|…|")),
    "!x1 > 0": (1, ("not …", "!(…)")),
    "1,000x": (2, ("1000", "1.000")),
    "1,234,567": (2, ("1234567",)),
    "1,000.5": (2, ("1000.5",)),
    "max(1,5) + 2,5": (6, ("1.5", "1; 5")),
    "log(2, x)": (1, ("ln(2)/ln(x1)", "ln(x1)/ln(2)")),
    "log(1,5*x)": (1, ("1.5", "ln(1)/ln(5*x1)", "ln(5*x1)/ln(1)")),
    "3√x": (2, ("3*sqrt(…)", "(…)^(1/3)")),
    "|x1>0|": (1, ("(x1 > 0)",)),
    "log 10 x": (8, ("ln(10*…)", "log(…, 10)")),
    "y = x + y": (9, ("x2",)),
    "f(x2, x1) = x1": (3, ("x1",)),
    "f(a, a) = a": (6, ("x2",)),
}


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_what_could_be_meant_in_several_ways_is_refused_with_the_words_for_each(text: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text, 2)
    error = caught.value
    assert (error.code, (error.column, error.write)) == ("ambiguous", AMBIGUOUS[text])
    assert all(repr(words) in str(error) for words in error.write)


@pytest.mark.parametrize(
    ("text", "column", "write"),
    [
        ("x1x2", 1, ["x1*x2"]), ("xy", 1, ["x*y"]), ("2xy", 2, ["x*y"]), ("x_1x_2", 1, ["x1*x2"]),
        ("sinx", 1, ["sin(x)"]), ("sin2x", 1, ["sin(2*x)"]), ("1 + xsinx", 5, ["x*sin(x)"]),
        ("xsin(x)", 1, ["x*sin(…)"]), ("πx + piy", 6, ["pi*y"]), ("tanhh(x)", 1, ["tanh"]),
        ("sine(x)", 1, ["sin"]), ("sqroot(x)", 1, ["sqrt"]), ("foo", 1, []), ("zz", 1, []),
        ("sin", 1, ["sin(…)"]), ("max x", 1, ["max(…, …)"]), ("x mod 2", 3, ["mod(…, …)"]),
        ("sin^x(x)", 5, ["sin(…)^…"]), ("x 2", 3, ["x1*2", "x1^2"]), ("(x+1)2", 6,
         ["(x1 + 1)*2", "(x1 + 1)^2"]), ("1 000x", 3, ["1000"]), ("2 3", 3, ["2*3"]),
        ("x1 = 2", 4, ["<", ">"]), ("x1 => 2", 4, [">="]), ("x1 =< 2", 4, ["<="]),
        ("5%", 2, ["5/100"]), ("x_{1}", 3, ["x1"]), ("∛x", 1, ["sign(…)*abs(…)^(1/3)"]),
        ("x > 0 ? 1 : 0", 7, ["(…)*a + (not (…))*b"]), ("if(x>0,1,0)", 1, ["(…)*a + (not (…))*b"]),
        (r"\frac{x}{2}", 1, ["(…)/(…)"]), (r"x \cdot y", 3, ["*"]), ("cot(x)", 1, ["1/tan(…)"]),
        ("x>0 xor y>0", 5, ["(…) != (…)"]), ("x>0 und y>0", 5, ["and"]), ("x>0 且 y>0", 5, ["and"]),
        ("x % 2", 3, ["mod(a, b)"]), ("x & y", 3, ["and"]), ("[x]", 1, ["("]), ("½x", 1,
         ["(1/2)"]), ("AND(x, y)", 1, ["… and …"]), ("x!", 2, []), ("x; y", 2, []),
        ("1, 5", 2, []), ("1,5,2", 2, []), ("1,5.2", 2, []), ("round(1,5)", 1, []),
        ("f(a, b, c) = a", 9, []), ("f(x) = ", 8, []), ("y =", 4, []), ("f(x) == 2", 1, []),
        ("xy = 1", 1, ["x*y"]), ("siny = x", 1, ["sin(y)"]), ("x3 = x", 1, []),
        ("f(xy) = 1", 1, []), ("x²0,5", 4, []),
        ("xf(x) = 1", 1, []), ("e = x", 3, ["<", ">"]), ("x = 1", 3, ["<", ">"]),
        ("x^2 + y^2 = 1", 11, ["<", ">"]), ("y = x = 1", 7, ["<", ">"]),
        ("|x", 3, []), ("|x + |y|", 9, []), ("(|x)|", 4, []), ("||", 3, []), ("√", 2, []),
    ],
)  # fmt: skip
def test_a_mistake_comes_with_its_column_and_with_what_to_write(
    text: str, column: int, write: list[str]
) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text, 2)
    assert (caught.value.column, [*caught.value.write]) == (column, write)


def test_advice_is_cut_where_it_would_be_long() -> None:
    with pytest.raises(FormulaError) as caught:
        parse("1/(" + "+".join(["x1"] * 60) + ")x2", 2)
    assert all(len(words) < 70 and "…" in words for words in caught.value.write)


# Version 0.2 read a smaller language. Its formulas are in links and stored experiments.
NUMBERS = st.sampled_from(["1", "2.", ".5", "0.25", "3e-1", "1E+2", "007", "10"])
NAMES: dict[str, Meaning] = {"x1": lambda x, y: x, "y": lambda x, y: y, "x₂": lambda x, y: y,
                             "e": lambda x, y: np.e, "π": lambda x, y: np.pi}  # fmt: skip
OPERATORS: dict[str, Any] = {
    "+": np.add, "-": np.subtract, "−": np.subtract, "*": np.multiply, "·": np.multiply,
    "/": np.divide, "÷": np.divide, "^": np.power, "**": np.power, ",": np.maximum,
    "<": lambda x, y: np.where(np.isnan(x) | np.isnan(y), np.nan, x < y),
    "≥": lambda x, y: np.where(np.isnan(x) | np.isnan(y), np.nan, x >= y),
}  # fmt: skip
CALLS: dict[str, Any] = {"sin": np.sin, "exp": np.exp, "log": np.log, "sqrt": np.sqrt,
                         "abs": np.abs, "floor": np.floor, "tanh": np.tanh}  # fmt: skip
Written = tuple[str, Meaning]


def applied(function: Any, *parts: Written) -> Meaning:
    """What a function of parts means, at points."""

    def meaning(x: Array, y: Array) -> Any:
        values = [np.asarray(part(x, y), dtype=float) for _, part in parts]
        return np.asarray(function(*values), dtype=float)

    return meaning


def joined(operator: str, one: Written, other: Written) -> Written:
    text = f"max({one[0]},{other[0]})" if operator == "," else f"({one[0]}){operator}({other[0]})"
    return text, applied(OPERATORS[operator], one, other)


FORMULAS: st.SearchStrategy[Written] = st.recursive(
    NUMBERS.map(lambda text: (text, lambda x, y: float(text))) | st.sampled_from([*NAMES.items()]),
    lambda parts: (
        st.builds(joined, st.sampled_from([*OPERATORS]), parts, parts)
        | st.builds(
            lambda name, part: (f"{name}({part[0]})", applied(CALLS[name], part)),
            st.sampled_from([*CALLS]),
            parts,
        )
        | parts.map(lambda part: (f"-({part[0]})", applied(np.negative, part)))
        | parts.map(lambda part: (f"({part[0]})²", applied(lambda z: np.power(z, 2.0), part)))
    ),
    max_leaves=12,
)


@given(FORMULAS)
def test_what_was_read_before_keeps_its_bits(written: Written) -> None:
    text, meaning = written
    if len(text) > MOST_CHARACTERS or max_depth(text) > MOST_NESTING:
        return
    with np.errstate(all="ignore"):
        expected = np.broadcast_to(meaning(*X), X.shape[1:])
    try:
        found = parse(text, 2).values(X)
    except NotFinite as error:
        sample = error.sample
        assert not np.abs(expected[sample]) <= 1e12
    else:
        np.testing.assert_array_equal(found, expected)


def max_depth(text: str) -> int:
    """How deep brackets, signs and powers nest at most."""
    return text.count("(") + text.count("-") + text.count("−") + text.count("^") + text.count("*")


# Long expressions of the small language, with signs as Python has them, so that precedence counts.
FLAT = st.lists(
    st.tuples(
        st.sampled_from(["+", "-", "*", "/", "**", " - ", " * ", "<"]),
        st.sampled_from(["x1", "x2", "2", "0.5", "-x1", "-3", "not_", "(x1 + 2)", "abs(x2)"]),
    ),
    max_size=12,
)


@given(FLAT)
def test_precedence_is_pythons_whatever_follows_what(pieces: list[tuple[str, str]]) -> None:
    text = "x1" + "".join(sign + part.replace("not_", "x2") for sign, part in pieces)
    with np.errstate(all="ignore"):
        try:
            found = parse(text, 2).values(X)
        except NotFinite:
            return
    for place, (x1, x2) in enumerate(X.T.tolist()):
        try:
            value = eval(text, {"x1": x1, "x2": x2, "abs": abs})  # noqa: S307 (made of the above)
        except (ArithmeticError, OverflowError):
            continue
        if isinstance(value, complex):
            continue
        assert found[place] == pytest.approx(float(value), rel=1e-12)


@given(st.text(alphabet="x12+-*/^()<>|,. sinelogmax√²πy!&;", max_size=40))
def test_whatever_is_read_has_a_reading_of_the_same_meaning(text: str) -> None:
    try:
        formula = parse(text, 2)
    except FormulaError:
        return
    if len(formula.reading) > MOST_CHARACTERS:
        return
    again = parse(formula.reading, 2)
    assert (again.reading, again.is_boundary) == (formula.reading, formula.is_boundary)
    assert len(again.program) == len(formula.program)
    assert outcome(again) == outcome(formula)


def outcome(formula: Any) -> Any:
    """The values, or where and how they are not finite."""
    try:
        return formula.values(X).tobytes()
    except NotFinite as error:
        return str(error)


@pytest.mark.parametrize(
    ("text", "column", "write"),
    [
        ("max(x1, 1,5)", 10, ("1.5", "1, 5")), ("min(x1,2,5,x2)", 9, ("2.5", "2, 5")),
        ("x1>0 == x2>0", 6, ("(x1 > 0) == (…)", "x1 > 0 and …")),
        ("x1 and x2 > 0", 1, ("x1 > 0 and …", "x1 != 0 and …")),
    ],
)  # fmt: skip
def test_what_is_read_as_it_always_was_but_may_be_meant_otherwise_is_a_doubt(
    text: str, column: int, write: tuple[str, ...]
) -> None:
    (doubt,) = parse(text, 2).doubts
    assert (doubt.code, doubt.column, doubt.write) == ("ambiguous", column, write)


@pytest.mark.parametrize("text", [*WRITTEN, "max(x1, 1, 5)", "min(1,5)", "0<x<2", "x == y == 1"])
def test_other_formulas_have_no_doubts(text: str) -> None:
    assert not parse(text, 2).doubts


@pytest.mark.parametrize(
    ("text", "column", "word"),
    [("1 + ln x", 5, "ln(abs(…))"), ("2√x", 2, "sqrt(abs(…))"), ("1 + x^(1/3)", 5, "abs(…)^…")],
)
def test_where_there_is_no_number_the_place_and_a_word_are_known(
    text: str, column: int, word: str
) -> None:
    with pytest.raises(NotFinite) as caught:
        parse(text, 2).values(X)
    assert caught.value.column == column
    assert word in caught.value.write
