"""A mystery: an experiment whose recipes are not told until they are revealed.

The complete spec stays on the server; whoever knows the id of the mystery can train it. Answers
have the spec without what is asked for: recipe, label and seed of the runs in question, and the
seed of the experiment. Seeds go with recipes, since recipe and seed together give the parameters of
step 0, which can be seen: each run in question gets a seed of its own, drawn when the mystery is
made, as the one that was stated may well be the usual one.
"""

import hmac
import json
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from app.choices import Range
from app.errors import FieldError, InvalidInput, Sealed
from app.lab.spec import ranges
from app.lab.spec.documents import RecipeDocument
from app.lab.spec.field_errors import pointer
from app.lab.spec.parse_recipe import tidy
from app.lab.spec.recipes import OPENING_RECIPES, RECIPES
from app.lab.spec.schema import Recipe, SpecModel
from app.lab.spec.validation import Items, Model, Within

OPTIONS = Range("options", None, 2, 12, integer=True)
WORD_LENGTH = 80

When = Literal["any_time", "step", "word"]
RunNumbers = Annotated[
    list[Annotated[int, Within(ranges.RUN)]], Items(Range("runs", None, 1, 16, integer=True))
]


class Reveal(Model):
    """When a mystery may be revealed: at any time, from a step on, or with a word of the teacher.

    Capitals and spaces around the word do not count.
    """

    when: When = "any_time"
    step: Annotated[int, Within(ranges.STEP)] | None = None
    word: Annotated[str, StringConstraints(max_length=WORD_LENGTH)] | None = None


class NewMystery(Model):
    """A spec, which of its runs are a mystery, what can be guessed, and when it is revealed."""

    spec: SpecModel
    runs: RunNumbers | None = Field(default=None, description="counted from 0; left out, all")
    options: Annotated[list[Recipe], Items(OPTIONS)] | None = Field(
        default=None,
        description="recipes to choose from, those of the runs among them or not;"
        " left out, those of the opening experiment",
    )
    reveal: Reveal = Reveal()


@dataclass(frozen=True)
class Mystery:
    """What is hidden: `document` is the complete spec, `runs` those whose recipes are asked for.

    `options` are recipes to choose from, those of the runs among them, in an order that tells
    nothing.
    """

    id: str
    document: Mapping[str, Any]
    runs: tuple[int, ...]
    options: tuple[Mapping[str, Any], ...]
    when: When
    step: int | None
    word: str | None

    @property
    def answers(self) -> list[int]:
        """For every run that is asked about, the place of its recipe among the options."""
        recipes = [self.document["runs"][run]["recipe"] for run in self.runs]
        return [self.options.index(recipe) for recipe in recipes]


class MysteryRule(TypedDict):
    """When a mystery may be revealed; `step` is from which step on."""

    when: When
    step: int | None


class PublicMystery(TypedDict):
    """What may be known of a mystery: which runs it hides, and the recipes to choose from."""

    id: str
    runs: list[int]
    options: list[RecipeDocument]
    reveal: MysteryRule


class MysteryState(PublicMystery):
    """A mystery in an experiment; once `revealed`, `answers` are places among the options."""

    revealed: bool
    answers: list[int] | None


def new_mystery(id: str, asked: NewMystery, document: Mapping[str, Any]) -> Mystery:
    """The mystery of a complete spec, with drawn seeds for its runs. Raises InvalidInput."""
    runs = tuple(sorted(set(range(len(document["runs"])) if asked.runs is None else asked.runs)))
    recipes = [_recipe_of(document, run) for run in runs]
    given = (
        [RECIPES[name].recipe for name in OPENING_RECIPES]
        if asked.options is None
        else [tidy(option.model_dump(mode="json", exclude_none=True)) for option in asked.options]
    )
    known = {json.dumps(recipe, sort_keys=True): recipe for recipe in (*given, *recipes)}
    options = tuple(known[text] for text in sorted(known))
    if len(options) > OPTIONS.maximum:
        detail = f"with those of the runs there would be {len(options)} recipes"
        allowed = {"minimum": OPTIONS.minimum, "maximum": OPTIONS.maximum, "items": True}
        raise InvalidInput([FieldError("/options", "out_of_range", detail, allowed, len(options))])
    rule = asked.reveal
    _check_rule(rule, ranges.MOST_LOSSES // len(document["runs"]))
    step = rule.step if rule.when == "step" else None
    word = rule.word if rule.when == "word" else None
    return Mystery(id, _with_drawn_seeds(document, runs), runs, options, rule.when, step, word)


def _with_drawn_seeds(document: Mapping[str, Any], hidden: Sequence[int]) -> dict[str, Any]:
    """The spec with seeds for its hidden runs that nobody can guess, each drawn by itself.

    Data, batches, masks and the runs in sight are drawn from other seeds, so that nothing public
    narrows these down, and no hidden run tells of another. A seed is one of 2³², all that its field
    holds: this keeps out whoever compares with experiments of the server, but not a program that
    draws every recipe with all 2³² seeds for itself.
    """
    runs = [
        {**run, "seed": _drawn_seed()} if place in hidden else run
        for place, run in enumerate(document["runs"])
    ]
    return {**document, "runs": runs}


def _drawn_seed() -> int:
    low, high = int(ranges.SEED.minimum), int(ranges.SEED.maximum)
    return low + secrets.randbelow(high - low + 1)


def _recipe_of(document: Mapping[str, Any], run: int) -> Mapping[str, Any]:
    """The recipe of a run. Raises InvalidInput where there is no such run, or it has none."""
    last = len(document["runs"]) - 1
    if run > last:
        allowed = {"minimum": 0, "maximum": last}
        raise InvalidInput(
            [FieldError("/runs", "out_of_range", f"must be from 0 to {last}", allowed, run)]
        )
    recipe: Mapping[str, Any] | None = document["runs"][run].get("recipe")
    if recipe is None:
        detail = "begins from given parameters, so that there is no recipe to guess"
        raise InvalidInput([FieldError(pointer("spec", "runs", run), "misfit", detail)])
    return recipe


def _check_rule(rule: Reveal, longest: int) -> None:
    """Raises InvalidInput where a rule does not say what it needs, or tells nothing ever.

    An experiment has at most `longest` steps.
    """
    if rule.when == "step":
        at = "/reveal/step"
        if rule.step is None:
            raise InvalidInput([FieldError(at, "missing", "is required")])
        if rule.step > longest:
            allowed = {"minimum": 0, "maximum": longest}
            detail = f"must be from 0 to {longest}, the longest that so many runs can be trained"
            raise InvalidInput([FieldError(at, "out_of_range", detail, allowed, rule.step)])
    if rule.when == "word" and not _plain(rule.word):
        raise InvalidInput([FieldError("/reveal/word", "missing", "is required")])


def masked_document(mystery: Mystery) -> dict[str, Any]:
    """The spec as it may be known. It makes the same experiment again, by the mystery's id."""
    runs = [
        {"label": None, **{key: value for key, value in run.items() if key not in _HIDDEN}}
        if k in mystery.runs
        else run
        for k, run in enumerate(mystery.document["runs"])
    ]
    return {**mystery.document, "seed": 0, "runs": runs, "mystery": mystery.id}


_HIDDEN = ("label", "recipe", "seed")


def check_unchanged(given: SpecModel, mystery: Mystery) -> None:
    """Check that a spec which names a mystery says nothing else of it. Raises InvalidInput."""
    masked = masked_document(mystery)
    fields = given.model_fields_set & (SpecModel.model_fields.keys() - {"mystery"})
    said = given.model_dump(mode="json", include=fields)
    changed = [name for name in said if _compact(said[name]) != _compact(masked[name])]
    if changed:
        detail = "belongs to the mystery, and cannot be changed before it is revealed"
        raise InvalidInput([FieldError(pointer(name), "sealed", detail) for name in changed])


def _compact(value: Any) -> Any:
    """A document without its null fields."""
    if isinstance(value, list):
        return [_compact(each) for each in value]
    if isinstance(value, dict):
        return {key: _compact(each) for key, each in value.items() if each is not None}
    return value


def check_reveal(mystery: Mystery, step: int, word: str | None) -> None:
    """Check that a mystery may be revealed at a step, with the word that was said.

    Raises Sealed where it is too early, and InvalidInput for another word.
    """
    if mystery.step is not None and step < mystery.step:
        detail = f"the recipe is told from step {mystery.step} on; the experiment is at {step}"
        raise Sealed(detail, mystery.step)
    if mystery.word is not None and not _same(word, mystery.word):
        detail = "is not the word with which the recipe is told"
        raise InvalidInput([FieldError("/word", "wrong_word" if word else "missing", detail)])


def _same(word: str | None, other: str) -> bool:
    return hmac.compare_digest(_plain(word).encode(), _plain(other).encode())


def _plain(word: str | None) -> str:
    """The word without what is not seen, such as a space of no width."""
    seen = (sign for sign in word or "" if unicodedata.category(sign) not in ("Cc", "Cf"))
    return "".join(seen).strip().casefold()


def public_mystery(mystery: Mystery) -> PublicMystery:
    """What may be known of a mystery, before it is revealed."""
    return {
        "id": mystery.id,
        "runs": list(mystery.runs),
        "options": [dict(option) for option in mystery.options],
        "reveal": {"when": mystery.when, "step": mystery.step},
    }


def mystery_state(mystery: Mystery | None, revealed: bool) -> MysteryState | None:
    """A mystery in an experiment as it is told; None of an experiment without one."""
    if mystery is None:
        return None
    answers = mystery.answers if revealed else None
    return {**public_mystery(mystery), "revealed": revealed, "answers": answers}


def dumps(mystery: Mystery) -> dict[str, Any]:
    """A mystery as JSON, for the store."""
    fields: Sequence[str] = ("id", "document", "when", "step", "word")
    return {
        **{name: getattr(mystery, name) for name in fields},
        "runs": list(mystery.runs),
        "options": list(mystery.options),
    }


def loads(stored: Mapping[str, Any]) -> Mystery:
    """The mystery of which `dumps` made the JSON."""
    lists = {"runs": tuple(stored["runs"]), "options": tuple(stored["options"])}
    return Mystery(**{**stored, **lists})
