"""How the sections of a release spread: one set of quartiles, the same on every sheet (rule 9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import floor

from surveys.feedback_sheets.disclosure.rounding import drawn
from surveys.feedback_sheets.figures import HIDDEN, Measure, Spread

FEWEST_SECTIONS = 5
_WIDE = frozenset({"<=10", ">=90"})


def spread(measure: Measure, values: Iterable[str]) -> Spread:
    """Quartiles and median of the released values of all shown sections, from at least 5 of them (rule 9).

    An end band counts as where it is drawn. The results are rounded as the values are and are end bands where they fall
    there: among shares `<=10` and `>=90` if any section's value is one of these, and `<5` and `>95` otherwise.
    """
    shown = [value for value in values if value != HIDDEN]
    if len(shown) < FEWEST_SECTIONS:
        return Spread()
    # By its decimal digits a drawn place is exact; as a float 3.4 is not.
    places = sorted(Fraction(str(drawn(value))) for value in shown)
    is_wide = not _WIDE.isdisjoint(shown)
    low, median, high = (
        _released(measure, _quartile(places, quarters), is_wide=is_wide) for quarters in (1, 2, 3)
    )
    return Spread(low, median, high)


def _quartile(places: Sequence[Fraction], quarters: int) -> Fraction:
    """The place below which so many quarters lie, between two neighbours where it falls between them."""
    index, beyond = divmod(quarters * (len(places) - 1), 4)
    if not beyond:
        return places[index]
    return places[index] + (places[index + 1] - places[index]) * Fraction(beyond, 4)


def _released(measure: Measure, place: Fraction, *, is_wide: bool) -> str:
    if measure is Measure.MEAN:
        return _mean(place)
    if measure is Measure.WISH_SHARE:
        return _wish_share(place)
    return _share(place, is_wide=is_wide)


def _share(place: Fraction, *, is_wide: bool) -> str:
    rounded = floor(place / 5 + Fraction(1, 2)) * 5
    if is_wide:
        if rounded <= 10:
            return "<=10"
        return ">=90" if rounded >= 90 else str(rounded)
    if place < 5:
        return "<5"
    return ">95" if place > 95 else str(rounded)


def _mean(place: Fraction) -> str:
    if place < Fraction("1.5"):
        return "<1.5"
    if place > Fraction("4.5"):
        return ">4.5"
    whole, tenth = divmod(floor(place * 10 + Fraction(1, 2)), 10)
    return f"{whole}.{tenth}"


def _wish_share(place: Fraction) -> str:
    if place < 20:
        return "<20"
    if place < 40:
        return "20-39"
    return "40-59" if place < 60 else ">=60"
