"""The built-in lessons in the order in which they are gone through, and what builds on what."""

from collections.abc import Mapping, Sequence

BUILT_IN = (
    "shapes",
    "same_weights",
    "random_biases",
    "how_much_slower",
    "bowl",
    "chain_rule",
    "slice",
    "gradient_descent",
    "learning_rate",
    "plateau",
    "cross_entropy",
    "depth",
    "born_dead",
    "edge",
    "xor",
    "code",
)
"""The ids of the built-in lessons: those of the article first, then those beyond it."""


def check_order(builds_on: Mapping[str, Sequence[str]]) -> None:
    """Check that every lesson builds only on ones that come before it, so that there is no circle.

    `builds_on` has the lessons in their order. Raises ValueError that names what is wrong.
    """
    before: set[str] = set()
    for id, needed in builds_on.items():
        for each in needed:
            if each not in builds_on:
                raise ValueError(f"the lesson {id} builds on {each}, which there is not")
            if each not in before:
                raise ValueError(f"the lesson {id} builds on {each}, which comes no earlier")
        before.add(id)
