"""Who plays a part of his own in the demonstration, beside the sign-ins."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from random import Random

from career_portal.home.demonstration.careers import Ministry, Person
from career_portal.home.demonstration.seats import HOME_SECTION, Level, Seat
from career_portal.home.demonstration.sign_ins import MENTOR
from career_portal.home.demonstration.timeline import Timeline

MOST_MENTORS = 12
PEOPLE_PER_MENTOR = 20
MENTOR_LEVELS = {Level.DEPUTY, Level.OFFICE_DIRECTOR, Level.DIRECTOR}


@dataclass(frozen=True)
class Cast:
    """The people behind the sign-ins, and others with a part.

    `mentors` beside the one who can sign in; two `writers` who name the latter; whose form of last year was `reopened`.
    """

    sign_ins: dict[str, Person]
    mentors: list[Person]
    writers: list[Person]
    reopened: Person

    @property
    def all_mentors(self) -> list[Person]:
        """The mentors with the one who can sign in."""
        return [self.sign_ins[MENTOR], *self.mentors]


def choose_cast(
    ministry: Ministry,
    seats: list[Seat],
    sign_ins: dict[str, Person],
    on_leave: set[int],
    timeline: Timeline,
    random: Random,
) -> Cast:
    """Choose people for all parts; nobody plays two, and nobody on leave plays one."""
    *_, last_year, now = timeline.rounds()
    spared = on_leave | {person.number for person in sign_ins.values()}
    mentors = _mentors(ministry, seats, spared, random)
    spared |= {person.number for person in mentors}
    members = [
        (seat, person)
        for seat, person in ((seat, ministry.holder(seat)) for seat in seats)
        if person.number not in spared and not seat.is_head
    ]
    at_home = [
        person
        for seat, person in members
        if seat.unit.code == HOME_SECTION and person.stint_on(now.reference_date)
    ]
    writers = random.sample(at_home, 2)
    served = [
        person
        for _, person in members
        if person not in writers and person.stint_on(last_year.reference_date)
    ]
    return Cast(sign_ins, mentors, writers, random.choice(served))


def _mentors(
    ministry: Ministry, seats: list[Seat], spared: Collection[int], random: Random
) -> list[Person]:
    """Heads and deputies of sections, one bureau after the other."""
    waiting: dict[int, list[Person]] = {}
    for seat in seats:
        person = ministry.holder(seat)
        is_senior = seat.level in MENTOR_LEVELS and not seat.unit.is_leadership
        if is_senior and seat.unit.code != HOME_SECTION and person.number not in spared:
            waiting.setdefault(seat.unit.bureau_pk, []).append(person)
    for people in waiting.values():
        random.shuffle(people)
    wanted = min(MOST_MENTORS, len(seats) // PEOPLE_PER_MENTOR)
    chosen: list[Person] = []
    while len(chosen) < wanted and any(waiting.values()):
        for people in random.sample(list(waiting.values()), len(waiting)):
            if people and len(chosen) < wanted:
                chosen.append(people.pop())
    return chosen
