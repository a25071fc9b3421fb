"""A week of an interviewer as the page shows it: what is booked, proposed, free, and when the ministry is closed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from career_portal.common.era import clock_time
from career_portal.staff.models import User
from interviews.booking.offering_services import closed_days
from interviews.booking.working_time import OPENS, WEEKDAYS, at
from interviews.models import Interview, InterviewSlot, ProposedTime

DAYS = 5
# The page's grid has a row for every quarter of an hour.
STEP = 15
LONGEST = 24


@dataclass(frozen=True)
class Entry:
    """Something in a day: booked, proposed or free; `row` and `rows` place it on the grid."""

    state: str
    starts: str
    ends: str
    name: str
    row: int
    rows: int
    pk: int
    is_own: bool = True


@dataclass
class Day:
    """A working day with its entries in order, or why there is none."""

    day: datetime.date
    closed: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def name(self) -> str:
        """5日（木）."""
        return f"{self.day.day}日（{WEEKDAYS[self.day.weekday()]}）"


@dataclass(frozen=True)
class Week:
    """Monday to Friday of an interviewer."""

    monday: datetime.date
    days: tuple[Day, ...]

    @property
    def name(self) -> str:
        """11月2日（月）〜6日（金）."""
        first, last = self.days[0].day, self.days[-1].day
        ends = f"{last.day}日" if last.month == first.month else f"{last.month}月{last.day}日"
        return f"{first.month}月{first.day}日（月）〜{ends}（金）"

    @property
    def before(self) -> str:
        """A day of the week before, for an address."""
        return (self.monday - datetime.timedelta(days=7)).isoformat()

    @property
    def after(self) -> str:
        """A day of the week after."""
        return (self.monday + datetime.timedelta(days=7)).isoformat()


def monday_of(day: datetime.date) -> datetime.date:
    """The Monday of a day's week; of a weekend's the coming one."""
    if day.weekday() >= DAYS:
        day += datetime.timedelta(days=7 - day.weekday())
    return day - datetime.timedelta(days=day.weekday())


def week_of(interviewer: User, day: datetime.date, *, seen_by: User) -> Week:
    """The week of a day, in three statements, however much there is in it.

    Who sits in a talk with a mentor or HR stays with the two: a delegate sees that time as taken only.
    """
    monday = monday_of(day)
    closed = closed_days(monday)
    days = {
        each: Day(each, closed.get(each, ""))
        for each in (monday + datetime.timedelta(days=number) for number in range(DAYS))
    }
    whole = TimestamptzRange(
        at(monday, datetime.time(), 1).lower,
        at(monday + datetime.timedelta(days=DAYS), datetime.time(), 1).lower,
    )
    for state, period, name, pk, is_own in _found(interviewer, whole, seen_by):
        starts = timezone.localtime(period.lower)
        found = days.get(starts.date())
        if found is not None:
            found.entries.append(_entry(state, period, name, pk, is_own=is_own))
    for each in days.values():
        each.entries.sort(key=lambda entry: (entry.row, entry.state))
    return Week(monday, tuple(days.values()))


Found = tuple[str, TimestamptzRange, str, int, bool]


def _found(interviewer: User, whole: TimestamptzRange, seen_by: User) -> Iterable[Found]:
    booked = (
        Interview.objects.handled_by(seen_by)
        .booked()
        .filter(Q(interviewer=interviewer) | Q(interviewee=interviewer), period__overlap=whole)
    )
    taken = set()
    for talk in booked.select_related("interviewer", "interviewee"):
        other = talk.interviewee if talk.interviewer_id == interviewer.pk else talk.interviewer
        is_own = seen_by.pk == interviewer.pk or talk.interviewer_id == interviewer.pk
        taken.add(talk.slot_id)
        yield "booked", talk.period, other.display_name if is_own else "", talk.pk, is_own
    times = ProposedTime.objects.visible_to(seen_by).filter(
        proposal__state="open", proposal__interviewer=interviewer, period__overlap=whole
    )
    for time in times.select_related("proposal__interviewee"):
        name = time.proposal.interviewee.display_name
        yield "proposed", time.period, name, time.proposal_id, True
    slots = (
        InterviewSlot.objects.visible_to(seen_by)
        .standing()
        .filter(interviewer=interviewer, period__overlap=whole)
    )
    for slot in slots:
        if slot.pk not in taken:
            yield "free", slot.period, "空き", slot.pk, True


def _entry(state: str, period: TimestamptzRange, name: str, pk: int, *, is_own: bool) -> Entry:
    starts, ends = timezone.localtime(period.lower), timezone.localtime(period.upper)
    first = max((_minutes(starts) - OPENS.hour * 60 - OPENS.minute) // STEP, 0)
    rows = max((_minutes(ends) - _minutes(starts) + STEP - 1) // STEP, 1)
    return Entry(
        state,
        clock_time(starts),
        clock_time(ends),
        name,
        first + 1,
        min(rows, LONGEST),
        pk,
        is_own,
    )


def _minutes(instant: datetime.datetime) -> int:
    return instant.hour * 60 + instant.minute
