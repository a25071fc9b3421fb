"""Descriptions of posts (ポストディスクリプション), as far as a hope survey refers to them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from career_portal.staff.models import Section, User
from career_portal.staff.models.assignments import Grade


class PostDescriptionQuerySet(models.QuerySet["PostDescription"]):
    """Post descriptions."""

    def visible_to(self, user: User) -> Self:
        """Published descriptions are open to all staff, archived ones stay readable; drafts are for their writers."""
        if not user.is_active:
            return self.none()
        return self.filter(
            state__in=[PostDescription.State.PUBLISHED, PostDescription.State.ARCHIVED]
        )

    def published(self) -> Self:
        """Descriptions that can be hoped for today."""
        return self.filter(state=PostDescription.State.PUBLISHED)

    def matching(self, words: str) -> Self:
        """Descriptions that hold every word in title, section, division or bureau; all of them without a word."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(title__icontains=word)
                | Q(duty__icontains=word)
                | Q(section__name__icontains=word)
                | Q(section__division__icontains=word)
                | Q(section__bureau__name__icontains=word)
            )
        return found


class PostDescription(models.Model):
    """The description of one non-managerial post in a section."""

    class State(models.TextChoices):
        DRAFT = "draft", "下書き"
        PUBLISHED = "published", "公開"
        ARCHIVED = "archived", "公開終了"

    code = models.CharField("コード", max_length=20, unique=True)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="post_descriptions")
    title = models.CharField("職名", max_length=80)
    grade = models.CharField("職層", max_length=24, choices=Grade)
    duty = models.CharField("業務内容", max_length=200, blank=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)

    objects = PostDescriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "ポストディスクリプション"
        verbose_name_plural = "ポストディスクリプション"
        ordering = ["section__bureau__sort_order", "section__sort_order", "code"]
        constraints = [
            models.CheckConstraint(
                name="post_is_not_managerial",
                condition=Q(
                    grade__in=["official", "senior_official", "unit_chief", "deputy_director"]
                ),
                violation_error_message="ポストディスクリプションは課長補佐以下のポストが対象です。",
            ),
        ]

    def __str__(self) -> str:
        return self.title
