"""Releases of feedback sheets: prepared by disclosure control, made by workers, published, never changed after."""

from __future__ import annotations

import datetime
from typing import Self

import pghistory
import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.staff.models import Bureau, RoleGrant, Section, User
from career_portal.staff.models.assignments import Assignment
from career_portal.staff.roles import Role
from surveys.models.frozen import RoundFreeze, RoundUnit
from surveys.models.rounds import SurveyRound

# Below this nothing is ever shown, whoever decides; from the other on nobody has to decide (rule 1).
LOWEST_MINIMUM = 5
USUAL_MINIMUM = 10


def runs_releases(user: User, day: datetime.date) -> Q:
    """The condition that somebody is a feedback admin, or HR of the whole ministry, on that day."""
    grants = RoleGrant.objects.on(day).filter(user=user, role=Role.FEEDBACK_ADMIN)
    return Q(models.Exists(grants)) | Q(
        models.Exists(RoleGrant.objects.as_hr(user, day).everywhere())
    )


class DisclosurePlanQuerySet(models.QuerySet["DisclosurePlan"]):
    """Plans."""

    def visible_to(self, user: User) -> Self:
        """To feedback admins and HR of the whole ministry."""
        return self.filter(runs_releases(user, today())) if user.is_active else self.none()


@pghistory.track()
class DisclosurePlan(models.Model):
    """The minimum and the joint units of a round: proposed by the feedback admin, confirmed by HR before it opens (rule 2).

    Below ten two people record why; below five is impossible.
    """

    round = models.OneToOneField(SurveyRound, on_delete=models.PROTECT, related_name="plan")
    minimum = models.PositiveSmallIntegerField("最小の人数", default=USUAL_MINIMUM)
    reason = models.CharField("10人より少なくする理由", max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField("提案した日時", db_default=Now())
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField("確認した日時", null=True, blank=True)

    objects = DisclosurePlanQuerySet.as_manager()

    class Meta:
        verbose_name = "表示の計画"
        verbose_name_plural = "表示の計画"
        constraints = [
            models.CheckConstraint(
                name="minimum_is_never_below_five", condition=Q(minimum__gte=LOWEST_MINIMUM)
            ),
            models.CheckConstraint(
                name="low_minimum_has_a_reason",
                condition=Q(minimum__gte=USUAL_MINIMUM) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="plan_is_confirmed_by_somebody_else",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.minimum}"


class JointUnitQuerySet(models.QuerySet["JointUnit"]):
    """Joint units."""

    def visible_to(self, user: User) -> Self:
        """With their plan."""
        return self.filter(runs_releases(user, today())) if user.is_active else self.none()


@pghistory.track()
class JointUnit(models.Model):
    """Sections of a bureau that are counted together (「〇〇課ほか」)."""

    plan = models.ForeignKey(DisclosurePlan, on_delete=models.CASCADE, related_name="joint_units")
    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=160)

    objects = JointUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "合同の単位"
        verbose_name_plural = "合同の単位"

    def __str__(self) -> str:
        return self.name


class JointSectionQuerySet(models.QuerySet["JointSection"]):
    """Sections of joint units."""

    def visible_to(self, user: User) -> Self:
        """With their plan."""
        return self.filter(runs_releases(user, today())) if user.is_active else self.none()


class JointSection(models.Model):
    """A section within a joint unit; in one only for each plan."""

    joint = models.ForeignKey(JointUnit, on_delete=models.CASCADE, related_name="sections")
    plan = models.ForeignKey(DisclosurePlan, on_delete=models.CASCADE, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")

    objects = JointSectionQuerySet.as_manager()

    class Meta:
        verbose_name = "合同の単位の課室"
        verbose_name_plural = "合同の単位の課室"
        constraints = [
            models.UniqueConstraint(name="section_joined_once", fields=["plan", "section"])
        ]

    def __str__(self) -> str:
        return f"{self.joint_id} {self.section_id}"


class FeedbackReleaseQuerySet(models.QuerySet["FeedbackRelease"]):
    """Releases."""

    def visible_to(self, user: User) -> Self:
        """Published ones to all staff; one being made to feedback admins and HR of the whole ministry."""
        if not user.is_active:
            return self.none()
        return self.filter(Q(published_at__isnull=False) | runs_releases(user, today()))

    def published(self) -> Self:
        """Releases that staff can read."""
        return self.filter(published_at__isnull=False)

    def released(self) -> Self:
        """Releases whose figures are out: published here, or written into files by the operator."""
        return self.filter(Q(published_at__isnull=False) | Q(handed_out_at__isnull=False))

    def known_outside(self) -> Self:
        """Releases of which anything may be known: also those of which a file was fetched before they were given up."""
        fetched = models.Exists(
            apps.get_model("surveys", "SheetDownload").objects.filter(release=models.OuterRef("pk"))
        )
        return self.filter(Q(pk__in=self.released().values("pk")) | Q(fetched))

    def standing(self) -> Self:
        """Releases that were not given up."""
        return self.exclude(state=FeedbackRelease.State.CANCELLED)

    def last_of_each_year(self) -> Self:
        """Of every year the last of these releases."""
        return self.order_by("freeze__round__fiscal_year", "-number").distinct(
            "freeze__round__fiscal_year"
        )


@pghistory.track()
class FeedbackRelease(models.Model):
    """One release of a frozen round's sheets. `certificate` is the result of the audit (rule 5).

    running: workers make sheets; paused: they stop after the one at hand; made: every sheet is there; cancelled: given
    up before publication. From `published_at` heads read theirs, from `opens_on` (JST) the staff too. `handed_out_at`
    is when the operator had its files written: from then on it cannot be given up.
    """

    class State(models.TextChoices):
        RUNNING = "running", "作成中"
        PAUSED = "paused", "一時停止"
        MADE = "made", "作成済み"
        CANCELLED = "cancelled", "中止"

    freeze = models.ForeignKey(RoundFreeze, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveSmallIntegerField("番号")
    minimum = models.PositiveSmallIntegerField("最小の人数")
    state = models.CharField("状態", max_length=9, choices=State, default=State.RUNNING)
    certificate = models.JSONField("監査の結果")
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField("始めた日時", db_default=Now())
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField("公開した日時", null=True, blank=True)
    opens_on = models.DateField("職員に開く日", null=True, blank=True)
    handed_out_at = models.DateTimeField("ファイルに書き出した日時", null=True, blank=True)

    objects = FeedbackReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = "フィードバックシートの公開"
        verbose_name_plural = "フィードバックシートの公開"
        ordering = ["-freeze__round__fiscal_year", "-number"]
        constraints = [
            models.UniqueConstraint(name="release_number_once", fields=["freeze", "number"]),
            models.CheckConstraint(
                name="release_minimum_is_never_below_five", condition=Q(minimum__gte=LOWEST_MINIMUM)
            ),
            models.CheckConstraint(
                name="handed_out_release_is_made",
                condition=Q(handed_out_at__isnull=True) | Q(state="made"),
            ),
            models.CheckConstraint(
                name="only_a_made_release_is_published",
                condition=Q(published_at__isnull=True) | Q(state="made", opens_on__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_release_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.freeze_id} {self.number}"

    @classmethod
    def released_in(cls, year: int) -> FeedbackRelease | None:
        """The last release of a fiscal year's round whose figures are out."""
        found = cls.objects.released().filter(freeze__round__fiscal_year=year)
        return found.select_related("freeze__round").order_by("-number").first()

    @property
    def can_be_published(self) -> bool:
        """Whether every sheet is there and nobody has published it yet."""
        return self.state == self.State.MADE and self.published_at is None


class ReleasedFigureQuerySet(models.QuerySet["ReleasedFigure"]):
    """Released figures."""

    def visible_to(self, user: User) -> Self:
        """With their release."""
        return self.filter(release__in=FeedbackRelease.objects.visible_to(user))


class ReleasedFigure(models.Model):
    """One released value: rounded, banded or hidden. Pages, sheets and files are made of these alone.

    A row of `figures.csv`. `question_code` is empty for the response rate.
    """

    release = models.ForeignKey(FeedbackRelease, on_delete=models.PROTECT, related_name="figures")
    unit = models.ForeignKey(RoundUnit, on_delete=models.PROTECT, related_name="+")
    question_code = models.CharField("設問", max_length=40, blank=True)
    measure = models.CharField("値の種類", max_length=13)
    value = models.CharField("値", max_length=8)
    count_band = models.CharField("回答の人数", max_length=8)

    objects = ReleasedFigureQuerySet.as_manager()

    class Meta:
        verbose_name = "公開した集計値"
        verbose_name_plural = "公開した集計値"
        constraints = [
            models.UniqueConstraint(
                name="one_released_value", fields=["release", "unit", "question_code", "measure"]
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="released_figure_stays", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return self.value


class FeedbackSheetQuerySet(models.QuerySet["FeedbackSheet"]):
    """Sheets."""

    def visible_to(self, user: User) -> Self:
        """Who runs releases sees all; a head the published one of his section; its staff from the day it opens.

        Those of bureaus and of the ministry are open to all staff from that day. Rights follow today's assignments: a
        sheet belongs to the section, also to those of a joint unit, and through successors to the section of today.
        """
        if not user.is_active:
            return self.none()
        day = today()
        published = Q(release__published_at__isnull=False)
        is_open = published & Q(release__opens_on__lte=day)
        led = Assignment.objects.on(day).led_by(user.pk).values("section")
        own = Assignment.objects.on(day).filter(user=user).values("section")
        wide = Q(unit__level__in=[RoundUnit.Level.MINISTRY, RoundUnit.Level.BUREAU])
        return self.filter(
            runs_releases(user, day)
            | (published & _of_sections(led))
            | (is_open & (wide | _of_sections(own)))
        )

    def to_be_made(self) -> Self:
        """Sheets of running releases that wait for a worker, or whose worker has not been heard of for long."""
        silent = Now() - settings.SHEET_SILENCE
        waiting = Q(state=FeedbackSheet.State.QUEUED)
        lost = Q(state=FeedbackSheet.State.WORKING, heartbeat_at__lt=silent)
        return self.filter(waiting | lost, release__state=FeedbackRelease.State.RUNNING)


def _of_sections(sections: models.QuerySet[Assignment, object]) -> Q:
    """The sheet of one of these sections, of the joint unit that it is in, or of a section whose work went on in it."""
    # Sheets are read for a year or two, in which a section may be reorganised twice.
    units = RoundUnit.objects.filter(
        Q(section__in=sections)
        | Q(section__successors__in=sections)
        | Q(section__successors__successors__in=sections)
    )
    joint = units.filter(is_member=True).values("parent")
    return Q(unit__in=units.values("pk")) | Q(unit__in=joint)


class FeedbackSheet(models.Model):
    """One unit's sheet in one release: a job until its file is there, whole or absent."""

    class State(models.TextChoices):
        QUEUED = "queued", "順番待ち"
        WORKING = "working", "作成中"
        DONE = "done", "できました"
        FAILED = "failed", "失敗"

    release = models.ForeignKey(FeedbackRelease, on_delete=models.PROTECT, related_name="sheets")
    unit = models.ForeignKey(RoundUnit, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状態", max_length=7, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("作成の回数", default=0)
    heartbeat_at = models.DateTimeField("作成中の最終更新", null=True, blank=True)
    problem = models.CharField("失敗の理由", max_length=300, blank=True)
    file = models.CharField("ファイル", max_length=200, blank=True)
    digest = models.CharField("SHA-256", max_length=64, blank=True)
    size = models.PositiveIntegerField("大きさ", default=0)
    made_at = models.DateTimeField("できた日時", null=True, blank=True)

    objects = FeedbackSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "フィードバックシート"
        verbose_name_plural = "フィードバックシート"
        ordering = ["release", "unit__sort_order"]
        constraints = [
            models.UniqueConstraint(name="one_sheet_per_unit", fields=["release", "unit"]),
            models.CheckConstraint(
                name="made_sheet_has_a_file",
                condition=~Q(state="done") | (~Q(file="") & Q(made_at__isnull=False, size__gt=0)),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="made_sheet_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="done"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.unit_id} {self.state}"


class SheetOpeningQuerySet(models.QuerySet["SheetOpening"]):
    """Openings."""

    def visible_to(self, user: User) -> Self:
        """Who opened a sheet is seen by those who run releases, and by himself."""
        if not user.is_active:
            return self.none()
        return self.filter(Q(user=user) | runs_releases(user, today()))


class SheetOpening(models.Model):
    """Somebody opened a sheet for the first time, on screen or as a file."""

    sheet = models.ForeignKey(FeedbackSheet, on_delete=models.PROTECT, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField("はじめて開いた日時", db_default=Now())

    objects = SheetOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = "シートの閲覧"
        verbose_name_plural = "シートの閲覧"
        constraints = [models.UniqueConstraint(name="opened_first_once", fields=["sheet", "user"])]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.user_id}"


class ImprovementActionQuerySet(models.QuerySet["ImprovementAction"]):
    """Actions."""

    def visible_to(self, user: User) -> Self:
        """With the sheet on which they were recorded."""
        return self.filter(sheet__in=FeedbackSheet.objects.visible_to(user))


@pghistory.track()
class ImprovementAction(models.Model):
    """What a section means to improve, recorded by its head on its sheet; up to three, each aimed at a figure."""

    class Status(models.TextChoices):
        PLANNED = "planned", "これから"
        UNDER_WAY = "under_way", "取り組み中"
        DONE = "done", "実施した"
        DROPPED = "dropped", "取りやめた"

    sheet = models.ForeignKey(FeedbackSheet, on_delete=models.PROTECT, related_name="actions")
    number = models.PositiveSmallIntegerField("番号")
    text = models.CharField("内容", max_length=120)
    question_code = models.CharField("ねらう項目", max_length=40, blank=True)
    status = models.CharField("状況", max_length=9, choices=Status, default=Status.PLANNED)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField("書いた日時", db_default=Now())

    objects = ImprovementActionQuerySet.as_manager()

    class Meta:
        verbose_name = "改善のアクション"
        verbose_name_plural = "改善のアクション"
        ordering = ["sheet", "number"]
        constraints = [
            models.UniqueConstraint(name="action_number_once", fields=["sheet", "number"]),
            models.CheckConstraint(
                name="at_most_three_actions", condition=Q(number__gte=1, number__lte=3)
            ),
        ]

    def __str__(self) -> str:
        return self.text
