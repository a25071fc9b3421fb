"""From an uploaded file to rows: which post each is about, what it says, and which cells cannot be taken."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from career_portal.common import packages
from career_portal.common.tables import (
    Table,
    TableRow,
    UnreadableFile,
    Unusable,
    Value,
    read_csv,
)
from career_portal.common.text import UnreadableText, readable
from career_portal.common.worksheets import read_sheet
from postings.content import GAINED, MOST_SKILLS, PLAIN_FIELDS, REQUIRED, PostContent, SkillLine
from postings.models import PostSkill
from postings.models.posts import GRADES
from postings.models.skills import STRENGTHS
from postings.workbook.columns import (
    BY_NAME,
    CHOICES,
    COLUMNS,
    INSTRUCTIONS,
    SHEET,
    TELLING,
    skill_column,
)

NOT_TEXT = "日付になっています。文字として入力してください（先頭に ' を付けると文字になります）。"
NO_DAY = "日付として読めません。2027/4/1 のように入力してください。"
NO_SKILL = "スキルがないのに、強さか説明が入っています。"
_DAY = re.compile(r"(令和|R)?(元|\d{1,4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True)
class CellProblem:
    """A cell that keeps its row from being imported, and why."""

    cell: str
    sentence: str


@dataclass(frozen=True)
class PostRow:
    """A row of the file: the post it names, its section in words, what it says, and what cannot be taken."""

    number: int
    code: str
    unit: tuple[str, str, str]
    content: PostContent
    base: str
    problems: tuple[CellProblem, ...] = ()
    is_hidden: bool = False


@dataclass(frozen=True)
class PostTable:
    """All rows of a file, how its cells are named, and what was passed over."""

    rows: tuple[PostRow, ...]
    places: Mapping[str, int]
    sheet: str
    remarks: tuple[str, ...] = ()

    def reference(self, row: int, name: str) -> str:
        """The cell of a column by its name."""
        return Table((), self.sheet).reference(row, self.places.get(name, 1))


def same(name: str) -> str:
    """A name as it is looked up: without blanks, whatever its width."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name))


def read_posts(file: IO[bytes], skills: Mapping[str, str]) -> PostTable:
    """The rows of an uploaded file; `skills` are names by code. Raises UnreadableFile."""
    if packages.look_at(file):
        with packages.Package(file) as package:
            table = read_sheet(package, SHEET)
    else:
        file.seek(0)
        table = read_csv(file.read())
    if not table.rows:
        raise UnreadableFile("表に何も入っていません。")
    heading, *rows = table.rows
    places = _places(heading)
    reader = _RowReader(table, places, skills)
    return PostTable(
        tuple(row for row in map(reader.read, rows) if row is not None),
        places,
        table.sheet,
        tuple(_remarks(table, heading)),
    )


def _places(heading: TableRow) -> dict[str, int]:
    """Which column stands where. Raises UnreadableFile for a heading that is missing or there twice."""
    names = {same(column.title): column.name for column in COLUMNS}
    found = [
        (names[same(title)], place)
        for place, title in heading.cells.items()
        if isinstance(title, str) and same(title) in names
    ]
    counted = Counter(name for name, _ in found)
    doubled = [BY_NAME[name].title for name, number in counted.items() if number > 1]
    if doubled:
        raise UnreadableFile(f"同じ見出しの列が2つ以上あります：{'、'.join(doubled)}。")
    missing = [
        column.title for column in COLUMNS if column.name not in counted | dict.fromkeys(TELLING, 1)
    ]
    if missing:
        named = "、".join(missing[:5]) + ("など" if len(missing) > 5 else "")
        raise UnreadableFile(
            f"1行目に、必要な見出しがありません：{named}。書き出したファイルの見出しは変えないでください。"
        )
    return dict(found)


def _remarks(table: Table, heading: TableRow) -> Iterator[str]:
    known = {same(column.title) for column in COLUMNS}
    unknown = [
        title
        for title in heading.cells.values()
        if isinstance(title, str) and same(title) not in known
    ]
    if unknown:
        yield f"次の列は読み込みません：{'、'.join(title[:40] for title in unknown[:10])}。"
    sheets = [name for name in table.other_sheets if name not in {INSTRUCTIONS, CHOICES}]
    if sheets:
        yield f"次のシートは読み込みません：{'、'.join(name[:40] for name in sheets[:10])}。"


class _RowReader:
    """Reads rows one by one; what is wrong with a cell is put down while it is read."""

    def __init__(self, table: Table, places: Mapping[str, int], skills: Mapping[str, str]) -> None:
        self._table = table
        self._places = places
        self._skills = {same(name): code for code, name in skills.items()} | {
            same(code): code for code in skills
        }
        self._grades = {same(str(label)): value for value, label in GRADES}
        self._strengths = {
            relation: {same(word): number for number, word in words.items()}
            for relation, words in STRENGTHS.items()
        }
        self._row = TableRow(0, {})
        self._problems: list[CellProblem] = []

    def read(self, row: TableRow) -> PostRow | None:
        """The row; None for one in whose known columns nothing stands."""
        if not any(place in row.cells for place in self._places.values()):
            return None
        self._row, self._problems = row, []
        joined = next((area for rows, area in self._table.merged if row.number in rows), None)
        if joined:
            first, _, _ = joined.partition(":")
            cell = f"{self._table.sheet}!{first}"
            sentence = f"結合したセル（{joined}）があります。結合を解いてください。"
            self._problems.append(CellProblem(cell, sentence))
        code, bureau, division, section, base = (
            self._word(name) for name in ("code", "bureau", "division", "section", "base")
        )
        content = self._content()
        return PostRow(
            row.number,
            code,
            (bureau, division, section),
            content,
            base,
            tuple(self._problems),
            row.is_hidden,
        )

    def _content(self) -> PostContent:
        texts = {
            name: self._text(name)
            for name in PLAIN_FIELDS
            if name not in {"grade", "next_review_on"}
        }
        return PostContent(
            grade=self._grade(),
            next_review_on=self._day(),
            gained=self._skill_lines(GAINED),
            required=self._skill_lines(REQUIRED),
            **texts,
        )

    def _refuse(self, name: str, sentence: str) -> None:
        cell = self._table.reference(self._row.number, self._places[name])
        self._problems.append(CellProblem(cell, sentence))

    def _value(self, name: str) -> Value:
        value = self._row.cells.get(self._places[name], "")
        if isinstance(value, Unusable):
            self._refuse(name, value.sentence)
            return ""
        return value

    def _text(self, name: str) -> str:
        """A text as it was typed, with line feeds only."""
        value = self._value(name)
        if isinstance(value, datetime.date):
            self._refuse(name, NOT_TEXT)
            return ""
        try:
            return readable(str(value))
        except UnreadableText:
            self._refuse(name, "使えない文字（制御文字など）が含まれています。")
            return ""

    def _word(self, name: str) -> str:
        """A name or a code, blanks around which mean nothing."""
        return self._text(name).strip()

    def _grade(self) -> str:
        word = self._word("grade")
        if word and same(word) not in self._grades:
            self._refuse(
                "grade", f"職層「{word[:40]}」は選べません。選択肢の表から選んでください。"
            )
        return self._grades.get(same(word), "")

    def _day(self) -> datetime.date | None:
        value = self._value("next_review_on")
        if isinstance(value, datetime.date):
            return value
        typed = same(str(value))
        if not typed:
            return None
        day = _typed_day(typed)
        if day is None:
            self._refuse("next_review_on", NO_DAY)
        return day

    def _skill_lines(self, relation: PostSkill.Relation) -> tuple[SkillLine, ...]:
        numbers = range(1, MOST_SKILLS[relation] + 1)
        lines = (self._skill_line(relation, number) for number in numbers)
        return tuple(line for line in lines if line is not None)

    def _skill_line(self, relation: PostSkill.Relation, number: int) -> SkillLine | None:
        skill, strength, sentence = (
            skill_column(relation, number, part) for part in ("skill", "strength", "sentence")
        )
        name, word, text = self._word(skill), self._word(strength), self._text(sentence)
        if not name:
            if word or text.strip():
                self._refuse(skill, NO_SKILL)
            return None
        code = self._skills.get(same(name), "")
        if not code:
            self._refuse(skill, f"スキル「{name[:60]}」は、選択肢の表にありません。")
        power = self._strengths[relation].get(same(word), 0)
        if not power:
            words = "、".join(STRENGTHS[relation].values())
            self._refuse(strength, f"強さは「{words}」から選んでください。")
        return SkillLine(code, power, text) if code and power else None


def _typed_day(typed: str) -> datetime.date | None:
    found = _DAY.fullmatch(typed)
    if found is None:
        return None
    era, year, month, day = found.groups()
    number = 1 if year == "元" else int(year)
    # A year of two digits may be of an era or of a century.
    if (number > 99) == bool(era):
        return None
    try:
        return datetime.date(number + 2018 if era else number, int(month), int(day))
    except ValueError:
        return None
