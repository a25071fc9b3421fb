"""Loads the demonstration ministry: all of it, or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pgtrigger
from django.db import models, transaction

from career_portal.audit.models import AccessEvent
from career_portal.home.demonstration.answering import Course, Moods, Respondent, Survey
from career_portal.home.demonstration.bulk import (
    history_triggers,
    settle,
    silence_history_for_copy,
)
from career_portal.home.demonstration.careers import Ministry, Person
from career_portal.home.demonstration.casting import Cast, choose_cast
from career_portal.home.demonstration.catalogue import (
    Catalogue,
    CatalogueOfficers,
    write_catalogue,
)
from career_portal.home.demonstration.deadlines import write_extensions
from career_portal.home.demonstration.export_orders import (
    write_finished_order,
    write_waiting_order,
)
from career_portal.home.demonstration.forms import Author
from career_portal.home.demonstration.freezing import freeze_rounds
from career_portal.home.demonstration.mentoring import Mentors
from career_portal.home.demonstration.organisation_history import OrganisationHistory
from career_portal.home.demonstration.participation import choose_paces
from career_portal.home.demonstration.people import Accounts
from career_portal.home.demonstration.reads import ReadingHabits, write_reads
from career_portal.home.demonstration.reminding import write_reminders
from career_portal.home.demonstration.seats import (
    HOME_SECTION,
    SMALLEST_MINISTRY,
    make_seats,
)
from career_portal.home.demonstration.sign_ins import (
    EDITOR,
    FEEDBACK_ADMIN,
    HEAD,
    HR,
    MENTOR,
    SECOND_HR,
    STAFF_MEMBER,
    Officers,
    choose_people,
)
from career_portal.home.demonstration.staff_rows import StaffRows
from career_portal.home.demonstration.survey_rows import RoundInUse, SurveyTables
from career_portal.home.demonstration.talks import hold_talks, offer_times
from career_portal.home.demonstration.timeline import Timeline
from career_portal.home.demonstration.wording import Wording
from career_portal.home.reference_data import ReferenceData, load_reference_data
from career_portal.skills.models import Skill
from career_portal.staff.models import (
    Assignment,
    RoleGrant,
    SupervisorDesignation,
    User,
)
from interviews.models import Interview
from postings.models import PostDescription, PostSkill, PostVersion, VersionWriter
from surveys.models import (
    DraftPart,
    DraftPostWish,
    HopeSurvey,
    MentorRelease,
    Question,
    ReaderChoice,
    Submission,
    SubmittedPart,
    SubmittedPostWish,
    SurveyRound,
)

Report = Callable[[str], None]

COPIED_TABLES: list[type[models.Model]] = [
    User,
    Assignment,
    SupervisorDesignation,
    RoleGrant,
    PostDescription,
    PostVersion,
    PostSkill,
    VersionWriter,
    HopeSurvey,
    Submission,
    SubmittedPart,
    SubmittedPostWish,
    DraftPart,
    DraftPostWish,
    ReaderChoice,
    MentorRelease,
    AccessEvent,
]


class CannotLoad(Exception):
    """The demonstration cannot be loaded here; the message says why."""


@dataclass(frozen=True)
class Order:
    """What to load: so many people in service today, from a seed, as of a day (JST)."""

    people: int
    seed: int
    today: datetime.date
    password: str

    def random(self, purpose: str) -> Random:
        """A source of chance of its own for each purpose, so that one does not disturb another."""
        return Random(f"{self.seed} {purpose}")  # noqa: S311  invented people


def is_loaded() -> bool:
    """Whether a demonstration is there already."""
    return bool(User.objects.filter(is_demonstration=True).exists())


def load_demonstration(order: Order, report: Report) -> None:
    """Load the ministry in one transaction. Raises CannotLoad where people or rounds are there already."""
    if order.people < SMALLEST_MINISTRY:
        raise CannotLoad(f"The demonstration needs at least {SMALLEST_MINISTRY} people.")
    if User.objects.exists() or SurveyRound.objects.exists():
        raise CannotLoad("There are people or rounds already; the demonstration needs none.")
    with pgtrigger.ignore(*history_triggers()), transaction.atomic():
        silence_history_for_copy()
        _load(order, report)
        settle(COPIED_TABLES)


def _load(order: Order, report: Report) -> None:
    timeline = Timeline(order.today)
    reference = load_reference_data()
    history = OrganisationHistory(timeline)
    report(f"organisation: {len(history.units)} sections")
    seats = make_seats(history.units, order.people, order.random("seats"))
    ministry = Ministry(seats, timeline, order.random("careers"))
    sign_ins = choose_people(ministry, seats, timeline)
    accounts = Accounts(ministry.people, sign_ins, order.today, order.random("people"))
    accounts.write(order.password)
    cast = choose_cast(ministry, seats, sign_ins, accounts.on_leave, timeline, order.random("cast"))
    staff = StaffRows(ministry, seats, history, timeline, cast, accounts.ids)
    staff.write(order.random("staff"))
    report(f"people: {len(seats)} in service, {len(ministry.people) - len(seats)} former")
    rounds = _open_rounds(timeline, reference)
    catalogue = _describe_posts(order, history, sign_ins, accounts.ids)
    report(f"posts: {PostDescription.objects.count()} described")
    author = Author(_wording(reference), catalogue)
    course = Course(
        paces=choose_paces(seats, order.random("paces")),
        mentors=Mentors(
            everybody=[accounts.ids[person.number] for person in cast.all_mentors],
            sign_in=accounts.ids[sign_ins[MENTOR].number],
        ),
        until=timeline.last_writing,
        reopening=timeline.reopening,
    )
    _hold_survey(order, rounds, history, author, course, ministry.people, cast, accounts)
    report(f"hope survey: {len(rounds)} rounds, {Submission.objects.count()} submissions")
    _run_rounds(order, rounds, history, cast, accounts.ids, report)
    people = User.objects.in_bulk(
        [accounts.ids[sign_ins[name].number] for name in (HEAD, STAFF_MEMBER, MENTOR)]
    )
    by_name = {
        name: people[accounts.ids[sign_ins[name].number]] for name in (HEAD, STAFF_MEMBER, MENTOR)
    }
    hold_talks(order.today, order.random("talks"))
    offer_times(by_name[HEAD], by_name[STAFF_MEMBER], by_name[MENTOR], order.today)
    report(f"interviews: {Interview.objects.count()}")


def _describe_posts(
    order: Order, history: OrganisationHistory, sign_ins: dict[str, Person], ids: list[int]
) -> Catalogue:
    officers = CatalogueOfficers(
        writer=ids[sign_ins[HR].number],
        approver=ids[sign_ins[SECOND_HR].number],
        editor=ids[sign_ins[EDITOR].number],
    )
    return write_catalogue(history.units, officers, order.today, order.random("catalogue"))


def _hold_survey(
    order: Order,
    rounds: list[RoundInUse],
    history: OrganisationHistory,
    author: Author,
    course: Course,
    people: list[Person],
    cast: Cast,
    accounts: Accounts,
) -> None:
    tables = SurveyTables(order.random("receipts"))
    years = [round_.dates.fiscal_year for round_ in rounds]
    moods = Moods(history.units, years, order.random("moods"))
    survey = Survey(rounds, author, moods, tables, course, order.random)
    for person in people:
        respondent = Respondent(
            person,
            accounts.ids[person.number],
            is_on_leave=person.number in accounts.on_leave,
            seeks_mentor=person in cast.writers,
            is_reopened=person is cast.reopened,
        )
        if person is cast.sign_ins[STAFF_MEMBER]:
            survey.answer_as_shown(respondent)
        else:
            survey.answer(respondent)
    tables.flush()


def _run_rounds(
    order: Order,
    rounds: list[RoundInUse],
    history: OrganisationHistory,
    cast: Cast,
    ids: list[int],
    report: Report,
) -> None:
    """What HR has done with the rounds, and who has read what was handed in."""
    timeline = Timeline(order.today)
    people = {name: ids[person.number] for name, person in cast.sign_ins.items()}
    officers = Officers(people[HR], people[SECOND_HR])
    back = write_extensions(
        rounds, timeline, officers, ids[cast.reopened.number], order.random("extensions")
    )
    reminded = write_reminders(
        rounds[-1], timeline, officers, history.unit(HOME_SECTION), back, order.random("reminders")
    )
    export = write_finished_order(rounds[-2], timeline, officers, history)
    write_waiting_order(rounds[-1], timeline, officers)
    habits = ReadingHabits(
        rounds, timeline, officers, people[STAFF_MEMBER], people[HEAD], order.random("reads")
    )
    reads = write_reads(habits.openings(export))
    frozen = freeze_rounds(rounds, proposer=people[FEEDBACK_ADMIN], confirmer=people[HR])
    report(f"figures: {frozen} rounds fixed")
    report(f"running the rounds: {reminded} reminders, {reads} parts read")


def _open_rounds(timeline: Timeline, reference: ReferenceData) -> list[RoundInUse]:
    part_ids = dict(reference.questionnaire.parts.values_list("code", "pk"))
    rounds = []
    for dates in timeline.rounds():
        row = SurveyRound.objects.create(
            fiscal_year=dates.fiscal_year,
            questionnaire=reference.questionnaire,
            opens_at=dates.opens_at,
            deadline_at=dates.deadline_at,
            reference_date=dates.reference_date,
            closed_at=dates.closed_at,
        )
        rounds.append(RoundInUse(row.pk, dates, part_ids))
    return rounds


def _wording(reference: ReferenceData) -> Wording:
    questions = Question.objects.filter(part__questionnaire=reference.questionnaire)
    fields = reference.framework.skills.filter(kind=Skill.Kind.FIELD)
    return Wording(
        field_names=dict(fields.values_list("code", "name")),
        limits={code: limit or 0 for code, limit in questions.values_list("code", "max_length")},
    )
