"""Exports of submitted forms by HR, each step of which is written down."""

from __future__ import annotations

import datetime
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.staff.models import RoleGrant, User
from surveys.models.rounds import SurveyRound
from surveys.models.submission import Submission

# A worker that was not heard of for so long is dead.
SILENCE = datetime.timedelta(minutes=2)
# Above so many people a second HR officer approves (ASVS 5.0, 2.3.5).
PEOPLE_WITHOUT_APPROVAL = 50


class FormExportQuerySet(models.QuerySet["FormExport"]):
    """Exports."""

    def visible_to(self, user: User) -> Self:
        """To HR: its own; to HR of the whole ministry also those of others. What is in them, nobody sees by this."""
        if not user.is_active:
            return self.none()
        grants = RoleGrant.objects.as_hr(user, today())
        own = Q(requested_by=user) & Exists(grants)
        return self.filter(own | Exists(grants.everywhere()))

    def to_be_made(self) -> Self:
        """Orders whose file has to be made now: queued ones, and those whose worker has not been heard of for long."""
        silent = Now() - SILENCE
        return self.filter(
            Q(state=FormExport.State.QUEUED)
            | Q(state=FormExport.State.RUNNING, heartbeat_at__lt=silent)
        )

    def with_freshness(self) -> Self:
        """Exports with `is_fresh`: whether their file can still be fetched, by the database clock."""
        return self.annotate(
            is_fresh=ExpressionWrapper(
                Q(state=FormExport.State.READY, expires_at__gt=Now()), BooleanField()
            )
        )


@pghistory.track(exclude=["done", "heartbeat_at"])
class FormExport(models.Model):
    """An HR officer's order of a file with the submitted forms in his scope, for a purpose.

    `filters` are those of the list of forms. waiting: a second officer has to approve. queued, running: a worker makes
    it; `heartbeat_at` tells that it lives, `attempts` how often it was begun. ready: until `expires_at` the officer can fetch it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "承認待ち"
        REFUSED = "refused", "承認されず"
        QUEUED = "queued", "順番待ち"
        RUNNING = "running", "作成中"
        READY = "ready", "できました"
        FAILED = "failed", "失敗"
        EXPIRED = "expired", "期限切れ"

    class Format(models.TextChoices):
        XLSX = "xlsx", "Excel"
        CSV = "csv", "CSV"

    round = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="exports")
    format = models.CharField("形式", max_length=4, choices=Format)
    filters = models.JSONField("条件", default=dict, blank=True)
    purpose = models.TextField("目的")
    people = models.PositiveIntegerField("人数")
    state = models.CharField("状態", max_length=8, choices=State)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField("依頼した日時", db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("判断した日時", null=True, blank=True)
    refusal = models.TextField("承認しない理由", blank=True)
    done = models.PositiveIntegerField("書き出した人数", default=0)
    attempts = models.PositiveSmallIntegerField("作成の回数", default=0)
    heartbeat_at = models.DateTimeField("作成中の最終更新", null=True, blank=True)
    file = models.CharField("ファイル", max_length=100, blank=True)
    ready_at = models.DateTimeField("できた日時", null=True, blank=True)
    expires_at = models.DateTimeField("期限", null=True, blank=True)
    downloads = models.PositiveIntegerField("受け取った回数", default=0)

    objects = FormExportQuerySet.as_manager()

    # Set by `with_freshness`.
    is_fresh: bool

    class Meta:
        verbose_name = "調書の出力"
        verbose_name_plural = "調書の出力"
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="export_is_decided_by_somebody_else",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                violation_error_message="自分の依頼を自分で承認することはできません。",
            ),
            models.CheckConstraint(
                name="export_decided_by_somebody_at_some_time",
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="large_export_needs_a_second_officer",
                condition=Q(people__lte=PEOPLE_WITHOUT_APPROVAL)
                | Q(state="waiting")
                | Q(decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="ready_export_has_a_file_and_an_end",
                condition=~Q(state="ready")
                | (~Q(file="") & Q(ready_at__isnull=False, expires_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.requested_by_id} {self.state}"


class ExportedFormQuerySet(models.QuerySet["ExportedForm"]):
    """Forms in exports."""

    def visible_to(self, user: User) -> Self:
        """The person sees in which exports his own forms are."""
        return self.filter(submission__survey__user=user) if user.is_active else self.none()


class ExportedForm(models.Model):
    """A submitted version that an export holds."""

    export = models.ForeignKey(FormExport, on_delete=models.PROTECT, related_name="forms")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")

    objects = ExportedFormQuerySet.as_manager()

    class Meta:
        verbose_name = "出力した調書"
        verbose_name_plural = "出力した調書"
        constraints = [
            models.UniqueConstraint(name="form_once_per_export", fields=["export", "submission"])
        ]

    def __str__(self) -> str:
        return f"{self.export_id} {self.submission_id}"
