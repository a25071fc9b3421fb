"""Rows that are one person's alone, whatever of his form others may read; posts hoped for go with their part."""

import pytest

from career_portal.common.clock import today
from career_portal.staff.models import RoleGrant
from postings.models import CatalogueVisit, KeptPost
from surveys import reader_services
from surveys.asked import asked
from surveys.models import (
    DeadlineExtension,
    DraftPart,
    DraftPostWish,
    ExportedForm,
    FormExport,
    HopeSurvey,
    MentorRelease,
    ReaderChoice,
    Reminder,
    ReminderRun,
    SubmittedPostWish,
)
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


def seen_by(world, model):
    """How many rows of a model each relation sees, without those who see none."""
    counts = {
        relation: model.objects.visible_to(person).count()
        for relation, person in world.people.items()
    }
    return {relation: count for relation, count in counts.items() if count}


def test_releases_are_seen_by_the_writer_and_the_mentor(world):
    survey_round, writer, mentor = (
        world.rounds["open"],
        world.people["writer"],
        world.people["mentor"],
    )
    part = asked(survey_round.questionnaire).part(8)
    reader_services.name_mentor(survey_round, part, mentor, by=writer)

    assert seen_by(world, MentorRelease) == {"writer": 1, "mentor": 1}


def test_reminders_are_seen_by_the_person_and_hr_of_the_section_they_went_to(world):
    run = ReminderRun.objects.create(
        round=world.rounds["open"],
        started_by=world.people["former_hr"],
        section=world.units["here"],
    )
    Reminder.objects.create(run=run, person=world.people["writer"], sent_on=today())
    hr = ["hr_ministry", "hr_bureau", "hr_section", "deputy_with_hr"]

    assert seen_by(world, ReminderRun) == dict.fromkeys(hr, 1)
    assert seen_by(world, Reminder) == dict.fromkeys([*hr, "writer"], 1)


def test_extension_is_seen_by_the_person_and_hr_of_his_section(world):
    DeadlineExtension.objects.create(
        round=world.rounds["open"],
        kind="person",
        person=world.people["writer"],
        until=world.rounds["open"].deadline_at,
        reason="出張",
        granted_by=world.people["former_hr"],
    )

    hr = ["hr_ministry", "hr_bureau", "hr_section", "deputy_with_hr"]
    assert seen_by(world, DeadlineExtension) == dict.fromkeys([*hr, "writer"], 1)


def test_place_of_a_form_in_an_export_is_seen_by_its_writer_alone(world):
    form = hope_survey(world.rounds["open"], world.people["writer"])
    export = FormExport.objects.create(
        round=world.rounds["open"],
        format="csv",
        purpose="検討",
        people=1,
        state="queued",
        requested_by=world.people["hr_bureau"],
    )
    ExportedForm.objects.create(export=export, submission=form.current_submission)

    assert seen_by(world, ExportedForm) == {"writer": 1}
    assert seen_by(world, FormExport) == dict.fromkeys(
        ["hr_bureau", "hr_ministry", "deputy_with_hr"], 1
    )


def test_posts_kept_and_days_of_looking_are_seen_by_the_person_alone(world):
    writer = world.people["writer"]
    KeptPost.objects.create(user=writer, post=world.post, note="本人のメモ")
    CatalogueVisit.objects.create(user=writer, last_on=today())

    assert seen_by(world, KeptPost) == {"writer": 1}
    assert seen_by(world, CatalogueVisit) == {"writer": 1}
