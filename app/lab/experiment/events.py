"""Events: the changes that a learner makes on the way, as JSON and as data, in order.

An event holds one change: a choice from one of the registries in `CHANGES`, whose names are fields
of `Event`; or parameters, set by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import numpy as np
from pydantic import Field, create_model
from typing_extensions import TypedDict

from app.choices import Chosen, Range
from app.errors import FieldError, InvalidInput
from app.lab.experiment.setup import Setup, begin
from app.lab.experiment.state import Event
from app.lab.experiment.way import Way
from app.lab.spec import ranges
from app.lab.spec.arrays import is_reached, parameters, read_parameters
from app.lab.spec.documents import (
    ClippingDocument,
    Document,
    DocumentOf,
    OptimizerDocument,
    RegularizerDocument,
    ScheduleDocument,
)
from app.lab.spec.field_errors import pointer
from app.lab.spec.parse_recipe import read_recipe, tidy
from app.lab.spec.schema import METHODS, GivenParameters, Recipe, SpecModel
from app.lab.spec.validation import Items, Model, Within
from app.nn.types import Array
from app.nn.update.updates import Method

CHANGES = METHODS
"""The registries from which something else may be chosen at a step, by the name of the change."""

PARAMETERS = "parameters"
_COUNT = Range("events", 0, 0, 10_000, integer=True)
MOST_NUMBERS = 1_000_000
"""So many numbers set by hand are kept with an experiment: its record is read in every request."""


class _Event(Model):
    """A change from a step on, for one run, or without a run for all."""

    step: Annotated[int, Within(ranges.STEP)]
    run: Annotated[int, Within(ranges.RUN)] | None = None
    parameters: GivenParameters | None = None
    recipe: Recipe | None = Field(
        default=None, description="by which the parameters were begun anew, where they were"
    )


_changes: dict[str, Any] = {
    name: (Annotated[Model, entry] | None, None) for name, entry in CHANGES.items()
}
EventModel: type[_Event] = create_model("Event", __base__=_Event, **_changes)
Events = Annotated[list[EventModel], Items(_COUNT)]
EventDocument = Annotated[Document, DocumentOf(EventModel)]


class RunMethod(TypedDict):
    """How a run learns now; `rate` is the learning rate of its next update."""

    optimizer: OptimizerDocument
    schedule: ScheduleDocument
    clipping: ClippingDocument
    regularizer: RegularizerDocument
    rate: float


class _Change(Model):
    run: Annotated[int, Within(ranges.RUN)] | None = None
    recipe: Recipe | None = None
    seed: Annotated[int, Within(ranges.SEED)] | None = None


ChangeModel: type[_Change] = create_model("Change", __base__=_Change, **_changes)
"""What is different in a branch: other choices, or a run that begins by another recipe or seed."""


class NewExperiment(SpecModel):
    """A spec, and the way to go from its beginning: the events on it, and how far."""

    events: Events = Field(default=[], description="as a summary lists them")
    step: Annotated[int, Within(ranges.STEP)] = 0


def read(given: Sequence[_Event], setup: Setup) -> tuple[Event, ...]:
    """Validated events as data, by step. Raises InvalidInput that points at every bad field."""
    errors: list[FieldError] = []
    found: list[Event] = []
    for place, event in enumerate(given):
        at = pointer("events", place)
        last = len(setup.runs) - 1
        if event.run is not None and event.run > last:
            allowed = {"minimum": 0, "maximum": last}
            detail = f"must be from 0 to {last}"
            errors.append(FieldError(f"{at}/run", "out_of_range", detail, allowed, event.run))
        said = [name for name in (*CHANGES, PARAMETERS) if getattr(event, name) is not None]
        if len(said) != 1:
            names = [*CHANGES, PARAMETERS]
            detail = f"an event has one of {', '.join(names)}, not {len(said)} of them"
            code = "conflict_fields" if said else "missing"
            errors.append(FieldError(at, code, detail, {"names": names}))
        elif event.recipe is not None and event.parameters is None:
            detail = "says by what parameters were begun anew, and goes with them alone"
            both: dict[str, Any] = {"names": [PARAMETERS, "recipe"]}
            errors.append(FieldError(f"{at}/recipe", "conflict_fields", detail, both))
        elif event.parameters is not None:
            if event.run is None:
                detail = "is required: parameters are set on one run"
                errors.append(FieldError(f"{at}/run", "missing", detail))
            numbers = {"W": event.parameters.W, "b": event.parameters.b}
            theta = read_parameters(
                setup.architecture, numbers, f"{at}/{PARAMETERS}", errors, is_reached
            )
            if theta is not None:
                recipe = None if event.recipe is None else tidy(event.recipe.model_dump())
                found.append(by_hand(event.step, event.run or 0, theta.tolist(), recipe))
        else:
            choice = getattr(event, said[0]).model_dump()
            found.append(change(event.step, event.run, said[0], choice))
    if errors:
        raise InvalidInput(errors)
    steps: dict[int, tuple[Event, ...]] = {}  # an event replaces others of its own step only
    for one in found:
        steps[one.step] = added(steps.get(one.step, ()), one)
    return tuple(one for step in sorted(steps) for one in steps[step])


def check_kept(events: Sequence[Event], at: str) -> None:
    """Raises InvalidInput for more events, or more numbers set by hand, than are kept of one."""
    count, numbers = len(events), sum(len(event.theta or ()) for event in events)
    for received, most, what in (
        (count, int(_COUNT.maximum), "changes"),
        (numbers, MOST_NUMBERS, "numbers set by hand"),
    ):
        if received > most:
            detail = f"an experiment keeps at most {most} {what}"
            raise InvalidInput(
                [FieldError(at, "too_much_work", detail, {"maximum": most}, received)]
            )


def change(step: int, run: int | None, what: str, choice: Mapping[str, Any]) -> Event:
    """The event of another choice, for one run or for all; `what` is one of CHANGES."""
    options = {name: float(value) for name, value in choice.items() if name != "name"}
    chosen: Any = {what: Chosen(choice["name"], options)}
    return Event(step, run, **chosen)


def of_branch(given: Mapping[str, Any], step: int, setup: Setup) -> list[Event]:
    """The events by which a branch differs, from a `ChangeModel` as JSON.

    A run that begins by another recipe or seed has the parameters set by hand with which it would
    have begun. Raises InvalidInput, which points into `/change`.
    """
    run = given.get("run")
    last = len(setup.runs) - 1
    if run is not None and run > last:
        allowed = {"minimum": 0, "maximum": last}
        detail = f"must be from 0 to {last}"
        raise InvalidInput([FieldError("/change/run", "out_of_range", detail, allowed, run)])
    found = [change(step, run, name, given[name]) for name in CHANGES if given.get(name)]
    recipe, seed = given.get("recipe"), given.get("seed")
    if recipe is not None or seed is not None:
        if run is None:
            detail = "is required: one run is begun anew"
            raise InvalidInput([FieldError("/change/run", "missing", detail)])
        theta = _begun_anew(setup, run, recipe, seed)
        found.append(by_hand(step, run, theta.tolist(), None if recipe is None else tidy(recipe)))
    return found


def _begun_anew(
    setup: Setup, run: int, recipe: Mapping[str, Any] | None, seed: int | None
) -> Array:
    """theta (P,) with which a run would have begun by another recipe or seed.

    Raises InvalidInput, which points into `/change`.
    """
    begun = setup.runs[run]
    if seed is not None:
        begun = replace(begun, seed=seed)
    if recipe is not None:
        errors: list[FieldError] = []
        layers = len(setup.architecture.layers)
        begun = replace(
            begun, theta=None, recipe=read_recipe(recipe, "/change/recipe", layers, errors)
        )
        if errors:
            raise InvalidInput(errors)
    return begin(setup.architecture, begun, setup.train.X)


def by_hand(
    step: int, run: int, theta: Sequence[float], recipe: Mapping[str, Any] | None = None
) -> Event:
    """The event of parameters theta (P,) that are set by hand on a run, or begun by a recipe."""
    return Event(step, run, theta=tuple(theta), recipe=recipe)


def added(events: Sequence[Event], new: Event) -> tuple[Event, ...]:
    """The events with one more, ordered by step.

    It replaces an event of the same kind at its step, when it is for the same run or for all.
    """

    return tuple(sorted([*without(events, new), new], key=lambda event: event.step))


def without(events: Sequence[Event], new: Event) -> tuple[Event, ...]:
    """The events but for those that `new` would replace."""
    return tuple(event for event in events if not _replaces(new, event))


def takes_back(events: Sequence[Event], new: Event) -> bool:
    """Whether `new` replaces one of the events whose traces it does not cover itself.

    An optimizer, or a regularizer, of another name has begun anew what others carry: momentum that
    was given up and chosen again at one step has been kept, as of that step nothing else is known.
    """
    kind = _kind(new)
    return kind in ("optimizer", "regularizer") and any(
        _replaces(new, old) and getattr(old, kind).name != getattr(new, kind).name for old in events
    )


def with_choice(setup: Setup, known: Sequence[Event], new: Event) -> tuple[Event, ...]:
    """The events with one more; or with none of its kind at its step, if that undoes the others.

    Who chooses something there and then what was before has changed nothing. Who chooses what is
    there already, and nothing else before, may mean it: a schedule counts anew.
    """
    kind = _kind(new)
    found = added(known, new)
    others = tuple(one for one in found if one.step != new.step or _kind(one) != kind)
    if kind == PARAMETERS or new in known or all(one in others for one in known):
        return found
    with_them, without_them = (
        [getattr(method, kind) for method in Way(setup, way).methods(new.step)]
        for way in (found, others)
    )
    return others if with_them == without_them else found


def _replaces(new: Event, old: Event) -> bool:
    same_place = old.step == new.step and new.run in (None, old.run)
    return same_place and _kind(old) == _kind(new)


def _kind(event: Event) -> str:
    """The name of the change that an event makes."""
    kinds = (name for name in CHANGES if getattr(event, name) is not None)
    return next(kinds, PARAMETERS)


def describe_event(event: Event, setup: Setup | None) -> EventDocument:
    """An event as JSON; for the API, where there is a setup, parameters are given by layer."""
    entry: dict[str, Any] = {"step": event.step, "run": event.run}
    for name in CHANGES:
        chosen: Chosen | None = getattr(event, name)
        if chosen is not None:
            entry[name] = _describe_choice(chosen)
    if event.theta is not None:
        theta = np.array(event.theta)
        entry[PARAMETERS] = event.theta if setup is None else parameters(setup.architecture, theta)
    if event.recipe is not None:
        entry["recipe"] = event.recipe
    return entry


def describe_method(method: Method, step: int) -> RunMethod:
    """How a run learns, as JSON, and the learning rate of the update that follows `step`."""
    return {
        "optimizer": _describe_choice(method.optimizer),
        "schedule": _describe_choice(method.schedule),
        "clipping": _describe_choice(method.clipping),
        "regularizer": _describe_choice(method.regularizer),
        "rate": method.rate(step),
    }


def _describe_choice(choice: Chosen) -> Document:
    return {"name": choice.name, **choice.options}


def from_record(entry: Mapping[str, Any]) -> Event:
    """The event of which `describe_event` made the JSON in the store."""
    theta = entry.get(PARAMETERS)
    if theta is not None:
        return by_hand(entry["step"], entry["run"], theta, entry.get("recipe"))
    what = next(name for name in CHANGES if name in entry)
    return change(entry["step"], entry["run"], what, entry[what])
