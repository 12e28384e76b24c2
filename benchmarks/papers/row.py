"""One published result beside what Basin measures of it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A result of a paper, and the same measured.

    `published` tells the value with its uncertainty, which reaches from `low` to `high`; `measured`
    is compared with these and told as `told`. `link` opens the set-up on the page: the fragment of
    its address.
    """

    source: str
    setup: str
    published: str
    low: float
    high: float
    measured: float
    told: str
    link: str

    @property
    def holds(self) -> bool:
        """Whether the measured value lies within the published uncertainty."""
        return self.low <= self.measured <= self.high


def near(value: float, share: float) -> tuple[float, float]:
    """The ends of an uncertainty that is a share of a value."""
    return value * (1.0 - share), value * (1.0 + share)


HEAD = ("source", "set-up", "published", "measured", "holds", "on the page")


def table(rows: Sequence[Row], address: str) -> str:
    """The rows in Markdown, with links to the page that is served at an address."""
    lines = [HEAD, ("---",) * len(HEAD)]
    lines += [
        (
            row.source,
            row.setup,
            row.published,
            row.told,
            "yes" if row.holds else "**no**",
            f"[open]({address}#{row.link})",
        )
        for row in rows
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
