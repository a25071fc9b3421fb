"""At a glance: strengths, points to talk about, what changed; at most two each, chosen by the rule printed below them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from surveys.feedback_sheets.charts import strip
from surveys.feedback_sheets.disclosure.comparing import NOT_COMPARED
from surveys.feedback_sheets.disclosure.rounding import drawn, in_words
from surveys.feedback_sheets.figures import (
    HIDDEN,
    HIDDEN_IN_WORDS,
    Asked,
    Figures,
    Kind,
    Level,
    Measure,
    Released,
    Sheet,
    Spread,
)
from surveys.feedback_sheets.gap import GapMap, Wish, name_of
from surveys.feedback_sheets.words import (
    NOISE,
    WISH_WORDS,
    Difference,
    difference,
)

MOST = 2
# How far from the ministry a share must lie to be named.
FAR = {Level.SECTION: 10, Level.BUREAU: 5}
WISH_BANDS = ((0, 20), (20, 40), (40, 60), (60, 100))
_OFFERED = ("ポストなし", "一部のポスト", "半数以上")


@dataclass(frozen=True)
class Point:
    """One point: a name, a figure with its unit or a few words, what stands beside and below, a small chart."""

    name: str
    figure: str = ""
    unit: str = ""
    words: str = ""
    beside: str = ""
    below: str = ""
    arrow: str = ""
    chart: SafeString | str = ""
    question: str = ""
    skill: str = ""

    @property
    def is_hidden(self) -> bool:
        """Whether the mark stands for the figure."""
        return self.figure == HIDDEN


@dataclass(frozen=True)
class Column:
    """A heading with two points."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Glance:
    """The three columns, and what was found for the questions of the discussion."""

    columns: tuple[Column, ...]
    strong: tuple[Point, ...]
    weak: tuple[Point, ...]
    wished: tuple[Point, ...]
    changed: tuple[tuple[Point, float], ...]


def glance(sheet: Sheet, gaps: GapMap) -> Glance:
    """What a sheet says first."""
    strong, weak = _items(sheet)
    wished = tuple(_wish_point(wish) for wish in gaps.to_talk_about)
    changed = _changed(sheet)
    items = [question for question in sheet.questions if question.kind is Kind.REFLECTION]
    anything = any(_favourable(sheet.figures, question).is_shown for question in items)
    to_talk = _mixed(weak, wished)
    moved = [point for point, _ in changed][:MOST]
    is_known = anything or bool(gaps.wishes)
    columns = (
        Column("強み", _filled(strong[:MOST], _nothing(len(strong), is_known=anything))),
        Column("話し合いたいこと", _filled(to_talk, _nothing(len(to_talk), is_known=is_known))),
        Column("前年から変わったこと", _filled(moved, _unchanged(sheet, len(moved)))),
    )
    return Glance(columns, strong[:MOST], weak[:MOST], wished[:MOST], changed[:MOST])


def _mixed(weak: tuple[Point, ...], wished: tuple[Point, ...]) -> list[Point]:
    """One item and one wish where there are both, else two of a kind."""
    return [*weak[:1], *wished[: MOST - len(weak[:1])], *weak[1:]][:MOST]


def _filled(points: Iterable[Point], rest: Point) -> tuple[Point, ...]:
    """Two places, whatever was found: what is not there changes no size."""
    return (*points, rest, Point(""))[:MOST]


def _nothing(found: int, *, is_known: bool) -> Point:
    if is_known:
        return Point("ほかに当てはまる項目はありません" if found else "当てはまる項目はありません")
    return Point("振り返りの項目", figure=HIDDEN, beside=HIDDEN_IN_WORDS)


def _favourable(figures: Figures, asked: Asked) -> Released:
    return figures.get((asked.code, Measure.FAVOURABLE), Released())


def _items(sheet: Sheet) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Items by the rule of the level: the farthest first, equal ones in the order of the questionnaire."""
    ranked: list[tuple[float, Asked]] = []
    for asked in sheet.questions:
        own = _favourable(sheet.figures, asked)
        if asked.kind is Kind.REFLECTION and own.is_shown:
            ranked += [(distance, asked) for distance in _distances(sheet, asked, own)]
    if sheet.unit.level is Level.MINISTRY:
        return _highest_and_lowest(sheet, ranked)
    strong = [asked for far, asked in sorted(ranked, key=lambda pair: -pair[0]) if far > 0]
    weak = [asked for far, asked in sorted(ranked, key=lambda pair: pair[0]) if far < 0]
    return _points(sheet, strong), _points(sheet, weak)


def _highest_and_lowest(
    sheet: Sheet, ranked: list[tuple[float, Asked]]
) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    falling = [asked for _, asked in sorted(ranked, key=lambda pair: -pair[0])]
    return _points(sheet, falling[:MOST]), _points(sheet, falling[MOST:][::-1][:MOST])


def _distances(sheet: Sheet, asked: Asked, own: Released) -> list[float]:
    """How far an item lies from the ministry where the rule names it; on the ministry's own sheet, how high."""
    level, share = sheet.unit.level, drawn(own.value)
    if level is Level.MINISTRY:
        return [share]
    ministry = _favourable(sheet.ministry, asked)
    if not ministry.is_shown:
        return []
    far = share - drawn(ministry.value)
    if abs(far) < FAR[level]:
        return []
    if level is Level.SECTION:
        spread = sheet.spread.get((asked.code, Measure.FAVOURABLE), Spread())
        edge = spread.high if far > 0 else spread.low
        if edge == HIDDEN or (share - drawn(edge)) * far < 0:
            return []
    return [far]


def _points(sheet: Sheet, asked: Iterable[Asked]) -> tuple[Point, ...]:
    return tuple(_item_point(sheet, one) for one in asked)


def _item_point(sheet: Sheet, asked: Asked) -> Point:
    value = _favourable(sheet.figures, asked).value
    words = in_words(value)
    spread = sheet.spread.get((asked.code, Measure.FAVOURABLE), Spread())
    name, said = name_of(asked, {}), spread_in_words(spread)
    plain = value.isdigit()
    return Point(
        name,
        figure=value if plain else "",
        unit="%" if plain else "",
        words="" if plain else words,
        beside=_beside(sheet, asked),
        chart=strip(f"{name}：{words}{said}", spread=spread, now=value),
        question=asked.code,
    )


def spread_in_words(spread: Spread) -> str:
    """The quartiles for a text alternative."""
    if HIDDEN in (spread.low, spread.median, spread.high):
        return ""
    low, median, high = (in_words(v) for v in (spread.low, spread.median, spread.high))
    return f"、全課室の中央値{median}、四分位範囲{low}から{high}"


def _beside(sheet: Sheet, asked: Asked) -> str:
    if sheet.unit.level is Level.MINISTRY:
        share = sheet.figures.get((asked.code, Measure.UNFAVOURABLE), Released())
        return f"否定的 {in_words(share.value)}" if share.is_shown else ""
    levels = (("局", sheet.bureau), ("省全体", sheet.ministry))
    values = [(name, _favourable(figures, asked)) for name, figures in levels]
    return "　".join(f"{name} {in_words(one.value)}" for name, one in values if one.is_shown)


def _wish_point(wish: Wish) -> Point:
    words = WISH_WORDS[wish.step]
    name = f"{wish.name}を伸ばしたい人"
    return Point(
        name,
        words=words,
        beside=_OFFERED[wish.offered],
        chart=strip(f"{name}：{words}", band=WISH_BANDS[wish.step]),
        skill=wish.name,
        question=wish.asked.code,
    )


_MEASURED = {Kind.REFLECTION: Measure.FAVOURABLE, Kind.COMPETENCY: Measure.MEAN}


def _differences(sheet: Sheet) -> list[tuple[Asked, Difference]]:
    return [
        (
            asked,
            difference(
                asked.code,
                _MEASURED[asked.kind],
                sheet.figures.get((asked.code, _MEASURED[asked.kind]), Released()),
                sheet.last_year,
            ),
        )
        for asked in sheet.questions
        if asked.kind in _MEASURED
    ]


def _changed(sheet: Sheet) -> tuple[tuple[Point, float], ...]:
    """What moved beyond noise, the most first, measured by what is noise."""
    moved = [
        (abs(one.amount) / NOISE[asked.kind is Kind.COMPETENCY], asked, one)
        for asked, one in _differences(sheet)
        if one.arrow and one.amount is not None
    ]
    moved.sort(key=lambda entry: -entry[0])
    return tuple((_change_point(sheet, asked, one), one.amount or 0) for _, asked, one in moved)


def _change_point(sheet: Sheet, asked: Asked, moved: Difference) -> Point:
    measure = _MEASURED[asked.kind]
    is_mean = measure is Measure.MEAN
    before = sheet.last_year.figures[asked.code, measure].value if sheet.last_year else HIDDEN
    now = sheet.figures[asked.code, measure].value
    way = f"{in_words(before)}から{in_words(now)}"
    name = name_of(asked, {})
    return Point(
        name,
        figure=moved.text,
        unit="点" if is_mean else "ポイント",
        beside=way,
        arrow=moved.arrow,
        chart=strip(
            f"{name}：{way}へ", before=before, now=now, scale=(1, 5) if is_mean else (0, 100)
        ),
        question=asked.code,
    )


def _unchanged(sheet: Sheet, found: int) -> Point:
    """What stands where fewer than two moved."""
    name = "そのほかの項目" if found else "比べられる項目"
    if sheet.last_year is None:
        return Point("すべての項目", words=NOT_COMPARED, below="前年度のシートはありません")
    differences = [one for _, one in _differences(sheet)]
    if any(one.amount is not None for one in differences):
        return Point(name, words="ほぼ同じ", below="人数によるばらつきの範囲の中")
    if any(one.text == NOT_COMPARED for one in differences):
        return Point("すべての項目", words=NOT_COMPARED)
    return Point(name, figure=HIDDEN, beside=HIDDEN_IN_WORDS)
