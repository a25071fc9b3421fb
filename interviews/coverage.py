"""How far the talks of the line are this fiscal year, by section: held, open, not offered. People, never content.

Talks with a mentor or HR are the two's alone and count for nothing here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from career_portal.common.clock import fiscal_year, today
from career_portal.staff.models import Assignment, Section, User
from interviews.booking.working_time import at
from interviews.kinds import LINE_KINDS
from interviews.models import Interview, Proposal
from interviews.permissions import sections_covered_by

HELD, OPEN, NOT_OFFERED = "済み", "予定あり", "まだ"


@dataclass
class Covered:
    """A section with its members by how far their talk is."""

    section: Section
    people: dict[str, list[int]] = field(
        default_factory=lambda: {HELD: [], OPEN: [], NOT_OFFERED: []}
    )

    @property
    def held(self) -> int:
        """Members whose talk took place."""
        return len(self.people[HELD])

    @property
    def open(self) -> int:
        """Members whose talk is booked, or to whom times were proposed."""
        return len(self.people[OPEN])

    @property
    def not_offered(self) -> int:
        """Members with neither."""
        return len(self.people[NOT_OFFERED])

    @property
    def total(self) -> int:
        """All members."""
        return self.held + self.open + self.not_offered


def covered_by(user: User) -> list[Covered]:
    """The sections in somebody's care with the states of their members, in four statements however many there are."""
    day = today()
    sections = sections_covered_by(user).select_related("bureau")
    found = {
        section.pk: Covered(section)
        for section in sections.order_by("bureau__sort_order", "sort_order", "code")
    }
    held, waiting = _held(day), _open()
    members = Assignment.objects.visible_to(user).on(day).main().filter(section__in=list(found))
    for person, section in members.exclude(position=Assignment.Position.HEAD).values_list(
        "user", "section"
    ):
        state = HELD if person in held else OPEN if person in waiting else NOT_OFFERED
        found[section].people[state].append(person)
    return [each for each in found.values() if each.total]


def _held(day: datetime.date) -> set[int]:
    first = datetime.date(fiscal_year(day), 4, 1)
    days = (first.replace(year=first.year + 1) - first).days
    whole = at(first, datetime.time(), days * 24 * 60)
    held = Interview.objects.filter(
        kind__in=_line(), state=Interview.State.HELD, period__overlap=whole
    )
    return set(held.values_list("interviewee", flat=True))


def _open() -> set[int]:
    booked = Interview.objects.booked().filter(kind__in=_line())
    proposed = Proposal.objects.open().filter(kind__in=_line())
    return {
        *booked.values_list("interviewee", flat=True),
        *proposed.values_list("interviewee", flat=True),
    }


def _line() -> Iterable[str]:
    return [kind.value for kind in LINE_KINDS]
