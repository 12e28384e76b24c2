"""Schedules: the factor on the learning rate, a pure function of the step.

`factor(t, options)` takes the numbers t (T,) of updates, counted from 0 where the schedule was
chosen, and gives the factors (T,). They are PyTorch's learning rates, relative to the one that is
set. Where PyTorch's schedule ends with an error, or would rise again, the last factor stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from app.choices import Range
from app.nn.types import Array

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Schedule:
    """A schedule: the factor on the learning rate at each step."""

    factor: Callable[[Array, Numbers], Array]
    formula: str
    parameters: tuple[Range, ...] = ()


def constant(t: Array, options: Numbers) -> Array:
    """1."""
    return np.ones_like(t)


def step(t: Array, options: Numbers) -> Array:
    """γ^⌊t/s⌋: every s updates the rate is multiplied by γ (StepLR)."""
    factor: Array = np.power(options["gamma"], np.floor(t / options["step_size"]))
    return factor


def exponential(t: Array, options: Numbers) -> Array:
    """γ^t (ExponentialLR)."""
    factor: Array = np.power(options["gamma"], t)
    return factor


def cosine(t: Array, options: Numbers) -> Array:
    """From 1 to m along half a cosine, m + (1 - m)(1 + cos πt/L)/2, constant from then on.

    Loshchilov & Hutter 2017, SGDR, eq. 5, without restarts (CosineAnnealingLR; its `eta_min` is m
    times the learning rate).
    """
    least = options["minimum"]
    along = np.minimum(t, options["length"]) / options["length"]
    return least + (1.0 - least) * 0.5 * (1.0 + np.cos(np.pi * along))


def one_cycle(t: Array, options: Numbers) -> Array:
    """Up from peak/d to the peak within a share p of L, then down to peak/(d·f), along cosines.

    Smith & Topin 2018, Super-Convergence (OneCycleLR with `total_steps` L, `max_lr` the peak times
    the learning rate, and momentum left alone).
    """
    peak, start = options["peak"], options["peak"] / options["div_factor"]
    end = start / options["final_div_factor"]
    last = options["length"] - 1.0
    top = max(options["pct_start"] * options["length"] - 1.0, 0.0)
    t = np.minimum(t, last)
    up = _cosine(start, peak, t / top) if top > 0.0 else np.full_like(t, peak)
    down = _cosine(peak, end, (t - top) / (last - top)) if last > top else np.full_like(t, peak)
    return np.where(t <= top, up, down)


def _cosine(start: float, end: float, along: Array) -> Array:
    factor: Array = 0.5 * (start - end) * (1.0 + np.cos(np.pi * along))
    factor += end
    return factor


def linear_warmup(t: Array, options: Numbers) -> Array:
    """From a share s to 1 in L updates, s + (1 - s) t/L, constant from then on (LinearLR)."""
    start = options["start_factor"]
    return start + (1.0 - start) * np.minimum(t, options["length"]) / options["length"]


_LENGTH = Range("length", 1000, 1, 10**6, integer=True, scale="log")

SCHEDULES: dict[str, Schedule] = {
    "constant": Schedule(constant, "αₜ = α"),
    "step": Schedule(
        step,
        "αₜ = α · γ^⌊t/s⌋",
        (
            Range("step_size", 200, 1, 10**6, integer=True, scale="log"),
            Range("gamma", 0.1, 0.0, 1.0, exclusive_minimum=True),
        ),
    ),
    "exponential": Schedule(
        exponential, "αₜ = α · γᵗ", (Range("gamma", 0.995, 0.0, 1.0, exclusive_minimum=True),)
    ),
    "cosine": Schedule(
        cosine,
        "αₜ = α · (m + (1 − m)(1 + cos(πt/L))/2)",
        (_LENGTH, Range("minimum", 0.0, 0.0, 1.0)),
    ),
    "one_cycle": Schedule(
        one_cycle,
        "αₜ: α·peak/d → α·peak → α·peak/(d·f)",
        (
            _LENGTH,
            Range("peak", 1.0, 0.01, 100.0, scale="log"),
            Range("pct_start", 0.3, 0.0, 1.0),
            Range("div_factor", 25.0, 1.0, 1e6, scale="log"),
            Range("final_div_factor", 1e4, 1.0, 1e8, scale="log"),
        ),
    ),
    "linear_warmup": Schedule(
        linear_warmup,
        "αₜ = α · (s + (1 − s) · min(t/L, 1))",
        (
            Range("length", 100, 1, 10**6, integer=True, scale="log"),
            Range("start_factor", 1.0 / 3.0, 0.0, 1.0, exclusive_minimum=True),
        ),
    ),
}
