"""Tables as files that spreadsheet programs open: Excel workbooks and CSV, written row by row in little memory.

What people typed stays text, whatever it looks like; only what the caller passes as a number or a day becomes one. Line ends
become a line feed, and characters that a file cannot hold become U+FFFD, so that their place shows.

In a workbook every text is a string cell, marked as Excel marks one typed with a leading apostrophe: it stays text when
somebody edits it. `_x0041_`, which Excel reads as "A", is escaped (ECMA-376 part 1, 22.9.2.19). In CSV, which knows no types, a
text that a program would take for a formula gets that apostrophe in front (OWASP, "CSV Injection"; ASVS 5.0, 1.2.10), and every
field is quoted (RFC 4180). Sizes follow "Excel specifications and limits" of Microsoft.
"""

from __future__ import annotations

import csv
import datetime
import io
import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

Value = str | int | float | datetime.date | None

# Excel's limits.
MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767  # UTF-16 units in one cell
FIRST_INEXACT = 10**15  # a number keeps 15 digits, further ones become zero
FIRST_DAY = datetime.date(1900, 3, 1)  # before it Excel's calendar has a day that never was

# Rows below which nobody is offered choices.
CHOSEN_UP_TO = 10_000

CUT = "…（以下省略）"
ABOUT = "この表について"

_UNHOLDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Where apostrophes stand before it already, one more makes it possible to take exactly one away again.
_FORMULA = re.compile(r"'*(?:[\t\n]|[\s\u200b\u2060\ufeff]*[=+\-@＝＋－＠])")


@dataclass(frozen=True)
class Column:
    """A column by its heading; `width` in narrow characters, a Japanese one takes two.

    `fill` is the colour behind the heading (RRGGBB), `choices` the cells of another sheet that its own are chosen from.
    """

    title: str
    width: float = 16
    fill: str = ""
    choices: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table of a workbook. The title has at most 31 characters, none of them `[]:*?/\\`; the rows are read once.

    The heading and as many columns as are `frozen` stay in sight and are printed on every page; such a sheet can be filtered.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    frozen: int = 0


def write_workbook(
    target: IO[bytes], sheets: Iterable[Sheet], *, facts: Sequence[tuple[str, Value]] = ()
) -> None:
    """Write an Excel file of one sheet per table, after one of facts about it (who exported what, when, why).

    Instants are aware and stand in the sheet in JST; a naive one raises ValueError, as do more rows than a sheet holds.
    """
    workbook = Workbook(write_only=True)
    workbook.properties.creator = None
    try:
        if facts:
            about = [Column("項目", width=20), Column("内容", width=60)]
            _add(workbook, Sheet(ABOUT, about, facts))
        for sheet in sheets:
            _add(workbook, sheet)
        workbook.save(target)
    except BaseException:
        _remove_unfinished(workbook)
        raise


def write_csv(target: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write CSV as Excel in Japan opens it: UTF-8 with a byte order mark, CRLF between rows, every field quoted.

    Days read 2026-04-01, instants 2026-04-01 09:30:00 in JST; a naive one raises ValueError.
    """
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    try:
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow([_field(title) for title in header])
        writer.writerows([_field(value) for value in row] for row in rows)
    finally:
        text.detach()


def _field(value: Value) -> str:
    if isinstance(value, str):
        text = _holdable(value)
        return f"'{text}" if _FORMULA.match(text) else text
    return _in_words(value)


def without_apostrophe(field: str) -> str:
    """A field of CSV as the text that it was written from."""
    is_protected = field.startswith("'") and _FORMULA.match(field, 1)
    return field[1:] if is_protected else field


def _in_words(value: Value) -> str:
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    return "" if value is None else str(value)


def _holdable(text: str) -> str:
    return _UNHOLDABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _cell_text(text: str) -> str:
    """The text as a cell holds it: what Excel would decode is escaped, what is too long is cut."""
    text = _holdable(text)
    # An escape makes seven characters of one, and a character has at most two units.
    if len(text) * 7 <= LONGEST_TEXT or _length(text) <= LONGEST_TEXT:
        return _escaped(text)
    room = LONGEST_TEXT - _length(CUT)
    fitting = bisect_right(range(1, len(text) + 1), room, key=lambda end: _length(text[:end]))
    return _escaped(text[:fitting]) + CUT


def _escaped(text: str) -> str:
    return _ESCAPE.sub("_x005F_", text)


def _length(text: str) -> int:
    """UTF-16 units of a text as it stands in the file: the library cuts there, too, and counts the escapes."""
    return len(_escaped(text).encode("utf-16-le")) // 2


def _add(workbook: Any, sheet: Sheet) -> None:
    page = workbook.create_sheet(sheet.title)
    page.freeze_panes = f"{get_column_letter(sheet.frozen + 1)}2"
    page.print_title_rows = "1:1"
    if sheet.frozen:
        page.print_title_cols = f"A:{get_column_letter(sheet.frozen)}"
        page.page_setup.orientation = "landscape"
    for number, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    _offer_choices(page, sheet.columns)
    cells = _Cells(page)
    page.append([cells.heading(column.title, column.fill) for column in sheet.columns])
    number = 1
    for number, row in enumerate(sheet.rows, 2):
        if number > MOST_ROWS:
            raise ValueError(f"more than {MOST_ROWS} rows in {sheet.title}")
        page.append([cells.cell(value) for value in row])
    if sheet.frozen:
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{number}"


def _offer_choices(page: Any, columns: Sequence[Column]) -> None:
    """Drop-downs below the headings; one for all columns with the same choices."""
    offered: dict[str, DataValidation] = {}
    for number, column in enumerate(columns, 1):
        if not column.choices:
            continue
        if column.choices not in offered:
            choice = DataValidation(type="list", formula1=column.choices, allow_blank=True)
            choice.errorTitle, choice.error = "選択肢にありません", "一覧から選んでください。"
            offered[column.choices] = choice
            page.data_validations.append(choice)
        letter = get_column_letter(number)
        offered[column.choices].add(f"{letter}2:{letter}{CHOSEN_UP_TO}")


class _Cells:
    """Makes the cells of one sheet as copies of a few: to style each by itself takes far longer."""

    def __init__(self, page: Any) -> None:
        self._text = self._make(page, wrapped=True)
        self._heading = self._make(page, wrapped=True)
        self._heading.font = Font(bold=True)
        self._number = self._make(page)
        self._day = self._make(page, "yyyy/mm/dd")
        self._instant = self._make(page, "yyyy/mm/dd hh:mm:ss")

    @staticmethod
    def _make(page: Any, number_format: str = "General", *, wrapped: bool = False) -> Any:
        cell = WriteOnlyCell(page)
        cell.alignment = Alignment(vertical="top", wrap_text=wrapped)
        cell.number_format = number_format
        # The mark of a text that was typed with a leading apostrophe.
        cell.quotePrefix = wrapped
        return cell

    def heading(self, title: str, fill: str = "") -> Any:
        cell = self._of_text(self._heading, title)
        if fill:
            # Copies of a cell share one style, which all of them would be coloured by.
            cell._style = copy(cell._style)  # noqa: SLF001  it has no public name
            cell.fill = PatternFill("solid", fgColor=fill)
        return cell

    def cell(self, value: Value) -> Any:
        """The cell of a value; None where there is nothing to show."""
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return self._of_text(self._text, value)
        if isinstance(value, datetime.datetime):
            return self._of_day(self._instant, timezone.localtime(value).replace(tzinfo=None))
        if isinstance(value, datetime.date):
            return self._of_day(self._day, value)
        if not _is_exact(value):
            return self._of_text(self._text, str(value))
        return _filled(self._number, value)

    @staticmethod
    def _of_text(model: Any, text: str) -> Any:
        cell = _filled(model, _cell_text(text))
        # The library takes a leading "=" for a formula and "#N/A" for an error.
        cell.data_type = "s"
        return cell

    def _of_day(self, model: Any, day: datetime.date) -> Any:
        date = day.date() if isinstance(day, datetime.datetime) else day
        return self._of_text(self._text, str(day)) if date < FIRST_DAY else _filled(model, day)


def _filled(model: Any, value: Value) -> Any:
    cell = copy(model)
    cell.value = value
    return cell


def _is_exact(number: float) -> bool:
    if isinstance(number, int):
        return abs(number) < FIRST_INEXACT
    return math.isfinite(number)


def _remove_unfinished(workbook: Any) -> None:
    """Remove the files that hold rows until they are saved; the library keeps them until the process ends."""
    for page in workbook.worksheets:
        writer = page._writer  # noqa: SLF001  it has no public name
        if writer is None:
            continue
        with suppress(OSError):
            if not page.closed:
                page.close()
        if Path(writer.out).exists():
            writer.cleanup()
