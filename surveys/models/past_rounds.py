"""Files of a past round that somebody chose, from the look at them until the round is put down."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.staff.models import User
from surveys.models.frozen import RoundFreeze
from surveys.models.releases import runs_releases


class RoundImportQuerySet(models.QuerySet["RoundImport"]):
    """Imports of past rounds."""

    def visible_to(self, user: User) -> Self:
        """To feedback admins and HR of the whole ministry."""
        return self.filter(runs_releases(user, today())) if user.is_active else self.none()

    def waiting(self) -> Self:
        """Those whose files were looked at and not taken yet."""
        return self.filter(freeze__isnull=True)


class RoundImport(models.Model):
    """Three files of a past year's round. `folder` is where they lie; it is empty once they were taken or are too old."""

    fiscal_year = models.PositiveSmallIntegerField("年度")
    reference_date = models.DateField("基準日")
    reason = models.CharField("訂正の理由", max_length=200, blank=True)
    folder = models.CharField("置き場所", max_length=100, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("選んだ日時", db_default=Now())
    freeze = models.ForeignKey(
        RoundFreeze, on_delete=models.PROTECT, null=True, blank=True, related_name="imports"
    )

    objects = RoundImportQuerySet.as_manager()

    class Meta:
        verbose_name = "過去の実施回の取り込み"
        verbose_name_plural = "過去の実施回の取り込み"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="taken_files_are_gone", condition=Q(freeze__isnull=True) | Q(folder="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.uploaded_by_id}"
