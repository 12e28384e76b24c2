"""Each choice of the registries in PyTorch's own words."""

from collections.abc import Mapping

from app.lab.export import numpy_parts
from app.lab.export.sections import Part

ACTIVATIONS: dict[str, str] = {
    "linear": "nn.Identity()",
    "sigmoid": "torch.sigmoid",
    "tanh": "torch.tanh",
    "relu": "functional.relu",
    "leaky_relu": "functional.leaky_relu",
    "elu": "functional.elu",
    "selu": "functional.selu",
    "softplus": "functional.softplus",
    "gelu": "functional.gelu",
    "silu": "functional.silu",
    "softmax": "nn.Softmax(dim=1)",
}

LOSSES: dict[str, Part] = {
    "mse": Part("""
def mse(Z, A, Y):
    return functional.mse_loss(A, Y)
"""),
    "half_mse": Part("""
def half_mse(Z, A, Y):
    return 0.5 * functional.mse_loss(A, Y)
"""),
    "mae": Part("""
def mae(Z, A, Y):
    return functional.l1_loss(A, Y)
"""),
    "huber": Part("""
def huber(Z, A, Y):
    return functional.huber_loss(A, Y)
"""),
    "cross_entropy": Part("""
def cross_entropy(Z, A, Y):
    return functional.binary_cross_entropy_with_logits(Z, Y)
"""),
    "hinge": Part("""
def hinge(Z, A, Y):
    return torch.clamp(1.0 - Y * A, min=0.0).mean()
"""),
    "softmax_cross_entropy": Part("""
def softmax_cross_entropy(Z, A, Y):
    return functional.cross_entropy(Z, Y)
"""),
}

OPTIMIZERS: dict[str, str] = {
    "gradient_descent": "torch.optim.SGD",
    "momentum": "torch.optim.SGD",
    "nesterov": "torch.optim.SGD",
    "adagrad": "torch.optim.Adagrad",
    "rmsprop": "torch.optim.RMSprop",
    "adam": "torch.optim.Adam",
    "adamw": "torch.optim.AdamW",
}

SCHEDULES: dict[str, Part] = {
    "constant": numpy_parts.SCHEDULES["constant"],
    "step": Part("""
def step(t, step_size, gamma):
    return gamma ** (t // step_size)
"""),
    "exponential": Part("""
def exponential(t, gamma):
    return gamma**t
"""),
    "cosine": Part("""
def cosine(t, length, minimum):
    along = min(t, length) / length
    return minimum + (1.0 - minimum) * 0.5 * (1.0 + math.cos(math.pi * along))
"""),
    "one_cycle": Part("""
def one_cycle(t, length, peak, pct_start, div_factor, final_div_factor):
    start, last = peak / div_factor, length - 1.0
    top = max(pct_start * length - 1.0, 0.0)
    t = min(t, last)
    if t <= top:
        return half_cosine(start, peak, t / top) if top > 0.0 else peak
    return half_cosine(peak, start / final_div_factor, (t - top) / (last - top))


def half_cosine(start, end, along):
    return 0.5 * (start - end) * (1.0 + math.cos(math.pi * along)) + end
"""),
    "linear_warmup": numpy_parts.SCHEDULES["linear_warmup"],  # plain Python
}

REGULARIZERS: dict[str, Part] = {
    "none": Part("""
def none(W):
    return torch.zeros(())
"""),
    "l1": Part("""
def l1(W):
    return W.abs().sum()
"""),
    "l2": Part("""
def l2(W):
    return 0.5 * (W**2).sum()
"""),
    "l1_dying": Part("""
def l1_dying(W):
    return torch.zeros(())  # it does not push; it takes a step of its own, in `die`


def die(W, before, amount, dead):
    \"\"\"A weight that the L1 would carry across zero is 0, and stays so for ever.\"\"\"
    shrunk = W - amount * torch.sign(before)
    dead |= torch.sign(W) * torch.sign(shrunk) < 0.0
    W[:] = torch.where(dead, 0.0, shrunk)
"""),
}


def optimizer_options(name: str, options: Mapping[str, float]) -> dict[str, str]:
    """The options of an optimizer but for the learning rate, as PyTorch names and writes them.

    Without momentum its SGD keeps no velocity and heeds no dampening: 1e-300 stands for 0.
    """
    told = {key: repr(value) for key, value in options.items() if key != "learning_rate"}
    if "beta1" in told:
        told = {"betas": f"({told.pop('beta1')}, {told.pop('beta2')})", **told}
    if told.get("momentum") == "0.0":
        told["momentum"] = "1e-300"
    if name == "nesterov":
        told["nesterov"] = "True"
    return told
