"""Rounds (実施回): one autumn each."""

from __future__ import annotations

from typing import Self

import pghistory
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from career_portal.staff.models import User
from surveys.models.questionnaire import Questionnaire


def takes_answers(survey_round: str = "") -> Q:
    """A round, reached by the path `survey_round` ("round__"), takes answers now, by the database clock."""
    return Q(**{f"{survey_round}opens_at__lte": Now(), f"{survey_round}deadline_at__gt": Now()})


class SurveyRoundQuerySet(models.QuerySet["SurveyRound"]):
    """Rounds."""

    def visible_to(self, user: User) -> Self:
        """Rounds are announced to all staff."""
        return self.all() if user.is_active else self.none()

    def begun(self) -> Self:
        """Rounds that have opened, whether still open or not."""
        return self.filter(opens_at__lte=Now())

    def open(self) -> Self:
        """Rounds in which forms can be written now, by the database clock."""
        return self.filter(takes_answers())

    def with_open_state(self) -> Self:
        """Rounds with `accepts_writing`: whether forms can be written now, by the database clock."""
        return self.annotate(accepts_writing=ExpressionWrapper(takes_answers(), BooleanField()))


@pghistory.track()
class SurveyRound(models.Model):
    """One autumn of the hope survey: fiscal year, opening, deadline, questionnaire, reference date.

    The deadline is an instant without grace. The reference date (JST) is the day whose organisation the round's
    figures follow.
    """

    fiscal_year = models.PositiveSmallIntegerField("年度", unique=True)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="rounds"
    )
    opens_at = models.DateTimeField("開始")
    deadline_at = models.DateTimeField("締切")
    reference_date = models.DateField("基準日")
    closed_at = models.DateTimeField("締めた日時", null=True, blank=True)

    objects = SurveyRoundQuerySet.as_manager()

    # Set by `with_open_state`.
    accepts_writing: bool

    class Meta:
        verbose_name = "実施回"
        verbose_name_plural = "実施回"
        ordering = ["-fiscal_year"]
        constraints = [
            models.CheckConstraint(
                name="round_deadline_after_opening",
                condition=Q(deadline_at__gt=F("opens_at")),
                violation_error_message="締切は開始より後にしてください。",
            ),
            models.CheckConstraint(
                name="round_closes_after_deadline",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("deadline_at")),
                violation_error_message="締切より前に締めることはできません。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}年度"
