"""The tables of a sheet: items in three bands, competencies as means; each row with its chart from the same values."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from surveys.feedback_sheets.charts import Bar, bands
from surveys.feedback_sheets.disclosure.comparing import NOT_COMPARED
from surveys.feedback_sheets.disclosure.rounding import in_words
from surveys.feedback_sheets.dumbbells import Means, Scale, dumbbell, scale_for
from surveys.feedback_sheets.figures import (
    HIDDEN,
    HIDDEN_IN_WORDS,
    MEASURES,
    Asked,
    Figures,
    Kind,
    LastYear,
    Level,
    Measure,
    Released,
    Sheet,
    Spread,
)
from surveys.feedback_sheets.gap import name_of
from surveys.feedback_sheets.glance import spread_in_words
from surveys.feedback_sheets.wording import wording_of
from surveys.feedback_sheets.words import (
    Cell,
    Difference,
    cell,
    clip,
    difference,
)

LONGEST_QUESTION, LONGEST_LABEL = 40, 12


@dataclass(frozen=True)
class Row:
    """A unit's three shares and its difference to last year; `is_own` for the unit of the sheet.

    With `instead` one word stands for all of them.
    """

    label: str
    is_own: bool
    cells: tuple[Cell, ...]
    difference: Difference
    instead: str = ""


@dataclass(frozen=True)
class Item:
    """A reflection item: its wording, chart, rows, and the quartiles in words."""

    name: str
    text: str
    chart: SafeString
    rows: tuple[Row, ...]
    quartiles: Cell

    @property
    def height(self) -> int:
        """How many rows of the table the chart stands beside: those of units and the quartiles."""
        return len(self.rows) + 1


@dataclass(frozen=True)
class Power:
    """A competency: its name in two parts, chart, three means and the difference to last year."""

    code: str
    name: str
    chart: SafeString
    cells: tuple[Cell, ...]
    difference: Difference


@dataclass(frozen=True)
class _Line:
    """Whose figures one row shows, and those of the year before that they are compared with."""

    label: str
    figures: Figures
    before: LastYear | None = None
    is_compared: bool = True
    is_last_year: bool = False


def items(sheet: Sheet) -> tuple[Item, ...]:
    """The reflection items in the order of the questionnaire."""
    return tuple(_item(sheet, one) for one in sheet.questions if one.kind is Kind.REFLECTION)


def _item(sheet: Sheet, asked: Asked) -> Item:
    name = name_of(asked, {})
    spread = sheet.spread.get((asked.code, Measure.FAVOURABLE), Spread())
    rows = tuple(_row(sheet, asked, one, n) for n, one in enumerate(_lines(sheet)))
    bars = [_bar(asked, one, row) for one, row in zip(_lines(sheet), rows, strict=True)]
    said = "、".join(f"{row.label}は{_said(row)}" for row in rows)
    quartiles = spread_in_words(spread)
    title = f"{name}の帯グラフ。肯定的な回答：{said}{quartiles}。"
    changed = sheet.last_year and asked.code in sheet.last_year.not_compared
    text = clip(asked.text, LONGEST_QUESTION) + ("（前年度と比べられません）" if changed else "")
    return Item(name, text, bands(title, bars, spread), rows, Cell(_quartiles(spread)))


def _lines(sheet: Sheet) -> list[_Line]:
    """The rows of an item, the own unit's first."""
    level, last_year = sheet.unit.level, sheet.last_year
    own = wording_of(sheet.unit).unit
    ministry = _Line(
        "省全体", sheet.ministry, sheet.ministry_before, sheet.ministry_before is not None
    )
    if level is Level.SECTION:
        bureau = clip(sheet.unit.parent_name, LONGEST_LABEL) or "局"
        above = _Line(bureau, sheet.bureau, sheet.bureau_before, sheet.bureau_before is not None)
        return [_Line(own, sheet.figures, last_year), above, ministry]
    before: Figures = last_year.figures if last_year else {}
    years = [
        _Line(f"{own}　今年度", sheet.figures, last_year),
        _Line(f"{own}　前年度", before, is_compared=False, is_last_year=True),
    ]
    return [*years, ministry] if level is Level.BUREAU else years


def _row(sheet: Sheet, asked: Asked, one: _Line, number: int) -> Row:
    measures = MEASURES[asked.kind]
    values = [one.figures.get((asked.code, measure), Released()) for measure in measures]
    cells = tuple(cell(value, measure) for value, measure in zip(values, measures, strict=True))
    moved = Difference("")
    if one.is_compared:
        moved = difference(asked.code, measures[0], values[0], one.before)
    without = one.is_last_year and not _has_last_year(sheet, asked)
    return Row(one.label, number == 0, cells, moved, NOT_COMPARED if without else "")


def _has_last_year(sheet: Sheet, asked: Asked) -> bool:
    return sheet.last_year is not None and asked.code not in sheet.last_year.not_compared


def _said(row: Row) -> str:
    return row.instead or (HIDDEN_IN_WORDS if row.cells[0].is_hidden else row.cells[0].text)


def _bar(asked: Asked, one: _Line, row: Row) -> Bar:
    if row.instead:
        return Bar(HIDDEN, HIDDEN, words=row.instead)
    favourable = one.figures.get((asked.code, Measure.FAVOURABLE), Released())
    unfavourable = one.figures.get((asked.code, Measure.UNFAVOURABLE), Released())
    return Bar(favourable.value, unfavourable.value, row.is_own)


def _quartiles(spread: Spread) -> str:
    if HIDDEN in (spread.low, spread.median, spread.high):
        return HIDDEN
    low, median, high = (in_words(v) for v in (spread.low, spread.median, spread.high))
    return f"中央値 {median}（{low.removesuffix('%')}–{high}）"


# Means ------------------------------------------------------------------------------------------


def powers(sheet: Sheet) -> tuple[Power, ...]:
    """The competencies in the order of the questionnaire."""
    axis = scale(sheet)
    return tuple(_power(sheet, asked, axis) for asked in _competencies(sheet))


def scale(sheet: Sheet) -> Scale:
    """The axis of the means."""
    means = [_means(sheet, asked) for asked in _competencies(sheet)]
    return scale_for(means, wide=sheet.wide_scale)


def _competencies(sheet: Sheet) -> list[Asked]:
    return [asked for asked in sheet.questions if asked.kind is Kind.COMPETENCY]


def _mean(figures: Figures, asked: Asked) -> Released:
    return figures.get((asked.code, Measure.MEAN), Released())


def _moved(sheet: Sheet, asked: Asked) -> Difference:
    return difference(asked.code, Measure.MEAN, _mean(sheet.figures, asked), sheet.last_year)


def _means(sheet: Sheet, asked: Asked) -> Means:
    """The means that the chart draws: last year's only where the two are compared."""
    compared = sheet.last_year and _moved(sheet, asked).amount is not None
    before = _mean(sheet.last_year.figures, asked).value if sheet.last_year and compared else HIDDEN
    return Means(
        _mean(sheet.figures, asked).value,
        before,
        _mean(sheet.bureau, asked).value,
        _mean(sheet.ministry, asked).value,
    )


def _power(sheet: Sheet, asked: Asked, axis: Scale) -> Power:
    means, level = _means(sheet, asked), sheet.unit.level
    spread = sheet.spread.get((asked.code, Measure.MEAN), Spread())
    own = Cell(in_words(means.own))
    before = Cell(NOT_COMPARED)
    if sheet.last_year and _has_last_year(sheet, asked):
        before = cell(_mean(sheet.last_year.figures, asked), Measure.MEAN)
    others = {
        Level.SECTION: (_cell(means.bureau), _cell(means.ministry)),
        Level.BUREAU: (before, _cell(means.ministry)),
        Level.MINISTRY: (before, _cell(spread.median)),
    }[level]
    name = name_of(asked, {}).removeprefix(asked.skill).strip()
    cells = (own, *others)
    columns = zip(wording_of(sheet.unit).columns, cells, strict=True)
    said = "、".join(f"{of}{HIDDEN_IN_WORDS if c.is_hidden else c.text}" for of, c in columns)
    title = f"{name}の平均。{said}{spread_in_words(spread)}。"
    chart = dumbbell(title, means, spread, axis)
    return Power(asked.skill, name, chart, cells, _moved(sheet, asked))


def _cell(value: str) -> Cell:
    return Cell(in_words(value))
