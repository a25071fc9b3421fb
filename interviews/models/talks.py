"""Interviews: two people, a kind, a time and a place; and the seats by which nobody is booked twice."""

from __future__ import annotations

import datetime
import uuid
from typing import Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.staff.models import RoleGrant, User
from career_portal.staff.roles import Role
from interviews.kinds import LINE_KINDS, Kind

# What ends a line in some mail or calendar program.
LINE_BREAK = r"[\u0001-\u001f\u007f\u0085\u2028\u2029]"


def place_on_one_line(name: str) -> models.CheckConstraint:
    """The constraint, under a name, that neither place nor link can begin a line of its own in a mail or calendar."""
    return models.CheckConstraint(
        name=name,
        condition=~Q(place__regex=LINE_BREAK) & ~Q(online_link__regex=LINE_BREAK),
    )


class InterviewQuerySet(models.QuerySet["Interview"]):
    """Interviews."""

    def visible_to(self, user: User) -> Self:
        """The two who talk, and nobody else; a delegate handles times without this (`InterviewSlot`, `services`)."""
        return self.of(user) if user.is_active else self.none()

    def handled_by(self, user: User) -> Self:
        """Those whose times somebody handles: his own, and of whom he acts for today (代理) those held as interviewer.

        Of these a delegate learns when, where and with whom; never what is prepared or recorded. Talks with a mentor or HR
        are the two's alone.
        """
        if not user.is_active:
            return self.none()
        acts_for = RoleGrant.objects.on(today()).filter(user=user, role=Role.DELEGATE)
        line = [kind.value for kind in LINE_KINDS]
        as_delegate = Q(interviewer__in=acts_for.values("on_behalf_of"), kind__in=line)
        return self.filter(Q(interviewer=user) | Q(interviewee=user) | as_delegate)

    def of(self, user: User) -> Self:
        """Interviews in which a person is one of the two."""
        return self.filter(Q(interviewer=user) | Q(interviewee=user))

    def booked(self) -> Self:
        """Interviews that are to take place."""
        return self.filter(state=Interview.State.BOOKED)


@pghistory.track()
class Interview(models.Model):
    """A talk between an interviewer and an interviewee, booked or held (面談).

    `period` is [from, until) without buffers. `uid` and `sequence` name it in calendars (RFC 5545): the one never changes,
    the other grows with every change of time or place. A talk that was logged afterwards was never booked.
    """

    class State(models.TextChoices):
        BOOKED = "booked", "予約あり"
        HELD = "held", "済み"
        CANCELLED = "cancelled", "取り消し"

    kind = models.CharField("種類", max_length=12, choices=Kind)
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interviews_held"
    )
    interviewee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interviews_given"
    )
    slot = models.ForeignKey(
        "interviews.InterviewSlot",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="interviews",
    )
    period = DateTimeRangeField("日時")
    place = models.CharField("場所", max_length=120, blank=True)
    online_link = models.URLField("オンラインのリンク", max_length=300, blank=True)
    state = models.CharField("状態", max_length=9, choices=State, default=State.BOOKED)
    was_booked = models.BooleanField("予約した面談", default=True)
    uid = models.UUIDField("カレンダーの識別子", default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField("カレンダーの版", default=0)
    made_at = models.DateTimeField("作成", db_default=Now())

    objects = InterviewQuerySet.as_manager()

    class Meta:
        verbose_name = "面談"
        verbose_name_plural = "面談"
        constraints = [
            models.CheckConstraint(
                name="nobody_interviews_himself", condition=~Q(interviewer=F("interviewee"))
            ),
            models.CheckConstraint(
                name="interview_takes_time",
                condition=Q(
                    period__isempty=False, period__lower_inf=False, period__upper_inf=False
                ),
            ),
            models.CheckConstraint(
                name="interview_kind_is_known", condition=Q(kind__in=[kind.value for kind in Kind])
            ),
            models.UniqueConstraint(
                name="slot_is_booked_once", fields=["slot"], condition=Q(state="booked")
            ),
            place_on_one_line("interview_place_is_one_line"),
        ]
        indexes = [
            models.Index(fields=["interviewer", "-period"], name="interview_by_interviewer"),
            models.Index(fields=["interviewee", "-period"], name="interview_by_interviewee"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.interviewer_id} {self.interviewee_id}"

    @property
    def day(self) -> datetime.date:
        """The day it takes place on (JST)."""
        return timezone.localdate(self.period.lower)


class SeatQuerySet(models.QuerySet["Seat"]):
    """Seats."""

    def visible_to(self, user: User) -> Self:
        """One's own."""
        return self.filter(person=user) if user.is_active else self.none()


class Seat(models.Model):
    """Where one of the two has to be, as long as the interview is booked: no two of a person overlap, of whatever kind.

    An interviewer's includes the buffer after the talk. It is deleted when the interview is held or cancelled.
    """

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats"
    )
    period = DateTimeRangeField("日時")

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = "面談の席"
        verbose_name_plural = "面談の席"
        constraints = [
            models.UniqueConstraint(name="one_seat_each", fields=["interview", "person"]),
            ExclusionConstraint(
                name="nobody_sits_twice",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("period"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interview_id} {self.person_id}"


class InterviewStepQuerySet(models.QuerySet["InterviewStep"]):
    """Steps."""

    def visible_to(self, user: User) -> Self:
        """With the interview."""
        return self.filter(interview__in=Interview.objects.visible_to(user))


class InterviewStep(models.Model):
    """What happened to an interview, why and by whom: the delegate of a head is named here too. Never changed."""

    class What(models.TextChoices):
        BOOKED = "booked", "予約"
        MOVED = "moved", "変更"
        CANCELLED = "cancelled", "取り消し"
        HELD = "held", "実施"
        LOGGED = "logged", "あとから記録"

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField("できごと", max_length=9, choices=What)
    reason = models.CharField("理由", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("日時", db_default=Now())

    objects = InterviewStepQuerySet.as_manager()

    class Meta:
        verbose_name = "面談の経過"
        verbose_name_plural = "面談の経過"
        ordering = ["interview", "pk"]
        triggers = [
            pgtrigger.Protect(name="step_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.interview_id} {self.what}"
