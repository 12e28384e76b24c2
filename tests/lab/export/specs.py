"""Experiments that together hold every choice there is, for the code that is made of them.

Each is a spec with the `events` on the way and the `step` to go to.
"""

from typing import Any

from app.lab.spec.presets import presets
from tests.oracle.cases import CLIPPINGS, OPTIMIZERS, OUTPUTS, SCHEDULES

Spec = dict[str, Any]
XOR = {"name": "xor", "samples": 60, "noise": 0.1}
WEIGHTS = ("zeros", "constant", "normal", "uniform", "truncated_normal", "sparse", "identity",
           "lecun_normal", "lecun_uniform", "glorot_normal", "glorot_uniform", "he_normal",
           "he_uniform", "fan_in_uniform", "orthogonal", "lsuv",
           "tensorflow_playground")  # fmt: skip
BIASES = ("zeros", "constant", "normal", "uniform", "tensorflow_playground")
GENTLE = {"name": "gradient_descent", "learning_rate": 0.05}
THREE = {"name": "rings", "samples": 60}
CLASSES = [[float(i % 3 == k) for k in range(3)] for i in range(20)]
INPUTS = [[0.1 * i - 1.0, ((7 * i) % 20) / 10.0 - 1.0, 5.0] for i in range(20)]


def specs() -> dict[str, Spec]:
    """Every spec by name."""
    found: dict[str, Spec] = {
        f"preset {name}": {**spec, "step": 60} for name, spec in presets().items()
    }
    return found | _methods() | _networks() | _ways()


def _methods() -> dict[str, Spec]:
    """Every optimizer, schedule, clipping and regularizer, many of them side by side."""
    runs: list[Spec] = [{"label": name, "optimizer": choice} for name, choice in OPTIMIZERS.items()]
    small: Spec = {"data": XOR, "step": 80}
    penalties = [
        {"name": "l1", "rate": 0.01},
        {"name": "l2", "rate": 0.05},
        {"name": "l1_dying", "rate": 0.05},
    ]
    return {
        "optimizers in batches": {**small, "batch_size": 25, "runs": runs},
        "optimizers in batches of 4": {**small, "batch_size": 4, "runs": runs},
        **{
            f"schedule {name}": {**small, "schedule": choice, "runs": runs[-4:]}
            for name, choice in SCHEDULES.items()
        },
        **{f"clipping {name}": {**small, "clipping": choice} for name, choice in CLIPPINGS.items()},
        **{f"regularizer {one['name']}": {**small, "regularizer": one} for one in penalties},
        "l1_dying of adam": {
            **small,
            "regularizer": penalties[-1],
            "clipping": CLIPPINGS["norm"],
            "optimizer": OPTIMIZERS["adam"],
        },
    }


def _networks() -> dict[str, Spec]:
    """Every activation, loss with every output, rule, feature, and dropout."""
    found: dict[str, Spec] = {}
    for loss, outputs in OUTPUTS.items():
        for output in outputs:
            units = 3 if output == "softmax" else 1
            hidden = "silu" if output == "softmax" else output
            found[f"{loss} of {output}"] = {
                "data": THREE if output == "softmax" else XOR,
                "layers": [
                    {"units": 3, "activation": hidden},
                    {"units": units, "activation": output},
                ],
                "loss": loss,
                "optimizer": GENTLE,
                "step": 40,
            }
    rules = [{"recipe": {"weights": {"name": name}}} for name in WEIGHTS[:12]]
    others = [{"recipe": {"weights": {"name": name}}} for name in WEIGHTS[12:]]
    others += [
        {"recipe": {"weights": {"name": "glorot_uniform"}, "biases": {"name": name}}}
        for name in BIASES
    ]
    return found | {
        "rules": {"data": XOR, "runs": rules, "step": 20},
        "other rules": {"data": XOR, "runs": others, "step": 20},
        "losses": {
            "data": {"name": "sine", "samples": 50},
            "layers": [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "linear"}],
            "runs": [{"loss": name} for name in ("mse", "half_mse", "mae", "huber")],
            "optimizer": GENTLE,
            "step": 60,
        },
        "features": {
            "data": {**XOR, "standardize": True},
            "features": ["x1", "x2^2", "x1*x2", "sin(x1)", "cos(x2)"],
            "step": 40,
        },
        "dropout": {
            "data": XOR,
            "layers": [
                {"units": 6, "activation": "tanh", "dropout": 0.3},
                {"units": 4, "activation": "relu"},
                {"units": 1, "activation": "sigmoid"},
            ],
            "batch_size": 10,
            "optimizer": OPTIMIZERS["momentum"],
            "step": 60,
        },
        "dropout of all samples": {
            "data": XOR,
            "layers": [
                {"units": 6, "activation": "gelu", "dropout": 0.5},
                {"units": 1, "activation": "sigmoid"},
            ],
            "step": 40,
        },
        "own classes of three": {
            "data": {
                "name": "custom",
                "inputs": INPUTS,
                "targets": [row.index(1.0) for row in CLASSES],
                "classes": ["a", "b", 'c"""\\'],
                "train_fraction": 0.7,
                "standardize": True,
            },
            "layers": [{"units": 4, "activation": "elu"}, {"units": 3, "activation": "softmax"}],
            "runs": [{"label": 'quotes """ \' \\ $x$\n'}, {"label": "第二"}],
            "step": 60,
        },
        "own numbers, two outputs": {
            "data": {
                "name": "custom",
                "inputs": INPUTS,
                "targets": [[x + y, x * y] for x, y, _ in INPUTS],
                "standardize_target": True,
            },
            "layers": [{"units": 5, "activation": "tanh"}, {"units": 2, "activation": "linear"}],
            "optimizer": GENTLE,
            "step": 60,
        },
        "a formula with noise": {
            "data": {"name": "formula", "formula": "x1^2 + x2 > 3", "inputs": 2, "noise": 0.2,
                     "samples": 80},
            "step": 40,
        },
        "large": {
            "data": {"name": "spiral", "samples": 700},
            "layers": [*[{"units": 24, "activation": "tanh"}] * 3,
                       {"units": 1, "activation": "sigmoid"}],
            "batch_size": 64,
            "step": 15,
        },
    }  # fmt: skip


def _ways() -> dict[str, Spec]:
    """Events on the way, and runs that diverge."""
    W, b = [[[0.5, -0.5], [0.5, -0.5]], [[1.0, 1.0]]], [[0.1, 0.1], [0.0]]
    two = [{"units": 2, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]
    adam, gd = OPTIMIZERS["adam"], OPTIMIZERS["gradient_descent"]
    wild = {"name": "gradient_descent", "learning_rate": 10.0}
    return {
        "events": {
            "data": XOR,
            "layers": two,
            "runs": [{}, {"seed": 3}, {"optimizer": OPTIMIZERS["momentum"]}],
            "events": [
                {"step": 0, "clipping": {"name": "norm", "max_norm": 0.5}, "run": 1},
                {"step": 5, "optimizer": adam},
                {"step": 9, "optimizer": {**adam, "learning_rate": 0.1, "beta1": 0.8}, "run": 0},
                {"step": 9, "schedule": {"name": "exponential", "gamma": 0.97}, "run": 1},
                {"step": 12, "parameters": {"W": W, "b": b}, "run": 0},
                {"step": 12, "regularizer": {"name": "l1_dying", "rate": 0.05}, "run": 2},
                {"step": 20, "optimizer": gd},
                {"step": 20, "optimizer": adam, "run": 2},
                {"step": 25, "regularizer": {"name": "l2", "rate": 0.01}},
                {"step": 30, "regularizer": {"name": "l1_dying", "rate": 0.1}, "run": 2},
                {"step": 31, "schedule": {"name": "cosine", "length": 20, "minimum": 0.2}},
                {"step": 40, "clipping": {"name": "none"}},
            ],
            "step": 60,
        },
        "diverges, and is set by hand": {
            "data": {"name": "line", "samples": 40},
            "layers": [{"units": 2, "activation": "linear"}, {"units": 1, "activation": "linear"}],
            "loss": "mse",
            "runs": [{"optimizer": wild}, {"optimizer": {**wild, "learning_rate": 0.1}}],
            "events": [
                {"step": 40, "optimizer": gd, "run": 0},
                {"step": 50, "parameters": {"W": [[[0.1], [0.2]], [[0.1, 0.3]]],
                                            "b": [[0.0, 0.1], [0.0]]}, "run": 0},
            ],
            "step": 70,
        },
        "no momentum, and then some": {
            "data": XOR,
            "runs": [
                {"optimizer": {**OPTIMIZERS["momentum, dampened"], "momentum": 0.0}},
                {"optimizer": {**OPTIMIZERS["nesterov"], "momentum": 0.0}},
            ],
            "events": [
                {"step": 5, "run": 0, "optimizer": OPTIMIZERS["momentum, dampened"]},
                {"step": 6, "run": 1, "optimizer": OPTIMIZERS["nesterov"]},
            ],
            "step": 20,
        },
        "there and back in one step": {
            "data": XOR,
            "optimizer": OPTIMIZERS["momentum"],
            "runs": [{}, {"seed": 3}],
            "events": [
                {"step": 6, "optimizer": adam},
                {"step": 6, "run": 1, "optimizer": OPTIMIZERS["momentum"]},
                {"step": 8, "regularizer": {"name": "l1_dying", "rate": 0.2}},
                {"step": 12, "regularizer": {"name": "l2", "rate": 0.2}},
                {"step": 12, "run": 1, "regularizer": {"name": "l1_dying", "rate": 0.1}},
            ],
            "step": 20,
        },
        "one sample a step": {"data": THREE, "layers": [{"units": 3, "activation": "softmax"}],
                              "batch_size": 1, "step": 40},
        "not a single step": {"step": 0},
    }  # fmt: skip
