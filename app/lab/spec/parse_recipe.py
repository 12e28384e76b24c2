"""The recipes of a spec: how parameters begin, read from a validated document."""

from collections.abc import Mapping
from typing import Any

from app.choices import Chosen
from app.errors import FieldError
from app.lab.spec.field_errors import range_detail
from app.nn.init.initializers import Recipe


def read_recipe(
    document: Mapping[str, Any], at: str, layers: int, errors: list[FieldError]
) -> Recipe:
    """The recipe for a network of so many layers; rules for more layers are added to `errors`."""
    own = document.get("layers") or []
    if len(own) > layers:
        allowed = {"minimum": 0, "maximum": layers, "items": True}
        detail = range_detail(allowed)
        errors.append(FieldError(f"{at}/layers", "out_of_range", detail, allowed, len(own)))
    return Recipe(
        chosen(document["weights"]),
        chosen(document["biases"]),
        tuple(None if layer is None else _rules(document, layer) for layer in own),
    )


def _rules(recipe: Mapping[str, Any], layer: Mapping[str, Any]) -> tuple[Chosen, Chosen]:
    """A layer's rules; one that it does not name is the recipe's."""
    weights, biases = (chosen(layer.get(which) or recipe[which]) for which in ("weights", "biases"))
    return weights, biases


def chosen(choice: Mapping[str, Any]) -> Chosen:
    """A registry entry picked by name, with its numbers."""
    options = {key: float(value) for key, value in choice.items() if key != "name"}
    return Chosen(choice["name"], options)


def tidy(document: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe's document without null fields, and without layers at the end that have no rule."""
    plain = {key: value for key, value in document.items() if key != "layers"}
    own = [
        None if layer is None else {key: rule for key, rule in layer.items() if rule is not None}
        for layer in document.get("layers") or []
    ]
    while own and not own[-1]:
        own.pop()
    return {**plain, "layers": [layer or None for layer in own]} if own else plain
