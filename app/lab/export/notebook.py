"""An experiment as a Jupyter notebook: the numpy script in cells, with words and plots."""

import json
from collections.abc import Sequence
from typing import Any

from app.lab.export.numpy_script import PACKED_NOTE, sections
from app.lab.export.sections import Section, described, packed
from app.lab.export.story import Story

_TITLE = """# The training of a network, and nothing else

{described}

The code below is all there is: numpy multiplies matrices, and the rest is written out. Run all
cells; the last one gives J at every step of every run as JSON, the same numbers as in Basin.
{note}"""

_CURVES = Section(
    "The loss curves",
    "J at every step, on a logarithmic scale. A run that diverged ends where it did.",
    """import matplotlib.pyplot as plt

figure, axes = plt.subplots(figsize=(8, 4.5))
for name, losses in zip(RUNS, TRAIN):
    curve = [np.nan if J is None else J for J in losses]
    axes.plot(curve, label=name.replace("$", r"\\$"))
axes.set(xlabel="step", ylabel="J", yscale="log", title="Training loss J of every run")
axes.legend()
axes.grid(alpha=0.3);""",
)
_POINTS = Section(
    "The samples",
    "The training samples over the first two inputs, coloured by their (first) target.",
    """figure, axes = plt.subplots(figsize=(5, 4.5))
points = axes.scatter(x1, x2, c=Y[0], cmap="coolwarm", edgecolor="black", linewidth=0.3)
figure.colorbar(points, label="target")
axes.set(xlabel="x1", ylabel="x2", title="Training samples");""",
)
_CURVE_POINTS = Section(
    "The samples",
    "The training samples: input and target.",
    """figure, axes = plt.subplots(figsize=(5, 4.5))
axes.scatter(x1, Y[0], edgecolor="black", linewidth=0.3)
axes.set(xlabel="x1", ylabel="target", title="Training samples");""",
)


def notebook(story: Story) -> str:
    """The notebook as JSON, in version 4 of the format."""
    note = PACKED_NOTE.format(count=story.numbers) if packed(story) else ""
    cells = [_markdown(_TITLE.format(described=described(story), note=note))]
    *code, result = sections(story)
    points = _CURVE_POINTS if len(story.setup.train.inputs) == 1 else _POINTS
    for section in [*code, _CURVES, points, result]:
        cells += [_markdown(f"## {section.title}\n\n{section.words}"), _code(section.code)]
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place}"
    document = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": _lines(text)}


def _code(text: str) -> dict[str, Any]:
    code: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
    }
    return {**code, "source": _lines(text)}


def _lines(text: str) -> Sequence[str]:
    return text.strip("\n").splitlines(keepends=True)
