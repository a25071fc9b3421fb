"""The log of reads. Changes are logged by the database itself (pghistory, beside each tracked model)."""

from __future__ import annotations

from typing import Protocol, Self

import pgtrigger
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import Min
from django.db.models.functions import Now, TruncMinute


class Account(Protocol):
    """Whoever asks for rows: the log knows people by number."""

    pk: int

    @property
    def is_active(self) -> bool:
        """Whether the account may sign in."""


class AccessEventQuerySet(models.QuerySet["AccessEvent"]):
    """Reads."""

    def visible_to(self, user: Account) -> Self:
        """A person sees who read about himself; nobody sees by this what was read about others, or what he read."""
        return self.filter(subject_id=user.pk) if user.is_active else self.none()

    def openings(self) -> models.QuerySet[AccessEvent, dict[str, object]]:
        """One row, with `opened_at` and `parts`, for each time that somebody opened a record, the latest first.

        The parts that the same reader saw of it in the same capacity within a minute count as one opening.
        """
        one_opening = ["reader_id", "reader_name", "capacity", "object_kind", "object_id", "minute"]
        return (
            self.annotate(minute=TruncMinute("read_at"))
            .values(*one_opening)
            .annotate(opened_at=Min("read_at"), parts=ArrayAgg("part", distinct=True))
            .order_by("-opened_at", "-object_id", "capacity", "reader_id")
        )


class AccessEvent(models.Model):
    """Somebody read a part of another person's record: who, in which capacity, whose, what, when. Never the content.

    It holds plain ids on purpose, no foreign keys: what has been read stays true whatever becomes of the rows.
    """

    read_at = models.DateTimeField("日時", db_default=Now())
    reader_id = models.BigIntegerField("読んだ人")
    reader_name = models.CharField("読んだ人の氏名", max_length=100)
    capacity = models.CharField("立場", max_length=20)
    subject_id = models.BigIntegerField("本人")
    object_kind = models.CharField("種類", max_length=40)
    object_id = models.BigIntegerField("番号")
    part = models.CharField("部分", max_length=40)

    objects = AccessEventQuerySet.as_manager()

    class Meta:
        verbose_name = "閲覧の記録"
        verbose_name_plural = "閲覧の記録"
        indexes = [
            models.Index(fields=["subject_id", "-read_at"], name="access_by_subject"),
            models.Index(fields=["reader_id", "-read_at"], name="access_by_reader"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.object_kind} {self.object_id} {self.part}"
