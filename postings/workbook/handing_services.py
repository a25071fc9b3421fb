"""Handing all drafts of an import over for review, and approving them, in one go: all of them or none."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from celery import signature
from django.db import transaction
from django.db.models.functions import Now

from career_portal.common import jobs
from career_portal.common.clock import today
from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from postings import permissions
from postings.content import Problem, content_of, reviewable
from postings.models import PostDescription, PostImport, PostVersion
from postings.models.posts import PostVersionQuerySet
from postings.services import NotAllowed, release

NAMED = 5
# So many are shown while somebody waits for the page: the search learns about each.
SHOWN_AT_ONCE = 200
Stage = PostVersion.Stage


class NothingWaits(RuleViolation):
    """The import has no version in the stage that the step starts from."""

    sentence = "この取り込みに、いまこの操作ができる下書きはありません。"


class NotAllReviewable(RuleViolation):
    """Some of the drafts lack what a review needs; none was handed over."""

    def __init__(self, lacking: Sequence[tuple[PostVersion, Sequence[Problem]]]) -> None:
        found: dict[str, list[PostVersion]] = {}
        for version, problems in lacking:
            for problem in problems:
                found.setdefault(problem.sentence, []).append(version)
        reasons = "".join(
            f"{why.removesuffix('。')}：{_named(versions)}。" for why, versions in found.items()
        )
        super().__init__(
            f"足りない項目のあるポストが{len(lacking):,}件あるため、どれも確認に出していません。{reasons}"
        )


class NotAllToBeApproved(RuleViolation):
    """Some of the versions are not this person's to approve; none was approved."""

    def __init__(self, versions: Sequence[PostVersion]) -> None:
        super().__init__(
            f"自分が書いたか、担当の範囲の外のポストが{len(versions):,}件あるため、どれも承認していません（{_named(versions)}）。"
        )


def _named(versions: Sequence[PostVersion]) -> str:
    """The first of the posts by title and code, and how many more there are."""
    named = "、".join(f"{version.title} {version.post.code}" for version in versions[:NAMED])
    return f"{named}、ほか{len(versions) - NAMED:,}件" if len(versions) > NAMED else named


def versions_of(post_import: PostImport, stage: PostVersion.Stage) -> PostVersionQuerySet:
    """The versions in a stage that an import made or wrote in, in the order of its rows."""
    made = post_import.rows.applied().values("made")
    return PostVersion.objects.filter(pk__in=made, stage=stage).order_by("post__code")


@transaction.atomic
def submit_all(post_import: PostImport, *, by: User) -> int:
    """Hand every draft of an import over to a reviewer; how many. Raises NotAllowed, NothingWaits or NotAllReviewable."""
    if not permissions.can_confirm_import(by, post_import):
        raise NotAllowed
    versions = _locked(versions_of(post_import, Stage.DRAFT))
    cared = PostDescription.objects.in_care_of(by).filter(versions__in=versions)
    if cared.count() < len(versions):
        raise NotAllowed
    lacking = [
        (version, problems) for version in versions if (problems := reviewable(content_of(version)))
    ]
    if lacking:
        raise NotAllReviewable(lacking)
    PostVersion.objects.filter(pk__in=[version.pk for version in versions]).update(
        stage=Stage.IN_REVIEW, submitted_by=by, submitted_at=Now()
    )
    return len(versions)


@transaction.atomic
def approve_all(
    post_import: PostImport, *, publish_on: datetime.date, by: User
) -> tuple[int, PostVersion.Stage]:
    """Approve every version of an import that waits for it, to be shown from a day (JST).

    How many, and the stage they are in then: where the day is today they are shown at once, or by a worker where they are many.
    Raises NothingWaits or NotAllToBeApproved.
    """
    waiting = versions_of(post_import, Stage.IN_REVIEW)
    versions = _locked(waiting)
    own = waiting.reviewable_by(by).values("pk")
    if others := list(waiting.exclude(pk__in=own).select_related("post")):
        raise NotAllToBeApproved(others)
    approved = PostVersion.objects.filter(pk__in=[version.pk for version in versions])
    approved.update(stage=Stage.APPROVED, approved_by=by, approved_at=Now(), publish_on=publish_on)
    if publish_on > today():
        return len(versions), Stage.APPROVED
    if len(versions) > SHOWN_AT_ONCE:
        jobs.start(signature("postings.tasks.release_due_versions"))
        return len(versions), Stage.APPROVED
    release(list(approved.select_related("post")))
    return len(versions), Stage.RELEASED


def _locked(versions: PostVersionQuerySet) -> list[PostVersion]:
    """The versions with their posts, nobody else's to change until the end of the transaction. Raises NothingWaits."""
    posts = PostDescription.objects.filter(versions__in=versions)
    list(posts.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    found = list(versions.select_related("post").prefetch_related("skills__skill"))
    if not found:
        raise NothingWaits
    return found
