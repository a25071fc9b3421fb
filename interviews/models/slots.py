"""Times that interviewers offer, alone or as a weekly series, and for whom."""

from __future__ import annotations

from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.staff.models import RoleGrant, User
from career_portal.staff.roles import Role
from interviews.kinds import LINE_KINDS, Kind
from interviews.models.talks import Interview, place_on_one_line


class SlotSeriesQuerySet(models.QuerySet["SlotSeries"]):
    """Series."""

    def visible_to(self, user: User) -> Self:
        """The interviewer's and, for today's delegates, those of whom they act for."""
        return self.filter(handled_by(user)) if user.is_active else self.none()


class SlotSeries(models.Model):
    """A weekly series of slots, from a day to a day (JST); holidays and days taken out have none."""

    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="slot_series"
    )
    weekday = models.PositiveSmallIntegerField("曜日")
    starts = models.TimeField("開始")
    minutes = models.PositiveSmallIntegerField("長さ（分）")
    first_on = models.DateField("最初の日")
    last_on = models.DateField("最後の日")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("作成", db_default=Now())

    objects = SlotSeriesQuerySet.as_manager()

    class Meta:
        verbose_name = "面談枠の繰り返し"
        verbose_name_plural = "面談枠の繰り返し"
        constraints = [
            models.CheckConstraint(name="weekday_is_one", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="series_ends_after_start", condition=Q(last_on__gte=F("first_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interviewer_id} {self.weekday} {self.starts}"


class InterviewSlotQuerySet(models.QuerySet["InterviewSlot"]):
    """Slots."""

    def visible_to(self, user: User) -> Self:
        """The interviewer's own, those a delegate handles today, and those that one may book."""
        if not user.is_active:
            return self.none()
        return self.filter(handled_by(user) | self.offered_to_condition(user))

    def offered_to(self, user: User) -> Self:
        """Slots that a person may book today: of his supervisors for their section, by name, or of a mentor for mentees."""
        return (
            self.standing().filter(self.offered_to_condition(user))
            if user.is_active
            else self.none()
        )

    @staticmethod
    def offered_to_condition(user: User) -> Q:
        """The condition that a slot is meant for a person; never for the interviewer himself."""
        supervisors = User.objects.supervisors_of(user, today()).values("pk")
        named = SlotInvitee.objects.filter(slot=OuterRef("pk"), person=user)
        is_line = Q(kind__in=[kind.value for kind in LINE_KINDS])
        of_section = Q(audience="section", interviewer__in=supervisors) & is_line
        return (of_section | Q(Exists(named))) & ~Q(interviewer=user)

    def standing(self) -> Self:
        """Slots that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def free(self) -> Self:
        """Slots to come that nobody has booked."""
        taken = Interview.objects.booked().filter(slot=OuterRef("pk"))
        return self.standing().filter(period__startswith__gt=Now()).exclude(Exists(taken))


def handled_by(user: User) -> Q:
    """Times of the person himself, or of somebody whose delegate he is today (代理)."""
    acts_for = RoleGrant.objects.on(today()).filter(user=user, role=Role.DELEGATE)
    return Q(interviewer=user) | Q(interviewer__in=acts_for.values("on_behalf_of"))


@pghistory.track()
class InterviewSlot(models.Model):
    """A time that an interviewer offers (面談枠). `period` is [from, until); `buffer` are the minutes kept free after it."""

    class Audience(models.TextChoices):
        SECTION = "section", "担当する課室の人"
        NAMED = "named", "名前を挙げた人"
        MENTEES = "mentees", "メンターとして受け持つ人"

    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="slots"
    )
    series = models.ForeignKey(
        SlotSeries, on_delete=models.PROTECT, null=True, blank=True, related_name="slots"
    )
    kind = models.CharField("種類", max_length=12, choices=Kind)
    audience = models.CharField("だれに", max_length=7, choices=Audience)
    period = DateTimeRangeField("日時")
    buffer = models.PositiveSmallIntegerField("あとの余裕（分）", default=0)
    place = models.CharField("場所", max_length=120, blank=True)
    online_link = models.URLField("オンラインのリンク", max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("作成", db_default=Now())
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True, blank=True)

    objects = InterviewSlotQuerySet.as_manager()

    class Meta:
        verbose_name = "面談枠"
        verbose_name_plural = "面談枠"
        constraints = [
            models.CheckConstraint(
                name="slot_takes_time",
                condition=Q(
                    period__isempty=False, period__lower_inf=False, period__upper_inf=False
                ),
            ),
            place_on_one_line("slot_place_is_one_line"),
            models.CheckConstraint(
                name="slot_kind_is_known", condition=Q(kind__in=[kind.value for kind in Kind])
            ),
            ExclusionConstraint(
                name="slots_of_one_do_not_overlap",
                expressions=[
                    (F("interviewer"), RangeOperators.EQUAL),
                    (F("period"), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message="同じ時間に、ほかの面談枠を出しています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interviewer_id} {self.period}"


class SlotInviteeQuerySet(models.QuerySet["SlotInvitee"]):
    """Named people."""

    def visible_to(self, user: User) -> Self:
        """To those who handle the slot's times; nobody else learns who was named beside him."""
        slots = InterviewSlot.objects.filter(handled_by(user)).values("pk")
        return self.filter(Q(person=user) | Q(slot__in=slots)) if user.is_active else self.none()


class SlotInvitee(models.Model):
    """Somebody for whom a slot is meant, by name or as mentee."""

    slot = models.ForeignKey(InterviewSlot, on_delete=models.CASCADE, related_name="invitees")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = SlotInviteeQuerySet.as_manager()

    class Meta:
        verbose_name = "面談枠の相手"
        verbose_name_plural = "面談枠の相手"
        constraints = [models.UniqueConstraint(name="invited_once", fields=["slot", "person"])]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.person_id}"


class InterviewerLimitQuerySet(models.QuerySet["InterviewerLimit"]):
    """Limits."""

    def visible_to(self, user: User) -> Self:
        """The interviewer's and, for today's delegates, those of whom they act for."""
        return self.filter(handled_by(user)) if user.is_active else self.none()


class InterviewerLimit(models.Model):
    """How many interviews an interviewer holds on one day (JST) at most."""

    interviewer = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interview_limit"
    )
    per_day = models.PositiveSmallIntegerField("1日の面談の数")

    objects = InterviewerLimitQuerySet.as_manager()

    class Meta:
        verbose_name = "面談の上限"
        verbose_name_plural = "面談の上限"
        constraints = [
            models.CheckConstraint(name="limit_is_positive", condition=Q(per_day__gte=1))
        ]

    def __str__(self) -> str:
        return f"{self.interviewer_id} {self.per_day}"
