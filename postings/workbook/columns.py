"""The columns of the catalogue as a workbook: the one list by which files are written and read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from postings.content import GAINED, LABELS, MOST_SKILLS, REQUIRED, TEXTS, Line
from postings.models import PostSkill

SHEET = "ポスト"
INSTRUCTIONS = "手順"
CHOICES = "選択肢"

SHORT_LABELS = {GAINED: "習得スキル", REQUIRED: "求められるスキル"}
# Read before the skills; the other texts follow them.
BEFORE_SKILLS = ("title", "grade", "place", "mission", "duties")
WIDTHS = {"title": 24, "place": 14, "mission": 36, "duties": 48, "contact": 24}


@dataclass(frozen=True)
class PostColumn:
    """A column: `field` is the part of a description it belongs to, `choices` the list it is chosen from.

    A fixed one says which post it is and what was written out; changing it changes nothing.
    """

    name: str
    title: str
    width: float = 28
    field: str = ""
    choices: str = ""
    is_fixed: bool = False


def skill_column(relation: str, number: int, part: str) -> str:
    """The name of the column with the skill, its strength or its sentence."""
    return f"{relation}_{number}_{part}"


def _text(line: Line) -> PostColumn:
    return PostColumn(line.name, line.label, WIDTHS.get(line.name, 28), field=line.name)


def _skills(relation: PostSkill.Relation) -> Iterator[PostColumn]:
    label, field = SHORT_LABELS[relation], str(relation)
    for number in range(1, MOST_SKILLS[relation] + 1):
        title = f"{label}{number}"
        name = skill_column(relation, number, "skill")
        yield PostColumn(name, title, 20, field, choices="skill")
        name = skill_column(relation, number, "strength")
        yield PostColumn(name, f"{title} 強さ", 18, field, choices=f"{relation}_strength")
        yield PostColumn(skill_column(relation, number, "sentence"), f"{title} 説明", 32, field)


def _columns() -> Iterator[PostColumn]:
    texts = {line.name: line for line in TEXTS}
    yield PostColumn("code", "コード", 12, is_fixed=True)
    yield PostColumn("bureau", "局・庁", 18, choices="bureau", is_fixed=True)
    yield PostColumn("division", "部・グループ", 18, is_fixed=True)
    yield PostColumn("section", "課室", 20, is_fixed=True)
    for name in BEFORE_SKILLS:
        if name == "grade":
            yield PostColumn(name, LABELS[name], 10, name, choices="grade")
        else:
            yield _text(texts[name])
    yield from _skills(GAINED)
    yield from _skills(REQUIRED)
    yield from (_text(line) for name, line in texts.items() if name not in BEFORE_SKILLS)
    yield PostColumn("next_review_on", LABELS["next_review_on"], 13, "next_review_on")
    yield PostColumn("state", "状態", 12, is_fixed=True)
    yield PostColumn("source", "書き出した内容", 14, is_fixed=True)
    yield PostColumn("base", "書き出した版", 26, is_fixed=True)


COLUMNS = tuple(_columns())
BY_NAME = {column.name: column for column in COLUMNS}
# Frozen on the left: which post a row is about.
FROZEN = ("code", "bureau", "division", "section", "title")
# A file may do without these: they tell about the post and are not read.
TELLING = frozenset({"state", "source"})


def first_column(field: str) -> str:
    """The name of the first column of a part of a description."""
    return next(column.name for column in COLUMNS if column.field == field)
