"""An experiment as a numpy script: the whole of its training, in a few functions.

The script computes what Basin computes, in the same order, so that its numbers are the same to the
last bit on the same machine. It holds the code of what this experiment chooses, and no other.
"""

from collections.abc import Iterator, Sequence

from app.choices import Chosen
from app.data import features
from app.lab.export import numpy_parts as parts
from app.lab.export.sections import (
    Section,
    arguments,
    collected,
    described,
    losses,
    number_blocks,
    packed,
    runs_code,
    sample_names,
    script,
)
from app.lab.export.story import Change, Story

FEW_SAMPLES = 16
"""Of fewer samples BLAS adds up in another order where rows lie end to end in memory."""

_HEAD = '''"""{described}

This is all there is: no library trains it, and every number is here. Run it with Python and numpy;
its last line is one JSON object, {{"train": [[J at every step, from step 0] of every run]}}. The
numbers are Basin's, to the last bit on the same kind of machine and else to 1e-12.
{note}"""
'''
PACKED_NOTE = """
Its {count} numbers are too many to be read. They are at the end, as an NPZ file in base64.
"""


def numpy_script(story: Story) -> str:
    """The script."""
    note = PACKED_NOTE.format(count=story.numbers) if packed(story) else ""
    return script(_HEAD.format(described=described(story), note=note), sections(story))


def sections(story: Story) -> list[Section]:
    """Its sections, without its head; the last one prints J."""
    return [
        Section("The libraries, and how far to train", "", _imports(story)),
        Section(
            "Activations: A = f(Z), and the slope f'(Z)",
            "What a neuron does with the sum of its inputs, and how steep that is.",
            "\n\n\n".join(collected(parts.ACTIVATIONS, _activations(story))),
        ),
        Section(
            "The loss J, and dJ/dZ of the output layer",
            "How wrong the network is: what training makes small.",
            _losses(story),
        ),
        Section(
            "The network: forward, and back by the chain rule",
            "All parameters are one row of numbers, `theta`: for each layer the matrix "
            "`M = [W | b]`. Samples are columns, so that `Z = M [A; 1]` is `W A + b`.",
            _network(story),
        ),
        Section(
            "The update: from a gradient to the next parameters",
            "The rule by which the parameters move against the gradient.",
            _updates(story),
        ),
        Section(
            "Training: forward, J, gradient, update",
            "`changes` holds what is set at step 0, and what was changed on the way.",
            _training(story),
        ),
        Section(
            "The numbers: samples, and the parameters that runs begin with",
            "Inputs and targets of every training sample, and the first parameters.",
            _numbers(story),
        ),
        Section(
            "The runs, and what is set at which step",
            "Each run is trained by itself.",
            runs_code(story, settings_of),
        ),
        Section("The result", "The losses of every run, as one line of JSON.", RESULT),
    ]


RESULT = 'print(json.dumps({"train": TRAIN}))'


def _imports(story: Story) -> str:
    names = ["base64", "io", "json"] if packed(story) else ["json"]
    lines = [*(f"import {name}" for name in names), "", "import numpy as np", ""]
    lines += [
        'np.seterr(all="ignore")  # a run may diverge; the loop looks for that',
        f"STEPS = {story.steps}",
    ]
    return "\n".join(lines)


def _activations(story: Story) -> list[str]:
    return [layer.activation for layer in story.setup.architecture.layers]


def _losses(story: Story) -> str:
    output = _activations(story)[-1]
    slope = "" if output == "linear" else f" * {output}_slope(Z, A)"
    mean = 'def mean(terms):\n    """Over all samples and outputs."""\n'
    mean += "    return np.add.reduce(terms, axis=None) / float(terms.size)"
    return "\n\n\n".join([mean, *collected(parts.LOSSES, losses(story))]).replace("{output}", slope)


def few(story: Story) -> bool:
    """Whether some product is of so few samples that BLAS looks at how rows lie in memory."""
    setup = story.setup
    rest = setup.train.count % setup.batch_size or setup.batch_size
    return len(story.setup.architecture.layers) > 1 and min(rest, setup.batch_size) < FEW_SAMPLES


_WITH_ONES = '''
def with_ones(A):
    """A and below it a row of 1, which meets the biases."""
    return np.vstack([A, np.ones(A.shape[1])])
'''
_APART = '''
def with_ones(A):
    """A and below it a row of 1, which meets the biases.

    Rows do not lie end to end in memory: of so few samples BLAS then adds up as in Basin.
    """
    below = np.ones((len(A) + 1, 2, A.shape[1]))[:, 0]
    below[:-1] = A
    return below
'''
_FORWARD = '''
def matrices(theta):
    """M = [W | b] of every layer, as views into theta."""
    start = 0
    for n_out, n_in in SHAPES:
        yield theta[start : start + n_out * (n_in + 1)].reshape(n_out, n_in + 1)
        start += n_out * (n_in + 1)


def forward(theta, X{masks}):
    """For every layer: what comes in (and a row of 1), the logits Z, the activations A."""
    passed, below = [], np.vstack([X, np.ones(X.shape[1])])
    for {loop} in {zipped}:
        Z = M @ below
        A = f(Z)
        passed.append((below, Z, A))
        below = with_ones({dropped})
    return passed


def gradient(theta, passed, Y, loss_slope{masks}):
    """dJ/dM of every layer, from the last one back."""
    found, Ms = [], list(matrices(theta))
    delta = loss_slope(*passed[-1][1:], Y)  # dJ/dZ
    for layer in reversed(range(len(Ms))):
        found.insert(0, delta @ passed[layer][0].T)
        if layer > 0:
            _, Z, A = passed[layer - 1]
            {down}
    return found
'''
_DOWN = "delta = (Ms[layer][:, :-1].T @ delta) * LAYERS[layer - 1][1](Z, A)"
_DOWN_DROPPED = """down = drop(Ms[layer][:, :-1].T @ delta, masks, layer - 1)
            delta = down * LAYERS[layer - 1][1](Z, A)"""
_TWINS = '''
def share(gradients, twins):
    """Neurons that began alike share the gradient of the first of them.

    In exact arithmetic they stay alike for ever; rounding must not part them.
    """
    columns = list(range(SHAPES[0][1]))
    for G, rows in zip(gradients, twins):
        G[:] = G[np.ix_(rows, columns + [-1])]  # the last column are the biases
        columns = list(rows)
'''
_BATCH = '''
def batch(t):
    """The samples of step t: every epoch goes through all of them, each in another order."""
    epoch, place = divmod(t, -(-{n} // {size}))
    stream = np.random.SeedSequence({seed}, spawn_key=(2, epoch))
    order = np.random.default_rng(stream).permutation({n})
    return order[place * {size} : (place + 1) * {size}]
'''
_MASKS = '''
def dropout(t, n):
    """What the neurons of hidden layers are multiplied by in step t: 0, or 1/(1 - p)."""
    rng = np.random.default_rng(np.random.SeedSequence({seed}, spawn_key=(4, t)))
    return [
        None if p == 0.0 else (rng.random((units, n)) >= p) / (1.0 - p)
        for units, p in {layers}
    ]
'''
_DROP = '''
def drop(A, masks, layer):
    """A without what drops out of a hidden layer; all of it without masks."""
    some = masks is not None and layer < len(masks) and masks[layer] is not None
    return A * masks[layer] if some else A
'''


def batch_code(story: Story) -> str:
    """The function that gives the samples of a step; empty where it is always all of them."""
    setup = story.setup
    if setup.batch_size >= setup.train.count:
        return ""
    return _BATCH.format(n=setup.train.count, size=setup.batch_size, seed=setup.spec.seed)


def masks_code(story: Story) -> str:
    """The function that gives the dropout masks of a step; empty where there is no dropout."""
    layers = story.setup.architecture.layers[:-1]
    if not story.setup.architecture.drops:
        return ""
    told = [(layer.units, layer.dropout) for layer in layers]
    return _MASKS.format(seed=story.setup.spec.seed, layers=told)


def _network(story: Story) -> str:
    architecture = story.setup.architecture
    pairs = ", ".join(f"({name}, {name}_slope)" for name in _activations(story))
    head = f"SHAPES = {[*architecture.shapes]}  # (n_out, n_in) of every W\nLAYERS = [{pairs}]"
    drops = architecture.drops
    if drops:
        told = {"masks": ", masks=None", "zipped": "enumerate(zip(matrices(theta), LAYERS))"}
        told |= {"loop": "layer, (M, (f, _))", "dropped": "drop(A, masks, layer)"}
        told |= {"down": _DOWN_DROPPED}
    else:
        told = {"masks": "", "zipped": "zip(matrices(theta), LAYERS)", "loop": "M, (f, _)"}
        told |= {"dropped": "A", "down": _DOWN}
    forward = _FORWARD.format(**told)
    blocks = [head, *([_DROP] if drops else []), _APART if few(story) else _WITH_ONES, forward]
    blocks += [_TWINS] if story.has_twins else []
    blocks += [code for code in (batch_code(story), masks_code(story)) if code]
    return "\n\n\n".join(block.strip("\n") for block in blocks)


def _updates(story: Story) -> str:
    found = collected(parts.OPTIMIZERS, story.chosen["optimizer"])
    if scheduled(story):
        found += collected(parts.SCHEDULES, story.chosen["schedule"])
    if penalised(story):
        found += collected(parts.REGULARIZERS, story.chosen["regularizer"])
        places = "np.concatenate([np.tile([1.0] * n_in + [0.0], n_out) for n_out, n_in in SHAPES])"
        found.append(f"IS_WEIGHT = {places}  # a penalty is on weights alone")
    return "\n\n\n".join(found)


def scheduled(story: Story) -> bool:
    """Whether a learning rate changes by a schedule."""
    return story.chosen["schedule"] != ["constant"]


def penalised(story: Story) -> bool:
    """Whether there is a penalty on weights."""
    return story.chosen["regularizer"] != ["none"]


def clipped(story: Story) -> bool:
    """Whether a gradient is clipped."""
    return story.chosen["clipping"] != ["none"]


def dying(story: Story) -> bool:
    """Whether an L1 kills links."""
    return "l1_dying" in story.chosen["regularizer"]


def _training(story: Story) -> str:
    return "\n".join(_loop(story))


def _loop(story: Story) -> Iterator[str]:
    drops = story.setup.architecture.drops
    batches = story.setup.batch_size < story.setup.train.count
    yield "def train(changes):"
    yield '    """J at every step of a run; None once it has diverged."""'
    yield "    now, losses = {}, []"
    yield "    for t in range(STEPS + 1):"
    yield "        change = changes.get(t, {})"
    yield "        now |= change"
    yield '        if "theta" in change:'
    yield '            theta = change["theta"].copy()'
    yield '        if "theta" in change or "update" in change:'
    yield "            memory = {}"
    if dying(story):
        yield '        if "theta" in change or "penalty" in change:'
        yield "            dead = np.zeros(len(theta), dtype=bool)"
    yield "        passed = forward(theta, X)"
    yield f"        J = {_of(story, 'loss')}(*passed[-1][1:], Y)"
    yield '        if "theta" in change:'
    yield "            alive, limit = True, 1e12 * max(1.0, J if np.isfinite(J) else 1.0)"
    yield "        alive = alive and np.isfinite(theta).all() and np.isfinite(J) and J <= limit"
    yield "        losses.append(float(J) if alive else None)"
    yield "        if not alive or t == STEPS:"
    yield "            continue"
    masks = ", masks" if drops else ""
    if batches:
        yield "        some = batch(t)"
        part = "X.take(some, axis=1)"
    else:
        part = "X"
    if drops:
        yield f"        masks = dropout(t, {'len(some)' if batches else 'X.shape[1]'})"
    if batches or drops:
        yield f"        passed = forward(theta, {part}{masks})"
    of = f"{'Y.take(some, axis=1)' if batches else 'Y'}, {_of(story, 'loss_slope')}{masks}"
    yield f"        Gs = gradient(theta, passed, {of})"
    if story.has_twins:
        yield '        if now["twins"]:'
        yield '            share(Gs, now["twins"])'
    yield "        G = np.concatenate([dM.ravel() for dM in Gs])"
    yield from _step(story)
    yield "    return losses"


def _of(story: Story, what: str) -> str:
    """How the loop names the loss, or its slope."""
    names = losses(story)
    return f'now["{what}"]' if len(names) > 1 else names[0] + what.removeprefix("loss")


def _step(story: Story) -> Iterator[str]:
    if penalised(story):
        yield '        G += now["strength"] * IS_WEIGHT * now["penalty"](theta)'
    if clipped(story):
        yield "        norm = np.sqrt(np.add.reduce(G * G))"
        yield '        G *= np.minimum(1.0, now["max_norm"] / (norm + 1e-6))'
    yield '        rate = now["rate"]' + (' * now["schedule"](t)' if scheduled(story) else "")
    yield (
        '        before, theta = theta, now["update"](theta, G, rate, memory, **now["options"])'
        if (dying(story))
        else '        theta = now["update"](theta, G, rate, memory, **now["options"])'
    )
    if dying(story):
        yield '        if now["penalty"] is l1_dying:'
        yield '            theta = die(theta, before, rate * (now["strength"] * IS_WEIGHT), dead)'


def _numbers(story: Story) -> str:
    inputs, targets = sample_names(story)
    blocks = number_blocks(story, array="np.array({})", from_file="{}")
    return "\n\n\n".join([*blocks, "\n".join(_inputs(story, inputs, targets))])


def _inputs(story: Story, inputs: Sequence[str], targets: Sequence[str]) -> Iterator[str]:
    """X and Y out of the columns of the samples, by formulas; or X as numbers where they differ."""
    yield f"{', '.join([*inputs, *targets])} = np.ascontiguousarray(POINTS.T)"
    written_out = [formula(name) for name in story.setup.spec.features]
    yield f"X = np.stack([{', '.join(written_out)}])"
    if story.setup.spec.data.standardize:
        center, scale = (array[:, 0].tolist() for array in (story.setup.center, story.setup.scale))
        yield f"MEAN, DEVIATION = np.array({center}), np.array({scale})"
        yield "X = (X - MEAN[:, np.newaxis]) / DEVIATION[:, np.newaxis]"
    yield f"Y = np.stack([{', '.join(targets)}])"


def formula(name: str, module: str = "np") -> str:
    """A feature as code, of the rows x1 … xn."""
    feature = features.parse(name)
    of = [f"x{place + 1}" for place in feature.inputs]
    return {
        "raw": "{0}",
        "square": "{0} * {0}",
        "product": "{0} * {1}",
        "sine": "{m}.sin({0})",
        "cosine": "{m}.cos({0})",
    }[feature.kind].format(*of, m=module)


def settings_of(story: Story, k: int, change: Change, theta: int) -> dict[str, str]:
    """What a change sets, as code by name; `theta` is the place of its parameters."""
    told: dict[str, str] = {}
    if change.theta is not None:
        told["theta"] = f"THETA[{theta}]"
        if story.has_twins:
            told["twins"] = repr([list(row) for row in change.twins]) if change.twins else "None"
    if change.step == 0 and len(losses(story)) > 1:
        loss = story.setup.runs[k].loss
        told |= {"loss": loss, "loss_slope": f"{loss}_slope"}
    if change.optimizer is not None:
        told |= _optimizer(change.optimizer, change.fresh)
    if change.schedule is not None and scheduled(story):
        told["schedule"] = schedule(change.schedule, change.step)
    if change.clipping is not None and clipped(story):
        told["max_norm"] = arguments(change.clipping.options).removeprefix("max_norm=") or "np.inf"
    if change.regularizer is not None and penalised(story):
        if change.revived:
            told["penalty"] = change.regularizer.name
        told["strength"] = repr(change.regularizer.options.get("rate", 0.0))
    return told


def _optimizer(choice: Chosen, fresh: bool) -> dict[str, str]:
    options = dict(choice.options)
    told = {"update": choice.name} if fresh else {}
    told["rate"] = repr(options.pop("learning_rate"))
    told["options"] = f"dict({arguments(options)})"
    return told


def schedule(choice: Chosen, since: int) -> str:
    """A schedule as a function of the step."""
    t = f"t - {since}" if since else "t"
    told = ", ".join(filter(None, [t, arguments(choice.options)]))
    return f"lambda t: {choice.name}({told})"
