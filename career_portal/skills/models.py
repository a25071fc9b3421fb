"""The versioned skill framework (スキル体系): A1-A5 competencies, B1 fields of expertise, B2 administrative skills."""

from __future__ import annotations

from typing import Self

from django.db import models

from career_portal.staff.models import User


class FrameworkQuerySet(models.QuerySet["SkillFramework"]):
    """Versions of the framework."""

    def visible_to(self, user: User) -> Self:
        """The framework is open to all staff."""
        return self.all() if user.is_active else self.none()

    def in_use(self) -> Self:
        """The version that is used now, as a queryset of one: the last one published."""
        newest = self.order_by("-published_on", "-pk").values("pk")[:1]
        return self.filter(pk__in=newest)


class SkillFramework(models.Model):
    """One version of the list of competencies, fields and skills."""

    version = models.CharField("版", max_length=20, unique=True)
    title = models.CharField("名称", max_length=80)
    published_on = models.DateField("公表日")

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        verbose_name = "スキル体系"
        verbose_name_plural = "スキル体系"

    def __str__(self) -> str:
        return f"{self.title}（{self.version}）"


class SkillQuerySet(models.QuerySet["Skill"]):
    """Entries of frameworks."""

    def visible_to(self, user: User) -> Self:
        """The framework is open to all staff."""
        return self.all() if user.is_active else self.none()

    def in_use(self) -> Self:
        """The entries of the framework that is used now."""
        return self.filter(framework__in=SkillFramework.objects.in_use())


class Skill(models.Model):
    """One competency (A1-A5), field of expertise (B1) or administrative skill (B2) of a framework version."""

    class Kind(models.TextChoices):
        COMPETENCY = "A", "コンピテンシー"
        FIELD = "B1", "専門分野"
        ADMINISTRATIVE = "B2", "行政官として役立つスキル"

    framework = models.ForeignKey(SkillFramework, on_delete=models.CASCADE, related_name="skills")
    code = models.CharField("コード", max_length=8)
    kind = models.CharField("種類", max_length=2, choices=Kind)
    name = models.CharField("名称", max_length=60)
    note = models.CharField("補足", max_length=60, blank=True)
    sort_order = models.PositiveIntegerField("並び順")

    objects = SkillQuerySet.as_manager()

    class Meta:
        verbose_name = "スキル"
        verbose_name_plural = "スキル"
        ordering = ["sort_order"]
        constraints = [
            models.UniqueConstraint(
                name="skill_code_once_per_framework", fields=["framework", "code"]
            )
        ]

    def __str__(self) -> str:
        return self.name
