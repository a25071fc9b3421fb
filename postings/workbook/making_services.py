"""Making the drafts of an import, many at once: new posts, drafts begun, drafts written over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db.models.functions import Now

from career_portal.staff.models import Section, User
from postings.content import PLAIN_FIELDS, PostContent
from postings.models import PostDescription, PostImportRow, PostVersion, VersionWriter
from postings.services import store_skills
from postings.workbook.checking import Finding, Kind
from postings.workbook.storing import as_json

ROWS_AT_ONCE = 500
Pair = tuple[PostImportRow, Finding]


def make_drafts(pairs: Sequence[Pair], *, by: User) -> None:
    """Do what checked rows say, inside the caller's transaction, with every post locked that is there already."""
    posts = _add_posts([pair for pair in pairs if pair[1].kind == Kind.ADDED])
    begun: list[PostVersion] = []
    saved: dict[int, PostContent] = {}
    numbers = {}
    for row, finding in pairs:
        post = finding.post
        if post is not None and post.stage == PostVersion.Stage.DRAFT:
            saved[post.version] = finding.row.content
        else:
            pk = posts[row.number].pk if post is None else post.pk
            number = 1 if post is None else post.number + 1
            begun.append(new_draft(pk, number, finding.row.content, by=by))
            numbers[row.number] = len(begun) - 1
    begin_drafts(begun, by=by)
    drafts = save_drafts(saved, by=by)
    for row, finding in pairs:
        post = finding.post
        version = (
            begun[numbers[row.number]]
            if row.number in numbers
            else drafts[post.version if post else 0]
        )
        row.post_id = version.post_id
        row.made = version
        row.made_edit = version.edit
        row.replaced = as_json(post.content) if post else None
        row.began = row.number in numbers
    store_rows([row for row, _ in pairs], ["post", "made", "made_edit", "replaced", "began"])
    store_skills({row.made_id or 0: finding.row.content for row, finding in pairs})


def _add_posts(pairs: Sequence[Pair]) -> dict[int, PostDescription]:
    """The new posts by the number of their row, each with a code that its section has never used."""
    sections = Section.objects.in_bulk({finding.section for _, finding in pairs})
    highest: dict[str, int] = defaultdict(int)
    for code in PostDescription.objects.values_list("code", flat=True):
        prefix, _, number = code.rpartition("-")
        if number.isdigit():
            highest[prefix] = max(highest[prefix], int(number))
    posts = {}
    for row, finding in pairs:
        section = sections[finding.section or 0]
        highest[section.code] += 1
        code = f"{section.code}-{highest[section.code]}"
        posts[row.number] = PostDescription(section=section, code=code)
    PostDescription.objects.bulk_create(posts.values(), batch_size=ROWS_AT_ONCE)
    return posts


def new_draft(post: int, number: int, content: PostContent, *, by: User) -> PostVersion:
    """A draft that is not stored yet."""
    return fill(PostVersion(post_id=post, number=number, edited_by=by), content)


def fill(version: PostVersion, content: PostContent) -> PostVersion:
    """The version with the texts of a description; its skills are stored apart."""
    for name in PLAIN_FIELDS:
        setattr(version, name, getattr(content, name))
    return version


def begin_drafts(drafts: Collection[PostVersion], *, by: User) -> None:
    """Store new drafts, and that somebody wrote them."""
    PostVersion.objects.bulk_create(drafts, batch_size=ROWS_AT_ONCE)
    _sign(drafts, by)


def save_drafts(contents: Mapping[int, PostContent], *, by: User) -> dict[int, PostVersion]:
    """Write over drafts that are there, by their ids, as one save of each."""
    drafts = PostVersion.objects.in_bulk(contents)
    for pk, content in contents.items():
        draft = fill(drafts[pk], content)
        draft.edit += 1
        draft.edited_by = by
        draft.edited_at = Now()
    # As one statement of whole rows: to name each changed field of each row takes ten times as long.
    PostVersion.objects.bulk_create(
        drafts.values(),
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*PLAIN_FIELDS, "edit", "edited_by", "edited_at"],
        batch_size=ROWS_AT_ONCE,
    )
    _sign(drafts.values(), by)
    return drafts


def _sign(drafts: Collection[PostVersion], by: User) -> None:
    VersionWriter.objects.bulk_create(
        (VersionWriter(version=draft, user=by) for draft in drafts),
        ignore_conflicts=True,
        batch_size=ROWS_AT_ONCE,
    )


def store_rows(rows: Collection[PostImportRow], fields: Collection[str]) -> None:
    """Store some fields of rows that are there."""
    PostImportRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=fields,
        batch_size=ROWS_AT_ONCE,
    )
