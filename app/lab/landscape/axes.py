"""The ends of a landscape's axes: around the paths with a margin, or as asked for."""

from collections.abc import Sequence
from math import ceil, floor, log10

import numpy as np

from app.errors import FieldError, InvalidInput
from app.lab.spec import ranges
from app.nn.types import Array

Ends = tuple[float | None, float | None]

MARGIN = 0.15
"""The margin on either side of the paths, as a share of their own width."""
EDGE = 0.03
"""Paths closer to the edge than this share of the width move it outwards."""
EMPTY = 0.3
"""An extent of which the paths fill less than this share shrinks."""


def ends(
    values: Array,
    where: str,
    given: Ends,
    least_half: float,
    held: tuple[float, float] | None = None,
) -> tuple[float, float]:
    """The ends of an axis: those given, and where there are none, those of `follow`.

    Raises InvalidInput unless the first lies below the second.
    """
    usual = follow(values, least_half, held)
    low, high = (chosen if end is None else end for chosen, end in zip(usual, given, strict=True))
    return _check(low, high, where)


def follow(
    values: Array, least_half: float, held: tuple[float, float] | None = None
) -> tuple[float, float]:
    """The ends of an axis that shows all finite `values`, at least `least_half` to either side.

    `held` are the ends drawn before: they stay while the values fit them well, so that a picture
    which follows a training does not flicker. Ends lie on a coarse grid of round numbers.
    """
    known = values[np.isfinite(values)]
    least, most = (float(known.min()), float(known.max())) if len(known) else (-1.0, 1.0)
    half = max(least_half, (0.5 + MARGIN) * (most - least))
    if held is not None and _fits(held, least, most, half):
        return held
    middle = 0.5 * (least + most)
    unit = _round_unit(half)
    return floor((middle - half) / unit) * unit, ceil((middle + half) / unit) * unit


def _fits(held: tuple[float, float], least: float, most: float, half: float) -> bool:
    low, high = held
    width = high - low
    inside = least >= low + EDGE * width and most <= high - EDGE * width
    return inside and 2.0 * half >= EMPTY * width


def reach(values: Sequence[Array]) -> float:
    """The largest width of the finite values of any axis; 0 without values."""
    widths = [float(np.ptp(known)) for v in values if len(known := v[np.isfinite(v)])]
    return max(widths, default=0.0)


def _check(low: float, high: float, where: str) -> tuple[float, float]:
    """The ends of an axis, checked: in order, and far enough apart for distinct points."""
    if low < high and high - low >= 1e-9 * max(abs(low), abs(high)):
        return low, high
    allowed = {"minimum": low, "maximum": ranges.PARAMETER.maximum, "exclusive_minimum": True}
    detail = f"must lie above {where}_min, {low:g}"
    raise InvalidInput(
        [FieldError(f"/{where}_max", "out_of_range", detail, allowed, high, "query")]
    )


def read(text: str | None) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """`x_min,x_max,y_min,y_max` as two pairs. Raises InvalidInput for any other text."""
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    sound = len(numbers) == 4 and bool(np.isfinite(numbers).all())
    if not sound or numbers[0] >= numbers[1] or numbers[2] >= numbers[3]:
        detail = "must be the ends of a picture, x_min,x_max,y_min,y_max"
        raise InvalidInput([FieldError("/held", "wrong_shape", detail, {"shape": [4]}, text[:80],
                                       "query")])  # fmt: skip
    return (numbers[0], numbers[1]), (numbers[2], numbers[3])


def _round_unit(half: float) -> float:
    """A third or so of a half width, rounded down to 1, 2 or 5 times a power of ten."""
    rough = half / 3.0
    power = 10.0 ** floor(log10(rough))
    return power * max(digit for digit in (1.0, 2.0, 5.0) if digit * power <= rough * 1.0000001)
