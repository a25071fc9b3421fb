"""Roles granted to people, with scope and period."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, F, Q
from django.db.models.functions import Coalesce

from career_portal.staff.models.organisation import Bureau, Section, UnitQuerySet
from career_portal.staff.models.validity import (
    Dated,
    DatedQuerySet,
    ends_after_start,
    validity_range,
)
from career_portal.staff.roles import Role

if TYPE_CHECKING:
    from career_portal.staff.models.user import User


class RoleGrantQuerySet(DatedQuerySet):
    """Granted roles."""

    def visible_to(self, user: User) -> Self:
        """A person sees the roles he holds himself; pages for administrators widen this where they are added."""
        return self.filter(user=user) if user.is_active else self.none()

    def as_hr(self, user: User, day: datetime.date) -> Self:
        """The grants by which a person is HR on that day."""
        return self.on(day).filter(user=user, role=Role.HR)

    def everywhere(self) -> Self:
        """Grants for the whole ministry."""
        return self.filter(bureau__isnull=True, section__isnull=True)

    def reaching(self, section: str = "") -> Q:
        """The condition that a section, reached by the path `section` ("section__"), is named by one of these grants."""
        return Q(
            **{f"{section}bureau__in": self.filter(bureau__isnull=False).values("bureau")}
        ) | Q(**{f"{section}pk__in": self.filter(section__isnull=False).values("section")})

    def covering(self, section: str = "") -> Q:
        """As `reaching`, or that one of these grants is for the whole ministry."""
        return Q(Exists(self.everywhere())) | self.reaching(section)


@pghistory.track()
class RoleGrant(Dated):
    """A person holds a role for a period: in the whole ministry, a bureau or a section, or for one head (代理)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_grants"
    )
    role = models.CharField("役割", max_length=16, choices=Role)
    bureau = models.ForeignKey(
        Bureau, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations",
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = "役割の付与"
        verbose_name_plural = "役割の付与"
        constraints = [
            ends_after_start("grant_ends_after_start"),
            models.CheckConstraint(
                name="grant_role_is_known",
                condition=Q(role__in=[role.value for role in Role]),
            ),
            models.CheckConstraint(
                name="grant_scope_is_bureau_or_section",
                condition=Q(bureau__isnull=True) | Q(section__isnull=True),
                violation_error_message="範囲は局か課室のどちらか一つにしてください。",
            ),
            models.CheckConstraint(
                name="delegate_acts_for_somebody",
                condition=Q(role="delegate", on_behalf_of__isnull=False)
                | (~Q(role="delegate") & Q(on_behalf_of__isnull=True)),
                violation_error_message="代理には、だれの代理かを選んでください。",
            ),
            models.CheckConstraint(
                name="nobody_grants_himself",
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")),
                violation_error_message="自分に役割を付与することはできません。",
            ),
            ExclusionConstraint(
                name="role_granted_once_at_a_time",
                expressions=[
                    (F("user"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.EQUAL),
                    (Coalesce(F("bureau"), 0), RangeOperators.EQUAL),
                    (Coalesce(F("section"), 0), RangeOperators.EQUAL),
                    (Coalesce(F("on_behalf_of"), 0), RangeOperators.EQUAL),
                    (validity_range(), RangeOperators.OVERLAPS),
                ],
                violation_error_message="同じ役割が、同じ期間にすでに付与されています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


def sections_in_hr_scope(user: User, day: datetime.date) -> UnitQuerySet:
    """The sections of that day that lie in the scope of a person's HR grants; none for anybody else."""
    grants = RoleGrant.objects.as_hr(user, day)
    return Section.objects.on(day).filter(grants.covering())
