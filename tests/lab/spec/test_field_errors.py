"""Errors that name a field: pointers, words for ranges, and the errors of pydantic."""

import math
from typing import Annotated, Any

import pytest
from pydantic import ValidationError

from app.choices import Range
from app.errors import FieldError
from app.lab.spec.field_errors import describe, pointer, range_detail
from app.lab.spec.validation import Items, Model, Within, entries, one_of
from app.nn.update.optimizers import OPTIMIZERS

COUNT = Range("count", None, 1, 3, integer=True)
RATE = Range("rate", None, 0.0, 0.5, exclusive_minimum=True)


class Inner(Model):
    count: Annotated[int, Within(COUNT)]


class Outer(Model):
    rate: Annotated[float, Within(RATE)] = 0.1
    page: Annotated[int, Within(COUNT, text=True)] | None = None
    inner: Inner | None = None
    some: Annotated[list[Inner], Items(COUNT)] | None = None
    optimizer: Annotated[Model, entries("optimizer", OPTIMIZERS, "adam")] | None = None
    method: Annotated[str, one_of(OPTIMIZERS)] | None = None


def errors(document: Any) -> list[FieldError]:
    """The errors of a document that should be an `Outer`."""
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(document)
    return describe(caught.value, document)


@pytest.mark.parametrize(
    ("path", "expected"),
    [((), ""), (("runs", 0, "label"), "/runs/0/label"), (("a/b", "~c", ""), "/a~1b/~0c/")],
)
def test_a_pointer_is_that_of_rfc_6901(path: tuple[str | int, ...], expected: str) -> None:
    assert pointer(*path) == expected


def test_a_range_is_said_with_both_bounds() -> None:
    assert range_detail(COUNT.allowed()) == "must be from 1 to 3"
    assert range_detail(RATE.allowed()) == "must be above 0, up to 0.5"
    assert range_detail({**COUNT.allowed(), "items": True}) == "must have 1 to 3 entries"


@pytest.mark.parametrize(
    ("document", "place", "code"),
    [
        ({"rate": 0}, "/rate", "out_of_range"),
        ({"rate": True}, "/rate", "wrong_type"),
        ({"rate": math.inf}, "/rate", "not_finite"),
        ({"page": "1.5"}, "/page", "wrong_type"),
        ({"page": 1}, "/page", "wrong_type"),
        ({"page": "４"}, "/page", "wrong_type"),
        ({"page": "4"}, "/page", "out_of_range"),
        ({"inner": {}}, "/inner/count", "missing"),
        ({"inner": []}, "/inner", "wrong_type"),
        ({"some": []}, "/some", "out_of_range"),
        ({"some": {}}, "/some", "wrong_type"),
        ({"some": [{"count": 1}, {"count": 9}]}, "/some/1/count", "out_of_range"),
        ({"some": [{"count": 1, "more": 1}]}, "/some/0/more", "unknown_field"),
        ({"optimizer": {"beta1": 5}}, "/optimizer/beta1", "out_of_range"),
        ({"optimizer": {"name": "sgd"}}, "/optimizer/name", "unknown_name"),
        ({"optimizer": {"name": "gradient_descent", "beta1": 0.5}}, "/optimizer/beta1",
         "unknown_field"),
        ({"method": "sgd"}, "/method", "unknown_name"),
    ],
)  # fmt: skip
def test_an_error_of_pydantic_is_one_of_ours(document: Any, place: str, code: str) -> None:
    (error,) = errors(document)
    assert (error.pointer, error.code) == (place, code)


def test_a_text_of_a_query_is_read_as_a_number() -> None:
    assert Outer.model_validate({"page": "2"}).page == 2


def test_an_entry_without_a_name_is_the_default_one() -> None:
    chosen = Outer.model_validate({"optimizer": {"beta1": 0.5}}).optimizer
    assert chosen is not None
    assert chosen.model_dump().items() >= {"name": "adam", "beta1": 0.5}.items()


def test_a_value_is_returned_only_where_it_is_short() -> None:
    (text,) = errors({"method": "x" * 1000})
    (number,) = errors({"rate": 10**100})
    (listed,) = errors({"rate": [1]})
    assert (len(text.received), number.received, listed.received) == (80, "a huge integer", None)
