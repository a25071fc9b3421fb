"""Careers, supervisors and roles put down as rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from random import Random

from career_portal.home.demonstration.appointments import (
    BIG_SECTION,
    Posting,
    concurrent_posts,
    postings_of,
    vacant_heads,
)
from career_portal.home.demonstration.bulk import BulkTable
from career_portal.home.demonstration.careers import Ministry
from career_portal.home.demonstration.casting import Cast
from career_portal.home.demonstration.organisation_history import OrganisationHistory, Unit
from career_portal.home.demonstration.seats import Level, Seat
from career_portal.home.demonstration.sign_ins import (
    HEAD,
    NEXT_HEAD,
    SIGN_INS,
)
from career_portal.home.demonstration.timeline import Timeline
from career_portal.staff.models import Assignment, RoleGrant, SupervisorDesignation
from career_portal.staff.roles import Role

Position = Assignment.Position


class StaffRows:
    """The rows that place people in the organisation."""

    def __init__(
        self,
        ministry: Ministry,
        seats: list[Seat],
        history: OrganisationHistory,
        timeline: Timeline,
        cast: Cast,
        ids: list[int],
    ) -> None:
        self._ministry = ministry
        self._seats = seats
        self._history = history
        self._timeline = timeline
        self._sign_ins = cast.sign_ins
        self._mentors = cast.mentors
        self._ids = ids
        self._fixed = {person.number for person in cast.sign_ins.values()}
        self._last_transfer = timeline.transfer_days()[-1]

    def write(self, random: Random) -> None:
        """Write postings, designated supervisors and granted roles."""
        self._write_assignments(self._postings(random))
        self._write_designations()
        self._write_grants()

    def _postings(self, random: Random) -> list[Posting]:
        postings = [
            posting
            for person in self._ministry.people
            for posting in postings_of(person, self._history, self._timeline.today)
        ]
        current = {
            posting.person: posting
            for posting in postings
            if posting.valid_until is None and not posting.is_concurrent
        }
        seats = {self._ministry.holder(seat).number: seat for seat in self._seats}
        replaced = self._vacancies(current, seats, random)
        replaced |= self._handover(current, seats)
        kept = [posting for posting in postings if posting not in replaced]
        kept += [new for news in replaced.values() for new in news]
        changed = {posting.person for news in replaced.values() for posting in news} | self._fixed
        free = [
            (posting, seats[number]) for number, posting in current.items() if number not in changed
        ]
        return kept + list(concurrent_posts(free, self._sections_of_bureaus(), random))

    def _sections_of_bureaus(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for seat in self._seats:
            if seat.is_head and not seat.unit.is_leadership:
                found.setdefault(seat.unit.bureau_pk, []).append(seat.unit.pk)
        return found

    def _vacancies(
        self, current: dict[int, Posting], seats: dict[int, Seat], random: Random
    ) -> dict[Posting, list[Posting]]:
        heads = [
            posting
            for number, posting in current.items()
            if seats[number].is_head and not seats[number].unit.is_leadership
        ]
        bureau_of = {unit.pk: unit.bureau_pk for unit in self._history.units}
        since = self._last_transfer
        return dict(vacant_heads(heads, bureau_of, self._fixed, since, random))

    def _handover(
        self, current: dict[int, Posting], seats: dict[int, Seat]
    ) -> dict[Posting, list[Posting]]:
        """The head of the home section hands over to his successor on a day to come."""
        day = self._timeline.handover_on
        head = current[self._sign_ins[HEAD].number]
        successor = current[self._sign_ins[NEXT_HEAD].number]
        seat = seats[head.person]
        leaf = next(
            unit
            for unit in self._history.units
            if unit.is_leadership and unit.bureau_pk == seat.unit.bureau_pk
        )
        leads = replace(head, person=successor.person, valid_from=day)
        goes = replace(
            head, section=leaf.pk, title="参事官", position=Position.MEMBER, valid_from=day
        )
        return {
            head: [replace(head, valid_until=day), goes],
            successor: [replace(successor, valid_until=day), leads],
        }

    def _write_assignments(self, postings: Iterable[Posting]) -> None:
        table = BulkTable(
            Assignment,
            "user",
            "section",
            "grade",
            "post_title",
            "position",
            "is_concurrent",
            "valid_from",
            "valid_until",
        )
        for posting in postings:
            table.add(
                self._ids[posting.person],
                posting.section,
                posting.grade,
                posting.title,
                posting.position,
                posting.is_concurrent,
                posting.valid_from,
                posting.valid_until,
            )
        table.flush()

    def _write_designations(self) -> None:
        """The first deputies of big sections; for the section heads, the head of the bureau."""
        table = BulkTable(
            SupervisorDesignation, "supervisor", "section", "bureau", "valid_from", "valid_until"
        )
        sizes: dict[Unit, int] = {}
        for seat in self._seats:
            sizes[seat.unit] = sizes.get(seat.unit, 0) + 1
        for seat in self._seats:
            holder = self._ministry.holder(seat)
            since = max(self._last_transfer, holder.current.since)
            if seat.is_head and seat.unit.is_leadership:
                table.add(self._ids[holder.number], None, seat.unit.bureau_pk, since, None)
            elif (
                seat.level == Level.DEPUTY
                and sizes[seat.unit] >= BIG_SECTION
                and seat.number <= 3
                and holder.number not in self._fixed
            ):
                table.add(self._ids[holder.number], seat.unit.pk, None, since, None)
        table.flush()

    def _write_grants(self) -> None:
        """The roles of the sign-ins and of the mentors, held since before last year's round."""
        table = BulkTable(
            RoleGrant, "user", "role", "section", "on_behalf_of", "valid_from", "valid_until"
        )
        since = datetime.date(self._timeline.fiscal_year - 1, 4, 1)
        head = self._sign_ins[HEAD]
        for sign_in in SIGN_INS:
            if sign_in.role is None:
                continue
            person = self._sign_ins[sign_in.username]
            section = head.current.seat.unit.pk if sign_in.role == Role.SECTION_EDITOR else None
            represented = self._ids[head.number] if sign_in.role == Role.DELEGATE else None
            table.add(self._ids[person.number], sign_in.role, section, represented, since, None)
        for mentor in self._mentors:
            began = max(since, mentor.stints[0].since)
            table.add(self._ids[mentor.number], Role.MENTOR, None, None, began, None)
        table.flush()
