"""The log of reads: who opened which submitted form, in which capacity and when, as the rules of reading let him.

Who supervises whom is taken from the postings, which parts are released from the rules themselves.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from django.db.models import Max, Q

from career_portal.audit.models import AccessEvent
from career_portal.home.demonstration.bulk import BulkTable
from career_portal.home.demonstration.sign_ins import Officers
from career_portal.home.demonstration.survey_rows import RoundInUse
from career_portal.home.demonstration.timeline import JST, OPENS_AT, Timeline, at
from career_portal.staff.models import Assignment, SupervisorDesignation, User
from career_portal.staff.roles import Role
from surveys.models import FormExport, HopeSurvey, MentorRelease, SubmittedPart
from surveys.models.reading import (
    EXPORTED,
    HOPE_SURVEY,
    SUPERVISOR,
    released_to_hr,
    released_to_mentor,
    released_to_supervisor,
)

# As the pages log them.
HR, MENTOR = Role.HR.label, Role.MENTOR.label

# How much of what their staff handed in supervisors have opened: some everything, some nothing yet.
HABITS_NOW = (0.0, 0.3, 0.6, 0.8, 1.0)
HABIT_OF_THE_HEAD = 0.7
HABITS_LAST_YEAR = (0.0, 0.0, 0.2, 0.4, 0.9)
# How many of all forms the two HR officers have opened together.
HR_NOW, HR_LAST_YEAR = 0.08, 0.22
OPENED_BY_MENTORS = 0.75
OFFICE_HOURS = (9, 10, 10, 11, 13, 14, 14, 15, 16, 17)
TRIES = 20


@dataclass(frozen=True)
class FormInForce:
    """A person's form in force: the version by id, and since when."""

    user: int
    submission: int
    since: datetime.datetime


@dataclass(frozen=True)
class Opening:
    """Somebody opens a version in a capacity at an instant."""

    at: datetime.datetime
    reader: int
    capacity: str
    form: FormInForce


class ReadingHabits:
    """Who opens which forms of the last two rounds.

    `shown` is whose form of last year supervisor and officers have all opened, `head` who surely reads of his staff.
    """

    def __init__(
        self,
        rounds: list[RoundInUse],
        timeline: Timeline,
        officers: Officers,
        shown: int,
        head: int,
        random: Random,
    ) -> None:
        self._last_year, self._now = rounds[-2:]
        self._timeline = timeline
        self._officers = officers
        self._shown = shown
        self._head = head
        self._random = random
        self._forms = {
            round_.pk: _forms_in_force(round_) for round_ in (self._last_year, self._now)
        }

    def openings(self, export: FormExport) -> list[Opening]:
        """All openings in the order of time; those of a finished export are among them."""
        closed_at = self._last_year.dates.closed_at or self._last_year.dates.deadline_at
        until = self._timeline.last_writing
        before_summer = at(datetime.date(self._timeline.fiscal_year, 6, 20), OPENS_AT)
        found = [
            *self._by_supervisors(self._last_year, HABITS_LAST_YEAR, closed_at),
            *self._by_hr(self._last_year, HR_LAST_YEAR, closed_at, min(until, before_summer)),
            *self._by_export(export),
            *self._by_supervisors(self._now, HABITS_NOW, until),
            *self._by_hr(self._now, HR_NOW, self._now.dates.opens_at, until),
            *self._by_mentors(until),
        ]
        return sorted(found, key=lambda opening: (opening.at, opening.form.submission))

    def _by_supervisors(
        self, round_: RoundInUse, habits: tuple[float, ...], until: datetime.datetime
    ) -> Iterator[Opening]:
        day = self._timeline.today if round_.dates.is_open else round_.dates.reference_date
        supervisors = _supervisors_on(day)
        habit = {self._head: HABIT_OF_THE_HEAD}
        for form in self._forms[round_.pk]:
            if form.user not in supervisors:
                continue
            reader, since = supervisors[form.user]
            share = habit.setdefault(reader, self._random.choice(habits))
            is_shown = form.user == self._shown and not round_.dates.is_open
            if is_shown or self._random.random() < share:
                start = max(form.since, at(since, OPENS_AT))
                yield from self._open(start, until, reader, SUPERVISOR, form)

    def _by_hr(
        self,
        round_: RoundInUse,
        share: float,
        start: datetime.datetime,
        until: datetime.datetime,
    ) -> Iterator[Opening]:
        officers = [self._officers.first, self._officers.second]
        for form in self._forms[round_.pk]:
            is_shown = form.user == self._shown and not round_.dates.is_open
            readers = officers if is_shown else [self._random.choice(officers)]
            if not is_shown and self._random.random() >= share:
                continue
            for reader in readers:
                if reader != form.user:
                    yield from self._open(max(start, form.since), until, reader, HR, form)

    def _by_mentors(self, until: datetime.datetime) -> Iterator[Opening]:
        forms = {form.user: form for form in self._forms[self._now.pk]}
        named = (
            MentorRelease.objects.filter(survey__round=self._now.pk)
            .values("mentor", "survey__user")
            .annotate(since=Max("released_at"))
            .order_by("survey__user")
        )
        for row in named:
            if self._random.random() < OPENED_BY_MENTORS:
                form = forms[row["survey__user"]]
                yield from self._open(row["since"], until, row["mentor"], MENTOR, form)

    def _by_export(self, export: FormExport) -> Iterator[Opening]:
        held = set(export.forms.values_list("submission", flat=True))
        for form in self._forms[self._last_year.pk]:
            if form.submission in held and export.ready_at is not None:
                yield Opening(export.ready_at, export.requested_by_id, EXPORTED, form)

    def _open(
        self,
        start: datetime.datetime,
        until: datetime.datetime,
        reader: int,
        capacity: str,
        form: FormInForce,
    ) -> Iterator[Opening]:
        """One opening on a working day between two instants, if there is one between them."""
        for _ in range(TRIES if start < until else 0):
            moment = (start + (until - start) * self._random.random()).astimezone(JST)
            moment = moment.replace(
                hour=self._random.choice(OFFICE_HOURS),
                minute=self._random.randrange(60),
                second=self._random.randrange(60),
                microsecond=0,
            )
            if moment.isoweekday() < 6 and start < moment < until:
                yield Opening(moment, reader, capacity, form)
                return


def write_reads(openings: list[Opening]) -> int:
    """Log every part that was shown by these openings; gives how many rows that are."""
    released = _released(openings)
    readers = User.objects.in_bulk({opening.reader for opening in openings})
    table = BulkTable(
        AccessEvent,
        "read_at",
        "reader_id",
        "reader_name",
        "capacity",
        "subject_id",
        "object_kind",
        "object_id",
        "part",
    )
    first = table.next_id
    for opening in openings:
        form, reader = opening.form, readers[opening.reader]
        for part in released[_key(opening)].get(form.submission, []):
            table.add(
                opening.at,
                reader.pk,
                reader.display_name,
                opening.capacity,
                form.user,
                HOPE_SURVEY,
                form.submission,
                part,
            )
    table.flush()
    return table.next_id - first


def _forms_in_force(round_: RoundInUse) -> list[FormInForce]:
    rows = HopeSurvey.objects.taking_part().filter(round=round_.pk).order_by("pk")
    return [
        FormInForce(*row)
        for row in rows.values_list(
            "user", "current_submission", "current_submission__submitted_at"
        )
    ]


def _supervisors_on(day: datetime.date) -> dict[int, tuple[int, datetime.date]]:
    """By person his supervisor on a day, and since when he is: the leader of the section, of a head the bureau's officer."""
    held = list(
        Assignment.objects.on(day)
        .order_by("pk")
        .values_list(
            "user", "section", "section__bureau", "position", "is_concurrent", "valid_from"
        )
    )
    member, head = Assignment.Position.MEMBER, Assignment.Position.HEAD
    leaders = {
        section: (user, since)
        for user, section, _, position, _, since in held
        if position != member
    }
    officers = {
        bureau: (user, since)
        for user, bureau, since in SupervisorDesignation.objects.on(day)
        .filter(bureau__isnull=False)
        .values_list("supervisor", "bureau", "valid_from")
    }
    found: dict[int, tuple[int, datetime.date]] = {}
    for user, section, bureau, position, is_concurrent, since in held:
        leader = officers.get(bureau) if position == head else leaders.get(section)
        if leader is not None and not is_concurrent and leader[0] != user:
            found[user] = (leader[0], max(since, leader[1]))
    return found


_Key = tuple[str, int]


def _key(opening: Opening) -> _Key:
    """What decides about the parts shown: the capacity, for a mentor also who he is."""
    return opening.capacity, opening.reader if opening.capacity == MENTOR else 0


def _released(openings: Iterable[Opening]) -> dict[_Key, dict[int, list[str]]]:
    """The codes of the parts that are shown, by version."""
    opened: dict[_Key, set[int]] = defaultdict(set)
    for opening in openings:
        opened[_key(opening)].add(opening.form.submission)
    rules = {SUPERVISOR: released_to_supervisor, HR: released_to_hr, EXPORTED: released_to_hr}
    return {
        (capacity, mentor): _parts(
            submissions,
            released_to_mentor(User(pk=mentor)) if capacity == MENTOR else rules[capacity](),
        )
        for (capacity, mentor), submissions in opened.items()
    }


def _parts(submissions: set[int], released: Q) -> dict[int, list[str]]:
    rows = (
        SubmittedPart.objects.filter(released, submission__in=submissions)
        .order_by("submission", "part__number")
        .values_list("submission", "part__code")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for submission, code in rows:
        found[submission].append(code)
    return found
