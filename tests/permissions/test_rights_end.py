"""Rights hold at the moment of the request: what ends between two requests ends with the second."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from career_portal.common.clock import today
from career_portal.staff.models import Assignment, RoleGrant, SupervisorDesignation, User
from surveys import services
from surveys.asked import asked
from surveys.models import DraftPart
from tests.factories.surveys import choose_supervisor, full_answers, hope_survey
from tests.permissions.forms import (
    DETAIL,
    LIST,
    MARK,
    RELEASED,
    STAFF,
    fill,
    let_mentor_read,
    listed,
    name_mentor,
    release,
    shown_parts,
)
from tests.permissions.world import DAY

pytestmark = pytest.mark.django_db

JAPAN = ZoneInfo("Asia/Tokyo")
LISTS = {"hr_ministry": LIST, "hr_bureau": LIST, "mentor": RELEASED}


@pytest.fixture(scope="module")
def forms(world):
    return fill(world)


def end_today(rows):
    """End dated rows as of today; the day they began lies before, so that the period is not empty."""
    assert rows.update(valid_from=today() - DAY, valid_until=today()) == 1


def transfer(world, relation, form):
    """The supervisor sits elsewhere as of today."""
    led = Assignment.objects.filter(section=world.units["here"], user=world.people[relation])
    moved = led.update(section=world.units["leadership"], position=Assignment.Position.MEMBER)
    assert moved == 1


def end_designation(world, relation, form):
    end_today(SupervisorDesignation.objects.filter(supervisor=world.people[relation]))


def end_grant(world, relation, form):
    end_today(RoleGrant.objects.filter(user=world.people[relation]))


def end_account(world, relation, form):
    User.objects.filter(pk=world.people[relation].pk).update(state=User.State.ENDED)


def move_writer(world, relation, form):
    rows = Assignment.objects.filter(user=form.writer)
    assert rows.update(section=world.units["far"]) == 1


def withdraw(world, relation, form):
    services.withdraw_hope_survey(world.rounds["open"], by=form.writer)


def name_another(world, relation, form):
    name_mentor(world.rounds["open"], form.writer, world.people["other_mentor"])


def name_nobody(world, relation, form):
    name_mentor(world.rounds["open"], form.writer, None)


@pytest.mark.parametrize(
    ("relation", "event", "status"),
    [
        ("head", transfer, 404),
        ("acting_head", transfer, 404),
        ("deputy", end_designation, 404),
        ("hr_ministry", end_grant, 404),
        ("hr_bureau", end_grant, 404),
        ("head", end_account, 302),
        ("hr_ministry", end_account, 302),
        ("head", move_writer, 404),
        ("hr_bureau", move_writer, 404),
        ("head", withdraw, 404),
        ("hr_ministry", withdraw, 404),
        ("mentor", end_grant, 404),
        ("mentor", end_account, 302),
        ("mentor", withdraw, 404),
        ("mentor", name_another, 404),
        ("mentor", name_nobody, 404),
    ],
)
def test_right_that_ends_between_two_requests_is_gone_in_the_second(
    world, forms, relation, event, status
):
    form, list_address = forms["listens_mentor"], LISTS.get(relation, STAFF)
    client, address = world.client(relation), DETAIL.format(form.pk)
    release(world.rounds["open"], form.writer, world.people["mentor"], 5)
    assert client.get(address).status_code == 200
    assert form.pk in listed(client.get(list_address).content.decode())

    event(world, relation, form)

    response = client.get(address)
    assert response.status_code == status
    assert MARK not in response.content.decode()
    assert form.pk not in listed(client.get(list_address).content.decode())


def hide(world, form):
    for number in (1, 2, 3, 4):
        choose_supervisor(world.rounds["open"], form.writer, number, reads=False)


def take_back(world, form):
    for number in (1, 5):
        let_mentor_read(world.rounds["open"], form.writer, number, reads=False)


@pytest.mark.parametrize(
    ("relation", "event", "before", "after"),
    [("head", hide, {1, 2, 3, 4}, set()), ("mentor", take_back, {1, 5, 8}, {8})],
)
def test_part_taken_back_between_two_requests_is_gone_in_the_second(
    world, forms, relation, event, before, after
):
    form = forms["listens_mentor"]
    client, address = world.client(relation), DETAIL.format(form.pk)
    release(world.rounds["open"], form.writer, world.people["mentor"], 1, 5)
    assert shown_parts(client.get(address).content.decode()) == before

    event(world, form)

    assert shown_parts(client.get(address).content.decode()) == after
    assert form.pk in listed(client.get(LISTS.get(relation, STAFF)).content.decode())


def midnight(days):
    """The first instant of a day, counted from today, in Japan."""
    day = today() + days * DAY
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("seconds", "readers"),
    [(-1, {"head", "hr_ministry", "mentor"}), (0, {"next_head", "next_hr"})],
)
def test_rights_change_at_midnight_in_japan(world, forms, seconds, readers):
    form = forms["listens_mentor"]
    people = world.people
    release(world.rounds["open"], form.writer, people["mentor"], 5)
    ending = RoleGrant.objects.filter(user__in=[people["hr_ministry"], people["mentor"]])
    assert ending.update(valid_until=today() + DAY) == 2
    found = set()

    with time_machine.travel(midnight(1) + datetime.timedelta(seconds=seconds), tick=False):
        for relation in (
            "head",
            "next_head",
            "hr_ministry",
            "next_hr",
            "former_head",
            "mentor",
            "former_mentor",
        ):
            client = Client()
            client.force_login(people[relation])
            if client.get(DETAIL.format(form.pk)).status_code == 200:
                found.add(relation)

    assert found == readers


def test_reader_removed_and_added_again_reads_from_that_moment(world, forms):
    form, number = forms["listens_mentor"], 2
    client, address = world.client("head"), DETAIL.format(form.pk)
    seen = []

    for reads in (True, False, True):
        choose_supervisor(world.rounds["open"], form.writer, number, reads=reads)
        seen.append(number in shown_parts(client.get(address).content.decode()))

    assert seen == [True, False, True]


def test_save_of_a_page_opened_before_the_account_ended_stores_nothing(world):
    survey_round, person = world.rounds["open"], world.people["writer"]
    client, address = world.client("writer"), f"/surveys/{survey_round.fiscal_year}/parts/1/"
    hope_survey(survey_round, person, "draft")
    assert client.get(address).status_code == 200
    end_account(world, "writer", None)
    answers = full_answers(asked(survey_round.questionnaire).part(1), "あとから").answers

    response = client.post(address, {"version": 1, **answers})

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    assert "あとから" not in str(DraftPart.objects.get(survey__user=person, part__number=1).answers)
