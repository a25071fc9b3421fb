"""Careers put down as rows: postings in the sections of their day, concurrent posts, acting heads, designations."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from career_portal.home.demonstration.careers import (
    YEARS_TO_SENIOR_CLERK,
    Person,
    Stint,
)
from career_portal.home.demonstration.organisation_history import OrganisationHistory
from career_portal.home.demonstration.seats import GRADES, Level, Seat
from career_portal.staff.models.assignments import Assignment, Grade

CONCURRENT_SHARE = 0.03
VACANT_HEADS = 0.02
BIG_SECTION = 30

Position = Assignment.Position


@dataclass(frozen=True)
class Posting:
    """One row of `Assignment`; `person` counts from 0."""

    person: int
    section: int
    grade: str
    title: str
    position: str
    is_concurrent: bool
    valid_from: datetime.date
    valid_until: datetime.date | None


def postings_of(
    person: Person, history: OrganisationHistory, today: datetime.date
) -> Iterator[Posting]:
    """The main posts of a person, cut where the section was reorganised or a clerk had become senior by today."""
    for stint in person.stints:
        yield from _postings(person, stint, history, today)


def _postings(
    person: Person, stint: Stint, history: OrganisationHistory, today: datetime.date
) -> Iterator[Posting]:
    seat = stint.seat
    past = history.past_of(seat.unit)
    senior_on = person.entered_on.replace(year=person.entered_on.year + YEARS_TO_SENIOR_CLERK)
    cuts = {past.until} if past else set()
    if seat.level == Level.CLERK:
        cuts.add(senior_on)
    for since, until in _pieces(stint, cuts, today):
        is_past = past is not None and since < past.until
        leads = seat.is_head and not (past and is_past and not past.keeps_head)
        grade, title = GRADES[seat.level], seat.title
        if seat.level == Level.CLERK and since >= senior_on:
            grade, title = Grade.SENIOR_OFFICIAL, "主任"
        main = Posting(
            person=person.number,
            section=history.section_on(seat.unit, seat.number, since),
            grade=grade,
            title=title if leads or not seat.is_head else "企画官",
            position=Position.HEAD if leads else Position.MEMBER,
            is_concurrent=False,
            valid_from=since,
            valid_until=until,
        )
        yield main
        if leads and past and is_past:
            for other in past.sections[1:]:
                yield _acting(main, other)


def _pieces(
    stint: Stint, cuts: set[datetime.date], today: datetime.date
) -> Iterator[tuple[datetime.date, datetime.date | None]]:
    """The periods into which days inside a stint, up to today, cut it."""
    inside = sorted(
        cut
        for cut in cuts
        if stint.since < cut <= today and (stint.until is None or cut < stint.until)
    )
    yield from zip([stint.since, *inside], [*inside, stint.until], strict=True)


def _acting(main: Posting, section: int) -> Posting:
    """The same person leads another section beside his own for the same period (事務取扱)."""
    return replace(
        main,
        section=section,
        title=_acting_title(main.title),
        position=Position.ACTING_HEAD,
        is_concurrent=True,
    )


def _acting_title(title: str) -> str:
    return f"{title}（事務取扱）"


def vacant_heads(
    heads: list[Posting],
    bureau_of: dict[int, int],
    spared: set[int],
    since: datetime.date,
    random: Random,
) -> Iterator[tuple[Posting, list[Posting]]]:
    """Sections without a head since a day: he stays as an officer without the lead, and a neighbour acts for him.

    `heads` are today's, `bureau_of` gives the bureau of a section, `spared` the people who stay heads. Gives each
    posting to replace, with what stands in its place.
    """
    busy = set(spared)
    wanted = max(1, round(len(heads) * VACANT_HEADS))
    for head in random.sample(heads, len(heads)):
        if not wanted:
            return
        if head.person in busy or head.valid_from >= since:
            continue
        neighbours = [
            other
            for other in heads
            if bureau_of[other.section] == bureau_of[head.section]
            and other is not head
            and other.person not in busy
            and other.valid_from <= since
        ]
        if neighbours:
            neighbour = random.choice(neighbours)
            busy |= {head.person, neighbour.person}
            wanted -= 1
            led = replace(head, valid_until=since)
            stays = replace(
                head, position=Position.MEMBER, title="企画官（特命担当）", valid_from=since
            )
            acting = replace(
                _acting(neighbour, head.section), title=_acting_title(head.title), valid_from=since
            )
            yield head, [led, stays, acting]


def concurrent_posts(
    current: list[tuple[Posting, Seat]], sections_of_bureau: dict[int, list[int]], random: Random
) -> Iterator[Posting]:
    """Posts held today beside the main one, in another section of the bureau."""
    for posting, seat in current:
        if seat.level == Level.CLERK or random.random() >= CONCURRENT_SHARE * 1.7:
            continue
        others = [pk for pk in sections_of_bureau[seat.unit.bureau_pk] if pk != posting.section]
        if others:
            yield replace(
                posting,
                section=random.choice(others),
                title=f"{posting.title}（併任）"[:80],
                position=Position.MEMBER,
                is_concurrent=True,
            )
