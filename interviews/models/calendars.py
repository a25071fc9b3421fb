"""What reaches calendars beside invitations: a person's feed, and reminders that were sent."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from career_portal.mail.models import OutgoingMail
from career_portal.staff.models import User
from interviews.models.talks import Interview

SHA256 = r"^[0-9a-f]{64}$"


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    """Feeds."""

    def visible_to(self, user: User) -> Self:
        """One's own."""
        return self.filter(person=user) if user.is_active else self.none()

    def live(self) -> Self:
        """Feeds that were not revoked, of people whose account has not ended."""
        return self.filter(revoked_at__isnull=True).exclude(person__state=User.State.ENDED)


class CalendarFeed(models.Model):
    """An address under which calendar programs fetch a person's interviews without signing in, until he revokes it.

    Whoever knows the token may read; only its SHA-256 is kept.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_feeds"
    )
    token_hash = models.CharField("鍵のハッシュ", max_length=64, unique=True)
    made_at = models.DateTimeField("作成", db_default=Now())
    revoked_at = models.DateTimeField("取り消した日時", null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "予定の配信"
        verbose_name_plural = "予定の配信"
        constraints = [
            models.UniqueConstraint(
                name="one_live_feed_each", fields=["person"], condition=Q(revoked_at__isnull=True)
            ),
            models.CheckConstraint(
                name="feed_keeps_a_hash", condition=Q(("token_hash__regex", SHA256))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.made_at:%Y-%m-%d}"


class InterviewReminderQuerySet(models.QuerySet["InterviewReminder"]):
    """Reminders of interviews."""

    def visible_to(self, user: User) -> Self:
        """One's own."""
        return self.filter(person=user) if user.is_active else self.none()


class InterviewReminder(models.Model):
    """One of the two was reminded of an interview on a day (JST), never twice of the same; the mail may be gone by now."""

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    of_day = models.DateField("面談の日")
    mail = models.OneToOneField(
        OutgoingMail, on_delete=models.SET_NULL, null=True, related_name="interview_reminder"
    )

    objects = InterviewReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "面談のお知らせ"
        verbose_name_plural = "面談のお知らせ"
        constraints = [
            models.UniqueConstraint(
                name="reminded_of_a_day_once", fields=["interview", "person", "of_day"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.interview_id} {self.person_id} {self.of_day}"
