"""The catalogues of user-visible strings, and the choice of a visitor's language."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "static" / "i18n"
LANGUAGES = ("en", "zh-CN")
LATER = (
    *("class.in.", "draw.", "explain.", "formula.", "help.", "landscape.curvature.", "lesson."),
    *("own.table", "own.formula", "own.draw", "own.use", "seeds.", "shapes.", "signals."),
    *("table.", "takeHome.in.", "time.branch."),
    *("errors.lesson_", "errors.sealed", "errors.wrong_word", "errors.no_mystery"),
    *("errors.formula.", "errors.unexpected_"),
    *(f"landscape.export.{kind}" for kind in ("png", "svg", "csv", "html", "title")),
)
"""How the keys begin whose words the page asks for with the part that needs them."""


@lru_cache(maxsize=len(LANGUAGES))
def messages(language: str) -> Mapping[str, str]:
    """The strings of a language, by key."""
    strings: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return strings


def first_messages(language: str) -> dict[str, str]:
    """The strings that the page has from the start: without those of parts that load later."""
    return {key: text for key, text in messages(language).items() if not key.startswith(LATER)}


def choose(asked: str | None, accepted: Iterable[str]) -> str:
    """The language asked for if there is one, else the first the browser accepts, else English."""
    if asked in LANGUAGES:
        return str(asked)
    for preferred in accepted:
        for language in LANGUAGES:
            if preferred.split("-")[0].lower() == language.split("-")[0]:
                return language
    return LANGUAGES[0]


def label(catalog: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The catalogue with a label, and a hint if there is one, on every entry and range."""
    strings = messages(language)
    labelled: dict[str, Any] = {}
    for kind, entries in catalog.items():
        if isinstance(entries, list):
            labelled[kind] = [_labelled(entry, f"catalog.{kind}", strings) for entry in entries]
        else:
            labelled[kind] = {
                name: _labelled(entry, "catalog.parameters", strings)
                for name, entry in entries.items()
            }
    return labelled


def _labelled(entry: Mapping[str, Any], prefix: str, strings: Mapping[str, str]) -> dict[str, Any]:
    key = f"{prefix}.{entry['name']}"
    words = {"label": strings.get(key, entry["name"])}
    for kind in ("hint", "formula"):  # a formula is translated where it has words
        if f"{key}.{kind}" in strings:
            words[kind] = strings[f"{key}.{kind}"]
    result = {**entry, **words}
    if "parameters" in entry:
        result["parameters"] = [
            _labelled(parameter, "catalog.parameters", strings) for parameter in entry["parameters"]
        ]
    return result
