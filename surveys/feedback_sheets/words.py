"""Released values in words and as lengths, and their difference to last year; from what was released alone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import regex

from surveys.feedback_sheets.disclosure.comparing import (
    NOT_COMPARED,
    Arrow,
    compared,
)
from surveys.feedback_sheets.disclosure.rounding import drawn, in_words
from surveys.feedback_sheets.figures import HIDDEN, LastYear, Measure, Released

# By what shares and means are compared in weight.
NOISE = {False: 10.0, True: 0.3}
ARROWS = {Arrow.NONE: "", Arrow.UP: "▲", Arrow.DOWN: "▼"}
WISH_WORDS = ("2割未満", "2割以上4割未満", "4割以上6割未満", "6割以上")
_CLUSTER = regex.compile(r"\X")


@dataclass(frozen=True)
class Cell:
    """What stands in one cell of a table: words, or the one mark."""

    text: str

    @property
    def is_hidden(self) -> bool:
        """Whether the mark stands here."""
        return self.text == HIDDEN


@dataclass(frozen=True)
class Difference:
    """This year against last year: signed, the mark, 「比較なし」, or empty where it does not apply."""

    text: str
    amount: float | None = None
    arrow: str = ""

    @property
    def is_hidden(self) -> bool:
        """Whether the mark stands here."""
        return self.text == HIDDEN


def wish_step(value: str) -> int:
    """Which of the four bands of wishes a released value is, from 0."""
    if value.startswith("<"):
        return 0
    number = re.search(r"\d+", value)
    return min(int(number.group()) // 20, 3) if number else 0


def cell(released: Released, measure: Measure) -> Cell:
    """A released value as a cell."""
    return Cell(in_words(released.value))


def people(band: str) -> tuple[str, str]:
    """The band of a number of people as figure and unit: 20–24 and 人, 1,000 and 人以上, the mark and nothing."""
    if band == HIDDEN:
        return HIDDEN, ""
    numbers = [f"{int(number):,}" for number in re.findall(r"\d+", band.replace(",", ""))]
    return ("–".join(numbers), "人") if len(numbers) > 1 else (numbers[0], "人以上")


def difference(
    code: str, measure: Measure, now: Released, last_year: LastYear | None
) -> Difference:
    """How far a released value lies from last year's released one; one word for every reason why not (rule 10)."""
    if not now.is_shown:
        return Difference(HIDDEN)
    if last_year is None or code in last_year.not_compared:
        return Difference(NOT_COMPARED)
    before = last_year.figures.get((code, measure), Released())
    found = compared(measure, now, before, is_same_unit=True, is_same_wording=True)
    if found.text in {"", NOT_COMPARED}:
        return Difference(NOT_COMPARED)
    amount = round(drawn(now.value) - drawn(before.value), 1)
    return Difference(signed(amount, is_mean=measure is Measure.MEAN), amount, ARROWS[found.arrow])


def signed(amount: float, *, is_mean: bool) -> str:
    """A difference with its sign: +5, ±0, −0.1."""
    sign = "±" if amount == 0 else "+" if amount > 0 else "−"
    return f"{sign}{abs(amount):.1f}" if is_mean else f"{sign}{abs(amount):.0f}"


def clip(text: str, limit: int) -> str:
    """Text on one line of at most so many characters, cut with …; never within a character that is made of several."""
    whole = " ".join(text[: limit * 20].split())
    whole = "".join(sign for sign in whole if unicodedata.category(sign) not in {"Cc", "Cs"})
    clusters = _CLUSTER.findall(_without_direction(whole))
    if len(clusters) <= limit and len(text) <= limit * 20:
        return "".join(clusters)
    return "".join(clusters[: limit - 1]) + "…"


def _without_direction(text: str) -> str:
    # Signs that turn the direction of writing would turn the rest of the line too.
    return re.sub("[\u202a-\u202e\u2066-\u2069]", "", text)
