"""The status of a run: one word for how it is doing, and the number that shows it.

Everything that is said of a run begins here: the list of runs, the sentence above the picture, the
diagnosis and the API read the same word. It follows from three things: the last losses, the best of
all, and the next few updates, which are worked out and not made. Losses alone do not tell: a run
whose activations saturate has a calm loss while its weights grow without bound, and in a narrow
valley J may fall smoothly while a parameter swings from wall to wall.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.nn.types import Array

FORESEEN = 3
"""So many updates are worked out beyond the present, and not made."""
WINDOW = 120
"""How many of the last steps decide whether a run still moves."""
SHORT_WINDOW = 30
"""So many are enough where the next updates say that there is nothing left to fall."""
LONG_WINDOW = 600
"""So long must a run have rested whose few next updates do not tell where it goes."""
FEW = 5
"""After fewer steps nothing is said of a loss that has not moved yet."""
FLAT = 5e-3
"""A loss that falls by less than this share of itself over the window has come to rest."""
SOLVED = 1e-6
"""Below this share of the loss of the best constant answer there is nothing left to learn."""
LEARNED = 0.5
"""A run at rest has converged if less than this share of what can be learned is left."""

LEVEL = 10
"""The level of a loss is the median of so many steps, so that one swing does not decide."""
GROWN = 3.0
"""A run is unstable whose level is so many times its own best."""
SEEN = 0.1
"""… and above it by this share of the loss of the best constant answer."""

RECENT = 60
"""A loss swings if it rises within so many steps."""
RISE = 0.05
"""With whole batches a loss has no reason to rise; one that does by this share of itself swings."""
NOISY_RISE = 3.0
"""With mini-batches or dropout it does all the time; only one that rises so far swings."""
VISIBLE = 0.01
"""Rises are counted from this share of the loss of the best constant answer on."""
TURN = -0.8
"""Two updates with a smaller cosine lead back and forth."""
WIDE = 0.03
"""Swings of the parameters are counted from this share of the parameters' own length on."""
NARROW = 1e-4
"""… or from this one on, where they do not die out either."""
LASTING = 0.995
"""Swings do not die out whose updates keep this share of their length."""
FAR = 0.05
"""A run whose J would still fall by this share has not converged, however slowly it falls."""
PUSH = 1e-3
"""… and only where an update changes J by this share of the loss of the best constant answer."""
STRETCH = 1.001
"""Updates that lead back and forth, and grow by this factor each, carry the weights away."""

SETTLED = 5e-3
"""There is nothing left to fall where less than this share of J lies ahead."""
STRAIGHT = 0.99
"""Updates whose cosine is larger, in size, lie on one line, so that how they shrink can be read."""
LENGTHENS = 1.0 + 1e-6
"""Updates that grow by more than this factor grow, and not by rounding."""
DYING = 0.5
"""Movements that lose this share of themselves from one third of the window to the last die out."""
STILL = 1e-4
"""… and those of a loss that moves by less than this share of itself have."""
NOTHING = 1e-13
"""An update shorter than this share of the parameters is lost in rounding."""

Status = Literal[
    "not_begun",
    "training",
    "plateau",
    "converged",
    "stuck",
    "oscillating",
    "unstable",
    "growing",
    "diverged",
]
SWINGING: tuple[Status, ...] = ("oscillating", "unstable", "growing", "diverged")
"""What is said of runs whose steps are too long, in one way or another."""


@dataclass(frozen=True)
class Manner:
    """What is to be known of how a run learns, to read its updates rightly.

    A `noisy` one sees other samples, or other neurons, at every step. One that `circles` carries
    something from update to update, or steps to and fro across a kink, so that three updates do not
    tell where it goes. `unbounded` is one whose penalty, or weight decay, alone makes every update
    overshoot, however large the weights have become. A `symmetric` one has a layer of which half
    the neurons or more are identical, and stay so. One that `decays` shrinks its weights at every
    update, whatever J says, so that J may rise on a straight way.
    """

    noisy: bool = False
    circles: bool = False
    unbounded: bool = False
    symmetric: bool = False
    decays: bool = False


@dataclass(frozen=True)
class Scale:
    """What a run's loss is measured by.

    `baseline` is the loss of the best constant answer, `floor` how much of it is noise, which no
    network takes away, and `penalty` how much of the present objective is not loss.
    """

    baseline: float
    floor: float = 0.0
    penalty: float = 0.0

    def learned(self, loss: float) -> bool:
        """Whether most of what can be learned is learned."""
        return loss < self.floor + LEARNED * (self.baseline - self.floor)


@dataclass(frozen=True)
class Outlook:
    """What the next three updates of a run would do, on all samples and with all neurons.

    `turn` is the larger of the two cosines between one update and the next: near -1 every update
    leads back. `stretch` is the smaller of the two factors by which they lengthen. `length` is that
    of the next update, as a share of the parameters' own, and `push` how far J would change if it
    were as flat as its gradient says. `ahead` is how far J would still fall if the updates went on
    to shrink as they do, ∞ where they do not shrink. It `leaves` if some part of the network moves
    straight on in longer and longer updates, as all do that leave a saddle, however short they are.
    """

    turn: float
    stretch: float
    length: float
    push: float
    ahead: float
    leaves: bool = False


def outlook(theta: Array, gradient: Array, parts: NDArray[np.int64] | None = None) -> Outlook:
    """The outlook of a run from its parameters (4, P) now and after each of the next updates.

    `gradient` (P,) is dJ/dtheta now, and `parts` (P,) the number of the part of the network that
    each parameter belongs to.
    """
    return outlooks(theta[:, np.newaxis], gradient[np.newaxis], parts)[0]


def outlooks(
    theta: Array, gradient: Array, parts: NDArray[np.int64] | None = None
) -> list[Outlook]:
    """The outlooks of K runs side by side, theta (4, K, P) and gradients (K, P).

    Each has the numbers that it would have alone, to the last bit.
    """
    with np.errstate(all="ignore"):  # a run may be about to diverge
        _, exponents = np.frexp(np.abs(theta).max(axis=(0, 2)))
        theta = np.ldexp(theta, -exponents[:, np.newaxis])  # squares would be infinite after long
        updates = np.diff(theta, axis=0)
        lengths = np.sqrt(np.add.reduce(updates * updates, axis=-1))  # (3, K)
        factors = lengths[1:] / lengths[:-1]
        products = lengths[:-1] * lengths[1:]
        cosines = np.add.reduce(updates[:-1] * updates[1:], axis=-1) / products
        pushes = [abs(slope @ first) for slope, first in zip(gradient, updates[0], strict=True)]
        pushes = np.ldexp(pushes, exponents).tolist()
        turns, slowest = cosines.max(axis=0).tolist(), factors.max(axis=0).tolist()
        stretches = factors.min(axis=0).tolist()
        sizes = [float(np.sqrt(here @ here)) for here in theta[0]]
        nothing = NOTHING * np.array(sizes)
        leaving = [False] * len(sizes) if parts is None else _leave(updates, parts, nothing)
    known = np.isfinite(lengths).all(axis=0).tolist()
    moves = ((lengths[0] > nothing) & lengths.all(axis=0)).tolist()
    first = lengths[0].tolist()
    found = []
    for k, size in enumerate(sizes):
        if not known[k]:
            found.append(Outlook(0.0, 1.0, np.inf, np.inf, np.inf))
            continue
        if not moves[k]:
            found.append(Outlook(0.0, 1.0, 0.0, 0.0, 0.0))
            continue
        ahead = pushes[k] / (1.0 - slowest[k] ** 2) if slowest[k] < 1.0 else np.inf
        length = first[k] / size if size else np.inf
        found.append(Outlook(turns[k], stretches[k], length, pushes[k], ahead, leaving[k]))
    return found


def _leave(updates: Array, parts: NDArray[np.int64], nothing: Array) -> list[bool]:
    """Whether a part of each network moves straight on in longer and longer updates (3, K, P).

    What is shorter than `nothing` (K,) does not move.
    """
    first, second, third = updates
    squares = np.stack([first * first, second * second, third * third, first * second])
    count, (_, K, _) = int(parts.max()) + 1, updates.shape
    bins = np.arange(4 * K)[:, np.newaxis] * count + parts
    sums = np.bincount(bins.reshape(-1), squares.reshape(-1), 4 * K * count)
    *lengths, straight = sums.reshape(4, K, count)
    one, two, three = np.sqrt(lengths)
    straight_on = straight > STRAIGHT * one * two
    longer = (two > LENGTHENS * one) & (three > LENGTHENS * two)
    moving: NDArray[np.bool_] = one > nothing[:, np.newaxis]
    leaving: list[bool] = (straight_on & longer & moving).any(axis=1).tolist()
    return leaving


@dataclass(frozen=True)
class Standing:
    """The status of a run, and the number that shows it.

    | status | value |
    |---|---|
    | not_begun | J |
    | training | the share of J that is gone since the first step of the window |
    | plateau | the share by which J has moved in the window |
    | converged | J |
    | stuck | J over that of the best constant answer |
    | oscillating | the most that J rose lately, as a share of what it rose from |
    | unstable | the median of J over the last 10 steps, over the run's own best |
    | growing | the factor by which each update is longer than the one before |
    | diverged | the step at which it did |
    """

    status: Status
    value: float


def standing(
    objective: Array, best: float, scale: Scale, step: int, ahead: Outlook, manner: Manner
) -> Standing:
    """The standing of a run that has not diverged.

    `objective` (T,) are the last values of what it descends, loss and penalty, of which
    `LONG_WINDOW` + 1 are looked at; the last is the present one, at `step`. `best` is the least of
    all since it began. All are of the same objective, and of parameters that updates have led to.
    """
    known = objective[-WINDOW - 1 :]
    now, baseline = float(known[-1]), scale.baseline
    if step == 0:
        return Standing("not_begun", now - scale.penalty)
    back = ahead.turn <= TURN
    if back and manner.unbounded and ahead.stretch >= STRETCH:
        return Standing("growing", ahead.stretch)
    level = _median(known[1:][-LEVEL:].tolist()) if len(known) > 1 else now
    if _far_above(known, level, best, baseline):
        return Standing("unstable", level / best if best > 0.0 else np.inf)
    if now <= SOLVED * baseline:
        return Standing("converged", now - scale.penalty)
    lowest, rise = _largest_rise(known[-RECENT - 1 :])
    least = NOISY_RISE if manner.noisy else RISE
    wide = back and ahead.length >= WIDE and ahead.push >= PUSH * baseline
    plain = not (manner.noisy or manner.circles)
    lasting = plain and back and ahead.length >= NARROW and ahead.stretch >= LASTING
    drawn = manner.decays and ahead.turn >= STRAIGHT  # its weights shrink, and J rises with that
    if wide or lasting or (rise > max(least * lowest, VISIBLE * baseline) and not drawn):
        return Standing("oscillating", rise / lowest if lowest > 0.0 else np.inf)
    return _on_its_way(objective, scale, ahead, manner)


def _far_above(known: Array, level: float, best: float, baseline: float) -> bool:
    """Whether a run's loss is far above its own best, and not because it falls fast."""
    if level <= GROWN * best or level - best <= SEEN * baseline:
        return False
    _, rise = _largest_rise(known[-LEVEL - 1 :])
    return float(known[-1]) > GROWN * best or rise > VISIBLE * baseline


def _median(values: list[float]) -> float:
    """The median of a few numbers, which for so few numpy takes ten times as long to find."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _largest_rise(losses: Array) -> tuple[float, float]:
    """From where, and by how much, losses have risen the most."""
    lowest = np.minimum.accumulate(losses)
    place = int(np.argmax(losses - lowest))
    return float(lowest[place]), float(losses[place] - lowest[place])


def _on_its_way(rest: Array, scale: Scale, ahead: Outlook, manner: Manner) -> Standing:
    """The standing of a run that does not swing: it moves, or is at rest in one way or another."""
    known = rest[-WINDOW - 1 :]
    now, moved = float(known[-1]), len(known) - 1
    fell = 1.0 - now / float(known[0]) if known[0] > 0.0 else 0.0
    loss = now - scale.penalty
    learned = scale.learned(loss)
    settled = ahead.ahead < SETTLED * now and not manner.noisy
    plain = settled and abs(ahead.turn) >= STRAIGHT
    enough = SHORT_WINDOW if learned and plain else WINDOW
    still = manner.circles and _is_still(known)
    if moved >= enough and (still or at_rest(known[-enough:])):
        if learned and not _falls_on(rest, loss, ahead, manner):
            return Standing("converged", loss)
        if not learned and _is_lost(rest, settled, ahead, manner):
            return Standing("stuck", loss / scale.baseline)
        return Standing("training", fell) if learned else Standing("plateau", abs(fell))
    if FEW <= moved < WINDOW and not learned and abs(fell) < FLAT and not manner.noisy:
        return Standing("plateau", abs(fell))
    return Standing("training", fell)


def at_rest(losses: Array) -> bool:
    """Whether losses, three or more, have come to rest, with the noise of mini-batches or without.

    They have if they fell by less than `FLAT` of themselves and do not fall faster and faster, as a
    run does that leaves a plateau. Thirds are compared, and what is left of each when its own trend
    is taken away is noise, which does not decide.
    """
    parts = losses[len(losses) % 3 :].reshape(3, -1)
    count = parts.shape[1]
    means = np.add.reduce(parts, axis=1, keepdims=True) / count
    early, middle, late = means[:, 0].tolist()
    time, square = _time(count)
    slopes = (parts @ time) / square
    noise = _deviation(parts - means - slopes[:, np.newaxis] * time)
    fell, falls = early - middle, middle - late
    leaving = falls > max(fell, noise, 1e-9 * abs(late))
    return not leaving and abs(early - late) <= max(FLAT * abs(late), noise)


@lru_cache(maxsize=64)
def _time(count: int) -> tuple[Array, float]:
    """So many moments from -1 to 1, and the sum of their squares."""
    time = np.linspace(-1.0, 1.0, count)
    time.flags.writeable = False
    return time, float(time @ time)


def _deviation(numbers: Array) -> float:
    """The standard deviation of all numbers of an array: np.std, to the bit, in half its time."""
    away = numbers - np.add.reduce(numbers, axis=None) / numbers.size
    return float(np.sqrt(np.add.reduce(away * away, axis=None) / numbers.size))


def _falls_on(rest: Array, loss: float, ahead: Outlook, manner: Manner) -> bool:
    """Whether J still falls, though so slowly that it seems at rest."""
    if manner.noisy:
        return not _rested(rest, 3 * WINDOW)
    straight = not manner.circles and ahead.turn >= STRAIGHT and ahead.length > 0.0
    return straight and ahead.ahead >= FAR * loss


def _rested(rest: Array, steps: int) -> bool:
    """Whether a run has been at rest for so many steps."""
    return len(rest) > steps and at_rest(rest[-steps:])


def _is_lost(rest: Array, settled: bool, ahead: Outlook, manner: Manner) -> bool:
    """Whether a run at rest that has learned little will stay where it is.

    On a plateau that will be left, too, J hardly moves at first. So of a run whose updates are not
    lost in rounding this is said only if nothing in it moves on and little lies ahead, or, where
    the updates do not tell, after a long rest; with mini-batches only of what they cannot change.
    """
    if manner.noisy:
        return manner.symmetric and _rested(rest, LONG_WINDOW)
    if ahead.length == 0.0:
        return True
    if manner.circles:
        still = _rested(rest, LONG_WINDOW) or (len(rest) > LONG_WINDOW and _is_still(rest))
        return still and _dies_out(rest[-WINDOW - 1 :])
    return settled and not ahead.leaves


def _dies_out(known: Array) -> bool:
    """Whether J hardly moves, or less and less from third to third of the window."""
    moves = np.abs(np.diff(known[-WINDOW:]))
    early, _, late = (float(part.sum()) for part in np.array_split(moves, 3))
    return late <= DYING * early or _is_still(known)


def _is_still(known: Array) -> bool:
    return float(np.ptp(known)) <= STILL * float(known[-1])
