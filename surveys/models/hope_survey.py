"""A person's form in a round, its working copy and whom it is shown to. Submissions stand in `submission.py`."""

from __future__ import annotations

import datetime
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q

from career_portal.staff.models import User
from postings.models import PostDescription
from surveys.models.extensions import Person
from surveys.models.questionnaire import Part
from surveys.models.rounds import SurveyRound, takes_answers


class HopeSurveyQuerySet(models.QuerySet["HopeSurvey"]):
    """Forms."""

    def visible_to(self, user: User) -> Self:
        """A form with its working copy is its writer's alone; others read submissions (`Submission.visible_to`)."""
        return self.filter(user=user) if user.is_active else self.none()

    def with_open_state(self, person: Person, day: datetime.date) -> Self:
        """A person's forms with `accepts_writing`: whether their round takes his answers now, by the database clock."""
        accepts = takes_answers(person, day, "round__")
        return self.annotate(accepts_writing=ExpressionWrapper(accepts, BooleanField()))

    def taking_part(self) -> Self:
        """Forms by which somebody takes part in a round: handed in and not taken back."""
        return self.filter(state=HopeSurvey.State.SUBMITTED)


@pghistory.track()
class HopeSurvey(models.Model):
    """One person's form (希望調書) in one round.

    draft: never handed in. submitted: `current_submission` is what others may read. withdrawn: handed in once and taken
    back (取り下げ); nobody else reads it until it is submitted again. `is_correcting`: a correction is being
    written beside the current submission, which stays valid until it is replaced.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "下書き"
        SUBMITTED = "submitted", "提出済み"
        WITHDRAWN = "withdrawn", "取り下げ"

    round = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="hope_surveys")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hope_surveys"
    )
    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)
    is_correcting = models.BooleanField("訂正中", default=False)
    current_submission = models.OneToOneField(
        "surveys.Submission", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HopeSurveyQuerySet.as_manager()

    # Set by `with_open_state`.
    accepts_writing: bool

    class Meta:
        verbose_name = "希望調書"
        verbose_name_plural = "希望調書"
        constraints = [
            models.UniqueConstraint(name="one_form_per_person_and_round", fields=["round", "user"]),
            models.CheckConstraint(
                name="submitted_means_a_current_submission",
                condition=Q(state="submitted", current_submission__isnull=False)
                | (Q(state__in=["draft", "withdrawn"]) & Q(current_submission__isnull=True)),
            ),
            models.CheckConstraint(
                name="only_a_submitted_form_is_corrected",
                condition=Q(is_correcting=False) | Q(state="submitted"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.user}"

    @property
    def has_open_draft(self) -> bool:
        """Whether the working copy may be written, as far as the form's state goes (the deadline comes on top)."""
        return self.state != self.State.SUBMITTED or self.is_correcting


class DraftPartQuerySet(models.QuerySet["DraftPart"]):
    """Working copies."""

    def visible_to(self, user: User) -> Self:
        """A draft is its writer's alone."""
        return self.filter(survey__user=user) if user.is_active else self.none()


class DraftPart(models.Model):
    """The working copy of one part of a form: answers by question code. It has no history; what is deleted is gone.

    `version` counts the saves, so that a save made from an older page is recognised and refused.
    """

    survey = models.ForeignKey(HopeSurvey, on_delete=models.CASCADE, related_name="draft_parts")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField("回答", default=dict)
    version = models.PositiveIntegerField("版", default=1)
    saved_at = models.DateTimeField("保存日時")

    objects = DraftPartQuerySet.as_manager()

    class Meta:
        verbose_name = "下書き"
        verbose_name_plural = "下書き"
        constraints = [
            models.UniqueConstraint(name="one_draft_per_part", fields=["survey", "part"])
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.part_id}"


class DraftPostWishQuerySet(models.QuerySet["DraftPostWish"]):
    """Posts hoped for in working copies."""

    def visible_to(self, user: User) -> Self:
        """A draft is its writer's alone."""
        return self.filter(survey__user=user) if user.is_active else self.none()


class DraftPostWish(models.Model):
    """A post hoped for in the working copy, by rank (第1〜第3希望), with the question it answers."""

    survey = models.ForeignKey(
        HopeSurvey, on_delete=models.CASCADE, related_name="draft_post_wishes"
    )
    question_code = models.CharField("設問", max_length=40)
    post = models.ForeignKey(PostDescription, on_delete=models.PROTECT, related_name="+")

    objects = DraftPostWishQuerySet.as_manager()

    class Meta:
        verbose_name = "希望するポスト（下書き）"
        verbose_name_plural = "希望するポスト（下書き）"
        constraints = [
            models.UniqueConstraint(
                name="one_draft_post_per_question", fields=["survey", "question_code"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_code} {self.post_id}"


class ReaderChoiceQuerySet(models.QuerySet["ReaderChoice"]):
    """What writers decided about their readers."""

    def visible_to(self, user: User) -> Self:
        """Only the writer knows what he decided: a supervisor gets no hint that something is hidden."""
        return self.filter(survey__user=user) if user.is_active else self.none()


@pghistory.track()
class ReaderChoice(models.Model):
    """The writer's decision whether his supervisor reads one part; without a row the part's own rule holds."""

    survey = models.ForeignKey(HopeSurvey, on_delete=models.CASCADE, related_name="reader_choices")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+")
    supervisor_reads = models.BooleanField("上司が読む")

    objects = ReaderChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "読む人の選択"
        verbose_name_plural = "読む人の選択"
        constraints = [
            models.UniqueConstraint(name="one_reader_choice_per_part", fields=["survey", "part"])
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.part_id}"


class MentorReleaseQuerySet(models.QuerySet["MentorRelease"]):
    """What writers let mentors read."""

    def visible_to(self, user: User) -> Self:
        """What the person released himself, and to the mentor what was released to him."""
        if not user.is_active:
            return self.none()
        return self.filter(Q(survey__user=user) | Q(mentor=user))


@pghistory.track()
class MentorRelease(models.Model):
    """The writer lets one named mentor read one part; taking it back deletes the row.

    The row of the part about the interview (⑧) names the mentor; it counts while ⑧ chooses a mentor as listener.
    """

    survey = models.ForeignKey(HopeSurvey, on_delete=models.CASCADE, related_name="mentor_releases")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField("日時", auto_now_add=True)

    objects = MentorReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = "メンターへの開示"
        verbose_name_plural = "メンターへの開示"
        constraints = [
            models.UniqueConstraint(name="one_mentor_reads_a_part", fields=["survey", "part"])
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.part_id} {self.mentor_id}"
