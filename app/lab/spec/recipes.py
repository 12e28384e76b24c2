"""The recipes that have a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.lab.spec.schema import ARTICLE_RECIPE, RunSpec


@dataclass(frozen=True)
class NamedRecipe:
    """A recipe; `of_article` marks those that the article compares."""

    recipe: dict[str, Any]
    of_article: bool = False


def _recipe(weights: dict[str, Any], biases: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"weights": weights, "biases": biases or {"name": "zeros"}}


RECIPES: dict[str, NamedRecipe] = {
    "article": NamedRecipe(ARTICLE_RECIPE, of_article=True),
    "zero_weights": NamedRecipe(
        _recipe({"name": "zeros"}, {"name": "normal", "std": 0.1}), of_article=True
    ),
    "both_random": NamedRecipe(
        _recipe({"name": "normal", "std": 0.1}, {"name": "normal", "std": 0.1}), of_article=True
    ),
    "same_weights": NamedRecipe(_recipe({"name": "constant", "value": 0.5}), of_article=True),
    "all_zeros": NamedRecipe(_recipe({"name": "zeros"}), of_article=True),
    "glorot": NamedRecipe(_recipe({"name": "glorot_normal"})),
    "lecun": NamedRecipe(_recipe({"name": "lecun_normal"})),
    "he": NamedRecipe(_recipe({"name": "he_normal"})),
    "orthogonal": NamedRecipe(_recipe({"name": "orthogonal", "gain": 1.0})),
    "lsuv": NamedRecipe(_recipe({"name": "lsuv"})),
    "truncated": NamedRecipe(_recipe({"name": "truncated_normal", "std": 0.5})),
    "sparse": NamedRecipe(_recipe({"name": "sparse", "sparsity": 0.5, "std": 1.0})),
    "identity": NamedRecipe(_recipe({"name": "identity", "gain": 1.0})),
    "tensorflow_playground": NamedRecipe(
        _recipe({"name": "tensorflow_playground"}, {"name": "tensorflow_playground"})
    ),
}


def name_of(recipe: Mapping[str, Any] | None) -> str | None:
    """The name of a complete recipe, None for one without."""
    return next((name for name, named in RECIPES.items() if named.recipe == recipe), None)


OPENING_RECIPES = ("glorot", "article", "zero_weights", "same_weights", "all_zeros")
OPENING_RUNS = tuple(
    RunSpec.model_validate({"recipe": RECIPES[name].recipe}) for name in OPENING_RECIPES
)
"""The opening runs: the recipes that the article compares, beside one that works."""
