"""Bureaus and sections: reorganised every summer, so every unit holds from a day to a day and names its successors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from career_portal.staff.models.validity import (
    Dated,
    DatedQuerySet,
    ends_after_start,
    validity_range,
)

if TYPE_CHECKING:
    from career_portal.staff.models.user import User


class UnitQuerySet(DatedQuerySet):
    """Bureaus or sections."""

    def visible_to(self, user: User) -> Self:
        """The organisation is known to all staff."""
        return self.all() if user.is_active else self.none()


@pghistory.track()
class Bureau(Dated):
    """A bureau, agency or regional office (局・庁) in the shape it has in its period."""

    code = models.CharField("コード", max_length=16)
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("略称", max_length=40, blank=True)
    place = models.CharField("所在地", max_length=40, blank=True)
    sort_order = models.PositiveIntegerField("並び順", default=0)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "局・庁"
        verbose_name_plural = "局・庁"
        ordering = ["sort_order", "code"]
        constraints = [
            ends_after_start("bureau_ends_after_start"),
            ExclusionConstraint(
                name="bureau_code_held_once_at_a_time",
                expressions=[
                    (F("code"), RangeOperators.EQUAL),
                    (validity_range(), RangeOperators.OVERLAPS),
                ],
                violation_error_message="同じコードの局・庁が、同じ期間にあります。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Section(Dated):
    """A section, office or equivalent post (課室) in the shape it has in its period.

    Names repeat (総務課), so a section is known by bureau, division and name. The leaf that holds a bureau's
    leadership is a section of kind `leadership`.
    """

    class Kind(models.TextChoices):
        SECTION = "section", "課室"
        LEADERSHIP = "leadership", "局付"

    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT, related_name="sections")
    code = models.CharField("コード", max_length=16)
    division = models.CharField("部・グループ", max_length=80, blank=True)
    name = models.CharField("名称", max_length=80)
    english_name = models.CharField("英語名", max_length=160, blank=True)
    kind = models.CharField("種類", max_length=12, choices=Kind, default=Kind.SECTION)
    duties = models.TextField("所掌事務", blank=True)
    source = models.CharField("出典", max_length=200, blank=True)
    topics = models.CharField("政策の語", max_length=200, blank=True)
    field_code = models.CharField("主な専門分野（B1）", max_length=8, blank=True)
    second_field_code = models.CharField("次の専門分野（B1）", max_length=8, blank=True)
    place = models.CharField("勤務地", max_length=40, blank=True)
    sort_order = models.PositiveIntegerField("並び順", default=0)
    successors: models.ManyToManyField[Section, SectionSuccession] = models.ManyToManyField(
        "self", through="SectionSuccession", symmetrical=False, related_name="predecessors"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "課室"
        verbose_name_plural = "課室"
        ordering = ["bureau__sort_order", "sort_order", "code"]
        constraints = [
            ends_after_start("section_ends_after_start"),
            ExclusionConstraint(
                name="section_code_held_once_at_a_time",
                expressions=[
                    (F("code"), RangeOperators.EQUAL),
                    (validity_range(), RangeOperators.OVERLAPS),
                ],
                violation_error_message="同じコードの課室が、同じ期間にあります。",
            ),
            ExclusionConstraint(
                name="section_name_held_once_at_a_time",
                expressions=[
                    (F("bureau"), RangeOperators.EQUAL),
                    (F("division"), RangeOperators.EQUAL),
                    (F("name"), RangeOperators.EQUAL),
                    (validity_range(), RangeOperators.OVERLAPS),
                ],
                violation_error_message="同じ局・部に、同じ名称の課室が同じ期間にあります。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """Bureau, division and section, as a stranger needs it."""
        return f"{self.bureau.name} {self.name_in_bureau}"

    @property
    def name_in_bureau(self) -> str:
        """Division and section, which is one of a kind within the bureau."""
        return f"{self.division} {self.name}".lstrip()


class SuccessionQuerySet(models.QuerySet["SectionSuccession"]):
    """Links between sections across reorganisations."""

    def visible_to(self, user: User) -> Self:
        """The organisation's history is known to all staff."""
        return self.all() if user.is_active else self.none()


@pghistory.track()
class SectionSuccession(models.Model):
    """One section's work goes on in another: a rename, a split, a merger or a move to another bureau."""

    class Kind(models.TextChoices):
        RENAME = "rename", "改称"
        SPLIT = "split", "分割"
        MERGER = "merger", "統合"
        MOVE = "move", "移管"

    predecessor = models.ForeignKey(
        Section, on_delete=models.PROTECT, related_name="successions_out"
    )
    successor = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="successions_in")
    kind = models.CharField("種類", max_length=8, choices=Kind)
    effective_on = models.DateField("施行日")

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = "課室の承継"
        verbose_name_plural = "課室の承継"
        constraints = [
            models.UniqueConstraint(
                name="succession_stated_once", fields=["predecessor", "successor"]
            ),
            models.CheckConstraint(
                name="succession_joins_two_sections",
                condition=~Q(predecessor=F("successor")),
                violation_error_message="同じ課室を承継元と承継先にすることはできません。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
