"""Each choice of the registries as lines of numpy.

They compute what `app.nn` computes, operation by operation and in the same order, so that the
numbers are the same to the last bit. An activation is f(Z) and its slope f'(Z), where A = f(Z); a
loss is J and dJ/dZ, in which `{output}` stands for the slope of the output layer.
Powers are of lists of one number, because numpy squares lone numbers in another way.
"""

from app.lab.export.sections import Part
from app.nn import erf


def _rows(table: tuple[tuple[float, ...], ...]) -> str:
    return ",\n    ".join("[" + ", ".join(map(repr, row)) + "]" for row in table)


ACTIVATIONS: dict[str, Part] = {
    "linear": Part("""
def linear(Z):
    return Z


def linear_slope(Z, A):
    return np.ones_like(A)
"""),
    "sigmoid": Part("""
def sigmoid(Z):
    return 1.0 / (1.0 + np.exp(-Z))


def sigmoid_slope(Z, A):
    return A / (1.0 + np.exp(Z))  # A (1 - A), with all its digits
"""),
    "tanh": Part("""
def tanh(Z):
    return np.tanh(Z)


def tanh_slope(Z, A):
    return 1.0 - A * A
"""),
    "relu": Part("""
def relu(Z):
    return np.maximum(Z, 0.0)


def relu_slope(Z, A):
    return np.where(A > 0.0, 1.0, 0.0)
"""),
    "leaky_relu": Part("""
def leaky_relu(Z):
    return np.maximum(Z, 0.01 * Z)


def leaky_relu_slope(Z, A):
    return np.where(A > 0.0, 1.0, 0.01)
"""),
    "elu": Part("""
def elu(Z):
    return np.maximum(Z, 0.0) + np.expm1(np.minimum(Z, 0.0))


def elu_slope(Z, A):
    return np.minimum(A, 0.0) + 1.0
"""),
    "selu": Part("""
SCALE = 1.0507009873554804934193349852946
SCALE_ALPHA = SCALE * 1.6732632423543772848170429916717


def selu(Z):
    return SCALE * np.maximum(Z, 0.0) + SCALE_ALPHA * np.expm1(np.minimum(Z, 0.0))


def selu_slope(Z, A):
    return np.where(A > 0.0, SCALE, A + SCALE_ALPHA)
"""),
    "softplus": Part("""
def softplus(Z):
    return np.maximum(Z, 0.0) + np.log1p(np.exp(-np.abs(Z)))


def softplus_slope(Z, A):
    return -np.expm1(-A)
"""),
    "gelu": Part(f"""
# The error function, which numpy lacks: W. J. Cody, Mathematics of Computation 23 (1969), 631-637.
NEAR = [
    {_rows(erf.NEAR)},
]
FAR = [
    {_rows(erf.FAR)},
]


def quotient(x, above, below):
    top, bottom = above[0] * x, below[0] * x
    for a, b in zip(above[1:-1], below[1:-1]):
        top = (top + a) * x
        bottom = (bottom + b) * x
    return (top + above[-1]) / (bottom + below[-1])


def normal_share(Z):
    \"\"\"The share of a standard normal distribution below Z: (1 + erf(Z/√2)) / 2.\"\"\"
    x = Z * np.sqrt(0.5)
    size = np.minimum(np.abs(x), 6.0)
    near = np.minimum(size, 0.46875)
    inner = near * quotient(near * near, *NEAR)
    outer = 1.0 - np.exp(-size * size) * quotient(size, *FAR)
    return (np.copysign(np.where(size <= 0.46875, inner, outer), x) + 1.0) * 0.5


def gelu(Z):
    return Z * normal_share(Z)


def gelu_slope(Z, A):
    Z = np.clip(Z, -40.0, 40.0)
    return np.exp(-0.5 * Z * Z) * (Z * np.sqrt(0.5 / np.pi)) + normal_share(Z)
"""),
    "silu": Part("""
def silu(Z):
    return Z * (1.0 / (1.0 + np.exp(-Z)))


def silu_slope(Z, A):
    s = 1.0 / (1.0 + np.exp(-Z))
    return s + A * (1.0 - s)
"""),
    "softmax": Part("""
def softmax(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / np.add.reduce(E)


def softmax_slope(Z, A):
    return A * (1.0 - A)
"""),
}

LOSSES: dict[str, Part] = {
    "mse": Part("""
def mse(Z, A, Y):
    \"\"\"J = 1/n Σ (y − ŷ)².\"\"\"
    return mean((A - Y) * (A - Y))


def mse_slope(Z, A, Y):
    return (A - Y) * (2.0 / Y.size){output}
"""),
    "half_mse": Part("""
def half_mse(Z, A, Y):
    \"\"\"J = 1/(2n) Σ (y − ŷ)².\"\"\"
    return 0.5 * mean((A - Y) * (A - Y))


def half_mse_slope(Z, A, Y):
    return (A - Y) * (1.0 / Y.size){output}
"""),
    "mae": Part("""
def mae(Z, A, Y):
    \"\"\"J = 1/n Σ |y − ŷ|.\"\"\"
    return mean(np.abs(A - Y))


def mae_slope(Z, A, Y):
    return np.sign(A - Y) * (1.0 / Y.size){output}
"""),
    "huber": Part("""
def huber(Z, A, Y):
    \"\"\"J = 1/n Σ h(e), with h(e) = e²/2 where |e| ≤ 1, else |e| − 1/2.\"\"\"
    error = np.abs(A - Y)
    near = np.minimum(error, 1.0)
    return mean((error - 0.5 * near) * near)


def huber_slope(Z, A, Y):
    return np.clip(A - Y, -1.0, 1.0) * (1.0 / Y.size){output}
"""),
    "cross_entropy": Part("""
def cross_entropy(Z, A, Y):
    \"\"\"J = −1/n Σ [y ln ŷ + (1 − y) ln(1 − ŷ)], from the logits.\"\"\"
    return mean(np.log1p(np.exp(-np.abs(Z))) + np.maximum(Z, 0.0) - Y * Z)


def cross_entropy_slope(Z, A, Y):
    return (A - Y) * (1.0 / Y.size)
"""),
    "hinge": Part("""
def hinge(Z, A, Y):
    \"\"\"J = 1/n Σ max(0, 1 − y ŷ).\"\"\"
    return mean(np.maximum(0.0, 1.0 - Y * A))


def hinge_slope(Z, A, Y):
    return np.where(Y * A <= 1.0, -Y / Y.size, 0.0){output}
"""),
    "softmax_cross_entropy": Part("""
def softmax_cross_entropy(Z, A, Y):
    \"\"\"J = −1/n Σ Σ yₖ ln ŷₖ, from the logits.\"\"\"
    below = Z - Z.max(axis=0)
    return mean((np.log(np.add.reduce(np.exp(below))) - below) * Y) * len(Y)


def softmax_cross_entropy_slope(Z, A, Y):
    return (A - Y) * (1.0 / Y.shape[1])
"""),
}

_ADAM_CODE = """
def adam{w}(theta, G, rate, memory, {arguments}):
    t = memory["t"] = memory.get("t", 0) + 1
    m = memory["m"] = (1.0 - beta1) * G + beta1 * memory.get("m", 0.0)
    v = memory["v"] = (1.0 - beta2) * (G * G) + beta2 * memory.get("v", 0.0)
    root = np.sqrt(v) / np.sqrt(1.0 - np.power([beta2], [t])) + eps
    step = rate / (1.0 - np.power([beta1], [t])) * m / root
    return {theta} - step
"""

OPTIMIZERS: dict[str, Part] = {
    "gradient_descent": Part("""
def gradient_descent(theta, G, rate, memory):
    return theta - rate * G
"""),
    "momentum": Part("""
def momentum(theta, G, rate, memory, momentum, dampening):
    push = 1.0 - dampening if memory else 1.0
    v = memory["v"] = momentum * memory.get("v", 0.0) + push * G
    return theta - rate * v
"""),
    "nesterov": Part("""
def nesterov(theta, G, rate, memory, momentum):
    v = memory["v"] = momentum * memory.get("v", 0.0) + G
    return theta - rate * (G + momentum * v)
"""),
    "adagrad": Part("""
def adagrad(theta, G, rate, memory, lr_decay, eps):
    t = memory.get("t", 0)
    s = memory["s"] = memory.get("s", 0.0) + G * G
    memory["t"] = t + 1
    return theta - rate / (1.0 + t * lr_decay) * G / (np.sqrt(s) + eps)
"""),
    "rmsprop": Part("""
def rmsprop(theta, G, rate, memory, alpha, eps):
    s = memory["s"] = (1.0 - alpha) * (G * G) + alpha * memory.get("s", 0.0)
    return theta - rate * G / (np.sqrt(s) + eps)
"""),
    "adam": Part(_ADAM_CODE.format(w="", arguments="beta1, beta2, eps", theta="theta")),
    "adamw": Part(
        _ADAM_CODE.format(
            w="w",
            arguments="beta1, beta2, eps, weight_decay",
            theta="theta * (1.0 - rate * weight_decay)",
        )
    ),
}

SCHEDULES: dict[str, Part] = {
    "constant": Part("""
def constant(t):
    return 1.0
"""),
    "step": Part("""
def step(t, step_size, gamma):
    return np.power([gamma], [np.floor(t / step_size)])
"""),
    "exponential": Part("""
def exponential(t, gamma):
    return np.power([gamma], [t])
"""),
    "cosine": Part("""
def cosine(t, length, minimum):
    along = np.minimum(t, length) / length
    return minimum + (1.0 - minimum) * 0.5 * (1.0 + np.cos(np.pi * along))
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
    return 0.5 * (start - end) * (1.0 + np.cos(np.pi * along)) + end
"""),
    "linear_warmup": Part("""
def linear_warmup(t, length, start_factor):
    return start_factor + (1.0 - start_factor) * min(t, length) / length
"""),
}

REGULARIZERS: dict[str, Part] = {
    "none": Part("""
def none(theta):
    return 0.0
"""),
    "l1": Part("""
def l1(theta):
    return np.sign(theta)
"""),
    "l2": Part("""
def l2(theta):
    return theta
"""),
    "l1_dying": Part("""
def l1_dying(theta):
    return 0.0  # it does not push; it takes a step of its own, in `die`


def die(moved, before, amount, dead):
    \"\"\"A weight that the L1 would carry across zero is 0, and stays so for ever.\"\"\"
    shrunk = moved - amount * np.sign(before)
    dead |= np.sign(moved) * np.sign(shrunk) < 0.0
    return np.where(dead, 0.0, shrunk)
"""),
}

CLIPPINGS = ("none", "norm")
"""Those that the loop of a script knows."""
