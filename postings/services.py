"""How descriptions of posts change: written, reviewed, published, archived, moved. Each move is one function here."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.common.errors import RuleViolation
from career_portal.skills.models import Skill
from career_portal.staff.models import Section, SectionSuccession, User
from postings import permissions
from postings.content import (
    GAINED,
    PLAIN_FIELDS,
    REQUIRED,
    PostContent,
    Problem,
    content_of,
    reviewable,
    skill_names,
    storable,
)
from postings.models import (
    PostDescription,
    PostSkill,
    PostVersion,
    ReviewComment,
    VersionWriter,
)
from postings.search import index_services

Stage = PostVersion.Stage


class NotAllowed(RuleViolation):
    """The person may not do this with the post today, or not any more."""

    sentence = (
        "このポストについて、この操作をする権限がありません。担当の範囲が変わった可能性があります。"
    )


class WrongStage(RuleViolation):
    """The version is not in the stage that the step starts from."""

    sentence = "この版は、ほかの人の操作で状態が変わりました。画面を開き直して、今の状態を確かめてください。"


class StaleEdit(RuleViolation):
    """Somebody else saved the draft since it was opened; nothing of either text is lost."""

    sentence = "開いている間に、ほかの人がこの下書きを保存しました。どちらを残すか、項目ごとに選んでください。"


class NotStorable(RuleViolation):
    """The description breaks a rule that holds for drafts, too."""

    sentence = "保存できない項目があります。"

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


class NotReviewable(RuleViolation):
    """The description still lacks what a review needs."""

    sentence = "確認に出すには、まだ足りない項目があります。"

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


# Writing ----------------------------------------------------------------------------------------


@transaction.atomic
def create_post(section: Section, content: PostContent, *, by: User) -> PostVersion:
    """Describe a new post of a section; its first version is a draft. Raises NotAllowed or NotStorable."""
    # Whoever writes another at the same moment waits here, and then counts on.
    Section.objects.select_for_update().get(pk=section.pk)
    if not permissions.can_write_for(by, section):
        raise NotAllowed
    post = PostDescription.objects.create(section=section, code=next_code(section))
    version = PostVersion(post=post, number=1, edited_by=by)
    _write(version, content)
    _sign(version, by)
    return version


@transaction.atomic
def open_draft(post: PostDescription, *, by: User) -> PostVersion:
    """The version being written of a post; where there is none, a draft that says what the one shown says.

    Raises NotAllowed.
    """
    fresh = _lock(post, by)
    found = fresh.versions.open().first()
    if found is not None:
        return found
    shown = fresh.versions.prefetch_related("skills__skill").get(pk=fresh.shown_id or 0)
    version = PostVersion(post=fresh, number=_next_number(fresh), edited_by=by)
    _write(version, content_of(shown))
    return version


@transaction.atomic
def save_draft(version: PostVersion, content: PostContent, *, edit: int, by: User) -> PostVersion:
    """Store what a draft says now. `edit` is the count of saves that the text was written over.

    Raises NotAllowed, WrongStage, NotStorable, and StaleEdit where somebody else saved in between.
    """
    fresh = _lock_version(version, by, Stage.DRAFT)
    if fresh.edit != edit:
        raise StaleEdit
    fresh.edit += 1
    _write(fresh, content)
    _sign(fresh, by)
    return fresh


@transaction.atomic
def write_description(
    post: PostDescription, content: PostContent, *, edit: int, by: User
) -> PostVersion:
    """Store what somebody wrote about a post in its draft, which begins by it where `edit` is 0.

    As `save_draft`; also stale where somebody else has begun a draft meanwhile, or where it is no draft any more.
    """
    fresh = _lock(post, by)
    draft = fresh.versions.open().first()
    if (draft is None) != (edit == 0):
        raise StaleEdit
    if draft is None:
        draft = open_draft(fresh, by=by)
        edit = draft.edit
    return save_draft(draft, content, edit=edit, by=by)


@transaction.atomic
def discard_draft(version: PostVersion, *, by: User) -> None:
    """Throw a draft away; a post that was never shown goes with it. Raises NotAllowed or WrongStage."""
    fresh = _lock_version(version, by, Stage.DRAFT)
    if fresh.post.shown_id is None:
        fresh.post.delete()
    else:
        fresh.delete()


def next_code(section: Section) -> str:
    """A code for one more post of a section, which the caller has locked: its own and the next running number."""
    taken = PostDescription.objects.filter(code__startswith=f"{section.code}-")
    numbers = [
        int(code.rsplit("-", 1)[1])
        for code in taken.values_list("code", flat=True)
        if code.rsplit("-", 1)[1].isdigit()
    ]
    return f"{section.code}-{max(numbers, default=0) + 1}"


def _write(version: PostVersion, content: PostContent) -> None:
    """Store a description in a version. Raises NotStorable."""
    if problems := storable(content, skill_names()):
        raise NotStorable(problems)
    for name in PLAIN_FIELDS:
        setattr(version, name, getattr(content, name))
    version.save()
    store_skills({version.pk: content})


def _sign(version: PostVersion, by: User) -> None:
    """Put down who wrote last, and that he wrote in this version at all."""
    version.edited_by = by
    version.edited_at = Now()
    version.save(update_fields=["edited_by", "edited_at"])
    version.refresh_from_db(fields=["edited_at"])
    VersionWriter.objects.get_or_create(version=version, user=by)


def store_skills(contents: Mapping[int, PostContent]) -> None:
    """Put the skills of descriptions in place of those that their versions (by id) have."""
    ids = dict(Skill.objects.in_use().values_list("code", "pk"))
    PostSkill.objects.filter(version__in=contents).delete()
    PostSkill.objects.bulk_create(
        PostSkill(
            version_id=version,
            relation=relation,
            skill_id=ids[line.code],
            strength=line.strength,
            sentence=line.sentence,
            sort_order=number,
        )
        for version, content in contents.items()
        for relation in (GAINED, REQUIRED)
        for number, line in enumerate(getattr(content, relation), start=1)
    )


# Reviewing --------------------------------------------------------------------------------------


@transaction.atomic
def submit_for_review(version: PostVersion, *, by: User) -> PostVersion:
    """Hand a draft over to a reviewer. Raises NotAllowed, WrongStage or NotReviewable."""
    fresh = _lock_version(version, by, Stage.DRAFT)
    if problems := reviewable(content_of(fresh)):
        raise NotReviewable(problems)
    fresh.stage = Stage.IN_REVIEW
    fresh.submitted_by = by
    fresh.submitted_at = Now()
    fresh.save(update_fields=["stage", "submitted_by", "submitted_at"])
    return fresh


@transaction.atomic
def take_back(version: PostVersion, *, by: User) -> PostVersion:
    """Make a version that waits for its reviewer, or for its day, a draft again. Raises NotAllowed or WrongStage."""
    fresh = _lock_version(version, by, Stage.IN_REVIEW, Stage.APPROVED)
    return _back_to_draft(fresh)


@transaction.atomic
def comment_on(version: PostVersion, text: str, *, field: str = "", by: User) -> ReviewComment:
    """Say something about a version, or one field of it. Raises NotAllowed or WrongStage."""
    fresh = _lock_version(version, by, Stage.DRAFT, Stage.IN_REVIEW)
    return ReviewComment.objects.create(version=fresh, text=text, field=field, author=by)


@transaction.atomic
def send_back(version: PostVersion, reason: str, *, by: User) -> PostVersion:
    """Return a version to its writers with a reason. Raises NotAllowed or WrongStage."""
    fresh = _lock_version(version, by, Stage.IN_REVIEW)
    if not permissions.can_review(by, fresh):
        raise NotAllowed
    ReviewComment.objects.create(version=fresh, text=reason, author=by, sends_back=True)
    return _back_to_draft(fresh)


@transaction.atomic
def approve(version: PostVersion, *, publish_on: datetime.date, by: User) -> PostVersion:
    """Approve a version to be shown from a day (JST), at once where that is today.

    Raises NotAllowed, also for whoever wrote in it, and WrongStage.
    """
    fresh = _lock_version(version, by, Stage.IN_REVIEW)
    if not permissions.can_review(by, fresh):
        raise NotAllowed
    fresh.stage = Stage.APPROVED
    fresh.approved_by = by
    fresh.approved_at = Now()
    fresh.publish_on = publish_on
    fresh.save(update_fields=["stage", "approved_by", "approved_at", "publish_on"])
    if publish_on <= today():
        release([fresh])
        fresh.refresh_from_db()
    return fresh


def _back_to_draft(version: PostVersion) -> PostVersion:
    version.stage = Stage.DRAFT
    version.approved_by = None
    version.approved_at = None
    version.publish_on = None
    version.save(update_fields=["stage", "approved_by", "approved_at", "publish_on"])
    return version


# Showing ----------------------------------------------------------------------------------------


@transaction.atomic
def release_due() -> int:
    """Show the approved versions whose day has come; how many there were.

    As by every move the post is locked first; one that somebody moves just now waits for the next time.
    """
    due = PostVersion.objects.due(today())
    waiting = PostDescription.objects.filter(pk__in=due.values("post"))
    posts = list(waiting.select_for_update(skip_locked=True))
    versions = list(due.filter(post__in=posts).select_related("post"))
    release(versions)
    return len(versions)


def release(versions: Collection[PostVersion]) -> None:
    """Show approved versions, whose posts the caller has locked, in place of the ones shown so far. An archived post is back by it."""
    day = today()
    for version in versions:
        version.stage = Stage.RELEASED
        version.released_on = day
    PostVersion.objects.bulk_update(versions, ["stage", "released_on"], batch_size=500)
    posts = [version.post for version in versions]
    for version in versions:
        version.post.shown = version
        version.post.archived_on = None
        version.post.archive_reason = ""
    PostDescription.objects.bulk_update(
        posts, ["shown", "archived_on", "archive_reason"], batch_size=500
    )
    index_services.refresh([post.pk for post in posts])


@transaction.atomic
def archive_post(post: PostDescription, *, reason: str, by: User) -> PostDescription:
    """End the publication of a post from today on; its description stays readable. Raises NotAllowed or WrongStage."""
    fresh = _lock(post, by)
    if not permissions.can_publish(by, fresh):
        raise NotAllowed
    if fresh.state != PostDescription.State.PUBLISHED:
        raise WrongStage
    archive([fresh], reason=reason)
    return fresh


def archive(posts: Collection[PostDescription], *, reason: str) -> None:
    """End the publication of posts, which the caller has locked, from today on."""
    for post in posts:
        post.archived_on = today()
        post.archive_reason = reason
    PostDescription.objects.bulk_update(posts, ["archived_on", "archive_reason"], batch_size=500)
    index_services.refresh([post.pk for post in posts])


@transaction.atomic
def move_posts(section: Section, successor: Section, *, by: User) -> int:
    """Carry all posts of a section that was reorganised over to one of its successors, with their history.

    How many there were. Raises NotAllowed, and WrongStage where the one does not succeed the other.
    """
    succeeds = SectionSuccession.objects.filter(predecessor=section, successor=successor)
    if not succeeds.exists():
        raise WrongStage("承継先として登録されている課室ではありません。")
    posts = list(PostDescription.objects.select_for_update().filter(section=section))
    for post in posts:
        if not permissions.can_publish(by, post):
            raise NotAllowed
        post.section = successor
    PostDescription.objects.bulk_update(posts, ["section"], batch_size=500)
    index_services.refresh([post.pk for post in posts])
    return len(posts)


# Locks ------------------------------------------------------------------------------------------


def _lock(post: PostDescription, by: User) -> PostDescription:
    """The post, nobody else's to change until the end of the transaction. Raises NotAllowed."""
    fresh = (
        PostDescription.objects.select_for_update(of=("self",))
        .select_related("section")
        .get(pk=post.pk)
    )
    if not permissions.can_write(by, fresh):
        raise NotAllowed
    return fresh


def _lock_version(version: PostVersion, by: User, *stages: PostVersion.Stage) -> PostVersion:
    """The version as it is now, with its post locked. Raises NotAllowed, and WrongStage where it is in none of the stages."""
    post = _lock(version.post, by)
    fresh = PostVersion.objects.filter(pk=version.pk).prefetch_related("skills__skill").first()
    if fresh is None or fresh.stage not in stages:
        raise WrongStage
    fresh.post = post
    return fresh


def _next_number(post: PostDescription) -> int:
    highest = post.versions.aggregate(highest=Max("number"))["highest"]
    return int(highest or 0) + 1
