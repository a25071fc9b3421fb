"""Taking a whole import back: what would become of each of its rows, and doing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.common.errors import RuleViolation
from career_portal.staff.models import RoleGrant, User
from postings import permissions
from postings.content import PostContent, skill_names
from postings.models import PostDescription, PostImport, PostImportRow, PostVersion
from postings.services import archive, store_skills
from postings.workbook.making_services import (
    begin_drafts,
    new_draft,
    save_drafts,
    store_rows,
)
from postings.workbook.storing import from_json

ARCHIVE_REASON = "取り込みの取り消し"
Stage = PostVersion.Stage
Undoing = PostImportRow.Undoing


class NotToBeUndone(RuleViolation):
    """The import is not confirmed, is undone already, or is another's to undo."""

    sentence = "この取り込みは取り消せません。すでに取り消したか、まだ確定していません。"


@dataclass(frozen=True)
class Reach:
    """What somebody may do, and how posts stand, when an import is undone: whose texts are his to write, what his to archive."""

    in_care: frozenset[int]
    in_scope: frozenset[int]
    newest: Mapping[int, int]
    skills: Mapping[str, str]


def plan_undo(post_import: PostImport, *, by: User) -> list[tuple[PostImportRow, Undoing]]:
    """The rows that made drafts, each with what would become of it now."""
    applied = post_import.rows.applied().select_related("made", "post__shown")
    rows = list(applied.order_by("number"))
    posts = PostDescription.objects.filter(pk__in=[row.post_id for row in rows if row.post_id])
    newest = dict(posts.annotate(newest=Max("versions")).values_list("pk", "newest"))
    in_care = frozenset(posts.in_care_of(by).values_list("pk", flat=True))
    scope = RoleGrant.objects.as_hr(by, today()).covering("section__")
    in_scope = frozenset(posts.filter(scope).values_list("pk", flat=True))
    reach = Reach(in_care, in_scope, newest, skill_names())
    return [(row, _undoing(row, reach)) for row in rows]


def _undoing(row: PostImportRow, reach: Reach) -> Undoing:
    """What would become of a row."""
    version, post = row.made, row.post
    if version is None or post is None:
        return Undoing.GONE
    is_untouched = version.edit == row.made_edit and reach.newest[post.pk] == version.pk
    if not is_untouched or post.pk not in reach.in_care or not _can_be_put_back(row, reach):
        return Undoing.KEEP
    if version.stage == Stage.RELEASED:
        if post.archived_on is not None:
            return Undoing.KEEP
        if row.replaced is not None:
            return Undoing.NEW_DRAFT
        return Undoing.ARCHIVE if post.pk in reach.in_scope else Undoing.KEEP
    if row.replaced is None:
        return Undoing.REMOVE_POST
    return Undoing.REMOVE_DRAFT if row.began else Undoing.PUT_BACK


def _can_be_put_back(row: PostImportRow, reach: Reach) -> bool:
    """Whether the framework still has the skills of the text before."""
    if row.replaced is None:
        return True
    content = from_json(row.replaced)
    return all(line.code in reach.skills for line in (*content.gained, *content.required))


@transaction.atomic
def undo_import(post_import: PostImport, *, by: User) -> PostImport:
    """Take a confirmed import back as `plan_undo` says at this moment. Raises NotToBeUndone."""
    fresh = PostImport.objects.select_for_update().get(pk=post_import.pk)
    if fresh.state != PostImport.State.CONFIRMED or not permissions.can_undo_import(by, fresh):
        raise NotToBeUndone
    posts = PostDescription.objects.filter(pk__in=fresh.rows.applied().values("post"))
    list(posts.select_for_update().order_by("pk").values_list("pk"))
    plan = plan_undo(fresh, by=by)
    for row, undoing in plan:
        row.undoing = undoing
    store_rows([row for row, _ in plan], ["undoing"])
    rows: dict[str, list[PostImportRow]] = {}
    for row, undoing in plan:
        rows.setdefault(undoing, []).append(row)
    _remove(rows.get(Undoing.REMOVE_POST, ()), rows.get(Undoing.REMOVE_DRAFT, ()))
    _put_back(rows.get(Undoing.PUT_BACK, ()), by)
    _write_anew(rows.get(Undoing.NEW_DRAFT, ()), by)
    _archive(rows.get(Undoing.ARCHIVE, ()))
    fresh.state = PostImport.State.UNDONE
    fresh.undone_by = by
    fresh.undone_at = Now()
    fresh.save(update_fields=["state", "undone_by", "undone_at"])
    return fresh


def _remove(added: Iterable[PostImportRow], begun: Iterable[PostImportRow]) -> None:
    PostDescription.objects.filter(pk__in=[row.post_id for row in added]).delete()
    PostVersion.objects.filter(pk__in=[row.made_id for row in begun]).delete()


def _put_back(rows: Iterable[PostImportRow], by: User) -> None:
    """Drafts say what they said before; one that waits for its reviewer or its day is a draft again."""
    contents = {row.made_id or 0: _before(row) for row in rows}
    PostVersion.objects.filter(pk__in=contents).exclude(stage=Stage.DRAFT).update(
        stage=Stage.DRAFT, approved_by=None, approved_at=None, publish_on=None
    )
    save_drafts(contents, by=by)
    store_skills(contents)


def _write_anew(rows: Iterable[PostImportRow], by: User) -> None:
    """Posts whose imported text is shown get a draft with the text before."""
    drafts = []
    for row in rows:
        number = row.made.number + 1 if row.made else 1
        drafts.append((row, new_draft(row.post_id or 0, number, _before(row), by=by)))
    begin_drafts([draft for _, draft in drafts], by=by)
    store_skills({draft.pk: _before(row) for row, draft in drafts})


def _archive(rows: Iterable[PostImportRow]) -> None:
    posts = PostDescription.objects.filter(pk__in=[row.post_id for row in rows])
    archive(list(posts), reason=ARCHIVE_REASON)


def _before(row: PostImportRow) -> PostContent:
    return from_json(row.replaced or {})
