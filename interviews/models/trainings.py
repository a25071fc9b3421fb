"""Who attended a training in listening."""

from __future__ import annotations

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.staff.models import RoleGrant, User


class ListeningTrainingQuerySet(models.QuerySet["ListeningTraining"]):
    """Attendances."""

    def visible_to(self, user: User) -> Self:
        """One's own, and to HR of the whole ministry what it recorded itself: so that nobody lists who has none."""
        if not user.is_active:
            return self.none()
        grants = RoleGrant.objects.as_hr(user, today()).everywhere()
        return self.filter(Q(person=user) | (Q(recorded_by=user) & models.Exists(grants)))


@pghistory.track()
class ListeningTraining(models.Model):
    """A person attended a training in listening (傾聴研修) on a day."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="listening_trainings"
    )
    attended_on = models.DateField("受けた日")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField("記録した日時", db_default=Now())

    objects = ListeningTrainingQuerySet.as_manager()

    class Meta:
        verbose_name = "傾聴研修の受講"
        verbose_name_plural = "傾聴研修の受講"
        constraints = [
            models.UniqueConstraint(
                name="training_attended_once_a_day", fields=["person", "attended_on"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.attended_on}"
