"""The catalogue as a file that HR people edit: a workbook with instructions and choices, or CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from django.db.models import Q
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.common.spreadsheets import Column, Sheet, Value, write_csv, write_workbook
from career_portal.staff.models import Bureau, Section, User
from postings.content import GAINED, MOST_SKILLS, REQUIRED, PostContent, content_of, skill_names
from postings.models import PostDescription, PostSkill, PostVersion
from postings.models.posts import GRADES, PostDescriptionQuerySet
from postings.models.skills import STRENGTHS
from postings.workbook.columns import (
    CHOICES,
    COLUMNS,
    FROZEN,
    INSTRUCTIONS,
    SHEET,
    PostColumn,
    skill_column,
)
from postings.workbook.current import versions_of_posts
from postings.workbook.storing import Base, fingerprint

FIXED_FILL, SKILL_FILL, FILL = "D9D9D9", "DCE8FA", "EAF3E6"
STEPS = [
    ("このファイル", "ポストの紹介（ポストディスクリプション）を、1行に1件で書き出したものです。"),
    (
        "1",
        f"シート「{SHEET}」で、変えたいところだけを書き直します。変えない行は、そのままで構いません。",
    ),
    ("2", "灰色の見出しの列は、どのポストかを表します。変えないでください。"),
    (
        "3",
        f"新しいポストは、下の空いた行に書きます。コードは空欄にし、局・庁と課室はシート「{CHOICES}」の名称で書きます。",
    ),
    ("4", "職層、スキル、強さは、セルの一覧から選びます。"),
    ("5", "業務内容や経歴は、1行に1つずつ書きます。セルの中の改行は、Alt+Enterです。"),
    (
        "6",
        "保存して、ポータルの「ファイルから取り込む」で選びます。確定するまで、何も変わりません。",
    ),
    (
        "気をつけること",
        "数式、結合したセル、非表示の行、マクロは取り込めません。行を削除しても、ポストは消えません。",
    ),
    (
        "公開まで",
        "取り込んだ文章は下書きになります。ほかの人が確認し、承認すると公開されます。",
    ),
]


@dataclass(frozen=True)
class ExportFilters:
    """Which posts a file holds: of a bureau, in a state; all but those that are archived where nothing is chosen."""

    bureau: Bureau | None = None
    state: str = ""

    def apply(self, posts: PostDescriptionQuerySet) -> PostDescriptionQuerySet:
        """The posts that meet the conditions."""
        if self.bureau is not None:
            posts = posts.filter(section__bureau=self.bureau)
        return posts.filter(STATES[self.state][1])

    def in_words(self) -> str:
        """The conditions as they stand in the file."""
        bureau = self.bureau.name if self.bureau else "担当するすべての局・庁"
        return f"{bureau}、{STATES[self.state][0]}"


_ON_THE_WAY = [stage for stage in PostVersion.Stage if stage != PostVersion.Stage.RELEASED]
STATES: dict[str, tuple[str, Q]] = {
    "": ("公開を終えたものを除くすべて", Q(archived_on__isnull=True)),
    "published": ("公開中", Q(shown__isnull=False, archived_on__isnull=True)),
    "open": ("下書き・確認中・公開待ちのあるもの", Q(versions__stage__in=_ON_THE_WAY)),
    "archived": ("公開終了", Q(archived_on__isnull=False)),
}


def posts_to_write(filters: ExportFilters, *, by: User) -> PostDescriptionQuerySet:
    """The posts that a file would hold: those in somebody's care that meet the conditions."""
    return filters.apply(PostDescription.objects.visible_to(by).in_care_of(by))


def write_posts(target: IO[bytes], *, file_format: str, filters: ExportFilters, by: User) -> None:
    """Write the file: of each post the version that is being written, else the one shown."""
    rows = _rows(filters, by)
    if file_format == "csv":
        write_csv(target, [column.title for column in COLUMNS], rows)
        return
    choices = _Choices(by)
    columns = [
        Column(column.title, column.width, _fill(column), choices.range_of(column.choices))
        for column in COLUMNS
    ]
    write_workbook(
        target,
        [
            Sheet(INSTRUCTIONS, [Column("項目", 20), Column("内容", 90)], _steps(filters, by)),
            Sheet(SHEET, columns, rows, frozen=len(FROZEN)),
            choices.sheet(),
        ],
    )


def _fill(column: PostColumn) -> str:
    if column.is_fixed:
        return FIXED_FILL
    return SKILL_FILL if column.field in {GAINED, REQUIRED} else FILL


def _steps(filters: ExportFilters, by: User) -> Sequence[Sequence[Value]]:
    return [
        *STEPS,
        ("書き出した範囲", filters.in_words()),
        ("書き出した日時", timezone.now()),
        ("書き出した人", by.display_name),
    ]


def _rows(filters: ExportFilters, by: User) -> Iterator[list[Value]]:
    names = skill_names()
    for version in versions_of_posts(by, posts_to_write(filters, by=by)):
        cells = _cells(version, content_of(version), names)
        yield [cells.get(column.name, "") for column in COLUMNS]


def _cells(version: PostVersion, content: PostContent, names: dict[str, str]) -> dict[str, Value]:
    """The row of a post by the names of columns."""
    post, section = version.post, version.post.section
    is_shown = version.stage == PostVersion.Stage.RELEASED
    cells: dict[str, Value] = {
        "code": post.code,
        "bureau": section.bureau.name,
        "division": section.division,
        "section": section.name,
        "state": str(post.state.label),
        "source": "公開した版" if is_shown else version.get_stage_display(),
        "base": str(Base(version.number, version.edit, fingerprint(content))),
    }
    for column in COLUMNS:
        if column.field and column.field not in {GAINED, REQUIRED}:
            cells[column.name] = getattr(content, column.field)
    cells["grade"] = version.get_grade_display()
    for relation in (GAINED, REQUIRED):
        cells |= _skill_cells(relation, content, names)
    return cells


def _skill_cells(
    relation: PostSkill.Relation, content: PostContent, names: dict[str, str]
) -> Iterator[tuple[str, Value]]:
    for number, line in enumerate(getattr(content, relation)[: MOST_SKILLS[relation]], 1):
        yield skill_column(relation, number, "skill"), names.get(line.code, line.code)
        yield skill_column(relation, number, "strength"), STRENGTHS[relation][line.strength]
        yield skill_column(relation, number, "sentence"), line.sentence


class _Choices:
    """The sheet of names that cells are chosen from."""

    def __init__(self, by: User) -> None:
        sections = Section.objects.visible_to(by).on(today()).select_related("bureau")
        units = [(row.bureau.name, row.division, row.name) for row in sections]
        self._lists: dict[str, tuple[Column, Sequence[Value]]] = {
            "grade": (Column("職層", 12), [str(label) for _, label in GRADES]),
            "skill": (Column("スキル", 40), list(skill_names().values())),
            f"{GAINED}_strength": (Column("習得スキルの強さ", 22), [*STRENGTHS[GAINED].values()]),
            f"{REQUIRED}_strength": (
                Column("求められるスキルの強さ", 24),
                [*STRENGTHS[REQUIRED].values()],
            ),
            "bureau": (Column("局・庁の一覧", 24), list(dict.fromkeys(unit[0] for unit in units))),
            "unit_bureau": (Column("局・庁", 24), [unit[0] for unit in units]),
            "unit_division": (Column("部・グループ", 24), [unit[1] for unit in units]),
            "unit_section": (Column("課室", 32), [unit[2] for unit in units]),
        }

    def range_of(self, choices: str) -> str:
        """The cells that a column's are chosen from; nothing where it is free."""
        if not choices:
            return ""
        letter = "ABCDEFGH"[list(self._lists).index(choices)]
        return f"{CHOICES}!${letter}$2:${letter}${len(self._lists[choices][1]) + 1}"

    def sheet(self) -> Sheet:
        """The lists side by side."""
        lists = [values for _, values in self._lists.values()]
        rows = (
            [values[line] if line < len(values) else "" for values in lists]
            for line in range(max(map(len, lists)))
        )
        return Sheet(CHOICES, [column for column, _ in self._lists.values()], rows)
