"""A script as sections of words and code, and the numbers that it reads."""

import base64
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.lab.export.story import Change, Story
from app.nn.types import Array

READABLE = 3000
"""So many numbers are written out as decimals; more are packed, and the script says so."""
_PACKED_LINE = 96
_LINE = 100
_BETWEEN = "   "

Settings = Callable[[Story, int, Change, int], dict[str, str]]
"""What a change of a run sets, as code by name; the last number is the place of its parameters."""


@dataclass(frozen=True)
class Section:
    """A part of a script: its title, what a notebook says before it, and its code."""

    title: str
    words: str
    code: str


@dataclass(frozen=True)
class Part:
    """A choice of a registry as code: a function, or several, and what else they call."""

    code: str
    needs: tuple[str, ...] = ()


def script(head: str, sections: Sequence[Section]) -> str:
    """The sections as one file, each under its title."""
    parts = [head, *(f"# ---- {section.title}\n\n{section.code}" for section in sections)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def collected(parts: Mapping[str, Part], names: Iterable[str]) -> list[str]:
    """The code of some parts and of all that they need, in the order of the registry, once each."""
    wanted: set[str] = set()

    def want(name: str) -> None:
        if name not in wanted:
            wanted.add(name)
            for other in parts[name].needs:
                want(other)

    for name in names:
        want(name)
    return [part.code.strip("\n") for name, part in parts.items() if name in wanted]


def losses(story: Story) -> list[str]:
    """The losses of the runs, once each."""
    return list(dict.fromkeys(run.loss for run in story.setup.runs))


def arguments(options: Mapping[str, float]) -> str:
    """Options as arguments of a call."""
    return ", ".join(f"{name}={value!r}" for name, value in options.items())


def label(story: Story, k: int) -> str:
    """What a run is called: by its label, or by its number."""
    return story.setup.runs[k].label or f"run {k}"


def described(story: Story) -> str:
    """What is trained, in two lines."""
    setup = story.setup
    layers = [setup.architecture.inputs, *(layer.units for layer in setup.architecture.layers)]
    size = "all of them in every step"
    if setup.batch_size < setup.train.count:
        size = f"{setup.batch_size} of them in every step"
    runs = "1 run" if len(story.runs) == 1 else f"{len(story.runs)} runs"
    return (
        f"{runs} of the network {layers}, {story.steps} steps on {setup.train.count} training\n"
        f"samples of the data set {setup.spec.data.name!r}, {size}."
    )


def packed(story: Story) -> bool:
    """Whether its numbers are too many to be read."""
    return story.numbers > READABLE


def samples(story: Story) -> Array:
    """The training samples (n, n_raw + n_y): inputs and targets of each in a row."""
    train = story.setup.train
    return np.ascontiguousarray(np.concatenate([train.inputs, train.Y]).T)


def sample_names(story: Story) -> tuple[list[str], list[str]]:
    """The names of a sample's inputs and of its targets."""
    train = story.setup.train
    inputs = [f"x{place}" for place in range(1, len(train.inputs) + 1)]
    count = len(train.Y)
    targets = ["y"] if count == 1 else [f"y{place}" for place in range(1, count + 1)]
    return inputs, targets


def rows_of(story: Story, theta: Array) -> list[Array]:
    """The rows of [W | b] of all layers."""
    return [row for M in story.setup.architecture.matrices(theta[np.newaxis]) for row in M[0]]


def written(rows: Iterable[Array]) -> str:
    """Rows of numbers as text, to the last bit, a line for each."""
    return "\n".join(_row(row) for row in rows)


def written_densely(rows: Iterable[Array]) -> str:
    """The same, each line filled with as many rows as it has room for: samples are not read."""
    lines, filled = list[str](), ""
    for row in map(_row, rows):
        longer = f"{filled}{_BETWEEN}{row}" if filled else row
        if filled and len(longer) > _LINE:
            lines.append(filled)
            longer = row
        filled = longer
    return "\n".join([*lines, filled])


def _row(row: Array) -> str:
    return " ".join(map(repr, row.tolist()))


def pack(arrays: Mapping[str, Array]) -> str:
    """Arrays as an NPZ file in base64, in lines."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    text = base64.b64encode(buffer.getvalue()).decode()
    lines = range(0, len(text), _PACKED_LINE)
    return "\n".join(text[start : start + _PACKED_LINE] for start in lines)


def number_blocks(story: Story, array: str, from_file: str) -> list[str]:
    """The code that reads the samples and the given parameters: as decimals, or packed.

    `array` and `from_file` make a list, and an array of the packed file, the library's: templates
    with `{}` for it.
    """
    if packed(story):
        arrays = {"points": samples(story), "theta": np.stack(story.thetas)}
        points, theta = (from_file.format(f'FILE["{name}"]') for name in arrays)
        return [
            f'PACKED = """\n{pack(arrays)}\n"""',
            "FILE = np.load(io.BytesIO(base64.b64decode(PACKED)))\n"
            f"POINTS, THETA = {points}, {theta}",
        ]
    inputs, targets = sample_names(story)
    names = [*inputs, *targets]
    read = array.format("[float(word) for word in text.split()]")
    points = f'numbers("""\n{written_densely(samples(story))}\n""").reshape(-1, {len(names)})'
    thetas = (f'numbers("""\n{written(rows_of(story, theta))}\n""")' for theta in story.thetas)
    return [
        f"def numbers(text):\n    return {read}",
        f"# {' '.join(names)} of every sample\nPOINTS = {points}",
        f"# [W | b] of every layer, a line for each neuron\nTHETA = [{', '.join(thetas)}]",
    ]


def runs_code(story: Story, settings_of: Settings) -> str:
    """The table of runs, and the call that trains them."""
    shared = common(story, settings_of)
    lines, theta = [f"COMMON = dict({', '.join(f'{k}={v}' for k, v in shared.items())})"], 0
    lines.append("RUNS = {")
    for k, run in enumerate(story.runs):
        told = []
        for change in run:
            words = settings_of(story, k, change, theta)
            theta += change.theta is not None
            own = [f"{name}={value}" for name, value in words.items() if name not in shared]
            first = ["COMMON"] if change.step == 0 else []
            told.append(f"        {change.step}: dict({', '.join([*first, *own])}),")
        lines += [f"    {f'{k}: {label(story, k)}'!r}: {{", *told, "    },"]
    lines += ["}", "TRAIN = [train(changes) for changes in RUNS.values()]"]
    return "\n".join(lines)


def common(story: Story, of: Callable[[Story, int, Change, int], dict[str, str]]) -> dict[str, str]:
    """The settings of step 0 that are the same in all runs, and that nothing changes later."""
    first = [of(story, k, run[0], 0) for k, run in enumerate(story.runs)]
    later = {
        name
        for k, run in enumerate(story.runs)
        for change in run[1:]
        for name in of(story, k, change, 0)
    }
    return {
        name: value
        for name, value in first[0].items()
        if name not in later | {"theta", "twins"} and all(one[name] == value for one in first)
    }
