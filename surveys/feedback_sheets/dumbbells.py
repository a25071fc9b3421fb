"""Charts of means: last year and this year on one lane, the levels above on lanes of their own, quartiles behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from surveys.feedback_sheets.charts import (
    BLUE,
    HAIR,
    INK,
    MIDDLE,
    PALE,
    QUIET,
    Shape,
    dot,
    drawing,
    label,
    line,
    rect,
    shape,
)
from surveys.feedback_sheets.disclosure.rounding import drawn
from surveys.feedback_sheets.figures import HIDDEN, Spread

USUAL_SCALE, WIDE_SCALE = (2.0, 4.5), (1.0, 5.0)
LEFT, WIDTH, HEIGHT = 30.0, 810.0, 110

Scale = tuple[float, float]


@dataclass(frozen=True)
class Means:
    """The released means of one competency; what is hidden or does not apply is the mark."""

    own: str
    before: str = HIDDEN
    bureau: str = HIDDEN
    ministry: str = HIDDEN

    @property
    def shown(self) -> list[str]:
        """Those that there are."""
        return [v for v in (self.own, self.before, self.bureau, self.ministry) if v != HIDDEN]


def scale_for(means: Sequence[Means], *, wide: bool) -> Scale:
    """The axis: the usual one unless the release, or a mean at hand, asks for the whole scale."""
    values = [drawn(value) for one in means for value in one.shown]
    outside = any(not USUAL_SCALE[0] <= value <= USUAL_SCALE[1] for value in values)
    return WIDE_SCALE if wide or outside else USUAL_SCALE


def _at(value: float, scale: Scale) -> float:
    return LEFT + WIDTH * (value - scale[0]) / (scale[1] - scale[0])


def _steps(scale: Scale) -> list[float]:
    return [scale[0] + step / 2 for step in range(int((scale[1] - scale[0]) * 2) + 1)]


def axis(scale: Scale) -> SafeString:
    """The scale above the rows."""
    shapes = [label(_at(step, scale), 30, f"{step:.1f}", "middle") for step in _steps(scale)]
    title = f"目盛りは{scale[0]:.1f}から{scale[1]:.1f}"
    return drawing("cp-sheet__axis", (870, 40), title, shapes, font_size=25)


def dumbbell(title: str, means: Means, spread: Spread, scale: Scale) -> SafeString:
    """○ last year, ● this year, ◆ bureau, △ ministry; equal values never cover each other."""
    shapes: list[Shape] = []
    has_spread = HIDDEN not in (spread.low, spread.median, spread.high)
    if has_spread:
        low, high = _at(drawn(spread.low), scale), _at(drawn(spread.high), scale)
        shapes.append(rect(low, 6, max(high - low, 4), 98, PALE))
    shapes.append(
        line("".join(f"M{_at(s, scale):.1f} 0V{HEIGHT}" for s in _steps(scale)), HAIR, 1.5)
    )
    if has_spread:
        shapes.append(line(f"M{_at(drawn(spread.median), scale):.1f} 6V104", MIDDLE, 4, "8 5"))
    alone = means.bureau == means.ministry == HIDDEN
    shapes += _own(means, scale, 55 if alone else 30)
    if means.bureau != HIDDEN:
        shapes.append(diamond(_at(drawn(means.bureau), scale), 60))
    if means.ministry != HIDDEN:
        shapes.append(triangle(_at(drawn(means.ministry), scale), 88))
    return drawing("cp-sheet__means", (870, HEIGHT), title, shapes)


def _own(means: Means, scale: Scale, y: float) -> list[Shape]:
    if means.own == HIDDEN:
        return []
    now = _at(drawn(means.own), scale)
    shapes: list[Shape] = []
    if means.before != HIDDEN:
        before = _at(drawn(means.before), scale)
        shapes.append(line(f"M{before:.1f} {y:g}H{now:.1f}", BLUE, 6))
        shapes.append(dot(before, y, 11, "#ffffff", BLUE, 5))
    shapes.append(dot(now, y, 16, BLUE, "#ffffff", 3))
    return shapes


def diamond(x: float, y: float) -> Shape:
    """The mark of a bureau."""
    return shape(
        f"M{x:.1f} {y - 13:g}L{x + 13:.1f} {y:g}L{x:.1f} {y + 13:g}L{x - 13:.1f} {y:g}Z", QUIET
    )


def triangle(x: float, y: float) -> Shape:
    """The mark of the ministry."""
    path = f"M{x:.1f} {y - 13.7:.1f}L{x + 13:.1f} {y + 8.4:.1f}L{x - 13:.1f} {y + 8.4:.1f}Z"
    return shape(path, "#ffffff", INK, 4)
