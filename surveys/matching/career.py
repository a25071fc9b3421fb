"""Where a person works and has worked, as far as matching asks for it."""

from __future__ import annotations

from dataclasses import dataclass

from career_portal.common.clock import today
from career_portal.staff.models import Assignment, User


@dataclass(frozen=True)
class Career:
    """The grade of today's main post, the sections of today's posts, and all bureaus (by code) worked in so far."""

    grade: str | None
    sections: frozenset[int]
    bureaus: frozenset[str]


def career_of(user: User) -> Career:
    """The person's own posts until today."""
    day = today()
    rows = Assignment.objects.visible_to(user).filter(user=user, valid_from__lte=day)
    held = list(
        rows.values_list(
            "grade", "section", "section__bureau__code", "is_concurrent", "valid_until"
        )
    )
    now = [row for row in held if row[4] is None or row[4] > day]
    return Career(
        next((grade for grade, _, _, is_concurrent, _ in now if not is_concurrent), None),
        frozenset(section for _, section, *_ in now),
        frozenset(bureau for _, _, bureau, *_ in held),
    )
