"""Charts of a sheet as SVG, drawn from released values alone: a length never says more than its label (rule 6).

Colours and the font are attributes, as the stylesheet of a PDF does not reach into a drawing. Ten units are a millimetre.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from surveys.feedback_sheets.disclosure.rounding import drawn
from surveys.feedback_sheets.figures import HIDDEN, HIDDEN_IN_WORDS, Spread

BLUE, ORANGE = "#0017c1", "#c74700"
INK, QUIET, MIDDLE, LINE, HAIR, PALE = (
    "#1a1a1a",
    "#4d4d4d",
    "#767676",
    "#949494",
    "#cccccc",
    "#e6e6e6",
)
FONT = "Career Portal PDF Core, Career Portal PDF, Noto Sans JP, sans-serif"

Shape = SafeString


def rect(x: float, y: float, width: float, height: float, fill: str, stroke: str = "") -> Shape:
    """A rectangle; one with an outline keeps it inside."""
    if not stroke:
        return format_html(
            '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
            *_short(x, y, width, height),
            fill,
        )
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="2"/>',
        *_short(x + 1, y + 1, max(width - 2, 0.5), height - 2),
        fill,
        stroke,
    )


def line(path: str, stroke: str, width: float, dash: str = "none") -> Shape:
    """A path without a filling."""
    return format_html(
        '<path d="{}" stroke="{}" stroke-width="{}" stroke-dasharray="{}" fill="none"/>',
        path,
        stroke,
        width,
        dash,
    )


def dot(x: float, y: float, radius: float, fill: str, stroke: str, width: float = 4) -> Shape:
    """A circle."""
    return format_html(
        '<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="{}" stroke-width="{}"/>',
        *_short(x, y),
        radius,
        fill,
        stroke,
        width,
    )


def shape(path: str, fill: str, stroke: str = "none", width: float = 0) -> Shape:
    """A closed figure."""
    return format_html(
        '<path d="{}" fill="{}" stroke="{}" stroke-width="{}"/>', path, fill, stroke, width
    )


def label(x: float, y: float, words: str, anchor: str = "start") -> Shape:
    """A few words."""
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}">{}</text>', *_short(x, y), anchor, words
    )


def drawing(
    css_class: str,
    size: tuple[float, float],
    title: str,
    shapes: Iterable[Shape],
    font_size: float = 23,
) -> SafeString:
    """A whole chart; its title is what is read aloud."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="{}" viewBox="0 0 {} {}" role="img" '
        'font-family="{}" font-size="{}" fill="{}">'
        "<title>{}</title>{}</svg>",
        css_class,
        *_short(*size),
        FONT,
        font_size,
        QUIET,
        title,
        format_html_join("", "{}", ((one,) for one in shapes)),
    )


def _short(*numbers: float) -> list[str]:
    return [f"{number:.1f}".removesuffix(".0") for number in numbers]


# Three bands ------------------------------------------------------------------------------------

BAR_LEFT, BAR_WIDTH = 10.0, 820.0
OWN_HEIGHT, OTHER_HEIGHT, SPREAD_HEIGHT = 64, 46, 68


@dataclass(frozen=True)
class Bar:
    """One bar of three bands: released values, thick and coloured for the own unit; `words` stand where there is none."""

    favourable: str
    unfavourable: str
    is_own: bool = False
    words: str = HIDDEN_IN_WORDS

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to draw."""
        return HIDDEN not in (self.favourable, self.unfavourable)


def bands(title: str, bars: Sequence[Bar], spread: Spread) -> SafeString:
    """Bars below each other; positive from the left edge, negative from the right, and below them the quartiles."""
    shapes: list[Shape] = []
    heights = [OTHER_HEIGHT if number else OWN_HEIGHT for number in range(len(bars))]
    foot = sum(heights)
    grid = "".join(f"M{BAR_LEFT + BAR_WIDTH * part / 4:g} 4V{foot + 42}" for part in range(5))
    shapes.append(line(grid, HAIR, 1.5))
    for number, bar in enumerate(bars):
        shapes += _bar(bar, sum(heights[:number]))
    own = next((bar for bar in bars if bar.is_own and bar.is_shown), None)
    shapes += _spread_line(spread, own.favourable if own else HIDDEN, foot + 20)
    for share, words, anchor in ((0, "0", "start"), (50, "50", "middle"), (100, "100%", "end")):
        shapes.append(label(_at(share), foot + SPREAD_HEIGHT - 2, words, anchor))
    return drawing("cp-sheet__bands", (840, foot + SPREAD_HEIGHT), title, shapes)


def _at(share: float) -> float:
    return BAR_LEFT + BAR_WIDTH * share / 100


def _bar(bar: Bar, top: float) -> list[Shape]:
    y, height = (top + 9, 44) if bar.is_own else (top + 8, 28)
    if not bar.is_shown:
        return [label(24, y + height / 2 + 8, bar.words)]
    favourable = drawn(bar.favourable)
    # Rounded shares may add up to more than the whole; then the right band ends where the left one does.
    unfavourable = min(drawn(bar.unfavourable), 100 - favourable)
    left, right = _at(favourable), _at(100 - unfavourable)
    shapes = [rect(BAR_LEFT, y, left - BAR_LEFT, height, BLUE if bar.is_own else QUIET)]
    if right - left > 10:
        shapes.append(rect(left + 4, y, right - left - 8, height, PALE, LINE))
    negative = ORANGE if bar.is_own else LINE
    shapes.append(rect(right, y, BAR_LEFT + BAR_WIDTH - right, height, negative))
    return shapes


def _spread_line(spread: Spread, own: str, y: float) -> list[Shape]:
    shapes = [line(f"M{BAR_LEFT:g} {y:g}H{BAR_LEFT + BAR_WIDTH:g}", LINE, 2.5)]
    if HIDDEN not in (spread.low, spread.median, spread.high):
        low, middle, high = (_at(drawn(v)) for v in (spread.low, spread.median, spread.high))
        shapes.append(rect(low, y - 11, max(high - low, 4), 22, PALE, QUIET))
        shapes.append(line(f"M{middle:.1f} {y - 15:g}V{y + 15:g}", INK, 6))
    if own != HIDDEN:
        shapes.append(dot(_at(drawn(own)), y, 12, BLUE, "#ffffff"))
    return shapes


# A line from 0 to 100 % for one point at a glance ------------------------------------------------

STRIP_LEFT, STRIP_WIDTH = 12.0, 516.0


def strip(
    title: str,
    *,
    spread: Spread | None = None,
    before: str = "",
    now: str = "",
    band: tuple[float, float] | None = None,
    scale: tuple[float, float] = (0, 100),
) -> SafeString:
    """Where one value lies: among the quartiles, after last year's, or as the band of a share."""

    def at(value: float) -> float:
        return STRIP_LEFT + STRIP_WIDTH * (value - scale[0]) / (scale[1] - scale[0])

    middle, end = STRIP_LEFT + STRIP_WIDTH / 2, STRIP_LEFT + STRIP_WIDTH
    axis = f"M{STRIP_LEFT:g} 18H{end:g}M{STRIP_LEFT:g} 10V26M{middle:g} 12V24M{end:g} 10V26"
    shapes = [line(axis, LINE, 2.5)]
    if spread and HIDDEN not in (spread.low, spread.median, spread.high):
        low, centre, high = (at(drawn(v)) for v in (spread.low, spread.median, spread.high))
        shapes.append(rect(low, 8, max(high - low, 4), 20, PALE, QUIET))
        shapes.append(line(f"M{centre:.1f} 4V32", INK, 5))
    if band:
        shapes.append(rect(at(band[0]), 10, at(band[1]) - at(band[0]), 16, BLUE))
    if before:
        shapes.append(line(f"M{at(drawn(before)):.1f} 18H{at(drawn(now)):.1f}", BLUE, 6))
        shapes.append(dot(at(drawn(before)), 18, 10, "#ffffff", BLUE, 5))
    if now:
        shapes.append(dot(at(drawn(now)), 18, 13, BLUE, "#ffffff"))
    return drawing("cp-sheet__strip", (540, 36), title, shapes)
