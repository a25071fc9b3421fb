"""Handing all drafts of an import over for review, and approving them, in one go: all of them or none."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.common.errors import RuleViolation
from career_portal.staff.models import RoleGrant, User
from postings import permissions
from postings.content import content_of, reviewable
from postings.models import PostDescription, PostImport, PostVersion, VersionWriter
from postings.models.posts import PostVersionQuerySet
from postings.services import NotAllowed, release

NAMED = 5
Stage = PostVersion.Stage


class NothingWaits(RuleViolation):
    """The import has no version in the stage that the step starts from."""

    sentence = "この取り込みに、いまこの操作ができる下書きはありません。"


class NotAllReviewable(RuleViolation):
    """Some of the drafts lack what a review needs; none was handed over."""

    def __init__(self, versions: Sequence[tuple[PostVersion, str]]) -> None:
        named = "".join(
            f"「{version.title}」（{version.post.code}）：{why}"
            for version, why in versions[:NAMED]
        )
        more = f"ほか{len(versions) - NAMED:,}件。" if len(versions) > NAMED else ""
        super().__init__(
            f"足りない項目のあるポストが{len(versions):,}件あるため、どれも確認に出していません。{named}{more}"
        )


class NotAllToBeApproved(RuleViolation):
    """Some of the versions are not this person's to approve; none was approved."""

    def __init__(self, versions: Sequence[PostVersion]) -> None:
        named = "、".join(
            f"「{version.title}」（{version.post.code}）" for version in versions[:NAMED]
        )
        more = f"、ほか{len(versions) - NAMED:,}件" if len(versions) > NAMED else ""
        super().__init__(
            f"自分が書いたか、担当の範囲の外のポストが{len(versions):,}件あるため、どれも承認していません：{named}{more}。"
        )


def versions_of(post_import: PostImport, stage: PostVersion.Stage) -> PostVersionQuerySet:
    """The versions in a stage that an import made or wrote in, in the order of its rows."""
    made = post_import.rows.applied().values("made")
    return PostVersion.objects.filter(pk__in=made, stage=stage).order_by("post__code")


def not_to_be_approved_by(user: User, versions: PostVersionQuerySet) -> PostVersionQuerySet:
    """Those of the versions that somebody may not approve: written by himself, or beyond his scope as HR."""
    grants = RoleGrant.objects.as_hr(user, today())
    in_scope = Q(Exists(grants.everywhere())) | grants.reaching("post__section__")
    wrote = Exists(VersionWriter.objects.filter(version=OuterRef("pk"), user=user.pk))
    own = Q(edited_by=user) | Q(submitted_by=user) | Q(wrote)
    return versions.filter(~in_scope | own)


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
        (version, "".join(problem.sentence for problem in problems))
        for version in versions
        if (problems := reviewable(content_of(version)))
    ]
    if lacking:
        raise NotAllReviewable(lacking)
    PostVersion.objects.filter(pk__in=[version.pk for version in versions]).update(
        stage=Stage.IN_REVIEW, submitted_by=by, submitted_at=Now()
    )
    return len(versions)


@transaction.atomic
def approve_all(post_import: PostImport, *, publish_on: datetime.date, by: User) -> int:
    """Approve every version of an import that waits for it, to be shown from a day (JST), at once where that is today.

    How many. Raises NothingWaits or NotAllToBeApproved.
    """
    waiting = versions_of(post_import, Stage.IN_REVIEW)
    versions = _locked(waiting)
    if others := list(not_to_be_approved_by(by, waiting).select_related("post")):
        raise NotAllToBeApproved(others)
    approved = PostVersion.objects.filter(pk__in=[version.pk for version in versions])
    approved.update(stage=Stage.APPROVED, approved_by=by, approved_at=Now(), publish_on=publish_on)
    if publish_on <= today():
        release(list(approved.select_related("post")))
    return len(versions)


def _locked(versions: PostVersionQuerySet) -> list[PostVersion]:
    """The versions with their posts, nobody else's to change until the end of the transaction. Raises NothingWaits."""
    posts = PostDescription.objects.filter(versions__in=versions)
    list(posts.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    found = list(versions.select_related("post").prefetch_related("skills__skill"))
    if not found:
        raise NothingWaits
    return found
