"""The rules told a second time, in plain Python over a few rows, against what the database gives in random ministries."""

import datetime
import random
from collections import namedtuple

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.staff.models import Assignment, RoleGrant, SupervisorDesignation, User
from career_portal.staff.roles import Role
from surveys.models import HopeSurvey, Part, ReaderChoice, Submission, SubmittedPart
from tests.factories.staff import (
    AssignmentFactory,
    BureauFactory,
    RoleGrantFactory,
    SectionFactory,
    SupervisorDesignationFactory,
    UserFactory,
)
from tests.factories.surveys import SurveyRoundFactory, questionnaire

pytestmark = pytest.mark.django_db

PEOPLE = 10
LISTENERS = [None, "supervisor", "hr", "mentor", "undecided"]

World = namedtuple("World", "people sections rounds")


def within(rows):
    """The dated rows that hold today."""
    day = today()
    return [
        row
        for row in rows
        if row.valid_from <= day and (row.valid_until is None or day < row.valid_until)
    ]


class Rules:
    """The rules over rows read once."""

    def __init__(self, newest):
        self.newest = newest
        self.seats = within(Assignment.objects.select_related("section"))
        self.designations = within(SupervisorDesignation.objects.all())
        self.grants = [grant for grant in within(RoleGrant.objects.all()) if grant.role == Role.HR]
        self.choices = {
            (choice.survey_id, choice.part_id): choice.supervisor_reads
            for choice in ReaderChoice.objects.all()
        }

    def supervises(self, reader, person):
        return reader != person and any(
            self._supervises_seat(reader, seat) for seat in self.seats if seat.user_id == person.pk
        )

    def _supervises_seat(self, reader, seat):
        named = [row for row in self.designations if row.supervisor_id == reader.pk]
        if seat.position == Assignment.Position.HEAD:
            return any(row.bureau_id == seat.section.bureau_id for row in named)
        leads = any(
            row.user_id == reader.pk
            and row.section_id == seat.section_id
            and row.position != Assignment.Position.MEMBER
            for row in self.seats
        )
        return leads or any(row.section_id == seat.section_id for row in named)

    def handles_as_hr(self, reader, person):
        if reader == person:
            return False
        for grant in self.grants:
            if grant.user_id != reader.pk:
                continue
            if grant.bureau_id is None and grant.section_id is None:
                return True
            for seat in self.seats:
                if seat.user_id == person.pk and (
                    grant.section_id == seat.section_id or grant.bureau_id == seat.section.bureau_id
                ):
                    return True
        return False

    def may_read(self, reader, row):
        """Whether a reader may read a submitted part."""
        survey = row.submission.survey
        if not reader.is_active:
            return False
        if survey.user == reader:
            return True
        if survey.current_submission_id != row.submission_id:
            return False
        as_supervisor = (
            survey.round_id == self.newest.pk
            and self._is_released_to_supervisor(row)
            and self.supervises(reader, survey.user)
        )
        return as_supervisor or (is_released_to_hr(row) and self.handles_as_hr(reader, survey.user))

    def _is_released_to_supervisor(self, row):
        if row.part.number == 8:
            return row.answers.get("listener") == "supervisor"
        if row.part.number == 7:
            return False
        by_rule = row.part.number <= 4
        return self.choices.get((row.submission.survey_id, row.part_id), by_rule)


def is_released_to_hr(row):
    return row.answers.get("listener") == "hr" if row.part.number == 8 else True


def build(chance):
    """A ministry at random; what the database refuses is left out."""
    sections = [SectionFactory(bureau=bureau) for bureau in (BureauFactory(), BureauFactory())]
    sections += [SectionFactory(bureau=section.bureau) for section in sections]
    people = [UserFactory(ended=chance.random() < 0.1) for _ in range(PEOPLE)]
    for _ in range(3 * PEOPLE):
        try_to(
            AssignmentFactory,
            user=chance.choice(people),
            section=chance.choice(sections),
            position=chance.choice(["member", "member", "head", "acting_head"]),
            is_concurrent=chance.random() < 0.5,
            **period(chance),
        )
    for _ in range(5):
        scope = chance.choice(sections)
        units = chance.choice([{}, {"section": scope}, {"bureau": scope.bureau}])
        role = chance.choice([Role.HR, Role.HR, Role.AUDITOR, Role.FEEDBACK_ADMIN])
        try_to(RoleGrantFactory, user=chance.choice(people), role=role, **units, **period(chance))
        units = chance.choice([{"section": scope}, {"section": None, "bureau": scope.bureau}])
        SupervisorDesignationFactory(supervisor=chance.choice(people), **units, **period(chance))
    rounds = [
        SurveyRoundFactory(),
        SurveyRoundFactory(closed=True),
        SurveyRoundFactory(future=True),
    ]
    for person in people:
        for survey_round in rounds[:2]:
            if chance.random() < 0.7:
                hand_in(chance, survey_round, person)
    return World(people, sections, rounds)


def try_to(make, **fields):
    try:
        with transaction.atomic():
            make(**fields)
    except IntegrityError:
        return


def period(chance):
    start = today() + datetime.timedelta(days=chance.choice([-400, -30, 0, 0, 1]))
    lasts = chance.choice([None, None, 1, 30])
    return {
        "valid_from": start,
        "valid_until": start + datetime.timedelta(days=lasts) if lasts else None,
    }


def hand_in(chance, survey_round, person):
    """One to two versions, of which the last, the first or none is in force; some parts in each."""
    survey = HopeSurvey.objects.create(round=survey_round, user=person)
    parts = list(Part.objects.order_by("number"))
    versions = [None]
    for number in range(1, chance.choice([2, 3])):
        version = Submission.objects.create(
            survey=survey,
            number=number,
            receipt_number=f"{survey.pk}-{number}",
            submitted_at=timezone.now(),
        )
        versions.append(version)
        SubmittedPart.objects.bulk_create(
            SubmittedPart(
                submission=version,
                part=part,
                answers={"listener": chance.choice(LISTENERS)} if part.number == 8 else {},
            )
            for part in chance.sample(parts, chance.randint(1, 8))
        )
    survey.current_submission = chance.choice(versions)
    survey.state = "submitted" if survey.current_submission else "withdrawn"
    survey.save()
    ReaderChoice.objects.bulk_create(
        ReaderChoice(survey=survey, part=part, supervisor_reads=chance.random() < 0.5)
        for part in chance.sample(parts[:6], chance.randint(0, 3))
    )


@pytest.mark.parametrize("seed", range(12))
def test_everybody_sees_exactly_what_the_rules_give_him(seed):
    questionnaire()
    world = build(random.Random(seed))  # noqa: S311  a draw that comes out the same each time
    rules = Rules(world.rounds[0])
    rows = list(SubmittedPart.objects.select_related("part", "submission__survey__user"))
    day, everybody, people = today(), User.objects.all(), world.people
    assert any(rules.supervises(reader, person) for reader in people for person in people)

    for reader in people:
        staff = pks(person for person in people if rules.supervises(reader, person))
        heads = pks(person for person in people if rules.supervises(person, reader))
        scope = pks(person for person in people if rules.handles_as_hr(reader, person))
        readable = [row for row in rows if rules.may_read(reader, row)]
        assert pks(everybody.supervised_by(reader, day)) == staff
        assert pks(everybody.supervisors_of(reader, day)) == heads
        assert pks(everybody.in_hr_scope_of(reader, day)) == scope
        assert pks(SubmittedPart.objects.visible_to(reader)) == pks(readable)
        assert pks(SubmittedPart.objects.own(reader)) == pks(
            row for row in readable if row.submission.survey.user == reader
        )
        assert pks(Submission.objects.visible_to(reader)) == {row.submission_id for row in readable}


def pks(rows):
    """The ids, each of which must come once."""
    found = [row.pk for row in rows]
    assert len(found) == len(set(found))
    return set(found)
