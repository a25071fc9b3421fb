"""Writing the log of reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django.db import connection

from career_portal.audit.models import AccessEvent


class Reader(Protocol):
    """Whoever reads: the log keeps id and name."""

    pk: int

    @property
    def display_name(self) -> str:
        """The name to keep."""


def record_reads(
    *,
    by: Reader,
    capacity: str,
    subject_id: int,
    object_kind: str,
    object_id: int,
    parts: Iterable[str],
) -> None:
    """Log that `by` reads these parts of another person's record; to be called in the transaction of the read.

    Raises RuntimeError outside a transaction: a read that could not be logged must not be shown.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a sensitive read is logged in the transaction that reads")
    AccessEvent.objects.bulk_create(
        AccessEvent(
            reader_id=by.pk,
            reader_name=by.display_name,
            capacity=capacity,
            subject_id=subject_id,
            object_kind=object_kind,
            object_id=object_id,
            part=part,
        )
        for part in parts
    )
