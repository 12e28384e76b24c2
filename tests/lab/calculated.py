"""A side of a line of a worked example, calculated by Python."""

import re
from math import log, sqrt


def calculated(numbers: str, values: dict[str, float]) -> float:
    """What the numbers of a line come to, in the notation of `app.nn.worked_line`."""
    numbers = re.sub(r"√(\{\w+\})", r"sqrt(\1)", numbers)
    numbers = re.sub(r"\|([^|]*)\|", r"abs(\1)", numbers)
    numbers = re.sub(r"ln (\{\w+\})", r"ln(\1)", numbers)
    numbers = re.sub(r"(?<=[\w})]) (?=ln|[(\[|]|abs|max)", "*", numbers)  # a sign that is left out
    for sign, python in (("·", "*"), ("−", "-"), ("²", "**2"), ("^", "**"), ("[", "("), ("]", ")")):
        numbers = numbers.replace(sign, python)
    numbers = re.sub(r"\{(\+?)(\w+)(:\d)?\}", lambda at: f"{at[1]}({values[at[2]]!r})", numbers)
    names = {"sqrt": sqrt, "ln": log, "abs": abs, "max": max}
    return float(eval(numbers, names))  # noqa: S307 -- the registries' own formulas
