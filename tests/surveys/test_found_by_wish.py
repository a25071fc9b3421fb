"""Whoever HR finds by a wish is told so: a hit tells what he answered."""

import pytest
from django.urls import reverse

from career_portal.audit.models import AccessEvent
from career_portal.staff.roles import Role
from tests.factories.staff import AssignmentFactory, RoleGrantFactory
from tests.factories.surveys import hope_survey

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ({}, []),
        ({"name": "髙橋"}, []),
        ({"field": "b1_07_wish"}, ["expertise"]),
        ({"timing": "next_summer"}, ["posts"]),
        ({"field": "b1_07_wish", "timing": "next_summer"}, ["expertise", "posts"]),
    ],
)
def test_hit_by_a_wish_is_logged_as_reading_its_part(client, survey_round, query, parts):
    writer, other = AssignmentFactory().user, AssignmentFactory().user
    hope_survey(survey_round, writer, numbers=[3, 6])
    hope_survey(survey_round, other, numbers=[1])
    officer = RoleGrantFactory(role=Role.HR).user
    client.force_login(officer)

    answer = client.get(reverse("surveys:submission_list"), query)

    assert answer.status_code == 200
    events = AccessEvent.objects.values_list("subject_id", "reader_id", "capacity", "part")
    assert sorted(events) == [(writer.pk, officer.pk, "人事当局", part) for part in parts]
