"""What many sheets of a release have in common. Each process fetches it once, as neither a freeze nor released figures ever change."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.db.models import Count

from surveys.feedback_sheets.disclosure import spread as spreading
from surveys.feedback_sheets.figures import (
    HIDDEN,
    Asked,
    Figures,
    Kind,
    Measure,
    Released,
    Spread,
)
from surveys.models import FeedbackRelease, RoundFreeze, RoundQuestion, RoundUnit

# A release with the one of the year before, and another such pair.
RELEASES = 4
# Beside those of the sheet at hand the figures of all bureaus.
UNITS = 64


@lru_cache(maxsize=RELEASES)
def questions(freeze: RoundFreeze) -> tuple[Asked, ...]:
    """The questions as they were asked."""
    return tuple(
        Asked(row.code, Kind(row.kind), row.text, row.short, row.skill_code)
        for row in _asked(freeze).values()
    )


@lru_cache(maxsize=RELEASES)
def _asked(freeze: RoundFreeze) -> Mapping[str, RoundQuestion]:
    return {row.code: row for row in freeze.questions.all()}


@lru_cache(maxsize=RELEASES)
def not_comparable(freeze: RoundFreeze, before: RoundFreeze) -> frozenset[str]:
    """The questions that were not asked like this the year before (rule 10)."""
    then = _asked(before)
    return frozenset(
        code
        for code, question in _asked(freeze).items()
        if code not in then or not question.is_asked_like(then[code])
    )


@lru_cache(maxsize=UNITS)
def figures(release: FeedbackRelease, unit: RoundUnit) -> Figures:
    """The released values of one unit."""
    rows = release.figures.filter(unit=unit)
    return {
        (code, Measure(measure)): Released(value, band)
        for code, measure, value, band in rows.values_list(
            "question_code", "measure", "value", "count_band"
        )
    }


@lru_cache(maxsize=RELEASES)
def spread(release: FeedbackRelease) -> Mapping[tuple[str, Measure], Spread]:
    """Of every question the quartiles of all shown sections, the own one included (rule 9)."""
    shown = release.figures.filter(unit__level=RoundUnit.Level.SECTION).exclude(value=HIDDEN)
    counted = shown.values_list("question_code", "measure", "value").annotate(number=Count("pk"))
    values: dict[tuple[str, Measure], list[str]] = {}
    for code, measure, value, number in counted.order_by():
        values.setdefault((code, Measure(measure)), []).extend([value] * number)
    return {key: spreading.spread(key[1], found) for key, found in values.items()}


@lru_cache(maxsize=RELEASES)
def wide_scale(release: FeedbackRelease) -> bool:
    """Whether a mean of the release lies outside of 2.0 to 4.5."""
    means = release.figures.filter(measure=Measure.MEAN).exclude(value=HIDDEN)
    found = means.order_by().values_list("value", flat=True).distinct()
    return any(value[0] in "<>" or not 2.0 <= float(value) <= 4.5 for value in found)


@lru_cache(maxsize=UNITS)
def same_unit(freeze: RoundFreeze, level: str, code: str) -> RoundUnit | None:
    """The unit of a level and code in a frozen tree, if it had figures."""
    return freeze.units.with_figures().filter(level=level, code=code).first()
