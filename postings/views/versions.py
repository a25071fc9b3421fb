"""The versions of a description: the list of them, and two side by side with what changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from career_portal.common.era import date_in_words, moment
from career_portal.common.numbers import whole_number
from career_portal.design.components import ChipKind, Crumb
from career_portal.staff.http import StaffHttpRequest
from postings import permissions
from postings.content import (
    FIELDS,
    LABELS,
    LISTS,
    Change,
    PostContent,
    compare,
    content_of,
    in_words,
    skill_names,
)
from postings.marking import Piece, mark_changes
from postings.models import PostDescription, PostVersion
from postings.models.posts import PostVersionQuerySet
from postings.views.pages import KINDS, post_crumb, stage_in_words

Stage = PostVersion.Stage


@dataclass(frozen=True)
class VersionRow:
    """One version in the list, and what it changed against the one before."""

    number: int
    url: str
    state: str
    kind: ChipKind
    when: str
    changed: str
    comparison: str


@require_GET
def version_list(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The versions that the person may see, the newest first, and the choice of two to compare."""
    post = post_to_read(request, pk)
    versions = list(versions_to_read(request, post))
    names = skill_names()
    contents = [content_of(version) for version in versions]
    rows = [
        _row(post, version, compare(before, content, names) if before else ())
        for version, content, before in zip(versions, contents, [None, *contents], strict=False)
    ]
    return render(
        request,
        "postings/version_list.html",
        {
            "post": post,
            "title": versions[-1].title if versions else post.title,
            "rows": rows[::-1],
            "numbers": [version.number for version in versions],
            "can_write": permissions.can_write(request.user, post),
            "can_archive": post.state == PostDescription.State.PUBLISHED
            and permissions.can_publish(request.user, post),
            "crumbs": [post_crumb(post), Crumb("版の一覧")],
        },
    )


def _row(post: PostDescription, version: PostVersion, changes: tuple[Change, ...]) -> VersionRow:
    labels = "、".join(change.label for change in changes)
    compare_url = reverse("postings:version_compare", args=[post.pk])
    before = version.number - 1
    return VersionRow(
        number=version.number,
        url=reverse("postings:version_detail", args=[post.pk, version.number]),
        state=stage_in_words(version, post),
        kind=KINDS[version.stage]
        if version.pk == post.shown_id or version.stage != Stage.RELEASED
        else "outline",
        when=date_in_words(version.released_on)
        if version.released_on
        else moment(version.edited_at),
        changed=labels,
        comparison=f"{compare_url}?old={before}&new={version.number}" if labels else "",
    )


@dataclass(frozen=True)
class Row:
    """A field of a version as it reads, marked where it differs from the version compared with."""

    name: str
    label: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    is_list: bool
    is_changed: bool


def rows_of(old: PostContent | None, new: PostContent) -> list[Row]:
    """The fields of a description that say anything, beside what they said before."""
    names, rows = skill_names(), []
    for name in FIELDS:
        before = in_words(old, name, names) if old else ""
        now = in_words(new, name, names)
        if not before and not now:
            continue
        base = before if old else now
        olds, news = mark_changes(base, now)
        is_list = name in LISTS or name in {"gained", "required"}
        rows.append(Row(name, LABELS[name], tuple(olds), tuple(news), is_list, base != now))
    return rows


@require_GET
def version_compare(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Two versions side by side with what changed. Without a choice: the one shown and the one before it."""
    post = post_to_read(request, pk)
    versions = {version.number: version for version in versions_to_read(request, post)}
    numbers = sorted(versions)
    if len(numbers) < 2:
        raise Http404
    old = _chosen(request, "old", numbers, numbers[-2])
    new = _chosen(request, "new", numbers, numbers[-1])
    rows = rows_of(content_of(versions[old]), content_of(versions[new]))
    return render(
        request,
        "postings/version_compare.html",
        {
            "post": post,
            "title": versions[new].title,
            "numbers": numbers,
            "old": old,
            "new": new,
            "old_state": stage_in_words(versions[old], post),
            "new_state": stage_in_words(versions[new], post),
            "rows": [row for row in rows if row.is_changed],
            "same": [row.label for row in rows if not row.is_changed],
            "crumbs": [
                post_crumb(post),
                Crumb("版の一覧", reverse("postings:version_list", args=[post.pk])),
                Crumb("版を比べる"),
            ],
        },
    )


def _chosen(request: StaffHttpRequest, name: str, numbers: list[int], default: int) -> int:
    typed = request.GET.get(name)
    number = whole_number(typed) if typed else default
    if number not in numbers:
        raise Http404
    return number


def post_to_read(request: StaffHttpRequest, pk: int) -> PostDescription:
    """The post that the address names. Raises Http404."""
    return get_object_or_404(PostDescription.objects.visible_to(request.user).in_words(), pk=pk)


def versions_to_read(request: StaffHttpRequest, post: PostDescription) -> PostVersionQuerySet:
    """The versions of a post that the person may see, the oldest first."""
    found = PostVersion.objects.visible_to(request.user).filter(post=post).order_by("number")
    return found.select_related("edited_by").prefetch_related("skills__skill")
