"""The peers that train many small networks: PyTorch, JAX and scikit-learn, on the same steps.

Each gives a function without arguments that trains all of theta (K, P) by plain gradient descent on
all samples, and returns the parameters (K, P) at the end and J (T, K) at the steps `record`.
"""

import warnings
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from app.nn.stack import Architecture, unpack
from app.nn.types import Array
from benchmarks import peers

Result = tuple[Array, Array]
Steps = NDArray[np.int64]


def eager(
    architecture: Architecture, theta: Array, X: Array, Y: Array, rate: float, record: Steps
) -> Callable[[], Result]:
    """PyTorch's tutorial loop, one network after another."""
    x, y = (torch.tensor(part.T.copy()) for part in (X, Y))
    criterion = torch.nn.BCEWithLogitsLoss()

    def train_one(row: Array) -> Result:
        model = peers.sequential(architecture, row, torch.float64)
        optimizer = torch.optim.SGD(model.parameters(), lr=rate)
        losses, wanted = [], set(record.tolist())
        for step in range(int(record[-1])):
            optimizer.zero_grad()
            J = criterion(model(x), y)
            if step in wanted:
                losses.append(J.item())
            J.backward()
            optimizer.step()
        with torch.no_grad():
            losses.append(criterion(model(x), y).item())
        return peers.theta_of(architecture, model), np.array(losses)

    return lambda: _one_by_one(train_one, theta)


def batched(
    architecture: Architecture, theta: Array, X: Array, Y: Array, rate: float, record: Steps
) -> Callable[[], Result]:
    """PyTorch with the whole stack in batched products, one graph for all networks."""
    x, y = torch.tensor(X)[None], torch.tensor(Y)[None]
    cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits

    def losses_of(parameters: list[Any]) -> Any:
        A, Z = x.expand(len(theta), -1, -1), None
        for W, b in zip(parameters[0::2], parameters[1::2], strict=True):
            Z = torch.baddbmm(b, W, A)
            A = torch.tanh(Z)
        terms = cross_entropy(Z, y.expand(len(theta), -1, -1), reduction="none")
        return terms.mean(dim=(1, 2))

    def train() -> Result:
        parameters = [
            torch.tensor(part).requires_grad_()
            for pair in architecture.views(theta)
            for part in pair
        ]
        optimizer = torch.optim.SGD(parameters, lr=rate)
        found, wanted = [], set(record.tolist())
        for step in range(int(record[-1])):
            optimizer.zero_grad()
            J = losses_of(parameters)
            if step in wanted:
                found.append(J.detach().numpy())
            J.sum().backward()
            optimizer.step()
        with torch.no_grad():
            found.append(losses_of(parameters).numpy())
        end = np.empty_like(theta)
        for part, parameter in zip(
            [part for pair in architecture.views(end) for part in pair], parameters, strict=True
        ):
            part[...] = parameter.detach().numpy()
        return end, np.stack(found)

    return train


def compiled(
    architecture: Architecture,
    theta: Array,
    X: Array,
    Y: Array,
    rate: float,
    record: Steps,
    block: int,
) -> Callable[[], Result]:
    """JAX's `jit(vmap(scan))` in float64, `block` networks at a time; compiling is not timed.

    J comes with the gradient (`value_and_grad`), at every step.
    """
    with jax.enable_x64(True):
        inputs, targets = jnp.asarray(X), jnp.asarray(Y)

    def loss(row: Any) -> Any:
        A, Z = inputs, None
        for (n_out, n_in), (start, end) in zip(
            architecture.shapes, pairwise(architecture.offsets), strict=True
        ):
            M = row[start:end].reshape(n_out, n_in + 1)
            Z = M[:, :-1] @ A + M[:, -1:]
            A = jnp.tanh(Z)
        return jnp.mean(jnp.maximum(Z, 0.0) - targets * Z + jnp.log1p(jnp.exp(-jnp.abs(Z))))

    def step(row: Any, _: None) -> tuple[Any, Any]:
        J, gradient = jax.value_and_grad(loss)(row)
        return row - rate * gradient, J

    def one(row: Any) -> tuple[Any, Any]:
        end, losses = jax.lax.scan(step, row, None, length=int(record[-1]))
        return end, jnp.append(losses, loss(end))[record]

    run = jax.jit(jax.vmap(one, out_axes=(0, 1)))

    def train() -> Result:
        with jax.enable_x64(True):
            parts = [run(theta[start : start + block]) for start in range(0, len(theta), block)]
            return (
                np.concatenate([np.asarray(end) for end, _ in parts]),
                np.concatenate([np.asarray(losses) for _, losses in parts], axis=1),
            )

    return train


def step_by_step(
    architecture: Architecture, theta: Array, X: Array, Y: Array, rate: float, record: Steps
) -> Callable[[], Result]:
    """scikit-learn's `MLPClassifier.partial_fit`, one network after another and a step a call.

    That is how one stops at a target, or looks at a test set, on the way.
    """

    def train_one(row: Array) -> Result:
        model = _classifier(architecture, row, X, Y, rate, 1)
        for _ in range(int(record[-1])):
            model.partial_fit(X.T, Y[0])
        return _result(model, record)

    return lambda: _one_by_one(train_one, theta)


def at_once(
    architecture: Architecture, theta: Array, X: Array, Y: Array, rate: float, record: Steps
) -> Callable[[], Result]:
    """scikit-learn's `MLPClassifier.fit`, one network after another and all steps in a call."""

    def train_one(row: Array) -> Result:
        model = _classifier(architecture, row, X, Y, rate, int(record[-1]))
        model.fit(X.T, Y[0])
        return _result(model, record)

    return lambda: _one_by_one(train_one, theta)


def _classifier(
    architecture: Architecture, row: Array, X: Array, Y: Array, rate: float, steps: int
) -> Any:
    """The network row (P,), to be trained by plain gradient descent on all samples."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    model = MLPClassifier(
        hidden_layer_sizes=[layer.units for layer in architecture.layers[:-1]],
        activation="tanh",
        solver="sgd",
        alpha=0.0,
        batch_size=X.shape[1],
        learning_rate_init=rate,
        momentum=0.0,
        nesterovs_momentum=False,
        shuffle=False,
        max_iter=steps,
        tol=0.0,
        n_iter_no_change=steps + 1,
        warm_start=True,
    )
    model.partial_fit(X.T, Y[0], classes=[0.0, 1.0])  # only to make its arrays
    W, b = unpack(architecture, row)
    for layer, (weights, biases) in enumerate(zip(W, b, strict=True)):
        model.coefs_[layer][...] = weights.T
        model.intercepts_[layer][...] = biases
    model.loss_curve_.clear()
    return model


def _result(model: Any, record: Steps) -> Result:
    """theta (P,) and the losses, which are noted before every update: all but the last."""
    end = [
        np.column_stack([weights.T, biases]).ravel()
        for weights, biases in zip(model.coefs_, model.intercepts_, strict=True)
    ]
    return np.concatenate(end), np.array(model.loss_curve_)[record[:-1]]


def _one_by_one(train_one: Callable[[Array], Result], theta: Array) -> Result:
    ends, losses = zip(*(train_one(row) for row in theta), strict=True)
    return np.stack(ends), np.stack(losses, axis=1)
