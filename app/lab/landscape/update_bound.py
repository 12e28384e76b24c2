"""The bound on a run's learning rate: that of the update it makes, on the objective it descends."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from typing_extensions import TypedDict

from app.lab.experiment import training
from app.lab.json_arrays import Number, number
from app.lab.landscape.scene import Scene
from app.nn.landscape.descended import Descended
from app.nn.landscape.hessian import Hessian
from app.nn.landscape.spectrum import Extremes, extremes
from app.nn.types import Array
from app.nn.update.optimizers import State
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.stability import STABILITIES, Kind, stability_of
from app.nn.update.updates import DEAD, Method, StackUpdate
from app.nn.worked_update import work

BoundKind = Literal[Kind, "none"]
BoundReason = Literal["dropout", "mini_batches", "no_memory", "dampened", "unknown", "flat"]


class UpdateBound(TypedDict):
    """The bound on the learning rate of a run's next update.

    `objective_largest`, known to within `objective_error`, is the largest eigenvalue λ of the
    Hessian of what the run descends, J with its penalty, in the directions in which the run moves:
    identical neurons move together, dead links of an L1 do not. An L1 adds nothing, for it bends
    only at its kink. An adaptive optimizer divides its steps by D, the root of its squared
    gradients, and has `preconditioned_largest`, the largest eigenvalue λₚ of D^-½ H D^-½ for that
    Hessian and the D of now, known to within `preconditioned_error`; null for the others.

    `bound` is the largest learning rate with which this update comes to rest in a valley of this
    curvature; with a larger one it swings outward. It compares with `learning_rate`, which is that
    of the next update: `schedule_factor` times the one that is set. `bound_kind` says whose bound
    it is, `bound_formula` how it is computed, of λ, λₚ and the optimizer's options (μ is
    `momentum`, β₁ for Adam; τ `dampening`, η `lr_decay`, δ `weight_decay`, t the next update); a
    `preconditioned` one holds as long as D stays as it is. Where there is none, `bound` is null,
    the kind `none`, and `bound_reason` says why:

    | reason | |
    |---|---|
    | dropout | every step leaves out other neurons |
    | mini_batches | every step sees other samples, with a curvature of their own |
    | no_memory | an adaptive optimizer has seen no gradient yet, so that there is no D |
    | dampened | a dampening of 1 lets no gradient but the first into the momentum |
    | unknown | nobody has worked out a bound for this optimizer |
    | flat | J bends nowhere upward, in the directions in which the run moves |

    `full_batch_bound` is the bound with full batches: of mini-batches, that of the step that they
    make on average. `clip_factor` is what clipping multiplies the next gradient by, 1 where it
    leaves it alone; the bound is that of gradients which it leaves alone, near the bottom.
    """

    objective_largest: float
    objective_error: float
    preconditioned_largest: float | None
    preconditioned_error: float | None
    momentum: float
    bound: float | None
    bound_kind: BoundKind
    bound_reason: BoundReason | None
    bound_formula: str | None
    full_batch_bound: float | None
    schedule_factor: float
    clip_factor: Number
    learning_rate: float
    optimizer: str


@dataclass(frozen=True)
class RunUpdate:
    """What a run's next update depends on; every array of `state` has one row."""

    method: Method
    state: State
    descended: Descended
    preconditioner: Array | None
    """D (P,), None where there is none, or none yet."""

    @property
    def adaptive(self) -> bool:
        """Whether its steps are divided by D."""
        return stability_of(self.method.optimizer.name).preconditioner is not None

    @property
    def steps(self) -> float:
        """How many updates the optimizer remembers."""
        steps = self.state.get(f"{self.method.optimizer.name}.steps")
        return 0.0 if steps is None else float(steps[0, 0])

    @property
    def spectra(self) -> int:
        """How many spectra tell its bound, that of J included."""
        return 1 + int(not self.descended.plain) + int(self.preconditioner is not None)


@dataclass(frozen=True)
class Spectra:
    """The ends of the spectra of J, of what a run descends, and of that divided by D."""

    loss: Extremes
    objective: Extremes
    preconditioned: Extremes | None

    @property
    def products(self) -> int:
        """How many products all of them took."""
        different = {id(one): one for one in (self.loss, self.objective, self.preconditioned)}
        return sum(one.products for one in different.values() if one is not None)


def run_update(scene: Scene, run: int, hessian: Hessian) -> RunUpdate:
    """The next update of a run, where J has this Hessian."""
    setup, rows = scene.setup, np.array([run])
    architecture, method = setup.architecture, scene.method(run)
    kept = {name: array[rows] for name, array in scene.state.optimizer_state.items()}
    state = StackUpdate(architecture, [method]).state(scene.state.theta[rows], kept)
    dead = state.get(DEAD)
    live = None if dead is None or not dead.any() else 1.0 - dead[0]
    descended = replace(descended_by(scene, run, scene.state.step, hessian), live=live)
    update = RunUpdate(method, state, descended, None)
    name = method.optimizer.name
    preconditioner = stability_of(name).preconditioner
    if preconditioner is None or update.steps == 0.0:
        return update
    own = {
        key.removeprefix(f"{name}."): array
        for key, array in state.items()
        if key.startswith(f"{name}.")
    }
    return replace(update, preconditioner=preconditioner(own, method.optimizer.options))


def descended_by(scene: Scene, run: int, step: int, hessian: Hessian) -> Descended:
    """What a run descends at a step of its past, where J has this Hessian, with all its links."""
    setup, events = scene.setup, scene.events
    chosen = training.methods_at(setup, events, step)[run].regularizer
    regularizer, penalty = REGULARIZERS[chosen.name], None
    if regularizer.bend and chosen.options["rate"]:
        penalty = regularizer.bend * chosen.options["rate"] * setup.architecture.weights
    at = replace(scene.state, step=step)
    sources = training.gradient_sources(setup, events, at, np.array([run]))
    return Descended(hessian, penalty, None if sources is None else sources[0])


def find_spectra(scene: Scene, update: RunUpdate, most: int) -> Spectra:
    """The spectra that tell the bound of an update, each in that many products at most.

    Raises FloatingPointError where they are not finite.
    """

    def ends(of: Descended) -> Extremes:
        return extremes(of.product, of.start, most, scene.yield_to_waiting)

    of_loss = ends(Descended(update.descended.hessian))
    objective = of_loss if update.descended.plain else ends(update.descended)
    if update.preconditioner is None:
        return Spectra(of_loss, objective, None)
    scale = 1.0 / np.sqrt(update.preconditioner)
    return Spectra(of_loss, objective, ends(replace(update.descended, scale=scale)))


def update_bound(scene: Scene, run: int, update: RunUpdate, spectra: Spectra) -> UpdateBound:
    """The bound on the learning rate of a run's next update."""
    optimizer = update.method.optimizer
    stability = stability_of(optimizer.name)
    objective, stretched = spectra.objective, spectra.preconditioned
    curvature = (stretched or objective).largest
    bound = None
    if not (scene.setup.architecture.drops or (update.adaptive and stretched is None)):
        bound = number(stability.bound(curvature, optimizer.options, update.steps))
    reason = _reason(scene, update, bound)
    rate = scene.learning_rate(run)
    return {
        "objective_largest": objective.largest,
        "objective_error": objective.error,
        "preconditioned_largest": None if stretched is None else stretched.largest,
        "preconditioned_error": None if stretched is None else stretched.error,
        "momentum": optimizer.options[stability.momentum] if stability.momentum else 0.0,
        "bound": bound if reason is None else None,
        "bound_kind": stability.kind if reason is None else "none",
        "bound_reason": reason,
        "bound_formula": None if bound is None else stability.formula(optimizer.options),
        "full_batch_bound": bound,
        "schedule_factor": rate / optimizer.options["learning_rate"],
        "clip_factor": _clip_factor(scene, run, update),
        "learning_rate": rate,
        "optimizer": optimizer.name,
    }


def _reason(scene: Scene, update: RunUpdate, bound: float | None) -> BoundReason | None:
    """Why there is no bound, or None where there is one."""
    if scene.setup.architecture.drops:
        return "dropout"
    if scene.setup.task.batch is not None:
        return "mini_batches"
    if update.adaptive and update.preconditioner is None:
        return "no_memory"
    if bound is not None:
        return None
    if update.method.optimizer.name not in STABILITIES:
        return "unknown"
    return "dampened" if update.method.optimizer.options.get("dampening") == 1.0 else "flat"


def _clip_factor(scene: Scene, run: int, update: RunUpdate) -> Number:
    """What clipping multiplies the gradient of the next update by."""
    gradient = training.gradient_of(scene.setup, scene.events, scene.state, [run])
    theta, step = scene.state.theta[[run]], scene.state.step
    architecture = scene.setup.architecture
    worked = work(architecture, update.method, gradient, theta, update.state, step, 0)
    return number(worked.clip)
