"""Why something that was handed in cannot be used, in the language of the class."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.web.languages import messages


@dataclass(frozen=True)
class Reason:
    """A sentence of the catalogues, by the end of its key, and what stands in it."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def said(self, language: str) -> str:
        """The sentence in a language."""
        return messages(language)[f"class.in.grade.why.{self.code}"].format(**self.values)

    def __str__(self) -> str:
        return self.said("en")


class Refusal(Exception):
    """Something that was handed in cannot be used; the reason says why."""

    def __init__(self, code: str, **values: Any) -> None:
        self.reason = Reason(code, values)
        super().__init__(str(self.reason))
