"""One claim: what was measured, beside what, and what was promised."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A measured value and the bound it must keep; `unit` is printed behind every number.

    With `at_least` the value must be so large (a ratio to a peer), with `at_most` so small
    (a time, a size); with neither it is told for information.
    """

    what: str
    value: float
    unit: str
    basin: str
    peer: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the value keeps its bound."""
        enough = self.at_least is None or self.value >= self.at_least
        return enough and (self.at_most is None or self.value <= self.at_most)

    @property
    def promised(self) -> str:
        """The bound in words."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g}{self.unit}"
        if self.at_most is not None:
            return f"≤ {self.at_most:g}{self.unit}"
        return "–"


def faster(
    what: str, basin: float, peer: str, peer_seconds: float, at_least: float | None = None
) -> Claim:
    """The claim that Basin's seconds are so many times less than a peer's."""
    ratio = peer_seconds / basin
    return Claim(what, ratio, "×", span(basin), f"{peer} {span(peer_seconds)}", at_least)


def span(seconds: float) -> str:
    """A span of time with the digits that matter."""
    for factor, unit in ((1.0, "s"), (1e3, "ms")):
        if seconds * factor >= 1.0:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def table(claims: Sequence[Claim]) -> str:
    """The claims as a Markdown table."""
    rows = [("", "measured", "promised", "kept", "Basin", "beside")]
    rows += [
        (
            claim.what,
            f"{claim.value:.3g}{claim.unit}",
            claim.promised,
            "–" if claim.promised == "–" else "yes" if claim.kept else "NO",
            claim.basin,
            claim.peer,
        )
        for claim in claims
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
