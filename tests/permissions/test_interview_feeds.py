"""Feeds of interviews: a token opens what its person takes part in, whoever asks with it, and nothing of anybody else."""

import pytest
from django.urls import reverse

from interviews.booking.services import book
from interviews.calendars import feed_services
from interviews.kinds import Kind
from tests.factories.interviews import next_week
from tests.interviews.calendar_files import read
from tests.permissions.matrix import RELATIONS, STRANGERS

pytestmark = pytest.mark.django_db
# Who asks is of no account: nobody, the person, and somebody with other rights.
ASKING = ("anonymous", "writer", "hr_ministry")


@pytest.fixture(scope="module")
def talks(world):
    """The name in calendars of each interview, by the two who take part in it."""
    people = world.people
    made = [
        (Kind.CAREER, "head", "writer", 10),
        (Kind.MENTOR, "mentor", "writer", 14),
        (Kind.HR, "hr_ministry", "colleague", 10),
    ]
    found = {}
    for kind, interviewer, interviewee, hour in made:
        two = people[interviewer], people[interviewee]
        booked = book(*two, kind, next_week(hour), by=two[1])
        found[str(booked.uid)] = {interviewer, interviewee}
    return found


@pytest.mark.parametrize("relation", [name for name in RELATIONS if name != "anonymous"])
def test_feed_holds_the_talks_of_its_person_alone(world, talks, relation):
    person = world.people[relation]
    url = reverse("interviews:feed_file", args=[feed_services.make_feed(by=person)])
    wanted = {uid for uid, two in talks.items() if relation in two}

    for asking in ASKING:
        response = world.client(asking).get(url)
        if relation in STRANGERS:
            assert response.status_code == 404
        else:
            assert {event["UID"] for event in read(response.text)[1]} == wanted
