"""The log of reads in the demonstration: every reader could read what it says, then and in that capacity."""

from collections import Counter

import pytest
from django.db.models import F
from django.utils import timezone

from career_portal.audit.models import AccessEvent
from career_portal.home.own_reads import page_of_openings
from career_portal.staff.models import RoleGrant, User
from career_portal.staff.roles import Role
from surveys.models import (
    HopeSurvey,
    Submission,
    SubmittedPart,
)
from surveys.models.reading import (
    EXPORTED,
    SUPERVISOR,
    released_to_hr,
    released_to_mentor,
    released_to_supervisor,
)
from tests.home.ministry import day_of, last_round, person, this_round

PEOPLE, SEED = 300, 11
HR, MENTOR = Role.HR.label, Role.MENTOR.label


def test_reads_are_of_versions_in_force_after_they_were_handed_in(loaded):
    versions = {
        row.pk: row
        for row in Submission.objects.filter(survey__current_submission=F("pk")).select_related(
            "survey"
        )
    }

    events = AccessEvent.objects.all()

    assert set(events.values_list("object_kind", flat=True)) == {"hope_survey"}
    for event in events:
        version = versions[event.object_id]
        assert version.survey.user_id == event.subject_id != event.reader_id
        assert version.submitted_at < event.read_at < timezone.now()
        assert version.survey.round_id in {this_round().pk, last_round().pk}


def test_readers_stood_to_the_writer_as_the_log_says(loaded):
    people = User.objects.in_bulk()
    events = AccessEvent.objects.values_list(
        "reader_id", "reader_name", "capacity", "subject_id", "read_at"
    )

    for reader, name, capacity, subject, read_at in events.distinct():
        day = day_of(read_at)
        assert name == people[reader].display_name
        if capacity == SUPERVISOR:
            assert people[reader] in User.objects.supervisors_of(people[subject], day)
        else:
            role = Role.MENTOR if capacity == MENTOR else Role.HR
            assert RoleGrant.objects.on(day).filter(user=reader, role=role).exists()


def test_supervisors_and_mentors_read_while_the_round_was_the_newest(loaded):
    forms = dict(Submission.objects.values_list("pk", "survey__round"))
    events = AccessEvent.objects.filter(capacity__in=[SUPERVISOR, MENTOR])

    late = [
        event
        for event in events
        if forms[event.object_id] == last_round().pk and event.read_at >= this_round().opens_at
    ]

    assert not late
    assert not [
        event
        for event in events.filter(capacity=MENTOR)
        if forms[event.object_id] != this_round().pk
    ]


@pytest.mark.parametrize(
    ("capacity", "released"),
    [(SUPERVISOR, released_to_supervisor), (HR, released_to_hr), (EXPORTED, released_to_hr)],
)
def test_reads_are_of_parts_released_to_the_capacity(loaded, capacity, released):
    allowed = set(SubmittedPart.objects.filter(released()).values_list("submission", "part__code"))

    read = set(AccessEvent.objects.filter(capacity=capacity).values_list("object_id", "part"))

    assert read
    assert read <= allowed


def test_mentors_read_what_was_released_to_them(loaded):
    events = AccessEvent.objects.filter(capacity=MENTOR)
    released = {
        (mentor.pk, submission, code)
        for mentor in User.objects.filter(role_grants__role=Role.MENTOR)
        for submission, code in SubmittedPart.objects.filter(
            released_to_mentor(mentor)
        ).values_list("submission", "part__code")
    }

    read = set(events.values_list("reader_id", "object_id", "part"))

    assert read
    assert read <= released


def test_supervisors_of_today_can_still_read_what_they_read_of_this_round(loaded):
    this_years = set(
        HopeSurvey.objects.filter(round=this_round()).values_list("current_submission", flat=True)
    )
    events = AccessEvent.objects.filter(capacity=SUPERVISOR, object_id__in=this_years - {None})
    read = {}
    for reader, submission, part in events.values_list("reader_id", "object_id", "part"):
        read.setdefault(reader, set()).add((submission, part))

    assert person("joushi").pk in read
    for reader in User.objects.filter(pk__in=read):
        rows = SubmittedPart.objects.read_as_supervisor(reader)
        assert read[reader.pk] <= set(rows.values_list("submission", "part__code"))


def test_about_half_of_what_staff_handed_in_has_been_opened(loaded):
    in_force = HopeSurvey.objects.filter(round=this_round(), state="submitted")
    versions = set(in_force.values_list("current_submission", flat=True))

    opened = set(
        AccessEvent.objects.filter(capacity=SUPERVISOR, object_id__in=versions).values_list(
            "object_id", flat=True
        )
    )

    assert 0.2 < len(opened) / len(versions) < 0.75


def test_hr_read_more_of_last_year_than_of_this_year(loaded):
    forms = dict(Submission.objects.values_list("pk", "survey__round"))
    opened = AccessEvent.objects.filter(capacity=HR).values_list("object_id", flat=True).distinct()

    by_round = Counter(forms[submission] for submission in opened)

    assert by_round[last_round().pk] > by_round[this_round().pk] > 0


def test_staff_member_sees_supervisor_and_hr_on_different_days(loaded):
    _, openings = page_of_openings(person("shokuin"), None)

    by_capacity = {}
    for opening in openings:
        by_capacity.setdefault(opening.capacity, set()).add(day_of(opening.opened_at))
        assert opening.url

    assert {SUPERVISOR, HR} <= by_capacity.keys()
    assert by_capacity[SUPERVISOR].isdisjoint(by_capacity[HR])
