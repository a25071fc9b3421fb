"""Rounds (実施回): one autumn each."""

from __future__ import annotations

import datetime
from typing import Self

import pghistory
from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Greatest, Now

from career_portal.staff.models import User
from surveys.models.extensions import DeadlineExtension, Person, last_extension
from surveys.models.questionnaire import Questionnaire


def takes_answers(person: Person, day: datetime.date, survey_round: str = "") -> Q:
    """A round, reached by the path `survey_round` ("round__"), takes answers of a person now, by the database clock.

    The deadline is the round's own or that of the last extension which applies to the person on that day.
    """
    extended = DeadlineExtension.objects.applying_to(person, day).filter(
        round=OuterRef(f"{survey_round}pk"), until__gt=Now()
    )
    return Q(
        Q(**{f"{survey_round}deadline_at__gt": Now()}) | Q(Exists(extended)),
        **{f"{survey_round}opens_at__lte": Now()},
    )


class SurveyRoundQuerySet(models.QuerySet["SurveyRound"]):
    """Rounds."""

    def visible_to(self, user: User) -> Self:
        """Rounds are announced to all staff."""
        return self.all() if user.is_active else self.none()

    def held_here(self) -> Self:
        """Rounds in which forms were filled in, not those of earlier years that were brought along in files."""
        return self.filter(questionnaire__isnull=False)

    def begun(self) -> Self:
        """Rounds held here that have opened, whether still open or not."""
        return self.held_here().filter(opens_at__lte=Now())

    def open_to(self, person: Person, day: datetime.date) -> Self:
        """Rounds in which a person can write now, by the database clock."""
        return self.filter(takes_answers(person, day))

    def with_state_for(self, person: Person, day: datetime.date) -> Self:
        """Rounds with `own_deadline_at` and `accepts_writing`: until when a person can write, and whether he can now."""
        extended = Subquery(last_extension(OuterRef("pk"), person, day))
        return self.annotate(
            own_deadline_at=Greatest(F("deadline_at"), extended),
            accepts_writing=ExpressionWrapper(takes_answers(person, day), BooleanField()),
        )


@pghistory.track()
class SurveyRound(models.Model):
    """One autumn of the hope survey: fiscal year, opening, deadline, questionnaire, reference date.

    The deadline is an instant without grace; extensions move it for some or all (`DeadlineExtension`). The reference
    date (JST) is the day whose organisation the round's figures follow. Once closed, the figures are fixed. A round
    without a questionnaire was held before the portal: it is closed, and known by its figures alone (`past_rounds`).
    """

    fiscal_year = models.PositiveSmallIntegerField("年度", unique=True)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, null=True, blank=True, related_name="rounds"
    )
    opens_at = models.DateTimeField("開始")
    deadline_at = models.DateTimeField("締切")
    reference_date = models.DateField("基準日")
    closed_at = models.DateTimeField("締めた日時", null=True, blank=True)

    objects = SurveyRoundQuerySet.as_manager()

    # Set by `with_state_for`.
    accepts_writing: bool
    own_deadline_at: datetime.datetime

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
            models.CheckConstraint(
                name="round_without_questionnaire_is_closed",
                condition=Q(questionnaire__isnull=False) | Q(closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}年度"

    @property
    def is_held_here(self) -> bool:
        """Whether forms were filled in for it; else it was brought along in files."""
        return self.questionnaire_id is not None
