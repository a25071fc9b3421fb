"""The log of files that were fetched from a release."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.staff.models import User
from surveys.models.frozen import RoundUnit
from surveys.models.releases import FeedbackRelease, runs_releases


class SheetDownloadQuerySet(models.QuerySet["SheetDownload"]):
    """Downloads."""

    def visible_to(self, user: User) -> Self:
        """To those who run releases, and to whoever fetched it."""
        if not user.is_active:
            return self.none()
        return self.filter(Q(user=user) | runs_releases(user, today()))


class SheetDownload(models.Model):
    """Somebody fetched a file of a release; `unit` is that of a sheet, or the bureau of a bundle."""

    class Kind(models.TextChoices):
        SHEET = "sheet", "シート（PDF）"
        BUREAU = "bureau", "局・庁のシート（ZIP）"
        ALL = "all", "すべてのシート（ZIP）"
        FIGURES = "figures", "数値（CSV）"
        UNITS = "units", "単位の一覧（CSV）"
        CERTIFICATE = "certificate", "監査証明"

    release = models.ForeignKey(FeedbackRelease, on_delete=models.PROTECT, related_name="downloads")
    kind = models.CharField("ファイル", max_length=11, choices=Kind)
    unit = models.ForeignKey(
        RoundUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fetched_at = models.DateTimeField("受け取った日時", db_default=Now())

    objects = SheetDownloadQuerySet.as_manager()

    class Meta:
        verbose_name = "シートの受け取り"
        verbose_name_plural = "シートの受け取り"
        triggers = [
            pgtrigger.Protect(name="download_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.kind} {self.user_id}"
