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
from surveys.models import (
    HopeSurvey,
    MentorRelease,
    Part,
    ReaderChoice,
    Submission,
    SubmittedPart,
)
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
        grants = within(RoleGrant.objects.all())
        self.grants = [grant for grant in grants if grant.role == Role.HR]
        self.mentors = {grant.user_id for grant in grants if grant.role == Role.MENTOR}
        self.releases = {
            (release.survey_id, release.part_id): release.mentor_id
            for release in MentorRelease.objects.all()
        }
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
        if not reader.is_active:
            return False
        return row.submission.survey.user == reader or any(
            reads(reader, row)
            for reads in (self.reads_as_supervisor, self.reads_as_hr, self.reads_as_mentor)
        )

    def reads_as_supervisor(self, reader, row):
        return self._is_released_to_supervisor(row) and self.sees_as_supervisor(
            reader, row.submission
        )

    def reads_as_hr(self, reader, row):
        return is_released_to_hr(row) and self.sees_as_hr(reader, row.submission)

    def reads_as_mentor(self, reader, row):
        survey = row.submission.survey
        return (
            is_in_force(row.submission)
            and survey.round_id == self.newest.pk
            and reader.pk in self.mentors
            and self.releases.get((survey.pk, row.part_id)) == reader.pk
            and (
                row.answers.get("listener") == "mentor"
                if row.part.number == 8
                else row.part.number <= 6
            )
        )

    def sees_as_supervisor(self, reader, submission):
        """Whether a reader knows, as supervisor, that somebody has taken part."""
        survey = submission.survey
        is_newest = survey.round_id == self.newest.pk
        return is_in_force(submission) and is_newest and self.supervises(reader, survey.user)

    def sees_as_hr(self, reader, submission):
        return is_in_force(submission) and self.handles_as_hr(reader, submission.survey.user)

    def _is_released_to_supervisor(self, row):
        if row.part.number == 8:
            return row.answers.get("listener") == "supervisor"
        if row.part.number == 7:
            return False
        by_rule = row.part.number <= 4
        return self.choices.get((row.submission.survey_id, row.part_id), by_rule)


def is_in_force(submission):
    return submission.survey.current_submission_id == submission.pk


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
        role = chance.choice([Role.HR, Role.HR, Role.AUDITOR, Role.MENTOR, Role.MENTOR])
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
                hand_in(chance, survey_round, person, people)
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


def hand_in(chance, survey_round, person, people):
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
    others = [other for other in people if other != person]
    mentors = chance.sample(others, 2)
    MentorRelease.objects.bulk_create(
        MentorRelease(survey=survey, part=part, mentor=chance.choice(mentors))
        for part in chance.sample(parts, chance.randint(0, 8))
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
        assert_submissions(rules, reader, rows)


def assert_submissions(rules, reader, rows):
    """Versions: one's own, those of which one knows that somebody took part, and those released to one."""
    submissions = list(Submission.objects.select_related("survey__user"))
    of_staff = pks(one for one in submissions if rules.sees_as_supervisor(reader, one))
    in_scope = pks(one for one in submissions if rules.sees_as_hr(reader, one))
    released = {row.submission_id for row in rows if rules.reads_as_mentor(reader, row)}
    own = pks(one for one in submissions if one.survey.user == reader)
    parts, versions = SubmittedPart.objects, Submission.objects
    assert pks(parts.read_as_supervisor(reader)) == pks(
        row for row in rows if rules.reads_as_supervisor(reader, row)
    )
    assert pks(parts.read_as_hr(reader)) == pks(
        row for row in rows if rules.reads_as_hr(reader, row)
    )
    assert pks(parts.read_as_mentor(reader)) == pks(
        row for row in rows if rules.reads_as_mentor(reader, row)
    )
    assert pks(versions.of_staff_of(reader)) == of_staff
    assert pks(versions.in_hr_scope_of(reader)) == in_scope
    assert pks(versions.released_to_mentor(reader)) == released
    visible = own | of_staff | in_scope | released if reader.is_active else set()
    assert pks(versions.visible_to(reader)) == visible


def pks(rows):
    """The ids, each of which must come once."""
    found = [row.pk for row in rows]
    assert len(found) == len(set(found))
    return set(found)
