"""Deadlines moved for somebody: for all, for a section, for one person, and forms opened again after the end."""

from __future__ import annotations

import datetime
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.staff.models import Assignment, Section, User
from career_portal.staff.models.grants import sections_in_hr_scope

Person = User | int | OuterRef


class DeadlineExtensionQuerySet(models.QuerySet["DeadlineExtension"]):
    """Extensions."""

    def visible_to(self, user: User) -> Self:
        """Those that concern the person himself, and to HR those of its sections and their people."""
        if not user.is_active:
            return self.none()
        day = today()
        sections = sections_in_hr_scope(user, day).values("pk")
        people = User.objects.in_hr_scope_of(user, day).values("pk")
        return self.filter(
            Q(pk__in=DeadlineExtension.objects.applying_to(user, day).values("pk"))
            | Q(person=user)
            | (Q(kind=DeadlineExtension.Kind.ALL) & Exists(sections))
            | Q(section__in=sections)
            | Q(person__in=people)
        )

    def in_force(self) -> Self:
        """Extensions that nobody has taken back."""
        return self.filter(revoked_at__isnull=True)

    def running(self) -> Self:
        """Extensions that still let somebody write, by the database clock."""
        return self.in_force().filter(until__gt=Now())

    def applying_to(self, person: Person, day: datetime.date) -> Self:
        """Extensions in force that move the deadline of a person, or of the one whom an outer query is at.

        A section's holds for whoever has a post there on that day, but not for the officer who granted it.
        """
        # One subquery further in, the person of the outer query is one step further out.
        holder = OuterRef(person) if isinstance(person, OuterRef) else person
        held = Assignment.objects.on(day).filter(user=holder).values("section")
        return self.in_force().filter(
            Q(kind=DeadlineExtension.Kind.ALL)
            | Q(person=person)
            | (Q(section__in=held) & ~Q(granted_by=person))
        )


@pghistory.track()
class DeadlineExtension(models.Model):
    """HR lets somebody write in a round until an instant after its deadline, with a reason that the person reads.

    all: everybody. section: whoever has a post there. person: one person. reopening: one person whose own time was
    over; after the round was closed this is the only kind, and what it brings in enters no figure.
    """

    class Kind(models.TextChoices):
        ALL = "all", "全員"
        SECTION = "section", "課室"
        PERSON = "person", "一人"
        REOPENING = "reopening", "再開"

    round = models.ForeignKey(
        "surveys.SurveyRound", on_delete=models.PROTECT, related_name="extensions"
    )
    kind = models.CharField("対象", max_length=10, choices=Kind)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    until = models.DateTimeField("いつまで")
    reason = models.TextField("理由")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField("認めた日時", db_default=Now())
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField("取り消した日時", null=True, blank=True)

    objects = DeadlineExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = "締切の延長"
        verbose_name_plural = "締切の延長"
        ordering = ["-granted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="extension_names_whom_it_is_for",
                condition=Q(kind="all", section__isnull=True, person__isnull=True)
                | Q(kind="section", section__isnull=False, person__isnull=True)
                | Q(kind__in=["person", "reopening"], section__isnull=True, person__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_extends_his_own_deadline",
                condition=Q(person__isnull=True) | ~Q(person=F("granted_by")),
                violation_error_message="自分の締切を延ばすことはできません。",
            ),
            models.CheckConstraint(
                name="extension_reaches_beyond_its_granting",
                condition=Q(until__gt=F("granted_at")),
                violation_error_message="締切は、いまより後にしてください。",
            ),
            models.CheckConstraint(
                name="extension_revoked_by_somebody_at_some_time",
                condition=Q(revoked_by__isnull=True, revoked_at__isnull=True)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.get_kind_display()}"


def last_extension(
    survey_round: Combinable, person: Person, day: datetime.date
) -> QuerySet[DeadlineExtension, datetime.datetime]:
    """The latest instant until which extensions of a round let a person write, as a subquery; no row without any."""
    return (
        DeadlineExtension.objects.applying_to(person, day)
        .filter(round=survey_round)
        .order_by()
        .values("round")
        .values_list(Max("until"), flat=True)
    )
