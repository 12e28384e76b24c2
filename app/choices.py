"""A choice: an entry of a registry, with the numbers that it takes and the range of each.

Every number that a learner may set is described once, by a `Range`. The catalogue shows it, the
validation holds to it and the page builds its controls from it, so the three cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol


@dataclass(frozen=True)
class Range:
    """A number's name, default and allowed values: [minimum, maximum], or (minimum, maximum].

    `scale` is that of the page's slider; it does not change what is allowed.
    """

    name: str
    default: float | None
    minimum: float
    maximum: float
    exclusive_minimum: bool = False
    integer: bool = False
    scale: Literal["linear", "log"] = "linear"

    def allowed(self) -> dict[str, Any]:
        """The allowed values, as an error lists them."""
        allowed: dict[str, Any] = {"minimum": self.minimum, "maximum": self.maximum}
        if self.exclusive_minimum:
            allowed["exclusive_minimum"] = True
        return allowed


class Choice(Protocol):
    """An entry of a registry: its formula and the numbers it takes."""

    @property
    def formula(self) -> str: ...

    @property
    def parameters(self) -> tuple[Range, ...]: ...


@dataclass(frozen=True)
class Chosen:
    """An entry picked by name, with a value for each number it takes."""

    name: str
    options: Mapping[str, float]
