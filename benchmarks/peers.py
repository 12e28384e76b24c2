"""The peers, doing what Basin does: PyTorch in its eager mode, and the loss-landscapes package."""

from collections.abc import Callable
from typing import Any

import loss_landscapes
import torch
from loss_landscapes.metrics import Loss, Metric

from app.nn import stack
from app.nn.types import Array

MODULES = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}


def sequential(architecture: stack.Architecture, theta: Array, dtype: Any) -> Any:
    """The network theta (P,) as an `nn.Sequential`, without its last sigmoid.

    The loss that belongs to it, `BCEWithLogitsLoss`, computes that itself: it is the fastest that
    PyTorch has for a sigmoid and cross-entropy.
    """
    if architecture.layers[-1].activation != "sigmoid":
        raise ValueError("only networks for cross-entropy are compared")
    modules: list[Any] = []
    for (n_out, n_in), layer, W, b in zip(
        architecture.shapes, architecture.layers, *stack.unpack(architecture, theta), strict=True
    ):
        linear = torch.nn.Linear(n_in, n_out, dtype=dtype)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(W))
            linear.bias.copy_(torch.tensor(b))
        modules.append(linear)
        if layer is not architecture.layers[-1]:
            modules.append(MODULES[layer.activation]())
    return torch.nn.Sequential(*modules)


def theta_of(architecture: stack.Architecture, model: Any) -> Array:
    """theta (P,) of a model."""
    arrays = [parameter.detach().numpy().astype(float) for parameter in model.parameters()]
    return stack.pack(architecture, arrays[0::2], arrays[1::2])


def eager_step(model: Any, X: Array, Y: Array, learning_rate: float) -> Callable[[], None]:
    """One full-batch step of gradient descent, as PyTorch's own tutorials write it."""
    x, y = _samples(model, X), _samples(model, Y)
    criterion = torch.nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)

    def step() -> None:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()

    return step


def random_plane(model: Any, X: Array, Y: Array, steps: int) -> Callable[[], Array]:
    """J (steps, steps) on a filter-normalised random plane, one call of the model a grid point."""
    loss = Loss(torch.nn.BCEWithLogitsLoss(), _samples(model, X), _samples(model, Y))
    return lambda: _random_plane(model, loss, steps)


def random_plane_networks(architecture: stack.Architecture, model: Any, steps: int) -> Array:
    """theta (steps, steps, P) of the networks at the grid points of `random_plane`."""
    return _random_plane(model, _Parameters(architecture), steps)


class _Parameters(Metric):  # type: ignore[misc]  # the package has no types
    """Where the model is, instead of how good it is there."""

    def __init__(self, architecture: stack.Architecture) -> None:
        super().__init__()
        self.architecture = architecture

    def __call__(self, wrapper: Any) -> Array:
        return theta_of(self.architecture, wrapper.modules[0])


def _random_plane(model: Any, metric: Any, steps: int) -> Array:
    torch.manual_seed(0)
    grid: Array = loss_landscapes.random_plane(
        model, metric, distance=1, steps=steps, normalization="filter", deepcopy_model=True
    )
    return grid


def _samples(model: Any, columns: Array) -> Any:
    """Samples as rows, in the model's own precision."""
    return torch.tensor(columns.T.copy(), dtype=next(model.parameters()).dtype)
