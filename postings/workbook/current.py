"""The posts in somebody's care with what they say now, as files are written from them and compared with them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q

from career_portal.common.clock import today
from career_portal.staff.models import Section, User
from postings.content import content_of
from postings.models import PostDescription, PostVersion
from postings.models.posts import PostDescriptionQuerySet, in_care_of
from postings.workbook.checking import CurrentPost, SectionEntry

VERSIONS_AT_ONCE = 500


def versions_of_posts(user: User, posts: PostDescriptionQuerySet) -> Iterator[PostVersion]:
    """Of each post in somebody's care the open version, else the one shown, in the order of the organisation."""
    found = (
        PostVersion.objects.visible_to(user)
        .filter(post__in=posts.in_care_of(user))
        .filter(~Q(stage=PostVersion.Stage.RELEASED) | Q(pk=F("post__shown")))
        .select_related("post__section__bureau")
        .prefetch_related("skills__skill")
        .order_by(
            "post__section__bureau__sort_order",
            "post__section__sort_order",
            "post__code",
            "-number",
        )
    )
    last = 0
    for version in found.iterator(chunk_size=VERSIONS_AT_ONCE):
        # The open version has the higher number and comes first.
        if version.post_id != last:
            yield version
        last = version.post_id


def current_posts(user: User) -> Iterator[CurrentPost]:
    """The posts in somebody's care."""
    posts = PostDescription.objects.visible_to(user)
    for version in versions_of_posts(user, posts):
        section = version.post.section
        yield CurrentPost(
            pk=version.post_id,
            code=version.post.code,
            section=section.pk,
            unit=(section.bureau.name, section.division, section.name),
            version=version.pk,
            number=version.number,
            edit=version.edit,
            stage=version.stage,
            is_archived=version.post.archived_on is not None,
            content=content_of(version),
        )


def sections_today(user: User) -> Iterator[SectionEntry]:
    """The sections of today, and which of them somebody describes posts of."""
    day = today()
    sections = Section.objects.visible_to(user).on(day)
    in_care = set(sections.filter(in_care_of(user, day, "")).values_list("pk", flat=True))
    for section in sections.select_related("bureau"):
        bureau = section.bureau
        names = tuple(filter(None, (bureau.name, bureau.short_name)))
        yield SectionEntry(section.pk, names, section.division, section.name, section.pk in in_care)
