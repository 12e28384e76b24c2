"""What is trained by PyTorch and by Basin, from the same numbers: 100 full-batch steps each.

Starts and samples come from sines, so that neither side needs the other's random numbers.
"""

from itertools import pairwise
from math import sin
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("pytorch.json")
"""What PyTorch came to, by `generate`."""

STEPS = 100
TOLD = (0, 1, 10, 50, 100)
"""The steps whose losses are compared; parameters are after the last one."""
INPUTS, SAMPLES = 2, 12

HIDDEN = ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "softplus", "gelu",
          "silu")  # fmt: skip
OUTPUTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("mse", "half_mse", "mae", "huber"), HIDDEN),
    "cross_entropy": ("sigmoid",),
    "hinge": ("linear", "tanh"),
    "softmax_cross_entropy": ("softmax",),
}

OPTIMIZERS: dict[str, dict[str, Any]] = {
    "gradient_descent": {"name": "gradient_descent", "learning_rate": 0.3},
    "momentum": {"name": "momentum", "learning_rate": 0.05},
    "momentum, dampened": {"name": "momentum", "learning_rate": 0.1, "momentum": 0.8,
                           "dampening": 0.3},
    "nesterov": {"name": "nesterov", "learning_rate": 0.05},
    "adagrad": {"name": "adagrad", "learning_rate": 0.05},
    "adagrad, decaying": {"name": "adagrad", "learning_rate": 0.1, "lr_decay": 0.02, "eps": 1e-6},
    "rmsprop": {"name": "rmsprop", "learning_rate": 0.002},
    "rmsprop, short": {"name": "rmsprop", "learning_rate": 0.002, "alpha": 0.9, "eps": 1e-4},
    "adam": {"name": "adam", "learning_rate": 0.01},
    "adam, short": {"name": "adam", "learning_rate": 0.02, "beta1": 0.7, "beta2": 0.95,
                    "eps": 1e-5},
    "adamw": {"name": "adamw", "learning_rate": 0.01},
    "adamw, strong": {"name": "adamw", "learning_rate": 0.02, "weight_decay": 0.2},
}  # fmt: skip
SCHEDULES: dict[str, dict[str, Any]] = {
    "constant": {"name": "constant"},
    "step": {"name": "step", "step_size": 30, "gamma": 0.5},
    "exponential": {"name": "exponential", "gamma": 0.98},
    "cosine": {"name": "cosine", "length": 100, "minimum": 0.1},
    "one_cycle": {"name": "one_cycle", "length": 100, "peak": 2.0, "div_factor": 10.0,
                  "final_div_factor": 100.0},
    "one_cycle, early": {"name": "one_cycle", "length": 100, "pct_start": 0.15},
    "linear_warmup": {"name": "linear_warmup", "length": 40, "start_factor": 0.2},
}  # fmt: skip
CLIPPINGS: dict[str, dict[str, Any]] = {
    "norm": {"name": "norm", "max_norm": 0.05},
    "norm, at times": {"name": "norm", "max_norm": 0.2},
}
REGULARIZERS: dict[str, dict[str, Any]] = {
    "l1": {"name": "l1", "rate": 0.01},
    "l2": {"name": "l2", "rate": 0.05},
}

PLAIN: dict[str, Any] = {
    "hidden": "tanh",
    "output": "sigmoid",
    "loss": "cross_entropy",
    "optimizer": OPTIMIZERS["gradient_descent"],
    "schedule": SCHEDULES["constant"],
    "clipping": {"name": "none"},
    "regularizer": {"name": "none"},
}


def cases() -> dict[str, dict[str, Any]]:
    """Every case by name: how it differs from the plain one is said, all of it is there."""
    found: dict[str, dict[str, Any]] = {}
    for hidden in HIDDEN:
        found[f"hidden {hidden}"] = {"hidden": hidden}
    slow = {"optimizer": {"name": "gradient_descent", "learning_rate": 0.05}}
    for loss, outputs in OUTPUTS.items():
        for output in outputs:
            found[f"{loss} of {output}"] = {"loss": loss, "output": output, **slow}
    for name, optimizer in OPTIMIZERS.items():
        found[f"optimizer {name}"] = {"optimizer": optimizer}
    for name, schedule in SCHEDULES.items():
        found[f"schedule {name}"] = {"schedule": schedule}
        found[f"schedule {name} of adam"] = {
            "schedule": schedule,
            "optimizer": OPTIMIZERS["adam"],
        }
    for name, clipping in CLIPPINGS.items():
        found[f"clipping {name}"] = {"clipping": clipping}
    for name, regularizer in REGULARIZERS.items():
        found[f"regularizer {name}"] = {"regularizer": regularizer}
        found[f"regularizer {name}, clipped, of nesterov"] = {
            "regularizer": regularizer,
            "clipping": CLIPPINGS["norm, at times"],
            "optimizer": OPTIMIZERS["nesterov"],
        }
    return {name: {**PLAIN, **case} for name, case in found.items()}


def sizes(case: dict[str, Any]) -> list[int]:
    """Units of every layer, the inputs first."""
    return [INPUTS, 4, 3, 3 if case["output"] == "softmax" else 1]


def start(case: dict[str, Any]) -> dict[str, Any]:
    """W and b of every layer, nested as the API has them."""
    widths, count = sizes(case), 0
    W: list[Any] = []
    b: list[Any] = []
    for n_in, n_out in pairwise(widths):
        number = [0.7 * sin(1.0 + 2.3 * (count + i)) for i in range(n_out * (n_in + 1))]
        count += len(number)
        W.append([number[row * n_in : (row + 1) * n_in] for row in range(n_out)])
        b.append(number[n_out * n_in :])
    return {"W": W, "b": b}


def samples(case: dict[str, Any]) -> tuple[list[list[float]], list[list[float]]]:
    """Inputs and targets in rows."""
    x = [[sin(1.7 * i + j) + 0.3 * j for j in range(INPUTS)] for i in range(SAMPLES)]
    value = [sin(2.0 * a) + b for a, b in x]
    if case["output"] == "softmax":
        return x, [[float(i % 3 == k) for k in range(3)] for i in range(SAMPLES)]
    if case["loss"] == "hinge":
        return x, [[1.0 if v > 0.0 else -1.0] for v in value]
    if case["loss"] == "cross_entropy":
        return x, [[1.0 if v > 0.0 else 0.25] for v in value]
    return x, [[v] for v in value]
