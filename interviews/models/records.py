"""The record of an interview that both read: its working copy, its published versions, and what the interviewee says to them."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from career_portal.staff.models import User
from interviews.models.talks import Interview
from interviews.models.templates import RecordTemplate


class RecordDraftQuerySet(models.QuerySet["RecordDraft"]):
    """Working copies."""

    def visible_to(self, user: User) -> Self:
        """The interviewer's alone: the other one learns of what was published only."""
        return self.filter(interview__interviewer=user) if user.is_active else self.none()


class RecordDraft(models.Model):
    """The working copy of a record: what stands in its fields, by their names (`h1`, `a1_text`). It has no history.

    `version` counts the saves, so that a save from an older page is recognised. After publication it goes on from what
    was published. The template is the one with which the record was begun.
    """

    interview = models.OneToOneField(
        Interview, on_delete=models.PROTECT, related_name="record_draft"
    )
    template = models.ForeignKey(RecordTemplate, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField("内容", default=dict)
    version = models.PositiveIntegerField("版", default=1)
    saved_at = models.DateTimeField("保存日時")

    objects = RecordDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "面談記録の下書き"
        verbose_name_plural = "面談記録の下書き"

    def __str__(self) -> str:
        return f"{self.interview_id} {self.version}"


class SharedRecordQuerySet(models.QuerySet["SharedRecord"]):
    """Published records."""

    def visible_to(self, user: User) -> Self:
        """The two who talked, for good."""
        return self.filter(interview__in=Interview.objects.visible_to(user))


class SharedRecord(models.Model):
    """One published version of a record (面談記録), never changed: a correction is a further version.

    `answers` is as in the working copy: what was written below each heading, and what was agreed.
    """

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="records")
    number = models.PositiveSmallIntegerField("版")
    template = models.ForeignKey(RecordTemplate, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField("内容")
    published_at = models.DateTimeField("公開日時", db_default=Now())

    objects = SharedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "面談記録"
        verbose_name_plural = "面談記録"
        ordering = ["interview", "number"]
        constraints = [
            models.UniqueConstraint(name="record_number_once", fields=["interview", "number"]),
            models.CheckConstraint(
                name="record_numbers_begin_with_one", condition=Q(number__gte=1)
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_record_stays", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.interview_id} {self.number}"


class RecordResponseQuerySet(models.QuerySet["RecordResponse"]):
    """Responses."""

    def visible_to(self, user: User) -> Self:
        """With the record, to the two alone."""
        return self.filter(record__in=SharedRecord.objects.visible_to(user))


class RecordResponse(models.Model):
    """What the interviewee said to a version: that it is so, that it is not, or a comment. Never changed."""

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", "内容を確認しました"
        NOT_CONFIRMED = "not_confirmed", "確認しません"
        COMMENT = "comment", "コメント"

    record = models.ForeignKey(SharedRecord, on_delete=models.PROTECT, related_name="responses")
    answer = models.CharField("返事", max_length=13, choices=Answer)
    comment = models.TextField("コメント", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("日時", db_default=Now())

    objects = RecordResponseQuerySet.as_manager()

    class Meta:
        verbose_name = "面談記録への返事"
        verbose_name_plural = "面談記録への返事"
        ordering = ["record", "pk"]
        constraints = [
            models.CheckConstraint(
                name="response_comment_says_something", condition=~Q(answer="comment", comment="")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="response_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.answer}"
