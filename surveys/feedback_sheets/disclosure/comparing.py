"""What a sheet says of last year: a difference, 「比較なし」, or nothing (rule 10).

Released values and bands go in and nothing else, so that a comparison tells no more than the two sheets do.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from surveys.feedback_sheets.disclosure.rounding import END_BANDS, lowest_count
from surveys.feedback_sheets.figures import Measure, Released

NOT_COMPARED = "比較なし"
FEWEST_TO_COMPARE = 15


class Arrow(StrEnum):
    """Which way a value went, where it went further than noise."""

    NONE = ""
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True)
class Comparison:
    """A difference in words (「+10ポイント」「−0.3」「±0」), 「比較なし」, or nothing, with its arrow."""

    text: str = ""
    arrow: Arrow = Arrow.NONE


def compared(
    measure: Measure,
    this: Released,
    last: Released | None,
    *,
    is_same_unit: bool,
    is_same_wording: bool,
) -> Comparison:
    """This year's released value against last year's (rule 10).

    Nothing where this year's is hidden or there is no release of last year, and nothing for wishes, whose bands have no
    difference. 「比較なし」 where last year's is hidden, the unit was split or merged, the wording or scale is another,
    either year has fewer than 15 answers, or either value is an end band: one word for every reason.
    """
    if not this.is_shown or last is None or measure is Measure.WISH_SHARE:
        return Comparison()
    if not (is_same_unit and is_same_wording and last.is_shown):
        return Comparison(NOT_COMPARED)
    answers = min(lowest_count(this.count_band), lowest_count(last.count_band))
    if answers < FEWEST_TO_COMPARE or not END_BANDS.isdisjoint({this.value, last.value}):
        return Comparison(NOT_COMPARED)
    if measure is Measure.MEAN:
        tenths = _tenths(this.value) - _tenths(last.value)
        return Comparison(_signed(tenths, is_mean=True), _arrow_of_mean(tenths, answers))
    points = int(this.value) - int(last.value)
    return Comparison(_signed(points, is_mean=False), _arrow_of_share(points, answers))


def _arrow_of_share(points: int, answers: int) -> Arrow:
    """An arrow only beyond what two persons could do by themselves, and so from 10 points on.

    Two rounded values may lie 5 points further apart than the exact ones. What is left must be more than the share of
    two persons of the smaller year, taken at the lowest number of its band: 20 points at 15 answers, 10 from 45.
    """
    beyond_rounding = abs(points) - 5
    is_noise = beyond_rounding * answers <= 2 * 100
    return Arrow.NONE if is_noise else _direction(points)


def _arrow_of_mean(tenths: int, answers: int) -> Arrow:
    """An arrow from 0.3 on, and only beyond what two persons could do by themselves.

    Two rounded means may lie 0.1 further apart than the exact ones. What is left must be more than two persons who
    answer two steps differently make in the smaller year: 0.4 at 15 answers, 0.3 from 25.
    """
    beyond_rounding = abs(tenths) - 1
    is_noise = abs(tenths) < 3 or beyond_rounding * answers <= 2 * 2 * 10
    return Arrow.NONE if is_noise else _direction(tenths)


def _direction(difference: int) -> Arrow:
    return Arrow.UP if difference > 0 else Arrow.DOWN


def _tenths(value: str) -> int:
    return int(value.replace(".", ""))


def _signed(difference: int, *, is_mean: bool) -> str:
    """A difference in points, or in tenths of the scale, as it is read."""
    size = abs(difference)
    number = f"{size // 10}.{size % 10}" if is_mean and size else str(size)
    sign = "±" if not difference else "+" if difference > 0 else "−"
    return f"{sign}{number}" if is_mean else f"{sign}{number}ポイント"
