"""Nobody can tell what a writer keeps from him from what the writer never wrote."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.models import Submission
from tests.factories.surveys import ALL_PARTS, choose_supervisor, hope_survey, save_parts, submit
from tests.permissions.forms import (
    DETAIL,
    MARK,
    RELEASED,
    STAFF,
    let_mentor_read,
    member,
    release,
    steady,
)
from tests.permissions.world import undone

pytestmark = pytest.mark.django_db

SUPERVISORS = ["head", "acting_head", "deputy"]
# What the pages of two requests for the same thing may differ in. The length of a page counts the
# digits of the row's number, so the page is measured without it.
OF_THE_REQUEST = {"X-Request-ID", "Set-Cookie", "Content-Length"}


def without(number):
    return [other for other in ALL_PARTS if other != number]


def seen_by(world, relation, writer, address_of_list=STAFF):
    """Everything that reaches a reader: list and form, their headers and how many statements they took."""
    submission = Submission.objects.filter(survey__user=writer).first()
    addresses = [address_of_list, DETAIL.format(submission.pk if submission else 10**9)]
    seen = []
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            response = world.client(relation).get(address)
        page = re.sub(rb"/readable/\d+/", b"/readable/N/", steady(response))
        # The variants are handed in one after the other, perhaps on both sides of a minute.
        page = re.sub(rb"\d\d:\d\d", b"HH:MM", page)
        headers = {key: value for key, value in response.items() if key not in OF_THE_REQUEST}
        seen.append((response.status_code, page, headers, len(captured)))
    return seen


@pytest.mark.parametrize(
    ("relation", "number"),
    [("head", 2), ("head", 3), ("head", 4), ("acting_head", 2), ("deputy", 2)],
)
def test_part_hidden_from_the_supervisor_looks_like_one_never_answered(world, relation, number):
    survey_round, writer = world.rounds["open"], member(world)
    with undone():
        hope_survey(survey_round, writer, mark=MARK)
        shown = seen_by(world, relation, writer)
    with undone():
        hope_survey(survey_round, writer, mark=MARK)
        choose_supervisor(survey_round, writer, number, reads=False)
        hidden = seen_by(world, relation, writer)
    with undone():
        hope_survey(survey_round, writer, mark=MARK, numbers=without(number))
        never_answered = seen_by(world, relation, writer)
    with undone():
        opened_and_left_empty(survey_round, writer, number)
        left_empty = seen_by(world, relation, writer)

    assert hidden != shown
    assert hidden == never_answered
    assert hidden == left_empty


def opened_and_left_empty(survey_round, writer, number):
    """Hand in a form of which one part was saved by its button without an answer."""
    save_parts(survey_round, writer, without(number), mark=MARK)
    save_parts(survey_round, writer, [number], mark="", empty=True)
    submit(survey_round, writer)


@pytest.mark.parametrize("relation", SUPERVISORS)
def test_part_not_opened_to_the_supervisor_looks_like_one_never_answered(world, relation):
    survey_round, writer = world.rounds["open"], member(world)
    with undone():
        hope_survey(survey_round, writer, mark=MARK, listener="mentor")
        kept = seen_by(world, relation, writer)
    with undone():
        hope_survey(survey_round, writer, mark=MARK, numbers=[1, 2, 3, 4])
        never_answered = seen_by(world, relation, writer)

    assert kept == never_answered


@pytest.mark.parametrize("relation", SUPERVISORS)
def test_form_hidden_as_a_whole_looks_like_one_that_says_nothing_to_supervisors(world, relation):
    survey_round, writer = world.rounds["open"], member(world)
    with undone():
        hope_survey(survey_round, writer, mark=MARK, listener="hr")
        for number in (1, 2, 3, 4):
            choose_supervisor(survey_round, writer, number, reads=False)
        hidden = seen_by(world, relation, writer)
    with undone():
        hope_survey(survey_round, writer, mark=MARK, numbers=[7])
        only_circumstances = seen_by(world, relation, writer)
    with undone():
        hope_survey(survey_round, writer, mark=MARK, numbers=[5, 6])
        not_opened = seen_by(world, relation, writer)

    assert [status for status, *_ in hidden] == [200, 200]
    assert hidden == only_circumstances == not_opened


@pytest.mark.parametrize("relation", SUPERVISORS)
@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_form_that_is_not_handed_in_looks_like_one_never_begun(world, relation, state):
    survey_round, writer = world.rounds["open"], member(world)
    with undone():
        hope_survey(survey_round, writer, state, mark=MARK)
        not_handed_in = seen_by(world, relation, writer)
    never_begun = seen_by(world, relation, writer)

    assert [status for status, *_ in never_begun] == [200, 404]
    assert not_handed_in == never_begun


@pytest.mark.parametrize("relation", [*SUPERVISORS, "hr_ministry"])
def test_release_to_a_mentor_is_seen_by_nobody_else(world, relation):
    survey_round, writer = world.rounds["open"], member(world)
    hope_survey(survey_round, writer, mark=MARK, listener="mentor")
    before = seen_by(world, relation, writer)

    release(survey_round, writer, world.people["mentor"], 1, 5)

    assert seen_by(world, relation, writer) == before


def test_form_released_to_nobody_looks_to_a_mentor_like_one_that_does_not_exist(world):
    survey_round, writer = world.rounds["open"], member(world)
    with undone():
        hope_survey(survey_round, writer, mark=MARK, listener="hr")
        release(survey_round, writer, world.people["mentor"], 5)
        let_mentor_read(survey_round, writer, 5, reads=False)
        taken_back = seen_by(world, "mentor", writer, RELEASED)
    never_begun = seen_by(world, "mentor", writer, RELEASED)

    assert [status for status, *_ in never_begun] == [200, 404]
    assert taken_back == never_begun


def test_part_kept_from_a_mentor_looks_like_one_never_answered(world):
    survey_round, writer = world.rounds["open"], member(world)
    with undone():
        hope_survey(survey_round, writer, mark=MARK, listener="mentor")
        release(survey_round, writer, world.people["mentor"], 5)
        kept = seen_by(world, "mentor", writer, RELEASED)
    with undone():
        hope_survey(survey_round, writer, mark=MARK, listener="mentor", numbers=[5, 8])
        release(survey_round, writer, world.people["mentor"], 1, 5, 6)
        never_answered = seen_by(world, "mentor", writer, RELEASED)

    assert [status for status, *_ in kept] == [200, 200]
    assert kept == never_answered


def test_decisions_about_readers_are_known_to_the_writer_alone(world):
    survey_round, writer = world.rounds["open"], member(world)
    hope_survey(survey_round, writer, mark=MARK)
    choose_supervisor(survey_round, writer, 2, reads=False)
    address = f"/surveys/{survey_round.fiscal_year}/"

    for relation in ("head", "hr_ministry", "colleague"):
        page = steady(world.client(relation).get(address))
        with undone():
            choose_supervisor(survey_round, writer, 2, reads=True)
            assert steady(world.client(relation).get(address)) == page
