"""The largest experiment on this server: the built-in limits, or lower ones of an operator.

The built-in ones are in `ranges`; a server for a class of hundreds may allow less, but never less
than the opening experiment needs. They are checked before any samples are generated.
"""

from collections.abc import Mapping
from dataclasses import replace

from app.choices import Range
from app.config import PREFIX
from app.errors import BadSetting, FieldError, InvalidInput
from app.lab.spec import ranges
from app.lab.spec.dataset import DataSpec
from app.lab.spec.field_errors import pointer, range_detail
from app.lab.spec.schema import SpecModel

LIMITED: Mapping[str, tuple[Range, int]] = {
    "hidden_layers": (ranges.HIDDEN_LAYERS, 1),
    "units": (ranges.UNITS, 4),
    "inputs": (ranges.INPUTS, 2),
    "samples": (ranges.SAMPLES, 500),
    "runs": (ranges.RUNS, 5),
}
"""Built-in range and the opening experiment's own number of everything that can be limited."""

Limits = Mapping[str, Range]


def limits(asked: Mapping[str, int]) -> Limits:
    """The ranges in force where an operator asks for these maxima.

    Raises BadSetting that names a maximum which is none of the engine's, or too small to open with.
    """
    found = {}
    for name, (built_in, needed) in LIMITED.items():
        most = asked.get(name, int(built_in.maximum))
        if not needed <= most <= built_in.maximum:
            raise BadSetting(
                f"{PREFIX}MAX_{name.upper()} must be a whole number from {needed} to"
                f" {built_in.maximum:g}, not {most}"
            )
        found[name] = replace(built_in, maximum=most)
    return found


BUILT_IN: Limits = limits({})


def check(model: SpecModel, data: DataSpec, limits: Limits) -> None:
    """Raises InvalidInput that names everything in a spec that is too large for this server."""
    sizes = [
        ("/runs", "runs", len(model.runs or ())),
        ("/layers", "hidden_layers", len(model.layers) - 1),
        ("/data/inputs" if data.name == "custom" else "/data/samples", "samples", data.samples),
        ("/features", "inputs", data.width if model.features is None else len(model.features)),
        *(
            (pointer("layers", index, "units"), "units", layer.units)
            for index, layer in enumerate(model.layers)
        ),
    ]
    errors = [
        FieldError(at, "out_of_range", _detail(name, limits), limits[name].allowed(), size)
        for at, name, size in sizes
        if size > limits[name].maximum
    ]
    if errors:
        raise InvalidInput(errors)


def _detail(name: str, limits: Limits) -> str:
    return f"{range_detail(limits[name].allowed())} ({name.replace('_', ' ')}, on this server)"
