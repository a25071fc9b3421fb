"""Rows that hold for a period of days.

A period is half-open: `valid_from` is the first day it holds, `valid_until` the first day it no longer does
(JST, at 00:00); an open end means until further notice. So a successor starts on the very day its predecessor ends.
"""

from __future__ import annotations

import datetime
from typing import Any, Self

from django.contrib.postgres.fields import DateRangeField, RangeBoundary
from django.db import models
from django.db.models import F, Func, Q


class DateRange(Func):
    """The half-open Postgres daterange of a row, for exclusion constraints."""

    function = "DATERANGE"
    output_field = DateRangeField()


def validity_range() -> DateRange:
    """The period of a dated row as an expression."""
    return DateRange("valid_from", "valid_until", RangeBoundary())


def valid_on(day: datetime.date, prefix: str = "") -> Q:
    """The condition that a dated row, reached by `prefix` ("assignments__"), holds on that day."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gt": day})
    )


class DatedQuerySet(models.QuerySet[Any]):
    """A queryset of dated rows."""

    def on(self, day: datetime.date) -> Self:
        """Rows that hold on that day (JST)."""
        return self.filter(valid_on(day))


class Dated(models.Model):
    """A row that holds from a day (inclusive) to a day (exclusive), in JST."""

    valid_from = models.DateField("いつから")
    valid_until = models.DateField("いつまで（この日から無効）", null=True, blank=True)

    class Meta:
        abstract = True


def ends_after_start(name: str) -> models.CheckConstraint:
    """The constraint that a period is not empty and not turned round."""
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
        violation_error_message="終わりの日は、始まりの日より後にしてください。",
    )
