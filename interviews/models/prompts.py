"""The bank of prompts: open questions, and assumptions to set aside, each with when it fits."""

from __future__ import annotations

import datetime
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from career_portal.staff.models import User
from interviews.facts import Fact, group_of, in_words


class PromptQuerySet(models.QuerySet["Prompt"]):
    """Prompts."""

    def visible_to(self, user: User) -> Self:
        """Open to all staff: both who talk read them on their sheet."""
        return self.all() if user.is_active else self.none()

    def in_use(self) -> Self:
        """Those of today."""
        return self.filter(retired_at__isnull=True)

    def in_use_at(self, instant: datetime.datetime) -> Self:
        """Those of an instant; the sheet of a talk keeps the bank of when the talk was made."""
        ended_later = Q(retired_at__isnull=True) | Q(retired_at__gt=instant)
        return self.filter(ended_later, added_at__lte=instant)


class Prompt(models.Model):
    """One prompt. `note` is the sentence beneath it; `conditions` are facts of the talk in which it fits, none means always.

    Of facts of one group one must be so, of several groups each: see `preparation.choosing`. What it says never changes:
    a change retires it and puts another in its place, so that the sheets of talks that were made before stay as they are.
    """

    class Form(models.TextChoices):
        QUESTION = "question", "開かれた問い"
        ASSUMPTION = "assumption", "脇に置いておく思い込み"

    class Topic(models.TextChoices):
        OPENING = "opening", "話のはじまり"
        WORK = "work", "いまの仕事"
        GROWTH = "growth", "力と学び"
        FUTURE = "future", "これから"
        VALUES = "values", "大切にしていること"
        PEOPLE = "people", "人とのつながり"
        CONDITIONS = "conditions", "働く条件"
        SUPPORT = "support", "支えと約束"

    form = models.CharField("形", max_length=10, choices=Form)
    topic = models.CharField("話題", max_length=10, choices=Topic)
    text = models.TextField("文")
    note = models.TextField("添える文")
    conditions = ArrayField(
        models.CharField(max_length=24, choices=Fact), verbose_name="条件", default=list, blank=True
    )
    sort_order = models.PositiveIntegerField("並び順")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField("加えた日時", db_default=Now())
    retired_at = models.DateTimeField("使うのをやめた日時", null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = PromptQuerySet.as_manager()

    class Meta:
        verbose_name = "問いかけ"
        verbose_name_plural = "問いかけ"
        ordering = ["sort_order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="prompt_form_is_known", condition=Q(form__in=["question", "assumption"])
            ),
            models.CheckConstraint(
                name="prompt_conditions_are_known",
                condition=Q(conditions__contained_by=[fact.value for fact in Fact]),
            ),
            models.CheckConstraint(
                name="prompt_retired_after_added",
                condition=Q(retired_at__isnull=True) | Q(retired_at__gte=F("added_at")),
            ),
            models.UniqueConstraint(
                name="prompt_in_use_once",
                fields=["text"],
                condition=Q(retired_at__isnull=True),
                violation_error_message="同じ文の問いかけが、すでにあります。",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="prompt_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="prompt_is_immutable",
                fields=["form", "topic", "text", "note", "conditions", "sort_order", "added_at"],
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def condition_groups(self) -> dict[str, set[str]]:
        """The conditions by what they are about."""
        groups: dict[str, set[str]] = {}
        for fact in self.conditions:
            groups.setdefault(group_of(fact), set()).add(fact)
        return groups

    @property
    def when(self) -> str:
        """When it fits, in words."""
        return in_words(self.conditions)
