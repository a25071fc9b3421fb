"""Submitted versions of a form: immutable, and the only thing that anybody but the writer ever reads."""

from __future__ import annotations

import datetime
from typing import Any, Self

import pghistory
import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from career_portal.staff.models import User
from postings.models import PostDescription
from surveys.models.hope_survey import HopeSurvey
from surveys.models.questionnaire import Part
from surveys.models.reading import (
    form_in_hr_scope,
    form_within_reach_of_mentor,
    released_to_hr,
    released_to_mentor,
    released_to_supervisor,
    staffs_form,
)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Submitted versions."""

    def visible_to(self, user: User) -> Self:
        """The writer sees all his versions; others a current one within their reach.

        Supervisor and HR know who has taken part, also where they may read nothing of it; a mentor only sees a version
        of which something was released to him.
        """
        if not user.is_active:
            return self.none()
        parts = SubmittedPart.objects.filter(submission=OuterRef("pk"))
        current = Q(survey__current_submission=F("pk"))
        return self.filter(
            Q(survey__user=user)
            | (current & staffs_form(user, "survey__"))
            | (current & form_in_hr_scope(user, "survey__"))
            | (
                current
                & form_within_reach_of_mentor(user, "survey__")
                & Exists(parts.filter(released_to_mentor(user)))
            )
        )

    def in_hr_scope_of(self, user: User) -> Self:
        """Those of the visible versions that the user sees as HR: the current ones of people in scope, never his own."""
        return self.filter(
            Q(survey__current_submission=F("pk")) & form_in_hr_scope(user, "survey__")
        )

    def of_staff_of(self, user: User) -> Self:
        """Those of the visible versions that the user sees as supervisor."""
        return self.filter(Q(survey__current_submission=F("pk")) & staffs_form(user, "survey__"))

    def released_to_mentor(self, user: User) -> Self:
        """Those of the visible versions of which something was released to the user as mentor."""
        parts = SubmittedPart.objects.read_as_mentor(user)
        return self.filter(Exists(parts.filter(submission=OuterRef("pk"))))

    def own(self, user: User) -> Self:
        """The person's own versions, the first rule of `visible_to`: what a page of one's own form asks for."""
        return self.filter(survey__user=user) if user.is_active else self.none()

    def in_force_at(self, instant: datetime.datetime) -> Self:
        """The versions that were in force at an instant: handed in before it, not replaced or taken back by then."""
        replaced = Submission.objects.filter(
            survey=OuterRef("survey"), number__gt=OuterRef("number"), submitted_at__lt=instant
        )
        return self.filter(
            Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=instant),
            ~Exists(replaced),
            submitted_at__lt=instant,
        )

    def by_name(self) -> Self:
        """In the order of their writers' readings.

        The reading is fetched per row: joined to people, Postgres mistakes how many rows there are.
        """
        writer = User.objects.filter(pk=OuterRef("survey__user"))
        return self.alias(
            family=Subquery(writer.values("family_name_kana")),
            given=Subquery(writer.values("given_name_kana")),
        ).order_by("family", "given", "pk")

    def of_others(self, user: User) -> Self:
        """Without the person's own."""
        return self.exclude(survey__user=user)


@pghistory.track()
class Submission(models.Model):
    """One handed-in version of a form, with its receipt number. Numbered 1, 2, … within the form.

    Only `withdrawn_at` ever changes: when this version was taken back. It stays empty where a later version replaced it.
    """

    survey = models.ForeignKey(HopeSurvey, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField("版")
    receipt_number = models.CharField("受付番号", max_length=20, unique=True)
    submitted_at = models.DateTimeField("提出日時")
    withdrawn_at = models.DateTimeField("取り下げ日時", null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "提出"
        verbose_name_plural = "提出"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="submission_number_once", fields=["survey", "number"]),
            models.CheckConstraint(
                name="withdrawn_after_submitted",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("submitted_at")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="submission_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="submission_is_immutable",
                fields=["survey", "number", "receipt_number", "submitted_at"],
            ),
        ]

    def __str__(self) -> str:
        return self.receipt_number


class SubmittedPartQuerySet(models.QuerySet["SubmittedPart"]):
    """Submitted parts."""

    def visible_to(self, user: User) -> Self:
        """Own parts of every version; of others only parts of a current submission, and only in a capacity.

        The rules stand in `reading.py`.
        """
        if not user.is_active:
            return self.none()
        return self.filter(
            Q(submission__survey__user=user)
            | _read_as_supervisor(user)
            | _read_as_hr(user)
            | _read_as_mentor(user)
        )

    def read_as_supervisor(self, user: User) -> Self:
        """Those of the visible parts that the user reads as the writer's supervisor."""
        return self.filter(_read_as_supervisor(user))

    def read_as_hr(self, user: User) -> Self:
        """Those of the visible parts that the user reads as HR."""
        return self.filter(_read_as_hr(user))

    def read_as_mentor(self, user: User) -> Self:
        """Those of the visible parts that the user reads as the mentor to whom they were released."""
        return self.filter(_read_as_mentor(user))

    def released_to_supervisor(self) -> Self:
        """Those in force that their writer lets his supervisor read, of whatever year and whoever that was or is."""
        return self.filter(_IN_FORCE & released_to_supervisor())

    def own(self, user: User) -> Self:
        """The person's own parts, the first rule of `visible_to`: what a page of one's own form asks for."""
        return self.filter(submission__survey__user=user) if user.is_active else self.none()

    def with_post_titles(self) -> Self:
        """Parts with `post_titles`: the posts hoped for, as they read then, by question code."""
        wish = SubmittedPostWish.objects.filter(part=OuterRef("pk"))
        row = JSONObject(code="question_code", title="post_title", post="post_id")
        return self.annotate(post_title_rows=ArraySubquery(wish.values(row=row)))


_IN_FORCE = Q(submission__survey__current_submission=F("submission"))


def _read_as_supervisor(user: User) -> Q:
    return _IN_FORCE & staffs_form(user, "submission__survey__") & released_to_supervisor()


def _read_as_hr(user: User) -> Q:
    return _IN_FORCE & form_in_hr_scope(user, "submission__survey__") & released_to_hr()


def _read_as_mentor(user: User) -> Q:
    reach = form_within_reach_of_mentor(user, "submission__survey__")
    return _IN_FORCE & reach & released_to_mentor(user)


class SubmittedPart(models.Model):
    """One part of a submitted version: answers by question code, immutable."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="parts")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField("回答")

    objects = SubmittedPartQuerySet.as_manager()

    # Set by `with_post_titles`.
    post_title_rows: list[dict[str, Any]]

    class Meta:
        verbose_name = "提出されたパート"
        verbose_name_plural = "提出されたパート"
        ordering = ["part__number"]
        constraints = [
            models.UniqueConstraint(
                name="one_submitted_part_per_part", fields=["submission", "part"]
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="submitted_part_is_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.part_id}"

    @property
    def post_titles(self) -> dict[str, str]:
        """The posts hoped for, as they read then, by question code; needs `with_post_titles`."""
        return {row["code"]: row["title"] for row in self.post_title_rows}


class SubmittedPostWishQuerySet(models.QuerySet["SubmittedPostWish"]):
    """Submitted posts hoped for."""

    def visible_to(self, user: User) -> Self:
        """Whoever may read the part may read its posts."""
        return self.filter(part__in=SubmittedPart.objects.visible_to(user).values("pk"))


class SubmittedPostWish(models.Model):
    """A post hoped for in a submitted version, with its title as it read then; immutable."""

    part = models.ForeignKey(SubmittedPart, on_delete=models.PROTECT, related_name="post_wishes")
    question_code = models.CharField("設問", max_length=40)
    post = models.ForeignKey(PostDescription, on_delete=models.PROTECT, related_name="+")
    post_title = models.CharField("職名", max_length=200)

    objects = SubmittedPostWishQuerySet.as_manager()

    class Meta:
        verbose_name = "希望するポスト"
        verbose_name_plural = "希望するポスト"
        constraints = [
            models.UniqueConstraint(
                name="one_submitted_post_per_question", fields=["part", "question_code"]
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="submitted_post_is_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_code} {self.post_title}"
