"""Principal components: a few inputs that hold most of what many columns of numbers say.

Every column is standardised first, so that its unit does not matter. Means, deviations and
directions are those of the training rows alone, so that no test row tells anything of itself.
See Jolliffe, Principal Component Analysis, 2nd edition, 2002, chapters 2 and 3.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Components(NamedTuple):
    """Components, the largest first: a value in every row for each, and its share of variance."""

    values: tuple[list[float], ...]
    explained: tuple[float, ...]


def principal_components(
    columns: Sequence[Sequence[float]], training: Sequence[int], most: int
) -> Components:
    """At most so many principal components of columns of numbers.

    There are no more than the training rows can tell apart. A column that is constant in them says
    nothing. Of the two signs of a component the one is taken whose largest weight is positive.
    """
    X = np.array(columns, dtype=float)  # (columns, rows)
    known = X[:, list(training)]
    largest = np.abs(known).max(axis=1, keepdims=True)
    scale = np.where(largest > 0.0, largest, 1.0)  # squares of large numbers stay finite
    X, known = X / scale, known / scale
    mean = known.mean(axis=1, keepdims=True)
    spread = known.std(axis=1, keepdims=True)
    varies = (spread > 1e-12 * np.abs(known).max(axis=1, keepdims=True)).ravel()
    if not varies.any():
        return Components((), ())
    Z = ((X - mean)[varies]) / spread[varies]  # (columns that vary, rows)
    directions, singular, _ = np.linalg.svd(Z[:, list(training)], full_matrices=False)
    told = singular > singular[0] * 1e-10
    count = min(most, int(told.sum()))
    U = directions[:, :count]
    heaviest = np.abs(U).argmax(axis=0)
    U = U * np.sign(U[heaviest, np.arange(count)])
    shares = singular**2 / float(np.sum(singular**2))
    return Components(tuple((U.T @ Z).tolist()), tuple(shares[:count].tolist()))
