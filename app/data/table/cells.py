"""Cells of a learner's table: a number, a truth value, a missing value, or text."""

import re
from functools import cache
from typing import Literal

from app.data.table.dates import MONTHS

DecimalMark = Literal[".", ","]
Grouping = Literal["", ",", ".", "'", " "]
"""What stands between groups of digits, as in 1,234,567; nothing for numbers without groups."""

MISSING = frozenset(
    {"", "na", "n/a", "n.a.", "nan", "-nan", "null", "(null)", r"\n", "nat", "<na>", "?"}
    | {".", "..", "...", "…", "--", "---", "—"}
    | {"#n/a", "#na", "#n/a n/a", "#null!", "#div/0!", "#value!", "#ref!", "#num!", "#name?"}
    | {"#nv", "#n/d", "#н/д", "#bezug!", "#wert!", "#zahl!", "#valeur!", "#¡valor!", "#дел/0!"}
    | {"1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan", "-nan(ind)"}
)
"""Texts that stand for a missing value wherever they are, in upper or lower case."""
INFINITE = frozenset(
    sign + word for sign in ("", "+", "-", "−") for word in ("inf", "infinity", "∞")
)
"""What stands for a number that is not finite; nothing can be filled in for it."""
MISSING_NUMBERS = frozenset(
    {
        "none",
        "nil",
        "missing",
        "unknown",
        "unbekannt",
        "no data",
        "not available",
        "-",
        "–",
        "−",
        ":",
        "*",
    }
    | {"k.a.", "k. a.", "keine angabe", "fehlt", "nd", "n.d.", "n/d", "s/d", "н/д", "нет данных"}
    | {"缺失", "缺失值", "无", "暂无", "未知", "无数据"}
    | INFINITE
)
"""Texts that stand for a missing value among numbers; among other texts they may mean something."""
_LONGEST_WORD = max(map(len, MISSING | MISSING_NUMBERS))
_LONGEST = 40  # of a number; a cell may have any length

_ZEROS = (
    *(0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66),
    *(0xE50, 0xED0, 0xF20, 0x1040, 0x17E0, 0x1810, 0xFF10),
)
"""The zeros of other scripts; their other digits follow."""
_PLAIN = str.maketrans("−‐‑–—－＋．，’ʼ＇\u066c\u00a0\u202f\u2009\u2007", "------+.,''''    ") | {
    zero + digit: str(digit) for zero in _ZEROS for digit in range(10)
}
"""Other characters of digits, signs and marks, and what each stands for."""

_MONEY = re.compile(
    r"(?:([+-])[$€£¥￥₩₹] ?|[$€£¥￥₩₹] ?([+-]?))([\d.,].*)|([+-]?[\d.,].*?) ?[$€£¥￥₩₹]", re.ASCII
)
"""An amount of money: its number has a sign of a currency before or behind it."""

CURRENCIES = "$€£¥￥₩₹"
CURRENCY_CODES = frozenset(
    {"CHF", "EUR", "USD", "GBP", "JPY", "CNY", "RMB", "INR", "AUD", "CAD", "NZD", "HKD", "SGD"}
    | {"SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RUB", "TRY", "BRL", "MXN", "ZAR", "KRW"}
    | {"R$", "US$", "Fr.", "SFr.", "Rs.", "Rs", "kr", "kr.", "zł", "Kč"}
)
"""Currencies that are written with letters, also before a number."""
_BEFORE = re.compile(
    rf"([+-]?) ?({'|'.join(sorted(map(re.escape, CURRENCY_CODES), key=len, reverse=True))})"
    r" ?([+-]?[\d.,٠-٩０-９].*)"
)
_CURRENCY = re.compile(f"[{CURRENCIES}]")
_AMOUNT = re.compile(
    r"([\d\s.,'’+\-−–()０-９．，－＋]*[\d.,)０-９])\s*((?:[%‰°℃℉％٪]|[^\W\d_])[^\s;]{0,11})"
)
_NO_UNITS = frozenset(
    {"st", "nd", "rd", "th", "er", "º", "ª", "am", "pm", "a.m", "p.m", "e", *MONTHS}
)

_TRUTHS = (
    ("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("on", "off"),
    ("wahr", "falsch"), ("ja", "nein"), ("vrai", "faux"), ("oui", "non"),
    ("verdadero", "falso"), ("vero", "falso"), ("verdadeiro", "falso"), ("sí", "no"),
    ("sim", "não"), ("tak", "nie"), ("да", "нет"), ("evet", "hayır"),
    ("是", "否"), ("真", "假"), ("有", "无"), ("はい", "いいえ"), ("예", "아니오"),
)  # fmt: skip


def is_missing(cell: str) -> bool:
    """Whether the cell stands for a missing value, whatever the others are."""
    return len(cell) <= _LONGEST_WORD and cell.lower() in MISSING


def is_missing_number(cell: str) -> bool:
    """Whether the cell stands for a missing value in a column of numbers."""
    return is_missing(cell) or (len(cell) <= _LONGEST_WORD and cell.lower() in MISSING_NUMBERS)


def is_infinite(cell: str) -> bool:
    """Whether the cell stands for an infinite number."""
    return len(cell) <= _LONGEST_WORD and cell.lower() in INFINITE


def number(cell: str, decimal: str = ".", groups: str = "", brackets: bool = True) -> float | None:
    """Parse a cell as a number with this decimal mark; None if it is not a number.

    A minus may stand behind it, or it is in `brackets`, as accountants write what is negative; the
    dash of 12.– stands for the cents that there are not. Digits may be those of another script.

    Its digits may be in groups of three with one of the marks `groups` between them, or as in
    India, 12,34,567. The sign of a currency is passed over. A number too large for a float is
    infinite.
    """
    if len(cell) > _LONGEST:
        return None
    plain = cell if cell.isascii() else cell.translate(_PLAIN).replace("\u066b", decimal)
    if plain[-1:] == "-" and plain[-2:-1] in (".", ",") and plain[:-2]:
        plain = plain[:-2]
    if plain[-1:] in ("-", ")") and (negative := _negative(plain, brackets)) is not None:
        value = number(negative, decimal, groups)
        return None if value is None else -value
    found = _pattern(decimal, groups).fullmatch(plain)
    if found is None and (money := _MONEY.fullmatch(plain)):
        inner = "".join(part for part in money.groups() if part)
        return None if _CURRENCY.search(inner) else number(inner, decimal, groups, False)
    if found is None:
        return None
    if (mark := found["mark"] or found["indian"]) is not None:
        plain = plain.replace(mark, "")
    if found["fortran"] or plain[1:2] == " ":
        plain = plain.replace(" ", "").replace("D", "e").replace("d", "e")  # Fortran's 1.5D+03
    return float(plain.replace(",", ".") if decimal == "," else plain)


def _negative(plain: str, brackets: bool) -> str | None:
    """What is negative by brackets around it or a minus behind it; None for others."""
    inner = plain[1:-1] if plain[-1] == ")" and plain[0] == "(" and brackets else None
    if plain[-1] == "-" and plain[0] != "-":
        inner = plain[:-1].rstrip()
    return inner if inner and inner[0] not in "+-(" and inner[-1] not in "-)" else None


def currency(cell: str) -> str:
    """The sign of a currency in a cell; empty if it has none."""
    found = None if cell[-1:].isdigit() and cell[0].isdigit() else _CURRENCY.search(cell)
    return "" if found is None else found[0].replace("￥", "¥")


def unit(cell: str) -> tuple[str, str]:
    """A cell parted into a number and the unit behind it; the unit is empty if it has none.

    `12 kg` has one, `12%` and `¥12` have; `1st`, `9 am` and `31 Dec` are no numbers with a unit.
    """
    if len(cell) > _LONGEST:
        return cell, ""
    if sign := currency(cell):
        return cell, sign
    if before := _BEFORE.fullmatch(cell):
        return before[1] + before[3], before[2]
    found = _AMOUNT.fullmatch(cell)
    if found is None or found[2].lower().strip(".") in _NO_UNITS:
        return cell, ""
    return found[1], found[2]


@cache
def _pattern(decimal: str, groups: str) -> re.Pattern[str]:
    mark = re.escape(decimal)
    marks = re.escape(groups.replace(decimal, ""))
    three = rf"[1-9]\d{{0,2}}(?P<mark>[{marks}])\d{{3}}(?:(?P=mark)\d{{3}})*(?:{mark}\d*)?"
    two = rf"[1-9]\d?(?P<indian>,)(?:\d\d,)+\d{{3}}(?:{mark}\d*)?"
    never = r"(?P<mark>(?!))", r"(?P<indian>(?!))"
    grouped = f"{three if marks else never[0]}|{two if ',' in marks else never[1]}"
    plain = rf"(?:\d+(?:{mark}\d*)?|{mark}\d+)(?:[eE][+-]?\d+|(?P<fortran>[dD][+-]\d+))?"
    return re.compile(rf"(?:[+-] ?)?(?:{plain}|{grouped})", re.ASCII)


_ALMOST = re.compile(r"[<>≤≥~≈±=]{0,2}\s*[-+−–]?\s*\d[\d '’]*(?:[.,·/]\d+)?\s*[%*†‡+]?")
"""A number with a sign that is none of its own, such as <0.1, ~5, 12*, 1/2 and 1·5."""


def is_almost_number(cell: str) -> bool:
    """Whether a cell looks like a number, though it may not be one that can be read."""
    return len(cell) <= _LONGEST and _ALMOST.fullmatch(cell) is not None


def truth(cell: str) -> float | None:
    """1.0 for TRUE, yes and their like, 0.0 for their opposites; None for any other text."""
    return _TRUTH_OF.get(cell.lower()) if len(cell) <= _LONGEST else None


_TRUTH_OF = {word: value for pair in _TRUTHS for word, value in zip(pair, (1.0, 0.0), strict=True)}
