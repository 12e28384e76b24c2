"""Specs whose histories differ in what is stored of them and in how they are computed again."""

from typing import Any

SMALL: dict[str, Any] = {
    "data": {"samples": 30},
    "layers": [{"units": 2, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "runs": [{}, {"seed": 9, "loss": "mse"}],
}
LARGE: dict[str, Any] = {  # parameters of which only every 64th step's are stored
    "data": {"samples": 30},
    "layers": [{"units": 64, "activation": "tanh"}] * 3 + [{"units": 1, "activation": "sigmoid"}],
    "optimizer": {"learning_rate": 0.1},
    "runs": [{}, {"seed": 9, "loss": "mse"}, {"seed": 10}, {"seed": 11}],
}
DIVERGING = {
    "data": {"name": "line", "samples": 30, "noise": 0.2},
    "layers": [{"units": 2, "activation": "linear"}, {"units": 1, "activation": "linear"}],
    "runs": [{}, {"seed": 9, "optimizer": {"learning_rate": 0.01}}],
}
ADAM, MOMENTUM = {"name": "adam", "learning_rate": 0.05}, {"name": "momentum"}
STATEFUL = {  # runs that carry different things, one of them with a schedule
    **SMALL,
    "runs": [
        {"optimizer": ADAM, "regularizer": {"name": "l1_dying", "rate": 0.05}},
        {"optimizer": MOMENTUM, "schedule": {"name": "cosine", "length": 120}},
        {"clipping": {"name": "norm", "max_norm": 0.1}, "regularizer": {"name": "l2"}},
    ],
}
DROPPING = {
    **SMALL,
    "batch_size": 4,
    "layers": [{"units": 6, "activation": "gelu", "dropout": 0.3}, SMALL["layers"][1]],
    "optimizer": ADAM,
}
LARGER = {  # parameters stored every few steps, and the optimizers' state every 64
    **LARGE,
    "layers": LARGE["layers"][2:],
    "optimizer": {"name": "adam"},
    "runs": [{}, {"seed": 9}],
}
SPECS: dict[str, Any] = {
    "small": SMALL,
    "mini-batch": {**SMALL, "batch_size": 4},
    "large": LARGE,
    "large mini-batch": {**LARGE, "batch_size": 4},
    "diverging": DIVERGING,
    "stateful": STATEFUL,
    "larger stateful": LARGER,
    "dropping": DROPPING,
}
