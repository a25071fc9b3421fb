"""An import as its pages show it: rows with marked changes, tabs by kind, what undoing does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from career_portal.design.components import ChipKind
from postings.content import LABELS
from postings.marking import Kind as PieceKind
from postings.marking import Piece, mark_changes
from postings.models import PostImport, PostImportRow, PostVersion
from postings.workbook.checking import Kind

MOST_NAMED = 50
State = PostImport.State
Stage = PostVersion.Stage
KINDS: dict[str, ChipKind] = {
    State.QUEUED: "doing",
    State.CHECKING: "doing",
    State.CHECKED: "todo",
    State.CONFIRMING: "doing",
    State.CONFIRMED: "done",
    State.UNDONE: "outline",
    State.REFUSED: "problem",
    State.FAILED: "problem",
}
# In the order in which one looks at them: before confirming first what the officer has to do something about.
TABS = (Kind.REFUSED, Kind.CHANGED, Kind.ADDED, Kind.UNCHANGED)
TABS_OF_MADE = (Kind.CHANGED, Kind.ADDED, Kind.REFUSED, Kind.UNCHANGED)


@dataclass(frozen=True)
class RowTab:
    """The rows of one kind, and how many there are."""

    name: str
    label: str
    number: int
    is_current: bool


@dataclass(frozen=True)
class ShownChange:
    """A field with what is gone and what is new in it."""

    label: str
    old: Sequence[Piece]
    new: Sequence[Piece]


@dataclass(frozen=True)
class ShownRow:
    """A row as a page shows it."""

    row: PostImportRow
    unit: str
    url: str
    changes: Sequence[ShownChange]


@dataclass(frozen=True)
class UndoGroup:
    """Rows of which the same becomes when an import is undone; `named` are the first of them, in sight where people must look."""

    label: str
    number: int
    named: Sequence[PostImportRow]
    more: int
    must_be_seen: bool


@dataclass(frozen=True)
class StageCount:
    """How many of the versions of an import wait for the next step, and where all of them stand."""

    drafts: int
    in_review: int
    in_words: str


def row_tabs(found: PostImport, chosen: str) -> list[RowTab]:
    """A tab for every kind of row; the one chosen, else the first with rows, is current."""
    tabs = TABS_OF_MADE if found.state in {State.CONFIRMED, State.UNDONE} else TABS
    numbers = {kind: getattr(found, kind) for kind in tabs}
    if chosen not in numbers:
        chosen = next((kind for kind, number in numbers.items() if number), Kind.CHANGED)
    labels = {kind.value: str(kind.label) for kind in PostImportRow.Kind}
    return [RowTab(kind, labels[kind], number, kind == chosen) for kind, number in numbers.items()]


def row_pages(rows: Iterable[PostImportRow]) -> list[ShownRow]:
    """The rows of a page."""
    return [
        ShownRow(row, row.section.full_name if row.section else "", _address(row), _changes(row))
        for row in rows
    ]


def _address(row: PostImportRow) -> str:
    """The version that says it; nowhere before it is made, or once it is gone."""
    if row.made is None:
        return ""
    return reverse("postings:version_detail", args=[row.made.post_id, row.made.number])


def _changes(row: PostImportRow) -> list[ShownChange]:
    shown = []
    for change in row.changes:
        old, new = mark_changes(change["old"], change["new"])
        if row.kind == Kind.ADDED:
            # Where all is new, marks would only be in the way.
            new = [Piece(PieceKind.SAME, change["new"])]
        shown.append(ShownChange(LABELS[change["name"]], old, new))
    return shown


def grouped(plan: Iterable[tuple[PostImportRow, PostImportRow.Undoing]]) -> list[UndoGroup]:
    """What becomes of rows, by what becomes of them; those that stay as they are, or are gone, are to be seen."""
    found: dict[PostImportRow.Undoing, list[PostImportRow]] = {}
    for row, undoing in plan:
        found.setdefault(undoing, []).append(row)
    to_be_seen = {PostImportRow.Undoing.KEEP, PostImportRow.Undoing.GONE}
    return [
        UndoGroup(
            str(undoing.label),
            len(rows),
            rows[:MOST_NAMED],
            max(len(rows) - MOST_NAMED, 0),
            undoing in to_be_seen,
        )
        for undoing in PostImportRow.Undoing
        if (rows := found.get(undoing))
    ]


def stages(found: Iterable[str]) -> StageCount:
    """Count versions by their stage."""
    counted = Counter(found)
    words = "、".join(f"{stage.label} {counted[stage]:,}件" for stage in Stage if counted[stage])
    return StageCount(counted[Stage.DRAFT], counted[Stage.IN_REVIEW], words)
