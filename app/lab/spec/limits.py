"""How large an experiment may be on this server: the built-in limits, or lower ones of an operator.

What the engine was built for is in `ranges`; a server for a class of hundreds may allow less of it,
but never less than the opening experiment needs.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.choices import Range
from app.errors import BadSetting, FieldError, InvalidInput
from app.lab.spec import ranges
from app.lab.spec.field_errors import pointer, range_detail
from app.lab.spec.parse import Spec

LIMITED: Mapping[str, tuple[Range, int]] = {
    "hidden_layers": (ranges.HIDDEN_LAYERS, 1),
    "units": (ranges.UNITS, 4),
    "inputs": (ranges.INPUTS, 2),
    "samples": (ranges.SAMPLES, 500),
    "runs": (ranges.RUNS, 5),
}
"""The range of everything that can be limited, and what the opening experiment needs of it."""

Limits = Mapping[str, Range]


def limits(asked: Mapping[str, int]) -> Limits:
    """The ranges in force where an operator asks for these maxima; BadSetting names a wrong one."""
    found = {}
    for name, (built_in, needed) in LIMITED.items():
        most = asked.get(name, int(built_in.maximum))
        if not needed <= most <= built_in.maximum:
            raise BadSetting(
                f"the most {name} must be from {needed} to {built_in.maximum:g}, not {most}"
            )
        found[name] = replace(built_in, maximum=most)
    return found


def check(spec: Spec, limits: Limits) -> None:
    """InvalidInput names everything in a spec that is larger than this server allows."""
    layers = spec.architecture.layers
    custom = spec.data.name == "custom"
    sizes = [
        ("/runs", "runs", len(spec.runs)),
        ("/layers", "hidden_layers", len(layers) - 1),
        ("/data/inputs" if custom else "/data/samples", "samples", spec.data.samples),
        ("/features", "inputs", len(spec.features)),
        *(
            (pointer("layers", index, "units"), "units", layer.units)
            for index, layer in enumerate(layers)
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


def limited(catalog: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """The catalogue with the maxima in force: of its fields, and of the numbers data sets take."""
    maxima = {name: {"maximum": range.maximum} for name, range in limits.items()}
    return {
        **catalog,
        "fields": {
            name: {**field, **maxima.get(name, {})} for name, field in catalog["fields"].items()
        },
        "data": [
            {
                **entry,
                "parameters": [
                    {**parameter, **maxima.get(parameter["name"], {})}
                    for parameter in entry["parameters"]
                ],
            }
            for entry in catalog["data"]
        ],
    }
