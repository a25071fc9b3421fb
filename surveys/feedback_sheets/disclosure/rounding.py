"""From exact counts to released values, and how released values are drawn and read (rules 6 and 12).

Every value is rounded half up in whole numbers, so that no figure depends on how a machine holds fractions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from surveys.feedback_sheets.disclosure.choice import LOWEST_MINIMUM
from surveys.feedback_sheets.figures import HIDDEN

# Below these numbers of answers the narrow end bands would say nobody and everybody (rule 6).
WIDE_SHARES_UNDER = 20
BANDED_MEANS_UNDER = 50

# Where the end bands are drawn, and the wishes' bands: amid the band, in per cent or points of the scale.
_DRAWN: Mapping[str, float] = {
    "<5": 2.5,
    ">95": 97.5,
    "<=10": 5.0,
    ">=90": 95.0,
    "<1.5": 1.25,
    ">4.5": 4.75,
    "<20": 10.0,
    "20-39": 30.0,
    "40-59": 50.0,
    ">=60": 80.0,
}
_IN_WORDS: Mapping[str, str] = {
    HIDDEN: HIDDEN,
    "<5": "5%未満",
    ">95": "95%超",
    "<=10": "1割以下",
    ">=90": "9割以上",
    "<1.5": "1.5未満",
    ">4.5": "4.5超",
    "<20": "2割未満",
    "20-39": "2割以上4割未満",
    "40-59": "4割以上6割未満",
    ">=60": "6割以上",
    ">=1000": "1,000人以上",
}
END_BANDS = frozenset({"<5", ">95", "<=10", ">=90", "<1.5", ">4.5", "<20", ">=60"})
WISH_BANDS = frozenset({"<20", "20-39", "40-59", ">=60"})
_SHARE = re.compile(r"[1-9]?[05]")
_MEAN = re.compile(r"[1-5]\.[0-9]")
_COUNT_BAND = re.compile(r"([0-9]+)-([0-9]+)")


def share(part: int, answers: int) -> str:
    """The share of `part` in `answers` in whole per cent, rounded to 5, or its end band (rule 6).

    From 20 answers a share under 5 or over 95 is `<5` or `>95`. Under 20 answers a share that rounds to 10 or less, or
    to 90 or more, is `<=10` or `>=90`: a 「10」 beside `<=10` would tell two persons from one.
    """
    _refuse_part(part, answers)
    return _share(part, answers, is_wide=answers < WIDE_SHARES_UNDER)


def bands(favourable: int, neutral: int, unfavourable: int) -> tuple[str, str, str]:
    """The shares of the three bands of a reflection item, from the answers in each (rule 6)."""
    answers = favourable + neutral + unfavourable
    return share(favourable, answers), share(neutral, answers), share(unfavourable, answers)


def mean(points: int, answers: int) -> str:
    """The mean of answers from 1 to 5 whose sum is `points`, to one decimal, or its end band (rule 6).

    Under 50 answers a mean below 1.5 or above 4.5 is `<1.5` or `>4.5`.
    """
    _refuse_few(answers)
    if not answers <= points <= 5 * answers:
        raise ValueError(f"{answers} answers from 1 to 5 cannot add up to {points}")
    if answers < BANDED_MEANS_UNDER:
        if 2 * points < 3 * answers:
            return "<1.5"
        if 2 * points > 9 * answers:
            return ">4.5"
    whole, tenth = divmod((20 * points + answers) // (2 * answers), 10)
    return f"{whole}.{tenth}"


def wish_share(part: int, answers: int) -> str:
    """The band, of four, of the share of respondents who wish to grow in a skill (rule 6)."""
    _refuse_part(part, answers)
    if 5 * part < answers:
        return "<20"
    if 5 * part < 2 * answers:
        return "20-39"
    if 5 * part < 3 * answers:
        return "40-59"
    return ">=60"


def response_rate(answered: int, members: int) -> str:
    """The share of the members who answered, in whole per cent, rounded to 5, with the end bands of shares (rule 12).

    The end bands are wide where fewer than 20 answered, as beside every other figure of the unit.
    """
    _refuse_few(answered)
    _refuse_part(answered, members)
    return _share(answered, members, is_wide=answered < WIDE_SHARES_UNDER)


def count_band(answers: int) -> str:
    """The band of a number of answers: by 5 up to 49, then coarser (rule 6)."""
    _refuse_few(answers)
    if answers < 50:
        low = answers // 5 * 5
        return f"{low}-{low + 4}"
    for low, high in ((50, 99), (100, 199), (200, 499), (500, 999)):
        if answers <= high:
            return f"{low}-{high}"
    return ">=1000"


def lowest_count(band: str) -> int:
    """The smallest number of answers that a count band may stand for."""
    if band == ">=1000":
        return 1000
    found = _COUNT_BAND.fullmatch(band)
    if found is None:
        raise ValueError(f"no band of a number of answers: {band}")
    return int(found[1])


def drawn(value: str) -> float:
    """Where a released value is drawn, in per cent or points of the scale; a chart uses nothing more exact (rule 6)."""
    if value in _DRAWN:
        return _DRAWN[value]
    if _SHARE.fullmatch(value) or _MEAN.fullmatch(value):
        return float(value)
    raise ValueError(f"no released value to draw: {value}")


def in_words(value: str) -> str:
    """A released value or a count band as it is read: 「35%」「3.4」「5%未満」「10〜14人」, and 「－」 where it is hidden."""
    if value in _IN_WORDS:
        return _IN_WORDS[value]
    if _SHARE.fullmatch(value):
        return f"{value}%"
    if _MEAN.fullmatch(value):
        return value
    if found := _COUNT_BAND.fullmatch(value):
        return f"{found[1]}〜{found[2]}人"
    raise ValueError(f"no released value: {value}")


def _share(part: int, whole: int, *, is_wide: bool) -> str:
    rounded = (40 * part + whole) // (2 * whole) * 5
    if is_wide:
        if rounded <= 10:
            return "<=10"
        return ">=90" if rounded >= 90 else str(rounded)
    # The exact share decides here: rounded to 0 or 100 first, the bands would mean nobody and everybody up to 40.
    if 20 * part < whole:
        return "<5"
    return ">95" if 20 * part > 19 * whole else str(rounded)


def _refuse_part(part: int, whole: int) -> None:
    _refuse_few(whole)
    if not 0 <= part <= whole:
        raise ValueError(f"{part} is no part of {whole}")


def _refuse_few(answers: int) -> None:
    """No figure is ever made from fewer answers than the lowest minimum (rule 1)."""
    if answers < LOWEST_MINIMUM:
        raise ValueError(f"no figure may be made from {answers} answers")
