"""Six years of careers: people enter, move every one to three years, are promoted by seniority and leave.

Everybody sits on exactly one seat at a time, so that every section keeps its size, its grades and one head.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from random import Random

from career_portal.home.demonstration.seats import Level, Seat
from career_portal.home.demonstration.timeline import Timeline

# Years of service with which people of a level began the history, at least and at most.
SENIORITY = {
    Level.CLERK: (0, 6),
    Level.CHIEF: (7, 20),
    Level.DEPUTY: (13, 31),
    Level.OFFICE_DIRECTOR: (18, 32),
    Level.DIRECTOR: (20, 32),
    Level.DEPUTY_GENERAL: (25, 33),
    Level.GENERAL: (28, 34),
}
# How many of a level leave in a year.
LEAVERS = {
    Level.CLERK: 0.024,
    Level.CHIEF: 0.018,
    Level.DEPUTY: 0.028,
    Level.OFFICE_DIRECTOR: 0.04,
    Level.DIRECTOR: 0.05,
    Level.DEPUTY_GENERAL: 0.08,
    Level.GENERAL: 0.14,
}
# How likely somebody moves in summer after so many full years on a seat.
MOVERS = {0: 0.0, 1: 0.24, 2: 0.55, 3: 0.92}
SPRING_MOVERS = 0.12
CANDIDATES = 7
YEARS_TO_SENIOR_CLERK = 6


@dataclass(eq=False)
class Stint:
    """A seat held from a day to a day (exclusive); without an end until further notice."""

    seat: Seat
    since: datetime.date
    until: datetime.date | None = None


@dataclass(eq=False)
class Person:
    """One person's way through the ministry. `entered_on` may lie before the recorded history."""

    number: int
    entered_on: datetime.date
    stints: list[Stint] = field(default_factory=list)
    earlier_fields: list[str] = field(default_factory=list)

    @property
    def current(self) -> Stint:
        """The last seat taken."""
        return self.stints[-1]

    @property
    def left_on(self) -> datetime.date | None:
        """The day the person left the ministry, if ever."""
        return self.current.until

    def years_of_service(self, day: datetime.date) -> int:
        """Full years since entering."""
        return (day - self.entered_on).days // 365

    def stint_on(self, day: datetime.date) -> Stint | None:
        """The seat held on a day."""
        for stint in self.stints:
            if stint.since <= day and (stint.until is None or day < stint.until):
                return stint
        return None


class Ministry:
    """Seats and who sits on them, moved on from one transfer day to the next."""

    def __init__(self, seats: list[Seat], timeline: Timeline, random: Random) -> None:
        self.people: list[Person] = []
        self._random = random
        self._holder: dict[Seat, Person] = {}
        self._by_level: dict[Level, list[Seat]] = {}
        for seat in seats:
            self._by_level.setdefault(seat.level, []).append(seat)
        self._fields = sorted({seat.unit.field_code for seat in seats})
        for seat in seats:
            self._begin_with(seat, timeline.start)
        for day in timeline.transfer_days():
            self._transfer(day)

    def holder(self, seat: Seat) -> Person:
        """Who sits on a seat at the end of the history."""
        return self._holder[seat]

    def _begin_with(self, seat: Seat, day: datetime.date) -> None:
        low, high = SENIORITY[seat.level]
        since = day.replace(year=day.year - self._random.choice((0, 0, 1, 1, 2)))
        years = max(low + self._random.random() * (high - low), (day - since).days / 365)
        entered = _first_of_april(day - datetime.timedelta(days=int(years * 365.25)))
        self._sit(self._new_person(seat, min(entered, since), since), seat, since)

    def _new_person(self, seat: Seat, entered_on: datetime.date, since: datetime.date) -> Person:
        person = Person(number=len(self.people), entered_on=entered_on)
        known = [seat.unit.field_code, seat.unit.second_field_code or seat.unit.field_code]
        for _ in range((since - entered_on).days // 900):
            anything = self._random.choice(self._fields)
            person.earlier_fields.append(self._random.choice([*known, anything]))
        self.people.append(person)
        return person

    def _sit(self, person: Person, seat: Seat, day: datetime.date) -> None:
        if person.stints and person.current.until is None:
            person.current.until = day
        person.stints.append(Stint(seat, day))
        self._holder[seat] = person

    def _transfer(self, day: datetime.date) -> None:
        is_spring = day.month == 4
        if is_spring:
            self._let_people_leave(day)
        for level in Level:
            self._rotate(level, day, is_spring=is_spring)

    def _let_people_leave(self, day: datetime.date) -> None:
        vacant: dict[Level, list[Seat]] = {}
        for seat, person in self._holder.items():
            if self._random.random() < LEAVERS[seat.level] and person.current.since < day:
                person.current.until = day
                vacant.setdefault(seat.level, []).append(seat)
        for level in sorted(Level, reverse=True):
            for seat in vacant.get(level, []):
                vacated = self._fill(seat, day)
                if vacated is not None:
                    vacant.setdefault(vacated.level, []).append(vacated)

    def _fill(self, seat: Seat, day: datetime.date) -> Seat | None:
        """Somebody senior of the level below moves up; if nobody can, somebody new enters. Gives the seat left."""
        candidates = self._ready_below(seat, day)
        if not candidates:
            low, high = SENIORITY[seat.level]
            years = 0 if seat.level == Level.CLERK else self._random.randint(low, (low + high) // 2)
            entered = day.replace(year=day.year - years)
            self._sit(self._new_person(seat, entered, day), seat, day)
            return None
        chosen = max(
            candidates,
            key=lambda person: person.years_of_service(day) + 3 * _nearness(person, seat),
        )
        left = chosen.current.seat
        self._sit(chosen, seat, day)
        return left

    def _ready_below(self, seat: Seat, day: datetime.date) -> list[Person]:
        if seat.level == Level.CLERK:
            return []
        seats = self._by_level.get(Level(seat.level - 1), [])
        drawn = self._random.sample(seats, min(CANDIDATES, len(seats)))
        return [
            person
            for person in (self._holder[below] for below in drawn)
            if person.left_on is None and (day - person.current.since).days > 270
        ]

    def _rotate(self, level: Level, day: datetime.date, *, is_spring: bool) -> None:
        """People of one level change seats among themselves, preferring fields that they know."""
        seats = [
            seat for seat in self._by_level.get(level, []) if self._moves(seat, day, is_spring)
        ]
        movers = [self._holder[seat] for seat in seats]
        self._random.shuffle(movers)
        chosen: list[tuple[Seat, Person]] = []
        for seat in seats:
            drawn = movers[-CANDIDATES:]
            elsewhere = [person for person in drawn if person.current.seat.unit is not seat.unit]
            person = max(elsewhere or drawn, key=lambda mover: _nearness(mover, seat))
            movers.remove(person)
            chosen.append((seat, person))
        for seat, person in chosen:
            if person.current.seat is not seat:
                self._sit(person, seat, day)

    def _moves(self, seat: Seat, day: datetime.date, is_spring: bool) -> bool:
        years = (day - self._holder[seat].current.since).days / 365.2
        chance = MOVERS[min(3, int(years + 0.1))]
        return self._random.random() < chance * (SPRING_MOVERS if is_spring else 1)


def _nearness(person: Person, seat: Seat) -> float:
    """How near a seat lies to what a person knows: same bureau, fields held before."""
    here = person.current.seat.unit
    known = {stint.seat.unit.field_code for stint in person.stints[-3:]}
    return (here.bureau_pk == seat.unit.bureau_pk) + 1.5 * (seat.unit.field_code in known)


def _first_of_april(day: datetime.date) -> datetime.date:
    return datetime.date(day.year, 4, 1)
