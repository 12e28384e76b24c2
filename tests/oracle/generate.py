"""Makes `pytorch.json`: what PyTorch comes to in every case of `cases`.

PyTorch is no dependency of the tests: its numbers are made once, by

    python -m tests.oracle.generate

in an environment with torch and numpy, and committed with the versions that made them, which
are in the file. Run it again when a case is added; the numbers of the others must not change.
Everything is float64 on the CPU, by PyTorch's own modules, optimizers and schedulers.
"""

import json
import platform
from typing import Any

import torch
from torch.nn import functional
from torch.optim import lr_scheduler

from tests.oracle.cases import FILE, STEPS, TOLD, cases, samples, start

ACTIVATIONS: dict[str, Any] = {
    "linear": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": functional.relu,
    "leaky_relu": functional.leaky_relu,
    "elu": functional.elu,
    "selu": functional.selu,
    "softplus": functional.softplus,
    "gelu": functional.gelu,
    "silu": functional.silu,
}

LOSSES: dict[str, Any] = {
    "mse": lambda z, a, y: functional.mse_loss(a, y),
    "half_mse": lambda z, a, y: 0.5 * functional.mse_loss(a, y),
    "mae": lambda z, a, y: functional.l1_loss(a, y),
    "huber": lambda z, a, y: functional.huber_loss(a, y),
    "cross_entropy": lambda z, a, y: functional.binary_cross_entropy_with_logits(z, y),
    "hinge": lambda z, a, y: torch.clamp(1.0 - y * a, min=0.0).mean(),
    "softmax_cross_entropy": lambda z, a, y: functional.cross_entropy(z, y),
}


def optimizer_of(case: dict[str, Any], parameters: list[Any]) -> Any:
    """PyTorch's optimizer, its defaults where the case says nothing."""
    options = dict(case["optimizer"])
    name, lr = options.pop("name"), options.pop("learning_rate")
    if name in ("adam", "adamw"):
        betas = (options.pop("beta1", 0.9), options.pop("beta2", 0.999))
        kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name]
        return kind(parameters, lr=lr, betas=betas, **options)
    if name in ("momentum", "nesterov"):
        options.setdefault("momentum", 0.9)  # of which PyTorch's SGD has none by default
        return torch.optim.SGD(parameters, lr=lr, nesterov=name == "nesterov", **options)
    kind = {
        "gradient_descent": torch.optim.SGD,
        "adagrad": torch.optim.Adagrad,
        "rmsprop": torch.optim.RMSprop,
    }[name]
    return kind(parameters, lr=lr, **options)


def schedule_of(case: dict[str, Any], optimizer: Any) -> Any:
    """PyTorch's scheduler for the case, or None for a constant learning rate."""
    options, rate = dict(case["schedule"]), case["optimizer"]["learning_rate"]
    name = options.pop("name")
    if name == "step":
        return lr_scheduler.StepLR(optimizer, **options)
    if name == "exponential":
        return lr_scheduler.ExponentialLR(optimizer, **options)
    if name == "cosine":
        least = options["minimum"] * rate
        return lr_scheduler.CosineAnnealingLR(optimizer, options["length"], eta_min=least)
    if name == "one_cycle":
        peak, length = options.pop("peak", 1.0) * rate, options.pop("length")
        return lr_scheduler.OneCycleLR(
            optimizer, peak, total_steps=length, cycle_momentum=False, **options
        )
    if name == "linear_warmup":
        return lr_scheduler.LinearLR(optimizer, options["start_factor"], 1.0, options["length"])
    return None


def train(case: dict[str, Any]) -> dict[str, Any]:
    """Losses at the steps that are told, without the penalty, and W and b after the last one."""
    x, y = (torch.tensor(rows, dtype=torch.float64) for rows in samples(case))
    begun = start(case)
    W = [torch.tensor(rows, dtype=torch.float64, requires_grad=True) for rows in begun["W"]]
    b = [torch.tensor(row, dtype=torch.float64, requires_grad=True) for row in begun["b"]]
    parameters = [tensor for pair in zip(W, b, strict=True) for tensor in pair]
    optimizer = optimizer_of(case, parameters)
    schedule = schedule_of(case, optimizer)
    rate = case["regularizer"].get("rate", 0.0)
    told = []
    for step in range(STEPS + 1):
        a = x
        for layer, (weights, biases) in enumerate(zip(W, b, strict=True)):
            z = functional.linear(a, weights, biases)
            name = case["output"] if layer == len(W) - 1 else case["hidden"]
            a = torch.softmax(z, dim=1) if name == "softmax" else ACTIVATIONS[name](z)
        J = LOSSES[case["loss"]](z, a, y)
        if step in TOLD:
            told.append(J.item())
        if step == STEPS:
            break
        if case["regularizer"]["name"] == "l1":
            J = J + rate * sum(weights.abs().sum() for weights in W)
        elif case["regularizer"]["name"] == "l2":
            J = J + 0.5 * rate * sum((weights**2).sum() for weights in W)
        optimizer.zero_grad()
        J.backward()
        if case["clipping"]["name"] == "norm":
            torch.nn.utils.clip_grad_norm_(parameters, case["clipping"]["max_norm"])
        optimizer.step()
        if schedule is not None:
            schedule.step()
    return {
        "losses": short(told),
        "W": [short(tensor.tolist()) for tensor in W],
        "b": [short(tensor.tolist()) for tensor in b],
    }


def short(numbers: Any) -> Any:
    """Numbers with 13 digits, which is more than is compared."""
    if isinstance(numbers, list):
        return [short(number) for number in numbers]
    return float(f"{numbers:.13g}")


def main() -> None:
    """Write the file."""
    made_by = {"torch": torch.__version__, "python": platform.python_version()}
    found = {name: train(case) for name, case in cases().items()}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(found[name])}" for name in found)
    FILE.write_text(f'{{"made_by": {json.dumps(made_by)},\n"cases": {{\n{lines}\n}}}}\n')


if __name__ == "__main__":
    main()
