"""The code of an experiment in the form that is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.errors import FieldError, InvalidInput
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import Event
from app.lab.export import numpy_parts, torch_parts
from app.lab.export.notebook import notebook
from app.lab.export.numpy_script import numpy_script
from app.lab.export.story import Story, story
from app.lab.export.torch_script import torch_script

Target = Literal["numpy", "pytorch", "notebook"]


@dataclass(frozen=True)
class Form:
    """How code is written, under which name it is saved, and as which type it is sent."""

    write: Callable[[Story], str]
    file: str
    type: str


FORMS: dict[Target, Form] = {
    "numpy": Form(numpy_script, "basin_numpy.py", "text/x-python"),
    "pytorch": Form(torch_script, "basin_pytorch.py", "text/x-python"),
    "notebook": Form(notebook, "basin.ipynb", "application/x-ipynb+json"),
}


def code(setup: Setup, events: Sequence[Event], step: int, target: Target) -> str:
    """The code that trains an experiment from step 0 to `step`.

    Raises InvalidInput where it would be too large, or where a choice has no code.
    """
    told = story(setup, events, step)
    _check_known(told)
    return FORMS[target].write(told)


def _check_known(told: Story) -> None:
    """Check that every choice has code: one that was added to a registry may have none."""
    for what, known in (
        ("optimizer", numpy_parts.OPTIMIZERS.keys() & torch_parts.OPTIMIZERS.keys()),
        ("schedule", numpy_parts.SCHEDULES.keys() & torch_parts.SCHEDULES.keys()),
        ("regularizer", numpy_parts.REGULARIZERS.keys() & torch_parts.REGULARIZERS.keys()),
        ("clipping", set(numpy_parts.CLIPPINGS)),
    ):
        for name in told.chosen[what]:
            if name not in known:
                detail = f"no code is written for the {what} {name}"
                raise InvalidInput(
                    [
                        FieldError(
                            "/target", "misfit", detail, {"names": sorted(known)}, name, "query"
                        )
                    ]
                )
