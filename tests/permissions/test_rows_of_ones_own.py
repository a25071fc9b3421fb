"""Rows that are one person's alone, whatever of his form others may read; posts hoped for go with their part."""

import pytest

from career_portal.staff.models import RoleGrant
from surveys.models import DraftPart, DraftPostWish, HopeSurvey, ReaderChoice, SubmittedPostWish
from tests.factories.surveys import choose_supervisor, hope_survey

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [HopeSurvey, DraftPart, DraftPostWish, ReaderChoice])
def test_form_with_its_working_copy_and_decisions_is_seen_by_its_writer_alone(world, model):
    survey_round, writer = world.rounds["open"], world.people["writer"]
    hope_survey(survey_round, writer, "correcting", post=world.post)
    choose_supervisor(survey_round, writer, 2, reads=False)

    seen = {
        relation: model.objects.visible_to(person).count()
        for relation, person in world.people.items()
    }

    assert seen == {**dict.fromkeys(world.people, 0), "writer": model.objects.count()}
    assert seen["writer"] > 0


def test_roles_are_seen_by_those_who_hold_them_alone(world):
    held = {relation: set() for relation in world.people}
    for grant in RoleGrant.objects.select_related("user"):
        if grant.user.is_active:
            held[grant.user.given_name].add(grant)

    assert len([grants for grants in held.values() if grants]) > 5
    assert {
        relation: set(RoleGrant.objects.visible_to(person))
        for relation, person in world.people.items()
    } == held


def test_posts_hoped_for_are_seen_by_those_who_read_their_part_alone(world):
    hope_survey(world.rounds["open"], world.people["writer"], post=world.post)

    seen = {
        relation: SubmittedPostWish.objects.visible_to(person).count()
        for relation, person in world.people.items()
    }

    readers = ["writer", "hr_ministry", "hr_bureau", "hr_section", "deputy_with_hr"]
    assert seen == {**dict.fromkeys(world.people, 0), **dict.fromkeys(readers, 1)}
