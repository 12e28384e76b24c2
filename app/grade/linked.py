"""Whether the link of a hand-in leads to the experiment in it, so that who opens it sees that."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from app.errors import InvalidInput
from app.grade.reason import Reason
from app.lab.catalog import catalog
from app.lab.lessons.link import BadLink, experiment_of_link
from app.lab.spec.parse import read
from app.lab.spec.schema import SpecModel


def why_elsewhere(link: str, document: Mapping[str, Any], public_url: str | None) -> Reason | None:
    """Why a link does not lead to an experiment as it was handed in; None where it does.

    The changes of the link may go further than the experiment, which is handed in as it is seen.
    Without a link nothing is claimed. `public_url` is where the page is, if the operator says so.
    """
    if not link:
        return None
    if public_url is not None and not link.startswith(public_url):
        return Reason("link_host", {"url": public_url})
    presets = {preset["name"]: preset["spec"] for preset in catalog()["presets"]}
    try:
        # The opening experiment, as it opens, needs no words.
        spec, events = experiment_of_link(link if "#" in link else "#v1&step=0", presets)
    except BadLink as error:
        return Reason("link_unreadable", {"error": error})
    until = document.get("step", 0)
    said = [event for event in _events(events) if event.get("step", 0) <= until]
    own = document["spec"]
    same = spec.get("mystery") == own.get("mystery") and (
        spec.get("mystery") is not None or _same_spec(spec, own)
    )
    if not same or said != list(_events(document.get("events", []))):
        return Reason("link_elsewhere")
    return None


def _events(value: Any) -> list[dict[str, Any]]:
    """Events without the fields that say nothing."""
    found = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return [{name: said for name, said in each.items() if said is not None} for each in found]


def _same_spec(a: Any, b: Any) -> bool:
    """Whether two specs make the same experiment, once they are complete."""
    return bool(a == b) or (_complete(a) is not None and _complete(a) == _complete(b))


def _complete(spec: Any) -> Any:
    """The complete document of a spec, or None of what is none."""
    try:
        return read(SpecModel.model_validate(spec)).spec.document
    except (ValidationError, InvalidInput):
        return None
