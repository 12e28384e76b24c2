"""Arrays in JSON: tables of samples, and the parameters of a network by layer and by name.

The readers add every error that they find to a list, with a pointer to the number itself.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from typing_extensions import TypedDict

from app.choices import Range
from app.errors import FieldError, InvalidInput
from app.lab.json_arrays import Matrix, Vector, finite
from app.lab.spec import ranges
from app.lab.spec.field_errors import pointer, range_detail
from app.nn.stack import Architecture, pack, unpack
from app.nn.types import Array


def table(
    value: list[Any], at: str, errors: list[FieldError], column: bool = False
) -> Array | None:
    """Rows of numbers (n, width), each as long as the first; with `column`, also a flat list.

    None where there is an error, which is added to `errors`.
    """
    count = len(value)
    if not ranges.SAMPLES.minimum <= count <= ranges.SAMPLES.maximum:
        allowed = {**ranges.SAMPLES.allowed(), "items": True}
        errors.append(FieldError(at, "out_of_range", range_detail(allowed), allowed, count))
        return None
    flat = column and not isinstance(value[0], list)
    rows = [[entry] for entry in value] if flat else value
    width = len(rows[0]) if isinstance(rows[0], list) else 0
    for i, row in enumerate(rows):
        here = f"{at}/{i}"
        if not isinstance(row, list) or not row:
            errors.append(FieldError(here, "wrong_type", "must be an array", {"type": "array"}))
            return None
        if len(row) != width:
            detail = f"must have {width} numbers like the first row, not {len(row)}"
            errors.append(FieldError(here, "wrong_shape", detail, {"shape": [width]}, len(row)))
            return None
        for j, entry in enumerate(row):
            if not _is_number(entry, here if flat else f"{here}/{j}", ranges.NUMBER, errors):
                return None
    return np.array(rows, dtype=np.float64)


def _is_number(value: Any, at: str, range: Range, errors: list[FieldError]) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        errors.append(FieldError(at, "wrong_type", "must be a number", {"type": "number"}))
        return False
    if not range.minimum <= value <= range.maximum:  # NaN is neither
        allowed = range.allowed()
        errors.append(FieldError(at, "out_of_range", range_detail(allowed), allowed))
        return False
    return True


Reached = Callable[[], Collection[float]]
"""Finds the numbers that a run has come to, which is asked only where some are large."""
IsNumber = Callable[[Any, str, list[FieldError]], bool]
"""Whether a value at some place is a number that is allowed; if not, there is one more error."""


def is_parameter(value: Any, at: str, errors: list[FieldError]) -> bool:
    """Of a parameter that somebody gives: in its range."""
    return _is_number(value, at, ranges.PARAMETER, errors)


def is_reached(value: Any, at: str, errors: list[FieldError]) -> bool:
    """Of a parameter that some run has come to, however large it is."""
    return _is_number(value, at, ranges.REACHED, errors)


def is_parameter_or(reached: Reached) -> IsNumber:
    """Of a parameter that is in its range, or one of those that a run has come to."""

    def check(value: Any, at: str, errors: list[FieldError]) -> bool:
        is_large = isinstance(value, int | float) and abs(value) > ranges.PARAMETER.maximum
        known = is_large and value in reached()
        return is_reached(value, at, errors) if known else is_parameter(value, at, errors)

    return check


class LayerArrays(TypedDict):
    """A number for each parameter, layer by layer: W (n_out, n_in) and b (n_out,) of every layer.

    They are the parameters themselves, or the gradient along them.
    """

    W: list[Matrix]
    b: list[Vector]


def parameters(architecture: Architecture, theta: Array) -> LayerArrays:
    """W and b of every layer of one network, theta (P,)."""
    W, b = unpack(architecture, theta)
    return {"W": [finite(array) for array in W], "b": [finite(array) for array in b]}


def read_parameters(
    architecture: Architecture,
    given: Mapping[str, Any],
    at: str,
    errors: list[FieldError],
    is_allowed: IsNumber = is_parameter,
) -> Array | None:
    """theta (P,) from JSON's W and b; None where there are errors, which are added to `errors`."""
    before = len(errors)
    W = read_arrays(architecture, "W", given["W"], f"{at}/W", errors, is_allowed)
    b = read_arrays(architecture, "b", given["b"], f"{at}/b", errors, is_allowed)
    return pack(architecture, W, b) if len(errors) == before else None


def read_arrays(
    architecture: Architecture,
    which: str,
    given: Any,
    at: str,
    errors: list[FieldError],
    is_allowed: IsNumber = is_parameter,
) -> list[Array]:
    """W (n_out, n_in) or b (n_out,) of every layer from JSON; errors are added to `errors`."""
    count = len(architecture.shapes)
    if not isinstance(given, list) or len(given) != count:
        errors.append(_not_one_each(at, count))
        return []
    arrays = []
    for layer, ((n_out, n_in), value) in enumerate(zip(architecture.shapes, given, strict=True)):
        shape = (n_out, n_in) if which == "W" else (n_out,)
        array = _array(value, shape, f"{at}/{layer}", errors, is_allowed)
        if array is not None:
            arrays.append(array)
    return arrays


def _array(
    value: Any,
    shape: tuple[int, ...],
    at: str,
    errors: list[FieldError],
    is_allowed: IsNumber,
) -> Array | None:
    """Nested lists of numbers of exactly this shape, as an array."""
    if not shape:
        return np.asarray(float(value)) if is_allowed(value, at, errors) else None
    if not isinstance(value, list) or len(value) != shape[0]:
        errors.append(_of_another_shape(at, shape))
        return None
    parts = [
        _array(part, shape[1:], f"{at}/{i}", errors, is_allowed) for i, part in enumerate(value)
    ]
    sound = [part for part in parts if part is not None]
    return np.stack(sound) if len(sound) == len(parts) else None


def _not_one_each(at: str, count: int) -> FieldError:
    detail = f"must be an array of {count}, one for each layer"
    return FieldError(at, "wrong_shape", detail, {"shape": [count]})


def _of_another_shape(at: str, shape: tuple[int, ...]) -> FieldError:
    detail = f"must have the shape {' × '.join(str(n) for n in shape)}"
    return FieldError(at, "wrong_shape", detail, {"shape": list(shape)})


def misfits(architecture: Architecture, other: Architecture, at: str) -> list[FieldError]:
    """The errors of `read_parameters` for sound parameters of another architecture.

    They are told by the shapes alone: there may be a million numbers, which need not be read again.
    """
    found: list[FieldError] = []
    for which in ("W", "b"):
        here = f"{at}/{which}"
        if len(architecture.shapes) != len(other.shapes):
            found.append(_not_one_each(here, len(architecture.shapes)))
            continue
        pairs = zip(architecture.shapes, other.shapes, strict=True)
        for layer, ((n_out, n_in), (given_out, given_in)) in enumerate(pairs):
            place = f"{here}/{layer}"
            if given_out != n_out:
                shape = (n_out, n_in) if which == "W" else (n_out,)
                found.append(_of_another_shape(place, shape))
            elif which == "W" and given_in != n_in:
                found += [_of_another_shape(f"{place}/{row}", (n_in,)) for row in range(n_out)]
    return found


def parameter_index(
    architecture: Architecture, name: str, where: str, source: str = "query", at: str = ""
) -> int:
    """The index in theta of the parameter of this name. Raises InvalidInput for an unknown one."""
    try:
        return architecture.index(name)
    except KeyError:
        names = architecture.parameter_names
        shown = ", ".join([names[0], "…", names[-1]]) if len(names) > 8 else ", ".join(names)
        raise InvalidInput(
            [
                FieldError(
                    f"{at}/{where}",
                    "unknown_name",
                    f"must name a parameter of this network: {shown}",
                    {"names": list(names[:200])},
                    name[:80],
                    source,
                )
            ]
        ) from None


def changed_parameters(
    architecture: Architecture,
    theta: Array,
    changes: Mapping[str, Any],
    reached: Reached = tuple,
) -> Array:
    """theta (P,) with `changes`: all of W, all of b, or `values` by name.

    Of W and b, numbers that the run has `reached` may be as large as they are. Raises InvalidInput
    that names everything wrong with the changes, or that there are none.
    """
    errors: list[FieldError] = []
    W, b = unpack(architecture, theta)
    given = {"W": changes.get("W"), "b": changes.get("b")}
    values: Mapping[str, Any] = changes.get("values") or {}
    if given["W"] is None and given["b"] is None and not values:
        detail = "name what to set: W, b, values or a point"
        raise InvalidInput(
            [FieldError("", "missing", detail, {"names": ["W", "b", "values", "point"]})]
        )
    for which, arrays in (("W", W), ("b", b)):
        if given[which] is not None:
            is_allowed = is_parameter_or(reached)
            read = read_arrays(architecture, which, given[which], f"/{which}", errors, is_allowed)
            if not errors:
                arrays[:] = read
    changed = pack(architecture, W, b)
    for name, value in values.items():
        try:
            index = parameter_index(architecture, name, name, "body", "/values")
        except InvalidInput as error:
            errors += [replace(one, pointer=pointer("values", name)) for one in error.errors]
            continue
        changed[index] = value
    if errors:
        raise InvalidInput(errors)
    return changed


def check_set(theta: Array, reached: Reached, at: str) -> None:
    """Check that all of theta (P,) could be set by name, or was `reached` before.

    Raises InvalidInput, which points at what leads there.
    """
    allowed = ranges.PARAMETER.allowed()
    beyond = theta[~(np.abs(theta) <= ranges.PARAMETER.maximum)]
    if len(beyond) and not set(beyond.tolist()) <= set(reached()):
        detail = f"leads to a parameter that {range_detail(allowed)}"
        raise InvalidInput([FieldError(at, "out_of_range", detail, allowed)])
