"""TensorFlow Playground's training, from its definitions: one network, Python's own numbers.

Loss ½(y - t)², output tanh, update every B samples: w ← w - η·mean(g) - η·λ·R′(w_old) with
R′ = sign (L1) or w (L2); biases are not regularised. Its L1 sets a link to 0 that this last step
carries across zero, and the link is dead from then on.
"""

from dataclasses import dataclass, field
from math import tanh


@dataclass
class Playground:
    """W[layer][i][j] and b[layer][i], all tanh; `dead` holds the links that are gone."""

    W: list[list[list[float]]]
    b: list[list[float]]
    rate: float
    regularizer: str = "none"
    strength: float = 0.0
    dead: set[tuple[int, int, int]] = field(default_factory=set)

    def outputs(self, x: list[float]) -> list[list[float]]:
        """What every layer puts out, the inputs first."""
        a = [list(x)]
        for W, b in zip(self.W, self.b, strict=True):
            a.append(
                [
                    tanh(sum(w * v for w, v in zip(row, a[-1], strict=True)) + bias)
                    for row, bias in zip(W, b, strict=True)
                ]
            )
        return a

    def loss(self, xs: list[list[float]], ts: list[float]) -> float:
        """The mean of ½(y - t)²."""
        answers = [self.outputs(x)[-1][0] for x in xs]
        return sum((y - t) ** 2 / 2 for y, t in zip(answers, ts, strict=True)) / len(xs)

    def update(self, xs: list[list[float]], ts: list[float]) -> None:
        """One update by the mean gradient of these samples."""
        dW = [[[0.0 for _ in row] for row in W] for W in self.W]
        db = [[0.0 for _ in b] for b in self.b]
        for x, t in zip(xs, ts, strict=True):
            a = self.outputs(x)
            above = [a[-1][0] - t]
            for layer in reversed(range(len(self.W))):
                delta = [d * (1 - y * y) for d, y in zip(above, a[layer + 1], strict=True)]
                for i, d in enumerate(delta):
                    db[layer][i] += d
                    for j, v in enumerate(a[layer]):
                        dW[layer][i][j] += d * v
                above = [
                    sum(self.W[layer][i][j] * d for i, d in enumerate(delta))
                    for j in range(len(a[layer]))
                ]
        for layer, W in enumerate(self.W):
            for i, row in enumerate(W):
                self.b[layer][i] -= self.rate / len(xs) * db[layer][i]
                for j, old in enumerate(row):
                    if (layer, i, j) not in self.dead:
                        row[j] = self._link((layer, i, j), old, dW[layer][i][j] / len(xs))

    def _link(self, place: tuple[int, int, int], old: float, gradient: float) -> float:
        slope = {"none": 0.0, "l2": old}.get(self.regularizer, float((old > 0) - (old < 0)))
        moved = old - self.rate * gradient
        new = moved - self.rate * self.strength * slope
        if self.regularizer == "l1_dying" and moved * new < 0:
            self.dead.add(place)
            return 0.0
        return new
