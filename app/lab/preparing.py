"""What is asked before there is an experiment: what a table holds, and what a recipe draws."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from app.lab import preview, tables


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
