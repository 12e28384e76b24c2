"""The lines of a class as CSV for a spreadsheet, and as a page that opens without a server."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from app.data.table.written import as_text
from app.grade.lines import Line
from app.grade.plain import plain
from app.grade.replay import NoReplay, Replayer
from app.lab.lessons.measure import place_on_axis
from app.lab.lessons.schema import ByLanguage, Card, Numeric, One, Order, Shape
from app.lab.spec.recipes import name_of
from app.web.languages import LANGUAGES, messages

COLUMNS = ("file", "name", "kind", "of", "card", "guess", "measured", "verdict", "replays", "why")
BINS = 10
_REPLAYS = {True: "yes", False: "does not replay", None: ""}


def csv_of(lines: Iterable[Line], language: str) -> str:
    """The table, reasons in a language; no text begins like a formula of a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        card = "" if line.card is None else line.card + 1
        writer.writerow(
            [
                guarded(line.file),
                guarded(line.name),
                line.kind,
                guarded(line.of),
                card,
                _value(line.guess),
                _value(line.measured),
                line.verdict or "",
                _REPLAYS[line.replays],
                guarded(_why(line, language)),
            ]
        )
    return text.getvalue()


def _why(line: Line, language: str) -> str:
    """Why a line does not replay, in words."""
    return line.why.said(language) if line.why else ""


def shown(text: str) -> str:
    """A text as it stands on the page: no markup, and no sign that turns it round."""
    return escape(plain(text))


def guarded(text: str) -> str:
    """A text that a spreadsheet takes for text, whatever it begins with."""
    return as_text(plain(text))


def _value(value: Any) -> str:
    """A number or a list in a cell."""
    return "" if value is None else json.dumps(value)


def page_of(lines: Sequence[Line], replayer: Replayer, language: str) -> str:
    """The page: for every card and mystery how often each answer was given; nothing on it runs."""
    strings = messages(language)
    sections = [
        _section(key, found, replayer, language, strings) for key, found in _grouped(lines).items()
    ]
    failed = [line for line in lines if line.replays is False]
    files = len({line.file for line in lines})
    said = strings["class.in.grade.files"].format(files=files, lines=len(lines))
    title = strings["class.in.grade.title"]
    return "\n".join(
        [
            f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
            " style-src 'unsafe-inline'\">",
            f"<title>{shown(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            f"<h1>{shown(title)}</h1>\n<p>{shown(said)}</p>",
            *sections,
            _failures(failed, language, strings),
            "</main>\n</body>\n</html>\n",
        ]
    )


_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 760px; margin: 0 auto; padding: 16px; }
.bars { display: grid; grid-template-columns: minmax(80px, 40%) minmax(0, 1fr) auto; gap: 4px 10px;
  align-items: center; margin: 0 0 24px; }
.bars dt, .bars dd { margin: 0; overflow-wrap: anywhere; }
.bars .bar { height: 14px; border-radius: 3px; background: #7a7a85; }
.bars .right + dd .bar, .bars .right.bar { background: #0b7a5b; }
table { border-collapse: collapse; } td, th { padding: 4px 10px 4px 0; text-align: start;
  vertical-align: top; overflow-wrap: anywhere; }
"""


def is_table(text: str) -> bool:
    """Whether a text begins as a table does."""
    return text.startswith(",".join(COLUMNS))


def is_page(text: str) -> bool:
    """Whether a text begins as a page does, in any language."""
    titles = (shown(messages(language)["class.in.grade.title"]) for language in LANGUAGES)
    return text.startswith("<!doctype html>") and any(
        f"<title>{title}<" in text for title in titles
    )


def _grouped(lines: Iterable[Line]) -> dict[tuple[str, str, int], list[Line]]:
    """The lines about one card or one run of a mystery, that have something to count."""
    found: dict[tuple[str, str, int], list[Line]] = {}
    for line in lines:
        if line.kind in ("prediction", "mystery") and line.card is not None and line.verdict:
            found.setdefault((line.kind, line.of, line.card), []).append(line)
    return found


def _section(
    key: tuple[str, str, int],
    lines: Sequence[Line],
    replayer: Replayer,
    language: str,
    strings: Mapping[str, str],
) -> str:
    """The histogram of one card or of one run of a mystery."""
    kind, of, card = key
    if kind == "mystery":
        mystery = replayer.mystery(of)
        names = [_recipe_name(option, strings) for option in mystery.options]
        title = strings["class.in.grade.mystery"].format(id=of, run=card + 1)
        question = ""
        bars = _choices(names, [line.guess for line in lines], lines[0].measured)
    else:
        try:
            known = replayer.lesson(of)
        except NoReplay:  # its lines say so
            return ""
        title = f"{_in(known.title, language)} · {card + 1}"
        question = _in(known.cards[card].question, language)
        bars = _bars(known.cards[card], lines, language, strings)
    skipped = sum(line.verdict == "skipped" for line in lines)
    if skipped:
        bars = [*bars, (strings["lesson.state.skipped"], skipped, False)]
    return f"<section>\n<h2>{shown(title)}</h2>\n<p>{shown(question)}</p>\n{_drawn(bars)}</section>"


_Bar = tuple[str, int, bool]
"""What was said, how often, and whether it is right."""


def _bars(
    card: Card, lines: Sequence[Line], language: str, strings: Mapping[str, str]
) -> list[_Bar]:
    """How often each answer was given: values in bins, choices, or else verdicts."""
    predict, answer = card.predict, lines[0].measured
    guesses = [line.guess for line in lines]
    if isinstance(predict, Numeric):
        return _numbers(predict, guesses, answer)
    if isinstance(predict, One):
        names = [_in(option.text, language) for option in predict.options]
        return _choices(names, guesses, answer)
    if isinstance(predict, Order):
        items = [_in(item, language) for item in predict.items]
        return _values(guesses, answer, lambda order: " < ".join(items[place] for place in order))
    if isinstance(predict, Shape):
        return _values(guesses, answer, lambda shape: f"({shape[0]}, {shape[1]})")
    counts = {name: sum(line.verdict == name for line in lines) for name in _VERDICTS}
    return [
        (strings[f"lesson.state.{name}"], count, name == "right") for name, count in counts.items()
    ]


_VERDICTS = ("right", "close", "wrong")


def _numbers(axis: Numeric, guesses: Sequence[Any], answer: Any) -> list[_Bar]:
    """Predictions on an axis, in bins of equal width on it."""

    def place(value: float) -> int:
        # Within the axis first: far from it the share has no whole number.
        share = max(0.0, min(1.0, place_on_axis(axis, value)))
        return min(BINS - 1, int(share * BINS))

    def edge(i: int) -> float:
        share = i / BINS
        if axis.scale == "log":
            return float(axis.low * (axis.high / axis.low) ** share)
        return axis.low + share * (axis.high - axis.low)

    found = [place(guess) for guess in guesses if guess is not None]
    right = None if answer is None else place(float(answer))
    return [(f"{edge(i):.3g} – {edge(i + 1):.3g}", found.count(i), i == right) for i in range(BINS)]


def _choices(names: Sequence[str], guesses: Sequence[Any], answer: Any) -> list[_Bar]:
    return [(name, list(guesses).count(i), i == answer) for i, name in enumerate(names)]


def _values(guesses: Sequence[Any], answer: Any, words: Callable[[Any], str]) -> list[_Bar]:
    """Each answer that was given, and the right one; the most frequent first."""
    counts: dict[str, int] = {words(answer): 0} if answer is not None else {}
    for guess in guesses:
        if guess is not None:
            counts[words(guess)] = counts.get(words(guess), 0) + 1
    right = None if answer is None else words(answer)
    ranked = sorted(counts.items(), key=lambda entry: -entry[1])
    return [(name, count, name == right) for name, count in ranked]


def _drawn(bars: Sequence[_Bar]) -> str:
    """Bars as a list of names and counts, which reads without seeing them."""
    most = max([1, *(count for _, count, _ in bars)])
    rows = [
        f"<dt>{'✓ ' if right else ''}{shown(name)}</dt>"
        f'<dd><div class="bar{" right" if right else ""}"'
        f' style="width: {100 * count / most:.1f}%"></div></dd><dd>{count}</dd>'
        for name, count, right in bars
    ]
    return f'<dl class="bars">{"".join(rows)}</dl>\n'


def _failures(lines: Sequence[Line], language: str, strings: Mapping[str, str]) -> str:
    """What does not replay, with the reason."""
    if not lines:
        return f"<p>{shown(strings['class.in.grade.all'])}</p>"
    rows = [
        "<tr>"
        + "".join(
            f"<td>{shown(text)}</td>"
            for text in (line.file, line.name, _about(line, strings), _why(line, language))
        )
        + "</tr>"
        for line in lines
    ]
    heads = "".join(
        f"<th>{shown(strings[f'class.in.grade.{name}'])}</th>"
        for name in ("file", "name", "about", "why")
    )
    title = shown(strings["class.in.grade.fails"])
    return (
        f"<section>\n<h2>{title}</h2>\n<table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></section>"
    )


def _about(line: Line, strings: Mapping[str, str]) -> str:
    if line.kind in ("file", "experiment"):
        return strings[f"class.in.grade.kind.{line.kind}"]
    return f"{line.of} {'' if line.card is None else line.card + 1}".strip()


def _in(text: Any, language: str) -> str:
    """A text of a lesson in a language, or in the first that it has, without its marks."""
    told = text.model_dump(by_alias=True) if isinstance(text, ByLanguage) else text
    if isinstance(told, Mapping):
        told = told.get(language) or next((each for each in told.values() if each), "")
    return _MARKS.sub(r"\1\2", str(told))


_MARKS = re.compile(r"`([^`\n]+)`|\*([^*\s](?:[^*\n]*[^*\s])?)\*")
"""Formulas and emphasis, as the page's markup.js reads them."""


def _recipe_name(recipe: Mapping[str, Any], strings: Mapping[str, str]) -> str:
    """The name of a recipe, or its rules."""
    known = name_of(recipe)
    if known:
        return strings[f"catalog.recipes.{known}"]
    return ", ".join(f"{letter} ~ {recipe[which]['name']}" for letter, which in _RULES)


_RULES = (("W", "weights"), ("b", "biases"))
