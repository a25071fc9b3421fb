"""Reminders to those who have not handed in yet. The mails themselves lie in the outbox (`career_portal.mail`)."""

from __future__ import annotations

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, Q
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.mail.models import OutgoingMail
from career_portal.staff.models import Bureau, Section, User
from career_portal.staff.models.grants import sections_in_hr_scope
from surveys.models.rounds import SurveyRound


class ReminderRunQuerySet(models.QuerySet["ReminderRun"]):
    """Runs of reminders."""

    def visible_to(self, user: User) -> Self:
        """To HR the runs that went to everybody or to units in its scope."""
        if not user.is_active:
            return self.none()
        sections = sections_in_hr_scope(user, today())
        return self.filter(
            (Q(bureau__isnull=True, section__isnull=True) & Exists(sections))
            | Q(bureau__in=sections.values("bureau"))
            | Q(section__in=sections.values("pk"))
        )


@pghistory.track()
class ReminderRun(models.Model):
    """One sending of reminders in a round: by schedule, so many days before the deadline, or by somebody's hand."""

    round = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="reminder_runs")
    days_left = models.PositiveSmallIntegerField("締切までの日数", null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    bureau = models.ForeignKey(
        Bureau, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField("ひとこと", blank=True)
    started_at = models.DateTimeField("日時", db_default=Now())

    objects = ReminderRunQuerySet.as_manager()

    class Meta:
        verbose_name = "お知らせの送信"
        verbose_name_plural = "お知らせの送信"
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="run_by_schedule_or_by_hand",
                condition=Q(days_left__isnull=True) ^ Q(started_by__isnull=True),
            ),
            models.CheckConstraint(
                name="run_goes_to_a_bureau_or_a_section",
                condition=Q(bureau__isnull=True) | Q(section__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.started_at}"


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Reminders."""

    def visible_to(self, user: User) -> Self:
        """A person sees those he got; HR those of the runs in its scope."""
        if not user.is_active:
            return self.none()
        runs = ReminderRun.objects.visible_to(user).values("pk")
        return self.filter(Q(person=user) | Q(run__in=runs))


class Reminder(models.Model):
    """One person was reminded on a day (JST), never twice on the same; the mail may be gone from the outbox by now."""

    run = models.ForeignKey(ReminderRun, on_delete=models.PROTECT, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField("日")
    mail = models.OneToOneField(
        OutgoingMail, on_delete=models.SET_NULL, null=True, related_name="reminder"
    )

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "お知らせ"
        verbose_name_plural = "お知らせ"
        constraints = [
            models.UniqueConstraint(
                name="nobody_is_reminded_twice_a_day", fields=["person", "sent_on"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.sent_on}"
