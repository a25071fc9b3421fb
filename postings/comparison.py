"""Posts side by side: what each says, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from postings.content import GAINED, LABELS, REQUIRED
from postings.describing import Description, ShownSkill
from postings.models import PostDescription
from postings.models.posts import lines

Described = tuple[PostDescription, Description]
TOP = ("grade", "place", "mission", "duties")
BELOW = (
    "stay",
    "career_before",
    "career_after",
    "telework",
    "travel",
    "busy_season",
    "team",
    "additional",
)


@dataclass(frozen=True)
class Cell:
    """What one post says in a row; a skill with its strength."""

    lines: tuple[str, ...] = ()
    skill: ShownSkill | None = None
    # For a phone, where the head of the column is out of sight.
    title: str = ""


@dataclass(frozen=True)
class Row:
    """One row, whose cells stand in the order of the posts; `is_same` where all say the same."""

    label: str
    cells: tuple[Cell, ...]
    is_same: bool


@dataclass(frozen=True)
class RowGroup:
    """Rows below one heading."""

    heading: str
    rows: tuple[Row, ...]


def side_by_side(posts: Sequence[Described]) -> list[RowGroup]:
    """The rows in the order of reading; what none of the posts says is left out."""
    groups = [
        RowGroup("しごと", _texts(posts, TOP)),
        RowGroup(GAINED.label, _skills(posts, lambda said: said.gained)),
        RowGroup(REQUIRED.label, _skills(posts, lambda said: said.required)),
        RowGroup("キャリアパスと働き方", _texts(posts, BELOW)),
    ]
    return [group for group in groups if group.rows]


def _texts(posts: Sequence[Described], names: Iterable[str]) -> tuple[Row, ...]:
    found = []
    for name in names:
        said = [_said(description, name) for _, description in posts]
        if any(said):
            cells = [
                Cell(text, title=post.title) for (post, _), text in zip(posts, said, strict=True)
            ]
            found.append(Row(LABELS[name], tuple(cells), _all_alike(said)))
    return tuple(found)


def _said(description: Description, name: str) -> tuple[str, ...]:
    if name == "grade":
        return (description.grade,)
    return tuple(lines(getattr(description.version, name)))


def _skills(
    posts: Sequence[Described], of: Callable[[Description], list[ShownSkill]]
) -> tuple[Row, ...]:
    """One row for each skill that some post names; those named by more posts first."""
    named = [{skill.code: skill for skill in of(description)} for _, description in posts]
    names = {code: skill.name for skills in named for code, skill in skills.items()}
    order = sorted(names, key=lambda code: (-sum(code in skills for skills in named), code))
    found = []
    for code in order:
        cells = [
            Cell(skill=skills.get(code), title=post.title)
            for (post, _), skills in zip(posts, named, strict=True)
        ]
        found.append(Row(names[code], tuple(cells), _all_alike([cell.skill for cell in cells])))
    return tuple(found)


def _all_alike(said: Sequence[object]) -> bool:
    return len(said) > 1 and all(each == said[0] for each in said)
