"""Released values in words and as lengths, and their difference to last year; from what was released alone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import regex

from surveys.feedback_sheets.figures import HIDDEN, LastYear, Measure, Released

NOT_COMPARED = "比較なし"
# A difference needs as many answers in both years (rule 10), and an arrow more than chance moves.
LEAST_ANSWERS = 15
NOISE = {False: 10.0, True: 0.3}
_ENDS = {"<5": 2.5, ">95": 97.5, "<=10": 5.0, ">=90": 95.0, "<1.5": 1.25, ">4.5": 4.75}
_END_WORDS = {
    "<5": "5%未満",
    ">95": "95%超",
    "<=10": "1割以下",
    ">=90": "9割以上",
    "<1.5": "1.5未満",
    ">4.5": "4.5超",
}
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


def drawn(value: str) -> float:
    """How long a released value is drawn: an end band at its middle, whatever lies behind it."""
    return _ENDS[value] if value in _ENDS else float(value)


def in_words(value: str, measure: Measure) -> str:
    """A released value as it is read."""
    if value == HIDDEN:
        return HIDDEN
    if measure is Measure.WISH_SHARE:
        return WISH_WORDS[wish_step(value)]
    if value in _END_WORDS:
        return _END_WORDS[value]
    return value if measure is Measure.MEAN else f"{value}%"


def wish_step(value: str) -> int:
    """Which of the four bands of wishes a released value is, from 0."""
    if value.startswith("<"):
        return 0
    number = re.search(r"\d+", value)
    return min(int(number.group()) // 20, 3) if number else 0


def cell(released: Released, measure: Measure) -> Cell:
    """A released value as a cell."""
    return Cell(in_words(released.value, measure))


def people(band: str) -> tuple[str, str]:
    """The band of a number of people as figure and unit: 20–24 and 人, 1,000 and 人以上, the mark and nothing."""
    if band == HIDDEN:
        return HIDDEN, ""
    numbers = [f"{int(number):,}" for number in re.findall(r"\d+", band.replace(",", ""))]
    return ("–".join(numbers), "人") if len(numbers) > 1 else (numbers[0], "人以上")


def least_of(band: str) -> int:
    """The smallest number that a band of answers allows; 0 where it is hidden."""
    number = re.search(r"\d+", band.replace(",", ""))
    return int(number.group()) if number else 0


def difference(
    code: str, measure: Measure, now: Released, last_year: LastYear | None
) -> Difference:
    """How far a released value lies from last year's released one; one word for every reason why not (rule 10)."""
    if not now.is_shown:
        return Difference(HIDDEN)
    if last_year is None or code in last_year.not_compared:
        return Difference(NOT_COMPARED)
    before = last_year.figures.get((code, measure), Released())
    both = (now, before)
    few = any(least_of(one.count_band) < LEAST_ANSWERS for one in both)
    if not before.is_shown or few or any(one.value in _ENDS for one in both):
        return Difference(NOT_COMPARED)
    amount = round(drawn(now.value) - drawn(before.value), 1)
    is_mean = measure is Measure.MEAN
    arrow = ("▲" if amount > 0 else "▼") if abs(amount) > NOISE[is_mean] else ""
    return Difference(signed(amount, is_mean=is_mean), amount, arrow)


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
