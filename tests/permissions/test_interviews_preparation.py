"""Rows of the matrix about preparing talks: whose sheet, and who looks after the prompts and the trainings."""

import pytest
from django.urls import reverse

from career_portal.audit.models import AccessEvent
from career_portal.common.clock import today
from interviews.models import ListeningTraining, Prompt
from surveys.models import MentorRelease
from tests.factories import interviews as made
from tests.factories.preparation import handed_in, load_bank
from tests.factories.surveys import canary
from tests.permissions.matrix import RELATIONS, STRANGERS, TABLE
from tests.permissions.world import undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("readable_pdf")]

SIGNED_IN = [relation for relation in RELATIONS if relation not in STRANGERS]
WHOLE_MINISTRY = {"hr_ministry", "deputy_with_hr"}
MARK = "鵺の文"


@pytest.fixture(scope="module")
def talks(world):
    """A talk of the writer with each of those who may hold one; ⑧ of his form is for the mentor."""
    load_bank()
    writer, mentor = world.people["writer"], world.people["mentor"]
    form = handed_in(world.rounds["open"], writer, mark=MARK, listener="mentor")
    part = world.rounds["open"].questionnaire.parts.get(number=8)
    MentorRelease.objects.create(survey=form, part=part, mentor=mentor)
    people = TABLE["talks"].items()
    return {
        kind: made.interview(world.people[name], writer, made.next_week(hour), kind)
        for hour, (kind, name) in enumerate(people, start=9)
    }


def snapshot():
    return {
        ("events", AccessEvent.objects.count()),
        *Prompt.objects.values_list("pk", "retired_at"),
        *ListeningTraining.objects.values_list("pk", "person"),
    }


def ask(world, relation, method, url):
    """Status of the answer, with a plus where anything changed, and its text; all is undone."""
    with undone():
        before = snapshot()
        response = getattr(world.client(relation), method.lower())(url)
        changed = snapshot() != before
    return f"{response.status_code}{'+' if changed else ''}", response.content.decode()


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_sheet_is_for_the_two_who_talk_alone(world, talks, relation):
    wanted, found = {}, {}
    for name, row in TABLE["preparing"].items():
        for kind, talk in talks.items():
            part = {TABLE["talks"][kind]: "interviewer", "writer": "interviewee"}
            wanted[name, kind] = row["GET"][part.get(relation, "others")]
            found[name, kind], text = ask(world, relation, "GET", reverse(name, args=[talk.pk]))
            # What a head, a mentor and HR find of it is another thing for each.
            open_to = {"career": {1}, "mentor": {8}, "hr": {1, 5}}[kind]
            shown = {number for number in range(1, 9) if canary(MARK, number) in text}
            assert shown == (open_to if wanted[name, kind].startswith("200") else set())

    assert found == wanted


def test_sheet_ends_with_the_right_to_hold_the_talk(world, talks):
    with undone():
        world.people["head"].assignments.filter(valid_until__gt=today()).delete()
        world.people["mentor"].role_grants.update(valid_until=today())
        world.people["hr_section"].role_grants.update(valid_until=today())
        found = {
            ask(world, relation, "GET", reverse("interviews:interview_prepare", args=[talk.pk]))[0]
            for kind, talk in talks.items()
            for relation in (TABLE["talks"][kind], "writer")
        }

    assert found == {"404"}


def address(name, relation, world):
    if name == "interviews:training_remove":
        training = ListeningTraining.objects.create(
            person=world.people["colleague"],
            attended_on=today(),
            recorded_by=world.people[relation],
        )
        return reverse(name, args=[training.pk])
    if name in {"interviews:prompt_edit", "interviews:prompt_retire"}:
        return reverse(name, args=[Prompt.objects.in_use().first().pk])
    return reverse(name)


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_prompts_and_trainings_are_for_hr_of_the_whole_ministry(world, talks, relation):
    wanted, found = {}, {}
    for name, row in TABLE["prompting"].items():
        for method, status in row.items():
            wanted[name, method] = status if relation in WHOLE_MINISTRY else "403"
            with undone():
                url = address(name, relation, world)
                found[name, method], text = ask(world, relation, method, url)
            assert MARK not in text

    assert found == wanted
