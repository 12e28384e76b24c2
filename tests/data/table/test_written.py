"""Cells that are written: a spreadsheet takes them for what they are."""

import pytest

from app.data.table.written import as_text

FORMULAS = ("=1+1", "+A1", "-A1", "@sum(A1)", "\t=1", "-\n1", "=cmd|' /C calc'!A0", "--1", "-1-1")
TEXTS = ("", "he normal", "−A1", "a=1", "'=1", "-1", "+.5", "-2e-3", "-3.", "-", "+", "=")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_marked_as_text(text: str) -> None:
    assert as_text(text) == f"'{text}"


@pytest.mark.parametrize("text", TEXTS)
def test_other_text_and_numbers_stay(text: str) -> None:
    assert as_text(text) == text
