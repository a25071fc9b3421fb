"""What is new in the catalogue since a day: posts published for the first time, changed ones, and those gone."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from career_portal.staff.models import User
from postings.content import Change, compare, content_of, skill_names
from postings.describing import short_date
from postings.models import PostDescription, PostVersion
from postings.models.posts import PostDescriptionQuerySet

# So far back the first visit looks.
DAYS_AT_FIRST = 30


@dataclass(frozen=True)
class News:
    """A post with what changed in it; nothing before means that it is new."""

    post: PostDescription
    is_new: bool
    changes: tuple[Change, ...]

    @property
    def published(self) -> str:
        """The day of publication."""
        return short_date(self.post.shown.released_on if self.post.shown else None)

    @property
    def changed_fields(self) -> str:
        """The names of the fields that changed."""
        return "、".join(change.label for change in self.changes)


def published_since(user: User, day: datetime.date) -> PostDescriptionQuerySet:
    """Posts whose shown version was published on that day or later, the latest first."""
    posts = PostDescription.objects.visible_to(user).published()
    latest = posts.filter(shown__released_on__gte=day).order_by(
        "-shown__released_on", "section__bureau__sort_order", "section__sort_order", "pk"
    )
    return latest.in_words()


def archived_since(user: User, day: datetime.date) -> PostDescriptionQuerySet:
    """Posts whose publication ended on that day or later."""
    posts = PostDescription.objects.visible_to(user).filter(archived_on__gte=day)
    return posts.order_by("-archived_on", "pk").in_words()


def told(user: User, posts: Iterable[PostDescription], since: datetime.date) -> list[News]:
    """Posts of `published_since` with what changed in each: against the version shown before that day."""
    rows = list(posts)
    released = PostVersion.objects.visible_to(user).filter(stage=PostVersion.Stage.RELEASED)
    last = released.filter(post__in=rows, released_on__lt=since).order_by("post_id", "-number")
    before = {version.post_id: version for version in last.distinct("post_id")}
    after = [post.shown for post in rows if post.shown and post.pk in before]
    prefetch_related_objects([*before.values(), *after], "skills__skill")
    names = skill_names() if before else {}
    return [_news(post, before.get(post.pk), names) for post in rows]


def _news(post: PostDescription, before: PostVersion | None, names: dict[str, str]) -> News:
    if before is None or post.shown is None:
        return News(post, is_new=True, changes=())
    changes = compare(content_of(before), content_of(post.shown), names)
    return News(post, is_new=False, changes=changes)
