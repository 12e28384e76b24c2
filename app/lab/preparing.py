"""What is asked before there is an experiment: of tables, formulas, recipes and schedules."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from app.lab import preview, previews, tables


class Preparing:
    """Answers that need no experiment, each in its turn."""

    def __init__(self, computing: Callable[[], AbstractContextManager[None]]) -> None:
        self._computing = computing

    def table(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What the text of a table holds, and the data it makes."""
        with self._computing():
            return tables.look_at(asked)

    def recipe(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Histograms of what a recipe draws, beside their theory."""
        with self._computing():
            return preview.preview(asked)

    def formula(self, text: str, inputs: int) -> dict[str, Any]:
        """What a formula is, and points of it; InvalidInput says where it is wrong."""
        with self._computing():
            return previews.formula(text, inputs)

    def schedule(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """The course of a schedule."""
        return previews.schedule(chosen)
