"""Writing the log of reads."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Protocol

from django.db import connection

from career_portal.audit.models import AccessEvent

EVENTS_AT_ONCE = 2_000


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
    record_reads_of_many(
        by=by,
        capacity=capacity,
        object_kind=object_kind,
        reads=((subject_id, object_id, part) for part in parts),
    )


def record_reads_of_many(
    *, by: Reader, capacity: str, object_kind: str, reads: Iterable[tuple[int, int, str]]
) -> None:
    """Log the reading of many people's records: whose, which object and which part each. As `record_reads`."""
    if not connection.in_atomic_block:
        raise RuntimeError("a sensitive read is logged in the transaction that reads")
    events = (
        AccessEvent(
            reader_id=by.pk,
            reader_name=by.display_name,
            capacity=capacity,
            subject_id=subject_id,
            object_kind=object_kind,
            object_id=object_id,
            part=part,
        )
        for subject_id, object_id, part in reads
    )
    while some := list(islice(events, EVENTS_AT_ONCE)):
        AccessEvent.objects.bulk_create(some)
