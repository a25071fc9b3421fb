"""Posts, and the versions in which their descriptions were written, approved and shown."""

from __future__ import annotations

import datetime
from typing import Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.staff.models import Assignment, RoleGrant, Section, User
from career_portal.staff.models.assignments import Grade
from career_portal.staff.roles import Role

# Posts up to 課長補佐: what a description may be of.
NON_MANAGERIAL = (
    Grade.OFFICIAL,
    Grade.SENIOR_OFFICIAL,
    Grade.UNIT_CHIEF,
    Grade.DEPUTY_DIRECTOR,
)
GRADES = [(grade.value, grade.label) for grade in NON_MANAGERIAL]


def in_care_of(user: User, day: datetime.date, section: str = "section__") -> Q:
    """The condition that a post, whose section is reached by that path, is in somebody's care on that day.

    HR cares for its scope; a section editor and the head of a section for their own section.
    """
    grants = RoleGrant.objects.on(day).filter(user=user, role=Role.SECTION_EDITOR)
    as_editor = grants.filter(section__isnull=False).values("section")
    led = Assignment.objects.on(day).led_by(user.pk).values("section")
    own = Q(**{f"{section}pk__in": as_editor}) | Q(**{f"{section}pk__in": led})
    return RoleGrant.objects.as_hr(user, day).covering(section) | own


class PostDescriptionQuerySet(models.QuerySet["PostDescription"]):
    """Posts."""

    def visible_to(self, user: User) -> Self:
        """A post that has been shown once is open to all staff, archived ones too; one never shown to who writes it."""
        if not user.is_active:
            return self.none()
        return self.filter(Q(shown__isnull=False) | in_care_of(user, today()))

    def in_care_of(self, user: User) -> Self:
        """Posts whose descriptions a person writes today; none for most."""
        return self.filter(in_care_of(user, today()))

    def published(self) -> Self:
        """Posts that can be found and hoped for today."""
        return self.filter(shown__isnull=False, archived_on__isnull=True)

    def in_words(self) -> Self:
        """Posts with what is needed to name them: the version shown, section and bureau."""
        return self.select_related("shown", "section__bureau")

    def overdue(self, day: datetime.date) -> Self:
        """Published posts whose description should have been looked at again before that day (JST)."""
        return self.published().filter(shown__next_review_on__lt=day)


@pghistory.track()
class PostDescription(models.Model):
    """One non-managerial post of a section, whose description is written in versions.

    `shown` is the version that readers see: the last one released. `archived_on` is the day (JST) since which the post
    can no longer be found or hoped for; its description stays readable.
    """

    class State(models.TextChoices):
        UNPUBLISHED = "unpublished", "未公開"
        PUBLISHED = "published", "公開中"
        ARCHIVED = "archived", "公開終了"

    code = models.CharField("コード", max_length=20, unique=True)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="post_descriptions")
    shown = models.OneToOneField(
        "PostVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    archived_on = models.DateField("公開を終えた日", null=True, blank=True)
    archive_reason = models.CharField("公開を終えた理由", max_length=200, blank=True)

    objects = PostDescriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "ポスト"
        verbose_name_plural = "ポスト"
        ordering = ["section__bureau__sort_order", "section__sort_order", "code"]
        constraints = [
            models.CheckConstraint(
                name="archived_post_was_published",
                condition=Q(archived_on__isnull=True) | Q(shown__isnull=False),
                violation_error_message="公開されたことのないポストは、公開を終えられません。",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        """The title (職名) as readers see it; nothing before the first publication."""
        return self.shown.title if self.shown else ""

    @property
    def state(self) -> PostDescription.State:
        """What readers may do with it."""
        if self.shown_id is None:
            return self.State.UNPUBLISHED
        return self.State.PUBLISHED if self.archived_on is None else self.State.ARCHIVED


class PostVersionQuerySet(models.QuerySet["PostVersion"]):
    """Versions."""

    def visible_to(self, user: User) -> Self:
        """Released versions are open to all staff; one that is being written or reviewed to who cares for the post."""
        if not user.is_active:
            return self.none()
        released = Q(stage=PostVersion.Stage.RELEASED)
        return self.filter(released | in_care_of(user, today(), "post__section__"))

    def open(self) -> Self:
        """Versions on their way: drafts, in review, or approved for a day to come; at most one for each post."""
        return self.exclude(stage=PostVersion.Stage.RELEASED)

    def reviewable_by(self, user: User) -> Self:
        """Versions in review that HR in scope may approve or send back; nobody what he wrote himself, in whatever part."""
        in_scope = RoleGrant.objects.as_hr(user, today()).covering("post__section__")
        wrote = Q(writers__user=user.pk) | Q(edited_by=user.pk) | Q(submitted_by=user.pk)
        return self.filter(in_scope, stage=PostVersion.Stage.IN_REVIEW).exclude(wrote)

    def due(self, day: datetime.date) -> Self:
        """Approved versions whose day has come."""
        return self.filter(stage=PostVersion.Stage.APPROVED, publish_on__lte=day)


@pghistory.track()
class PostVersion(models.Model):
    """One version of a post's description, from its first draft to the day it is replaced.

    Texts of several lines (duties, career, further rows) have one entry per line. Days are in JST. `edit` counts the
    saves of a draft, so that an editor who saves over somebody else's text is told.
    """

    class Stage(models.TextChoices):
        DRAFT = "draft", "下書き"
        IN_REVIEW = "in_review", "確認中"
        APPROVED = "approved", "公開待ち"
        RELEASED = "released", "公開済み"

    post = models.ForeignKey(PostDescription, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("版")
    stage = models.CharField("段階", max_length=10, choices=Stage, default=Stage.DRAFT)

    title = models.CharField("職名", max_length=80)
    grade = models.CharField("職層", max_length=24, choices=GRADES)
    place = models.CharField("勤務地", max_length=40, blank=True)
    mission = models.TextField("ミッション", blank=True)
    duties = models.TextField("業務内容", blank=True)
    stay = models.TextField("在任の目安", blank=True)
    career_before = models.TextField("着任の前", blank=True)
    career_after = models.TextField("その後", blank=True)
    telework = models.TextField("テレワーク", blank=True)
    travel = models.TextField("出張", blank=True)
    busy_season = models.TextField("忙しい時期", blank=True)
    team = models.TextField("体制", blank=True)
    additional = models.TextField("そのほかの項目", blank=True)
    contact = models.CharField("問い合わせ", max_length=120, blank=True)
    next_review_on = models.DateField("次の見直し", null=True, blank=True)

    edit = models.PositiveIntegerField("保存の回数", default=1)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField("最後に書いた日時", db_default=Now())
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField("確認に出した日時", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField("承認した日時", null=True, blank=True)
    publish_on = models.DateField("公開する日", null=True, blank=True)
    released_on = models.DateField("公開した日", null=True, blank=True)

    objects = PostVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "ポストディスクリプションの版"
        verbose_name_plural = "ポストディスクリプションの版"
        ordering = ["post", "number"]
        indexes = [models.Index(fields=["stage", "publish_on"], name="version_by_stage")]
        constraints = [
            models.UniqueConstraint(name="version_numbered_once", fields=["post", "number"]),
            models.UniqueConstraint(
                name="one_open_version_per_post",
                fields=["post"],
                condition=~Q(stage="released"),
                violation_error_message="このポストには、公開前の版がすでにあります。",
            ),
            models.CheckConstraint(
                name="post_is_not_managerial",
                condition=Q(grade__in=[grade.value for grade in NON_MANAGERIAL]),
                violation_error_message="ポストディスクリプションは課長補佐以下のポストが対象です。",
            ),
            models.CheckConstraint(
                name="version_approved_by_somebody_else",
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("submitted_by")) & ~Q(approved_by=F("edited_by"))),
                violation_error_message="自分が書いた版を自分で承認することはできません。",
            ),
            models.CheckConstraint(
                name="version_is_approved_before_it_is_shown",
                condition=~Q(stage__in=["approved", "released"])
                | Q(approved_by__isnull=False, publish_on__isnull=False),
            ),
            models.CheckConstraint(
                name="version_in_review_was_submitted",
                condition=Q(stage="draft") | Q(submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="released_version_has_its_day",
                condition=Q(stage="released", released_on__isnull=False)
                | (~Q(stage="released") & Q(released_on__isnull=True)),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="released_version_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__stage="released"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（第{self.number}版）"

    def is_overdue(self, day: datetime.date) -> bool:
        """Whether it should have been looked at again before that day (JST)."""
        return self.next_review_on is not None and self.next_review_on < day

    @property
    def duty_lines(self) -> list[str]:
        """The duties, one by one."""
        return lines(self.duties)


def lines(text: str) -> list[str]:
    """The entries of a text that has one per line; empty lines count for nothing."""
    return [line.strip() for line in text.splitlines() if line.strip()]
