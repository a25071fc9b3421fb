"""Tables out of files that somebody else made: the rows as they stand there, and CSV. Nothing in a file is trusted.

A file is read within limits or refused as a whole (`UnreadableFile`); a cell that cannot be taken as it is (`Unusable`) stands
in its row with a sentence, so that whoever reads the table can name its place. Workbooks: `worksheets.py`.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from career_portal.common.errors import RuleViolation
from career_portal.common.spreadsheets import LONGEST_TEXT, without_apostrophe

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 100
# Of all cells together, so that a table of the size above still fits into memory.
MOST_CHARACTERS = 20_000_000
# Of one row of CSV, those in its texts included.
MOST_COMMAS = 50_000
CHUNK = 1 << 16

FORMULA = "数式が入っています。数式ではなく、値を入力してください。"
TOO_LONG = f"1つのセルに入る文字数（{LONGEST_TEXT:,}文字）を超えています。"


class UnreadableFile(RuleViolation):
    """The file cannot be read as a table; nothing of it is used."""

    sentence = (
        "ExcelまたはCSVのファイルとして読めません。「.xlsx」か「.csv」で保存し直してください。"
    )


@dataclass(frozen=True)
class Unusable:
    """What a cell holds that cannot be taken as text, number or day."""

    sentence: str


Value = str | int | float | datetime.date | Unusable


@dataclass(frozen=True)
class TableRow:
    """A row by the number that a spreadsheet program shows; cells by column, the first is 1. Empty cells are missing."""

    number: int
    cells: Mapping[int, Value]
    is_hidden: bool = False


@dataclass(frozen=True)
class Table:
    """The rows of a sheet that hold anything. `merged` are areas of joined cells by their rows and as they are named."""

    rows: Sequence[TableRow]
    sheet: str = ""
    merged: Sequence[tuple[range, str]] = ()
    other_sheets: Sequence[str] = field(default=())

    def reference(self, row: int, column: int) -> str:
        """A cell as a spreadsheet program names it: ポスト!F12."""
        place = f"{get_column_letter(column)}{row}"
        return f"{self.sheet}!{place}" if self.sheet else place


class Budget:
    """Counts what a table holds. Raises UnreadableFile beyond a limit."""

    def __init__(self) -> None:
        self._rows = 0
        self._characters = 0

    def add_row(self) -> None:
        """One more row that holds anything."""
        self._rows += 1
        # The heading stands above them.
        if self._rows > MOST_ROWS + 1:
            raise UnreadableFile(
                f"行が多すぎます。{MOST_ROWS:,}行までにして、ファイルを分けてください。"
            )

    def add_text(self, text: str) -> None:
        """Some more text."""
        self._characters += len(text)
        if self._characters > MOST_CHARACTERS:
            raise UnreadableFile("文字が多すぎます。ファイルを分けてください。")

    @staticmethod
    def allow_column(column: int) -> None:
        """A cell that holds something in that column."""
        if column > MOST_COLUMNS:
            raise UnreadableFile(
                f"列が多すぎます（{MOST_COLUMNS}列まで）。書き出したファイルの列のままにしてください。"
            )


def read_csv(content: bytes) -> Table:
    """The rows of a CSV file in UTF-8 or as Excel in Japan writes it. Raises UnreadableFile."""
    if b"\0" in content or content.startswith(b"%PDF"):
        raise UnreadableFile
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding_of(content), newline="")
    return Table(list(_csv_rows(text)))


def encoding_of(content: bytes) -> str:
    """What a CSV file is written in, found out piece by piece: decoded as a whole it takes four times its size.

    Raises UnreadableFile.
    """
    for encoding in ("utf-8-sig", "cp932"):
        pieces = (content[start : start + CHUNK] for start in range(0, len(content), CHUNK))
        try:
            for _ in codecs.iterdecode(pieces, encoding):
                pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFile(
        "文字コードが読めません。UTF-8かシフトJISのCSVで保存し直すか、Excelのファイルのまま選んでください。"
    )


class _CsvLines:
    """The lines of CSV, as long as a row of them has no more commas than a row can hold in all its texts."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text = iter(text)
        self.commas = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self.commas += line.count(",")
            if self.commas > MOST_COMMAS:
                Budget.allow_column(self.commas)
            yield line


def _csv_rows(text: Iterable[str]) -> Iterator[TableRow]:
    budget, lines = Budget(), _CsvLines(text)
    reader = csv.reader(lines, strict=True)
    try:
        for number, fields in enumerate(reader, 1):
            lines.commas = 0
            cells = {column: _csv_value(field) for column, field in enumerate(fields, 1) if field}
            if not cells:
                continue
            budget.add_row()
            budget.allow_column(max(cells))
            for field_ in fields:
                budget.add_text(field_)
            yield TableRow(number, cells)
    except csv.Error as error:
        line = f"{reader.line_num:,}行目"
        if "field limit" in str(error):
            raise UnreadableFile(f"{line}に、長すぎる文字があります。") from error
        raise UnreadableFile(f'{line}の引用符（"）の組が合っていません。') from error


def _csv_value(field: str) -> Value:
    if field.startswith("="):
        return Unusable(FORMULA)
    if len(field) > LONGEST_TEXT:
        return Unusable(TOO_LONG)
    return without_apostrophe(field)
