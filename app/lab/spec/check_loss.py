"""The agreement of a loss with the output layer and the targets that it compares."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.errors import FieldError
from app.lab.spec.dataset import DataSpec
from app.lab.spec.field_errors import pointer
from app.nn.losses import LOSSES, Loss
from app.nn.types import Array


@dataclass(frozen=True)
class LossCheck:
    """The targets (n_y, n) and the output's activation, with which every loss of a spec must agree.

    With `flat` a learner brought the targets as a list of numbers, not as a list of rows.
    """

    data: DataSpec
    targets: Array
    output: str
    flat: bool

    def misfit(self, name: str, at: str) -> FieldError | None:
        """The error of a loss that does not fit; `at` is where its name stands."""
        loss = LOSSES[name]
        if not loss.fits(self.output):
            fitting = [other for other, choice in LOSSES.items() if choice.fits(self.output)]
            detail = (
                f"{name} needs a {' or '.join(loss.outputs)} output, not {self.output};"
                f" with it go {', '.join(fitting)}"
            )
            allowed = {"names": fitting, "outputs": list(loss.outputs)}
            return FieldError(at, "misfit", detail, allowed, name)
        return None if loss.targets is None else self._refused(name, loss, at)

    def _refused(self, name: str, loss: Loss, at: str) -> FieldError | None:
        """The error of a loss that takes certain targets and is given others.

        It points at the first such number if the learner brought it, and else at the loss.
        """
        data, targets = self.data, self.targets
        brought = data.classes is None and not data.standardize_target
        own = data.targets if brought else None
        if own is not None:
            targets = own  # in the order in which they were given
        outside = np.argwhere(loss.refuses(targets))
        if not len(outside):
            return None
        row, sample = (int(i) for i in outside[0])
        detail, allowed = _taken(name, loss)
        if own is not None:
            place = pointer("data", "targets", *([sample] if self.flat else [sample, row]))
            return FieldError(place, "out_of_range", detail, allowed, float(own[row, sample]))
        detail += f"; those of {data.name} go from {targets.min():g} to {targets.max():g}"
        return FieldError(at, "misfit", detail, {**allowed, "names": self._for_any_target()}, name)

    def _for_any_target(self) -> list[str]:
        """The losses that fit the output and take any targets."""
        return [
            name for name, loss in LOSSES.items() if loss.targets is None and loss.fits(self.output)
        ]


def _taken(name: str, loss: Loss) -> tuple[str, dict[str, Any]]:
    """The targets that a loss takes, in words and as the `allowed` of an error."""
    low, high = loss.targets or (-np.inf, np.inf)
    allowed: dict[str, Any] = {"minimum": low, "maximum": high}
    if loss.labels is not None:
        allowed["values"] = list(loss.labels)
        return f"{name} takes the targets {' and '.join(f'{n:g}' for n in loss.labels)}", allowed
    detail = f"{name} takes targets from {low:g} to {high:g}"
    return detail + " that add up to 1" if loss.distribution else detail, allowed
