"""Templates of headings, one current version for each kind of interview; a version is never changed."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Now

from career_portal.staff.models import User
from interviews.kinds import Kind

MOST_HEADINGS = 8


class RecordTemplateQuerySet(models.QuerySet["RecordTemplate"]):
    """Templates."""

    def visible_to(self, user: User) -> Self:
        """What a record asks for is known to all staff."""
        return self.all() if user.is_active else self.none()

    def current(self) -> Self:
        """The last version of each kind."""
        last = RecordTemplate.objects.filter(kind=OuterRef("kind")).order_by("-version")
        return self.filter(pk=Subquery(last.values("pk")[:1]))


class RecordTemplate(models.Model):
    """One version of the headings for a kind of interview. `made_by` is empty for those an installation starts with."""

    kind = models.CharField("種類", max_length=12, choices=Kind)
    version = models.PositiveSmallIntegerField("版")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField("作成", db_default=Now())

    objects = RecordTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "面談記録のひな形"
        verbose_name_plural = "面談記録のひな形"
        ordering = ["kind", "version"]
        constraints = [
            models.UniqueConstraint(name="template_version_once", fields=["kind", "version"]),
            models.CheckConstraint(
                name="template_kind_is_known", condition=Q(kind__in=[kind.value for kind in Kind])
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="template_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class TemplateHeadingQuerySet(models.QuerySet["TemplateHeading"]):
    """Headings."""

    def visible_to(self, user: User) -> Self:
        """With their template."""
        return self.all() if user.is_active else self.none()


class TemplateHeading(models.Model):
    """One heading of a template, with a sentence on what to write below it."""

    template = models.ForeignKey(RecordTemplate, on_delete=models.PROTECT, related_name="headings")
    number = models.PositiveSmallIntegerField("番号")
    label = models.CharField("見出し", max_length=60)
    hint = models.CharField("書くときの手がかり", max_length=200, blank=True)

    objects = TemplateHeadingQuerySet.as_manager()

    class Meta:
        verbose_name = "見出し"
        verbose_name_plural = "見出し"
        ordering = ["template", "number"]
        constraints = [
            models.UniqueConstraint(name="heading_number_once", fields=["template", "number"]),
            models.CheckConstraint(
                name="at_most_eight_headings",
                condition=Q(number__gte=1, number__lte=MOST_HEADINGS),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="heading_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.label
