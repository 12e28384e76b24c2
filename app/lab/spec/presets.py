"""The experiments to begin with; the tests measure what the page says of each."""

from dataclasses import dataclass, field
from typing import Any, Literal

from app.lab.spec.recipes import RECIPES

Group = Literal["start", "initialisation", "loss", "depth", "optimizers"]
Look = dict[str, str | bool]


@dataclass(frozen=True)
class Showing:
    """How an experiment is shown: the `group` of the gallery it stands in, and what it opens with.

    `look` are words of a link: `tab`, the view `J` of the landscape, its `plane`.
    """

    group: Group
    look: Look = field(default_factory=dict)


SHOWINGS: dict[str, Showing] = {
    "opening": Showing("start"),
    "bowl": Showing("start"),
    "tensorflow_playground": Showing("initialisation"),
    "xor_gate": Showing("initialisation"),
    "three_rings": Showing("initialisation"),
    "curve": Showing("initialisation"),
    "right_inputs": Showing("initialisation"),
    "too_large_a_step": Showing("loss", {"J": "contour"}),
    "sigmoid_neuron": Showing("loss", {"J": "losses"}),
    "deep": Showing("depth", {"tab": "signals"}),
    "optimizers": Showing("optimizers", {"J": "contour"}),
}
"""How every experiment is shown, in the order of the gallery."""


def presets() -> dict[str, dict[str, Any]]:
    """Experiments to begin with; the page opens with the first, a spec that leaves all out."""
    neuron = {
        "data": {"name": "line", "samples": 100, "noise": 0.1, "train_fraction": 0.5, "seed": 1},
        "features": ["x1"],
        "batch_size": None,
        "seed": 7,
        "schedule": {"name": "constant"},
        "clipping": {"name": "none"},
        "regularizer": {"name": "none"},
    }
    corners = [
        {"parameters": {"W": [[[W]]], "b": [[b]]}}
        for W, b in ((-3.0, 2.5), (4.0, 3.0), (0.0, -4.0))
    ]
    return {
        "opening": {},
        "tensorflow_playground": _tensorflow_playground(),
        "optimizers": _optimizers(),
        "deep": _deep(),
        "three_rings": _three_rings(),
        "curve": _curve(),
        "xor_gate": _xor_gate(),
        "right_inputs": _right_inputs(),
        "bowl": {
            **neuron,
            "layers": [{"units": 1, "activation": "linear"}],
            "loss": "mse",
            "optimizer": {"name": "gradient_descent", "learning_rate": 0.1},
            "runs": corners,
        },
        "too_large_a_step": {
            **neuron,
            "layers": [{"units": 1, "activation": "linear"}],
            "loss": "mse",
            "optimizer": {"name": "gradient_descent", "learning_rate": 0.1},
            "runs": [
                {
                    "label": f"α = {rate:g}",
                    "optimizer": {"name": "gradient_descent", "learning_rate": rate},
                    **corners[0],
                }
                for rate in (0.001, 0.1, 0.95, 1.1)
            ],
        },
        "sigmoid_neuron": {
            **neuron,
            "layers": [{"units": 1, "activation": "sigmoid"}],
            "loss": "cross_entropy",
            "optimizer": {"name": "gradient_descent", "learning_rate": 1.0},
            "runs": [
                {"label": loss, "loss": loss, "parameters": {"W": [[[-8.0]]], "b": [[6.0]]}}
                for loss in ("cross_entropy", "half_mse")
            ],
        },
    }


def _begun(*names: str) -> list[dict[str, Any]]:
    """Runs with the recipes of these names."""
    return [{"recipe": RECIPES[name].recipe} for name in names]


def _network(
    hidden: list[int], activation: str, units: int = 1, output: str = "sigmoid"
) -> list[dict[str, Any]]:
    """The layers of a network, from the sizes of the hidden ones."""
    return [
        *({"units": count, "activation": activation} for count in hidden),
        {"units": units, "activation": output},
    ]


def _plain(rate: float) -> dict[str, Any]:
    return {"name": "gradient_descent", "learning_rate": rate}


def _tensorflow_playground() -> dict[str, Any]:
    """TensorFlow Playground's own defaults, and two other recipes beside its own."""
    return {
        "data": {"name": "circle"},
        "layers": _network([4, 2], "tanh", output="tanh"),
        "loss": "half_mse",
        "batch_size": 10,
        "optimizer": _plain(0.03),
        "runs": _begun("tensorflow_playground", "glorot", "article"),
    }


def _optimizers() -> dict[str, Any]:
    """One recipe, one learning rate, five optimizers: RMSprop and Adam are far ahead."""
    named = {
        "gradient_descent": "gradient descent",
        "momentum": "momentum",
        "adagrad": "Adagrad",
        "rmsprop": "RMSprop",
        "adam": "Adam",
    }
    return {
        "data": {"name": "circle"},
        "layers": _network([4], "tanh"),
        "loss": "cross_entropy",
        "optimizer": _plain(0.03),
        "runs": [
            {
                "label": label,
                "recipe": RECIPES["glorot"].recipe,
                "optimizer": {"name": name, "learning_rate": 0.03},
            }
            for name, label in named.items()
        ],
    }


def _deep() -> dict[str, Any]:
    """Eight hidden layers: LSUV learns at once, orthogonal and Glorot soon, randn * 0.1 never."""
    return {
        "data": {"name": "circle"},
        "layers": _network([8] * 8, "tanh"),
        "loss": "cross_entropy",
        "optimizer": _plain(0.1),
        "runs": _begun("lsuv", "orthogonal", "glorot", "article"),
    }


def _three_rings() -> dict[str, Any]:
    """Three classes: as with two, only runs with different neurons learn all of them."""
    return {
        "data": {"name": "rings"},
        "layers": _network([8], "tanh", units=3, output="softmax"),
        "loss": "softmax_cross_entropy",
        "optimizer": _plain(1.0),
        "runs": _begun("lsuv", "glorot", "article", "same_weights", "all_zeros"),
    }


def _curve() -> dict[str, Any]:
    """A sine: with small weights the loss stays on a plateau at first, with equal ones for ever."""
    alike = {"weights": {"name": "constant", "value": 0.1}, "biases": {"name": "zeros"}}
    return {
        "data": {"name": "sine", "samples": 200},
        "layers": _network([12], "tanh", output="linear"),
        "loss": "mse",
        "optimizer": {"name": "adam", "learning_rate": 0.03},
        "runs": [*_begun("lecun", "lsuv", "article"), {"recipe": alike}],
    }


def _xor_gate() -> dict[str, Any]:
    """The truth table of XOR, solved by the recipes that make neurons differ and by no other."""
    large = {"weights": {"name": "normal", "std": 1.0}, "biases": {"name": "zeros"}}
    return {
        "data": {"name": "gate-xor", "samples": 4, "train_fraction": 1.0},
        "layers": _network([4], "sigmoid"),
        "loss": "cross_entropy",
        "optimizer": _plain(5.0),
        "runs": [{"recipe": large}, *_begun("glorot", "article", "same_weights", "all_zeros")],
    }


def _right_inputs() -> dict[str, Any]:
    """A circle learned by a single neuron that is given the squares, whatever the recipe."""
    return {
        "data": {"name": "circle"},
        "features": ["x1^2", "x2^2"],
        "layers": _network([], "tanh"),
        "loss": "cross_entropy",
        "optimizer": _plain(0.1),
        "runs": _begun("glorot", "article", "all_zeros"),
    }
