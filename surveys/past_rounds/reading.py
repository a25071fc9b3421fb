"""One CSV file of a past round as records by the names of its columns; what cannot be taken is named with its line."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from career_portal.common.spreadsheets import without_apostrophe
from career_portal.common.tables import UnreadableFile, encoding_of

UNITS = ("fiscal_year", "unit_level", "unit_code", "parent_code", "unit_name", "headcount")
QUESTIONS = ("question_code", "kind", "text", "sensitive")
ANSWERS = ("fiscal_year", "unit_code", "person", "question_code", "answer")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "units": UNITS,
    "questions": QUESTIONS,
    "answers": ANSWERS,
}
# Every problem is counted, so many are told of each file.
MOST_TOLD = 100
# A code stands in exported files, in file names and in the keys of trees.
_CODE = re.compile(r"[^\s=+\-@'\x00-\x1f\x7f][^\s\x00-\x1f\x7f]*")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be taken; line 0 stands for the whole file. `file` is units, questions or answers."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        place = f"{self.line:,}行目" if self.line else ""
        return f"{self.file}.csv {place}：{self.sentence}".replace(" ：", "：")


@dataclass
class Problems:
    """What keeps the files from being imported."""

    told: list[Problem] = field(default_factory=list)
    number: int = 0
    _of_file: dict[str, int] = field(default_factory=dict)

    def add(self, file: str, line: int, sentence: str) -> None:
        """One more."""
        self.number += 1
        told = self._of_file[file] = self._of_file.get(file, 0) + 1
        if told <= MOST_TOLD:
            self.told.append(Problem(file, line, sentence))


@dataclass(frozen=True)
class Record:
    """A row by the names of its columns, without blanks around."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def records(file: str, content: bytes, problems: Problems) -> Iterator[Record]:
    """The rows of one of the files; one with another number of fields, or with signs that cannot be stored, is a problem."""
    try:
        yield from _records(file, content, problems)
    except UnreadableFile as unreadable:
        problems.add(file, 0, unreadable.sentence)
    except csv.Error:
        problems.add(
            file, 0, 'CSVとして読めません。引用符（"）の組と、長すぎる文字を確かめてください。'
        )


def _records(file: str, content: bytes, problems: Problems) -> Iterator[Record]:
    if b"\0" in content:
        raise UnreadableFile("CSVのファイルとして読めません。「CSV UTF-8」で保存し直してください。")
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding_of(content), newline="")
    reader = csv.reader(text, strict=True)
    places = _places(file, next(reader, []))
    width = max(places.values()) + 1
    for fields in reader:
        if not any(fields):
            continue
        if len(fields) < width:
            problems.add(file, reader.line_num, "列が足りません。")
            continue
        cells = {name: without_apostrophe(fields[at]).strip() for name, at in places.items()}
        if any(_UNREADABLE.search(cell) for cell in cells.values()):
            problems.add(file, reader.line_num, "使えない文字（制御文字など）が入っています。")
            continue
        yield Record(reader.line_num, cells)


def _places(file: str, heading: list[str]) -> dict[str, int]:
    """Which column stands where. Raises UnreadableFile where one is missing or stands there twice."""
    names = [unicodedata.normalize("NFKC", name).strip().lower() for name in heading]
    missing = [name for name in COLUMNS[file] if name not in names]
    if missing:
        raise UnreadableFile(f"1行目に、必要な見出しがありません：{'、'.join(missing)}。")
    doubled = [name for name in COLUMNS[file] if names.count(name) > 1]
    if doubled:
        raise UnreadableFile(f"同じ見出しの列が2つ以上あります：{'、'.join(doubled)}。")
    return {name: names.index(name) for name in COLUMNS[file]}


def is_code(text: str, limit: int) -> bool:
    """Whether a text can be a code: no blanks, nothing that a spreadsheet program would calculate."""
    return len(text) <= limit and _CODE.fullmatch(text) is not None


def whole_number(text: str, most: int) -> int | None:
    """The number that a text writes, from 0 to `most`."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    return int(plain) if plain.isascii() and plain.isdigit() and int(plain[:12]) <= most else None
