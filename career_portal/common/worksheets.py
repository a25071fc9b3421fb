"""The table on one sheet of an Excel file that somebody else made, read as a stream within the limits of `tables.py`.

Texts come out as Excel shows them: shared or in their cell, of several runs, without readings (`rPh`), with escapes such as
`_x000D_` decoded (ECMA-376 part 1, 22.9.2.19). Whether a number is a day, its format says; the size that a
sheet claims to have is not looked at.
"""

from __future__ import annotations

import datetime
import math
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils import column_index_from_string

from career_portal.common.packages import BROKEN, Package
from career_portal.common.spreadsheets import FIRST_DAY, LONGEST_TEXT
from career_portal.common.tables import (
    FORMULA,
    TOO_LONG,
    Budget,
    Table,
    TableRow,
    UnreadableFile,
    Unusable,
    Value,
)

# Days count from here; Excel's leap day that never was lies before its first day that is taken for one.
EPOCH, EPOCH_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)
# Formats of dates in Japanese that the standard reserves, which the library does not know.
JAPANESE_DATES = frozenset({*range(27, 37), *range(50, 59)})
MOST_MERGED = 1_000
ERROR_VALUE = "エラーの値（#N/A など）が入っています。"
NO_DAY = "日付として読めない数値です。"

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?$")


def read_sheet(package: Package, title: str) -> Table:
    """The table on the sheet of that name, which must not be hidden. Raises UnreadableFile."""
    workbook = _Workbook(package)
    part = workbook.part_of(title)
    reader = _SheetReader(_shared_texts(package), _day_formats(package), epoch=workbook.epoch)
    package.parse(part, start=reader.start, end=reader.end, text=reader.text)
    others = [sheet.name for sheet in workbook.sheets if sheet.name != title]
    return Table(reader.rows, title, reader.merged, others)


@dataclass(frozen=True)
class _SheetEntry:
    name: str
    relation: str
    is_hidden: bool


class _Workbook:
    """The list of sheets."""

    def __init__(self, package: Package) -> None:
        self.sheets: list[_SheetEntry] = []
        self.epoch = EPOCH
        self._package = package
        package.parse("xl/workbook.xml", start=self._start)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            is_hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append(_SheetEntry(attributes.get("name", ""), relation, is_hidden))
        elif name == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            self.epoch = EPOCH_1904

    def part_of(self, title: str) -> str:
        """The part that holds a sheet."""
        found = next((sheet for sheet in self.sheets if sheet.name == title), None)
        if found is None:
            raise UnreadableFile(
                f"「{title}」という名前のシートがありません。シートの名前は変えないでください。"
            )
        if found.is_hidden:
            raise UnreadableFile(
                f"シート「{title}」が非表示になっています。表示してから保存してください。"
            )
        targets: dict[str, str] = {}
        relations = "xl/_rels/workbook.xml.rels"
        if relations in self._package:
            self._package.parse(
                relations,
                start=lambda _, found: targets.update(
                    {found.get("Id", ""): found.get("Target", "")}
                ),
            )
        target = targets.get(found.relation, "")
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        if not target or part not in self._package:
            raise UnreadableFile(BROKEN)
        return part


class _TextReader:
    """Collects the text of one shared string or cell: all its runs, without readings."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = self._readings = 0
        self._is_text = False

    def start(self, name: str) -> None:
        """An element begins."""
        if name == "rPh":
            self._readings += 1
        self._is_text = name in {"t", "v"} and not self._readings

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "rPh":
            self._readings -= 1
        self._is_text = False

    def text(self, piece: str) -> None:
        """Characters between elements."""
        if self._is_text:
            self._length += len(piece)
            # Escapes take seven characters for one.
            if self._length <= 7 * LONGEST_TEXT:
                self._pieces.append(piece)

    def take(self) -> str | Unusable:
        """What was collected, escapes as they stand; the next text begins."""
        is_too_long = self._length > 7 * LONGEST_TEXT
        found = Unusable(TOO_LONG) if is_too_long else "".join(self._pieces)
        self._pieces, self._length, self._readings = [], 0, 0
        return found


def _decoded(text: str | Unusable) -> str | Unusable:
    """A text as Excel shows it."""
    if isinstance(text, Unusable):
        return text
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return Unusable(TOO_LONG) if len(text) > LONGEST_TEXT else text


def _shared_texts(package: Package) -> list[str | Unusable]:
    """The texts that cells name by their number."""
    found: list[str | Unusable] = []
    reader, budget = _TextReader(), Budget()

    def start(name: str, _: Mapping[str, str]) -> None:
        reader.start(name)

    def end(name: str) -> None:
        reader.end(name)
        if name == "si":
            text = _decoded(reader.take())
            budget.add_text(text if isinstance(text, str) else "")
            found.append(text)

    if "xl/sharedStrings.xml" in package:
        package.parse("xl/sharedStrings.xml", start=start, end=end, text=reader.text)
    return found


def _day_formats(package: Package) -> frozenset[int]:
    """The numbers of the cell styles that show a number as a day."""
    formats = dict(BUILTIN_FORMATS)
    styles: list[int] = []
    inside: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        inside.append(name)
        if name == "numFmt":
            formats[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "xf" and "cellXfs" in inside:
            styles.append(_number(attributes.get("numFmtId")))

    def end(_: str) -> None:
        inside.pop()

    if "xl/styles.xml" in package:
        package.parse("xl/styles.xml", start=start, end=end)
    return frozenset(
        style
        for style, number in enumerate(styles)
        if number in JAPANESE_DATES or is_date_format(formats.get(number))
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


class _SheetReader:
    """Makes rows of the events of a sheet's XML."""

    def __init__(
        self, texts: list[str | Unusable], day_styles: frozenset[int], *, epoch: datetime.date
    ) -> None:
        self.rows: list[TableRow] = []
        self.merged: list[tuple[range, str]] = []
        self._texts = texts
        self._day_styles = day_styles
        self._epoch = epoch
        self._budget = Budget()
        self._reader = _TextReader()
        self._row = self._column = self._style = 0
        self._kind = ""
        self._is_hidden = self._is_formula = False
        self._cells: dict[int, Value] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "row":
            self._row = _number(attributes.get("r")) or self._row + 1
            self._column = 0
            self._is_hidden = attributes.get("hidden") in {"1", "true"}
            self._cells = {}
        elif name == "c":
            self._begin_cell(attributes)
        elif name == "f":
            self._is_formula = True
        elif name == "mergeCell":
            self._add_merged(attributes.get("ref", ""))
        self._reader.start(name)

    def end(self, name: str) -> None:
        """An element ends."""
        self._reader.end(name)
        if name == "c":
            self._end_cell()
        elif name == "row" and self._cells:
            self._budget.add_row()
            self.rows.append(TableRow(self._row, self._cells, self._is_hidden))

    def text(self, piece: str) -> None:
        """Characters between elements."""
        self._reader.text(piece)

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        found = _REFERENCE.match(attributes.get("r", ""))
        self._column = column_index_from_string(found[1]) if found else self._column + 1
        self._kind = attributes.get("t", "n")
        self._style = _number(attributes.get("s"))
        self._is_formula = False
        self._reader.take()

    def _end_cell(self) -> None:
        raw = self._reader.take()
        value = Unusable(FORMULA) if self._is_formula else self._value(raw)
        if value == "":
            return
        self._budget.allow_column(self._column)
        self._budget.add_text(value if isinstance(value, str) else "")
        self._cells[self._column] = value

    def _value(self, raw: str | Unusable) -> Value:
        if isinstance(raw, Unusable) or raw == "":
            return raw
        if self._kind == "s":
            place = _number(raw)
            return self._texts[place] if place < len(self._texts) else ""
        if self._kind in {"inlineStr", "str"}:
            return _decoded(raw)
        if self._kind == "e":
            return Unusable(ERROR_VALUE)
        if self._kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        if self._kind == "d":
            return _iso_day(raw)
        return self._numeric(raw)

    def _numeric(self, raw: str) -> Value:
        try:
            number = float(raw)
        except ValueError:
            return Unusable(NO_DAY)
        if not math.isfinite(number):
            return Unusable(NO_DAY)
        if self._style in self._day_styles:
            return _day(number, self._epoch)
        return int(number) if number.is_integer() else number

    def _add_merged(self, reference: str) -> None:
        found = _REFERENCE.match(reference)
        if found is None or len(self.merged) >= MOST_MERGED:
            raise UnreadableFile("結合したセルが多すぎます。結合を解いてから保存してください。")
        first, last = int(found[2]), int(found[4] or found[2])
        self.merged.append((range(first, last + 1), reference))


def _day(number: float, epoch: datetime.date) -> Value:
    try:
        day = epoch + datetime.timedelta(days=math.floor(number))
    except OverflowError:
        return Unusable(NO_DAY)
    return day if day >= FIRST_DAY else Unusable(NO_DAY)


def _iso_day(raw: str) -> Value:
    try:
        return datetime.date.fromisoformat(raw[:10])
    except ValueError:
        return Unusable(NO_DAY)
