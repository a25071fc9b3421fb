"""Three questions for the discussion, chosen from a reviewed bank by what the sheet shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from surveys.feedback_sheets.disclosure.rounding import drawn
from surveys.feedback_sheets.figures import Asked, Kind, Level, Measure, Released, Sheet
from surveys.feedback_sheets.gap import name_of
from surveys.feedback_sheets.glance import Glance, Point
from surveys.feedback_sheets.words import NOISE

HOW_MANY = 3
# How far a mean must lie from the ministry's for a question about it.
FAR = NOISE[True]


@dataclass(frozen=True)
class BankQuestion:
    """A question of the bank: when it fits, for which items (none means any), on which levels."""

    code: str
    when: str
    about: frozenset[str]
    levels: frozenset[Level]
    text: str


@dataclass(frozen=True)
class Occasion:
    """Something on the sheet that a question may ask about."""

    when: str
    question: str = ""
    name: str = ""


@cache
def bank() -> tuple[BankQuestion, ...]:
    """All questions of `fixtures/feedback/questions.json`, in its order."""
    path = Path(settings.BASE_DIR) / "fixtures" / "feedback" / "questions.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["questions"]
    return tuple(
        BankQuestion(
            row["code"],
            row["when"],
            frozenset(row["about"]),
            frozenset(Level(level) for level in row["levels"]),
            row["text"],
        )
        for row in rows
    )


def questions(sheet: Sheet, found: Glance) -> tuple[str, ...]:
    """Three different questions: about what stands at a glance first, then means, then those that always fit."""
    level = sheet.unit.level
    fitting = [question for question in bank() if level in question.levels]
    chosen: list[BankQuestion] = []
    texts: list[str] = []
    for occasion in _occasions(sheet, found):
        question = next(
            (one for one in fitting if one not in chosen and _fits(one, occasion)), None
        )
        if question and len(texts) < HOW_MANY:
            chosen.append(question)
            texts.append(question.text.format(name=occasion.name))
    usual = [question.text for question in fitting if question.when == "always"]
    # Each year begins elsewhere, so that the same three do not come back.
    start = sheet.fiscal_year % len(usual)
    return tuple([*texts, *usual[start:], *usual[:start]][:HOW_MANY])


def _fits(question: BankQuestion, occasion: Occasion) -> bool:
    about_it = not question.about or occasion.question in question.about
    return question.when == occasion.when and about_it


def _occasions(sheet: Sheet, found: Glance) -> Iterator[Occasion]:
    """From the most to the least pressing; the first of each kind before the second of any."""
    low = [Occasion("low", point.question, point.name) for point in found.weak]
    wished = [Occasion("wished", point.question, point.skill) for point in found.wished]
    changed = [_change(point, amount) for point, amount in found.changed]
    high = [Occasion("high", point.question, point.name) for point in found.strong]
    kinds = [low, wished, changed, high, list(_powers(sheet))]
    for kind in kinds:
        yield from kind[:1]
    for kind in kinds:
        yield from kind[1:]


def _change(point: Point, amount: float) -> Occasion:
    return Occasion("risen" if amount > 0 else "fallen", point.question, point.name)


def _powers(sheet: Sheet) -> Iterator[Occasion]:
    """Means far from the ministry's."""
    for asked in sheet.questions:
        far = _distance(sheet, asked) if asked.kind is Kind.COMPETENCY else 0
        if abs(far) >= FAR:
            when = "power_high" if far > 0 else "power_low"
            yield Occasion(when, asked.code, name_of(asked, sheet.skill_names))


def _distance(sheet: Sheet, asked: Asked) -> float:
    key = (asked.code, Measure.MEAN)
    own, ministry = sheet.figures.get(key, Released()), sheet.ministry.get(key, Released())
    return (
        round(drawn(own.value) - drawn(ministry.value), 1)
        if own.is_shown and ministry.is_shown
        else 0
    )
