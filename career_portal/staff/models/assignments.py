"""Who holds which post from when to when, and who supervises whom by it."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable

from career_portal.staff.models.organisation import Bureau, Section
from career_portal.staff.models.validity import (
    Dated,
    DatedQuerySet,
    ends_after_start,
    validity_range,
)

if TYPE_CHECKING:
    from career_portal.staff.models.user import User


class Grade(models.TextChoices):
    """Grades of the administrative service, from the bottom to the top."""

    OFFICIAL = "official", "係員"
    SENIOR_OFFICIAL = "senior_official", "主任"
    UNIT_CHIEF = "unit_chief", "係長"
    DEPUTY_DIRECTOR = "deputy_director", "課長補佐"
    OFFICE_DIRECTOR = "office_director", "室長"
    DIRECTOR = "director", "課長"
    DEPUTY_DIRECTOR_GENERAL = "deputy_director_general", "審議官"
    DIRECTOR_GENERAL = "director_general", "局長"


class AssignmentQuerySet(DatedQuerySet):
    """Posts held."""

    def visible_to(self, user: User) -> Self:
        """Who sits where is known to all staff."""
        return self.all() if user.is_active else self.none()

    def leading(self) -> Self:
        """The assignments by which somebody leads a section, as its head or acting head."""
        return self.filter(position__in=[Assignment.Position.HEAD, Assignment.Position.ACTING_HEAD])

    def led_by(self, user_pk: int | Combinable) -> Self:
        """The assignments by which one person leads a section."""
        return self.leading().filter(user=user_pk)

    def main(self) -> Self:
        """The one post of a person that is not held beside another."""
        return self.filter(is_concurrent=False)

    def main_posts(self, people: Collection[int], day: datetime.date) -> dict[int, Assignment]:
        """By person the main post that he holds on a day (JST), with its section and bureau; who holds none is missing."""
        held = self.filter(user__in=people).on(day).main().select_related("section__bureau")
        return {post.user_id: post for post in held}

    def main_post(self, person: int, day: datetime.date) -> Assignment | None:
        """The same of one person."""
        return self.main_posts([person], day).get(person)


@pghistory.track()
class Assignment(Dated):
    """A person holds a post in a section for a period (発令・在職), as his main post or beside it (併任)."""

    class Position(models.TextChoices):
        MEMBER = "member", "課室員"
        HEAD = "head", "課室の長"
        ACTING_HEAD = "acting_head", "事務取扱"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="assignments")
    grade = models.CharField("職層", max_length=24, choices=Grade)
    post_title = models.CharField("職名", max_length=80)
    position = models.CharField("立場", max_length=12, choices=Position, default=Position.MEMBER)
    is_concurrent = models.BooleanField("併任", default=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "在職"
        verbose_name_plural = "在職"
        indexes = [models.Index(fields=["section", "valid_from"], name="assignment_by_section")]
        constraints = [
            ends_after_start("assignment_ends_after_start"),
            ExclusionConstraint(
                name="one_main_post_at_a_time",
                expressions=[
                    (F("user"), RangeOperators.EQUAL),
                    (validity_range(), RangeOperators.OVERLAPS),
                ],
                condition=Q(is_concurrent=False),
                violation_error_message="同じ期間に、ほかの本務の発令があります。",
            ),
            ExclusionConstraint(
                name="one_post_per_section_at_a_time",
                expressions=[
                    (F("user"), RangeOperators.EQUAL),
                    (F("section"), RangeOperators.EQUAL),
                    (validity_range(), RangeOperators.OVERLAPS),
                ],
                violation_error_message="同じ期間に、同じ課室での発令があります。",
            ),
            ExclusionConstraint(
                name="one_head_per_section_at_a_time",
                expressions=[
                    (F("section"), RangeOperators.EQUAL),
                    (F("position"), RangeOperators.EQUAL),
                    (validity_range(), RangeOperators.OVERLAPS),
                ],
                condition=~Q(position="member"),
                violation_error_message="同じ期間に、この課室の長がすでにいます。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.post_title}"


class DesignationQuerySet(DatedQuerySet):
    """Supervisors named for a period."""

    def visible_to(self, user: User) -> Self:
        """Who supervises whom is known to all staff."""
        return self.all() if user.is_active else self.none()


@pghistory.track()
class SupervisorDesignation(Dated):
    """An officer named, for a period, to supervise the members of a section, or the section heads of a bureau."""

    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="designations"
    )
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="designations"
    )
    bureau = models.ForeignKey(
        Bureau, on_delete=models.PROTECT, null=True, blank=True, related_name="designations"
    )

    objects = DesignationQuerySet.as_manager()

    class Meta:
        verbose_name = "上司の指定"
        verbose_name_plural = "上司の指定"
        constraints = [
            ends_after_start("designation_ends_after_start"),
            models.CheckConstraint(
                name="designation_for_section_or_bureau",
                condition=Q(section__isnull=True) ^ Q(bureau__isnull=True),
                violation_error_message="課室か局のどちらか一つを選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supervisor} → {self.section or self.bureau}"
