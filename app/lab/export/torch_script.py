"""An experiment as a PyTorch script: its layers, losses and optimizers in PyTorch's own words.

It does the same in double precision, up to rounding: PyTorch adds up in another order.
"""

from collections.abc import Iterator

from app.choices import Chosen
from app.lab.export import torch_parts as parts
from app.lab.export.numpy_script import (
    PACKED_NOTE,
    RESULT,
    batch_code,
    clipped,
    dying,
    formula,
    masks_code,
    penalised,
    schedule,
    scheduled,
)
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

_HEAD = '''"""{described}

Run it with Python, PyTorch and numpy; its last line is one JSON object,
{{"train": [[J at every step, from step 0] of every run]}}. The numbers are Basin's to 1e-10, for
PyTorch adds up in another order.
{note}"""
'''


def torch_script(story: Story) -> str:
    """The script."""
    note = PACKED_NOTE.format(count=story.numbers) if packed(story) else ""
    told = [
        Section(
            "The loss J",
            "",
            "\n\n\n".join(collected(parts.LOSSES, losses(story))),
        ),
        Section("The network: samples are rows", "", _network(story)),
        Section("The update", "", _updates(story)),
        Section("Training: forward, J, gradient, update", "", "\n".join(_loop(story))),
        Section("The numbers", "", _numbers(story)),
        Section("The runs, and what is set at which step", "", runs_code(story, settings_of)),
        Section("The result", "", RESULT),
    ]
    used = "".join(section.code for section in told)
    told.insert(0, Section("The libraries, and how far to train", "", _imports(story, used)))
    shown = [section for section in told if section.code]
    return script(_HEAD.format(described=described(story), note=note), shown)


def _imports(story: Story, used: str) -> str:
    """The imports of what is `used`, the precision, and how far to train."""
    own = ["base64", "io"] if packed(story) else []
    own += ["json", "math"] if "math." in used else ["json"]
    third = ["import torch", "from torch import nn"]
    if "functional." in used:
        third.append("from torch.nn import functional")
    if "np." in used:
        third.insert(0, "import numpy as np")
    lines = [*(f"import {name}" for name in own), "", *third, ""]
    lines += ["torch.set_default_dtype(torch.float64)", f"STEPS = {story.steps}"]
    return "\n".join(lines)


_FORWARD = '''
def forward(layers, A{masks}):
    """Z and A of the output layer, for samples A in rows."""
    for {place}(layer, f) in {zipped}:
        Z = layer(A)
        A = f(Z){dropped}
    return Z, A


def begin(theta):
    """The layers with the parameters theta: of each, [W | b] row by row."""
    layers, start = [nn.Linear(n_in, n_out) for n_out, n_in in SHAPES], 0
    for layer, (n_out, n_in) in zip(layers, SHAPES):
        M = theta[start : start + n_out * (n_in + 1)].reshape(n_out, n_in + 1)
        layer.weight.data, layer.bias.data = M[:, :-1].clone(), M[:, -1].clone()
        start += n_out * (n_in + 1)
    return layers
'''
_TWINS = '''
def share(layers, twins):
    """Neurons that began alike share the gradient of the first of them.

    In exact arithmetic they stay alike for ever; rounding must not part them.
    """
    columns = list(range(SHAPES[0][1]))
    for layer, rows in zip(layers, twins):
        layer.weight.grad = layer.weight.grad[rows][:, columns]
        layer.bias.grad = layer.bias.grad[rows]
        columns = rows
'''
_DROPPED = """
        if masks is not None and place < len(masks) and masks[place] is not None:
            A = A * torch.from_numpy(masks[place]).T"""


def _network(story: Story) -> str:
    architecture = story.setup.architecture
    functions = [parts.ACTIVATIONS[layer.activation] for layer in architecture.layers]
    head = f"SHAPES = {[*architecture.shapes]}  # (n_out, n_in) of every W\n"
    head += f"ACTIVATIONS = [{', '.join(functions)}]"
    drops = architecture.drops
    forward = _FORWARD.format(
        masks=", masks=None" if drops else "",
        place="place, " if drops else "",
        zipped="enumerate(zip(layers, ACTIVATIONS))" if drops else "zip(layers, ACTIVATIONS)",
        dropped=_DROPPED if drops else "",
    )
    if not drops:
        forward = forward.replace("for (layer, f) in", "for layer, f in")
    blocks = [head, forward, *([_TWINS] if story.has_twins else [])]
    blocks += [code for code in (batch_code(story), masks_code(story)) if code]
    return "\n\n\n".join(block.strip("\n") for block in blocks)


def _updates(story: Story) -> str:
    found: list[str] = []
    if scheduled(story):
        found += collected(parts.SCHEDULES, story.chosen["schedule"])
    if penalised(story):
        found += collected(parts.REGULARIZERS, story.chosen["regularizer"])
    return "\n\n\n".join(found)


def _loop(story: Story) -> Iterator[str]:
    batches = story.setup.batch_size < story.setup.train.count
    drops, names = story.setup.architecture.drops, losses(story)
    loss = 'now["loss"]' if len(names) > 1 else names[0]
    yield "def train(changes):"
    yield '    """J at every step of a run; None once it has diverged."""'
    yield "    now, losses = {}, []"
    yield "    for t in range(STEPS + 1):"
    yield "        change = changes.get(t, {})"
    yield "        now |= change"
    yield '        if "theta" in change:'
    yield '            layers = begin(change["theta"])'
    yield "            parameters = [p for layer in layers for p in layer.parameters()]"
    yield '        if "theta" in change or "optimizer" in change:'
    yield '            optimizer = now["optimizer"](parameters, lr=now["rate"], **now["options"])'
    yield '        elif "options" in change:'
    yield '            optimizer.param_groups[0].update(now["options"])'
    if dying(story):
        yield '        if "theta" in change or "penalty" in change:'
        yield "            dead = [torch.zeros_like(layer.weight) > 0 for layer in layers]"
    yield f"        J = {loss}(*forward(layers, X), Y)"
    yield "        finite = all(bool(p.isfinite().all()) for p in parameters)"
    yield '        if "theta" in change:'
    yield "            alive, limit = True, 1e12 * max(1.0, J.item() if J.isfinite() else 1.0)"
    yield "        alive = alive and finite and bool(J.isfinite()) and J.item() <= limit"
    yield "        losses.append(J.item() if alive else None)"
    yield "        if not alive or t == STEPS:"
    yield "            continue"
    if batches:
        yield "        some = torch.from_numpy(batch(t))"
    if batches or drops:
        part = ("X[some]", "Y[some]") if batches else ("X", "Y")
        masks = f", dropout(t, {'len(some)' if batches else 'len(X)'})" if drops else ""
        yield f"        J = {loss}(*forward(layers, {part[0]}{masks}), {part[1]})"
    if penalised(story):
        yield '        price = sum(now["penalty"](layer.weight) for layer in layers)'
        yield '        J = J + now["strength"] * price'
    yield "        optimizer.zero_grad()"
    yield "        J.backward()"
    if story.has_twins:
        yield '        if now["twins"]:'
        yield '            share(layers, now["twins"])'
    if clipped(story):
        yield '        nn.utils.clip_grad_norm_(parameters, now["max_norm"])'
    yield '        rate = now["rate"]' + (' * now["schedule"](t)' if scheduled(story) else "")
    yield '        optimizer.param_groups[0]["lr"] = rate'
    if dying(story):
        yield "        before = [layer.weight.detach().clone() for layer in layers]"
    yield "        optimizer.step()"
    if dying(story):
        yield '        if now["penalty"] is l1_dying:'
        yield "            for layer, was, gone in zip(layers, before, dead):"
        yield '                die(layer.weight.data, was, rate * now["strength"], gone)'
    yield "    return losses"


def _numbers(story: Story) -> str:
    inputs, targets = sample_names(story)
    blocks = number_blocks(story, array="torch.tensor({})", from_file="torch.from_numpy({})")
    lines = [f"{', '.join([*inputs, *targets])} = POINTS.T"]
    written_out = [formula(name, "torch") for name in story.setup.spec.features]
    lines.append(f"X = torch.stack([{', '.join(written_out)}], dim=1)")
    if story.setup.spec.data.standardize:
        center, scale = (array[:, 0].tolist() for array in (story.setup.center, story.setup.scale))
        lines.append(f"X = (X - torch.tensor({center})) / torch.tensor({scale})")
    lines.append(f"Y = torch.stack([{', '.join(targets)}], dim=1)")
    return "\n\n\n".join([*blocks, "\n".join(lines)])


def settings_of(story: Story, k: int, change: Change, theta: int) -> dict[str, str]:
    """What a change sets, as code by name; `theta` is the place of its parameters."""
    told: dict[str, str] = {}
    if change.theta is not None:
        told["theta"] = f"THETA[{theta}]"
        if story.has_twins:
            told["twins"] = repr([list(row) for row in change.twins]) if change.twins else "None"
    if change.step == 0 and len(losses(story)) > 1:
        told["loss"] = story.setup.runs[k].loss
    if change.optimizer is not None:
        told |= _optimizer(change.optimizer, change.fresh)
    if change.schedule is not None and scheduled(story):
        told["schedule"] = schedule(change.schedule, change.step)
    if change.clipping is not None and clipped(story):
        told["max_norm"] = (
            arguments(change.clipping.options).removeprefix("max_norm=") or "math.inf"
        )
    if change.regularizer is not None and penalised(story):
        if change.revived:
            told["penalty"] = change.regularizer.name
        told["strength"] = repr(change.regularizer.options.get("rate", 0.0))
    return told


def _optimizer(choice: Chosen, fresh: bool) -> dict[str, str]:
    options = parts.optimizer_options(choice.name, choice.options)
    written_out = ", ".join(f"{name}={value}" for name, value in options.items())
    told = {"optimizer": parts.OPTIMIZERS[choice.name]} if fresh else {}
    told["rate"] = repr(choice.options["learning_rate"])
    return {**told, "options": f"dict({written_out})"}
