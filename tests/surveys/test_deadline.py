"""Opening and deadline are instants of the database clock, to the microsecond and without grace."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from surveys import reader_services, services
from surveys.answers import PostedAnswers
from surveys.models import DraftPart, HopeSurvey, Submission, SurveyRound
from tests.factories.postings import PostDescriptionFactory
from tests.factories.surveys import hope_survey

MICROSECOND = datetime.timedelta(microseconds=1)


@pytest.fixture
def actions(survey_round, questionnaire, writer):
    """Everything that the round's opening and deadline bound, by name, on a form in the state that it needs."""
    part, posts = questionnaire.part(1), questionnaire.part(6)

    def save():
        drafts = DraftPart.objects.filter(survey__user=writer, part=part.pk)
        version = drafts.values_list("version", flat=True).first() or 0
        posted = PostedAnswers(answers={"work_done": "間に合った"})
        services.save_draft_part(survey_round, part, posted, version=version, by=writer)

    def choose_post():
        post = PostDescriptionFactory()
        services.hope_for_post(survey_round, posts, "post_1", post, by=writer)

    def submit():
        drafts = DraftPart.objects.filter(survey__user=writer)
        seen = services.fingerprint(drafts)
        services.submit_hope_survey(survey_round, seen=seen, by=writer)

    return {
        "first save": (None, save),
        "save": ("draft", save),
        "save of a correction": ("correcting", save),
        "first post": (None, choose_post),
        "post": ("draft", choose_post),
        "submit": ("draft", submit),
        "submit of a correction": ("correcting", submit),
        "submit again": ("withdrawn", submit),
        "correct": ("submitted", lambda: services.open_correction(survey_round, by=writer)),
        "withdraw": ("submitted", lambda: services.withdraw_hope_survey(survey_round, by=writer)),
    }


NAMES = [
    "first save",
    "save",
    "save of a correction",
    "first post",
    "post",
    "submit",
    "submit of a correction",
    "submit again",
    "correct",
    "withdraw",
]


def stage(survey_round, writer, state):
    """A form in that state; its first part is all that submitting asks for."""
    if state:
        hope_survey(survey_round, writer, state, numbers=[1])


def everything():
    """All that is stored of forms."""
    return (
        list(HopeSurvey.objects.values()),
        list(DraftPart.objects.order_by("pk").values()),
        list(Submission.objects.order_by("pk").values()),
    )


def test_every_bounded_action_is_tested(actions):
    assert list(actions) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_last_microsecond_before_the_deadline_counts(
    name, actions, survey_round, writer, database_clock
):
    state, act = actions[name]
    stage(survey_round, writer, state)
    before = everything()
    database_clock(survey_round.deadline_at - MICROSECOND)

    act()

    assert everything() != before


@pytest.mark.parametrize("name", NAMES)
def test_the_deadline_itself_is_too_late(name, actions, survey_round, writer, database_clock):
    state, act = actions[name]
    stage(survey_round, writer, state)
    before = everything()
    database_clock(survey_round.deadline_at)

    with pytest.raises(services.WritingClosed):
        act()

    assert everything() == before


@pytest.mark.parametrize("name", ["first save", "first post"])
def test_round_opens_at_its_microsecond(name, actions, survey_round, database_clock):
    _, act = actions[name]

    database_clock(survey_round.opens_at - MICROSECOND)
    with pytest.raises(services.WritingClosed):
        act()
    database_clock(survey_round.opens_at)
    act()

    assert HopeSurvey.objects.count() == 1


def test_pages_open_and_close_at_their_microsecond(signed_in, survey_round, database_clock):
    address = reverse("surveys:part_edit", args=[survey_round.fiscal_year, 1])
    overview = reverse("surveys:survey_index")

    def shown(at):
        database_clock(at)
        page = signed_in.get(address)
        listed = [row["round"] for row in signed_in.get(overview).context["rows"]]
        return page.status_code, 'id="part-form"' in page.text, listed == [survey_round]

    assert shown(survey_round.opens_at - MICROSECOND) == (404, False, False)
    assert shown(survey_round.opens_at) == (200, True, True)
    assert shown(survey_round.deadline_at - MICROSECOND) == (200, True, True)
    assert shown(survey_round.deadline_at) == (200, False, False)


@pytest.mark.parametrize("off", [-20, 20], ids=["slow", "fast"])
@pytest.mark.parametrize("name", NAMES)
def test_wrong_clock_of_the_web_host_changes_nothing(name, off, actions, survey_round, writer):
    state, act = actions[name]
    stage(survey_round, writer, state)
    before = everything()

    with time_machine.travel(timezone.now() + datetime.timedelta(days=off)):
        act()

    assert everything() != before


@pytest.mark.parametrize("name", NAMES)
def test_deadline_a_microsecond_ago_closes_although_the_web_host_is_slow(
    name, actions, survey_round, writer
):
    state, act = actions[name]
    stage(survey_round, writer, state)
    with connection.cursor() as cursor:
        cursor.execute(
            "update surveys_surveyround set deadline_at = clock_timestamp() - interval '1 microsecond'"
        )

    slow = timezone.now() - datetime.timedelta(minutes=5)
    with time_machine.travel(slow), pytest.raises(services.WritingClosed):
        act()


def test_extension_of_the_deadline_counts_for_pages_already_open(
    actions, survey_round, database_clock
):
    _, act = actions["first save"]
    database_clock(survey_round.deadline_at + MICROSECOND)
    with pytest.raises(services.WritingClosed):
        act()

    later = survey_round.deadline_at + datetime.timedelta(days=1)
    SurveyRound.objects.update(deadline_at=later)

    act()
    assert HopeSurvey.objects.count() == 1


def test_submission_bears_the_time_of_the_database(survey_round, writer, database_clock):
    hope_survey(survey_round, writer, "draft", numbers=[1])
    database_clock(survey_round.deadline_at - MICROSECOND)
    seen = services.fingerprint(DraftPart.objects.all())

    with time_machine.travel(survey_round.deadline_at + datetime.timedelta(minutes=5)):
        submission = services.submit_hope_survey(survey_round, seen=seen, by=writer)

    assert submission.submitted_at == survey_round.deadline_at - MICROSECOND


def test_withdrawal_on_a_host_that_is_slow_is_not_before_the_submission(survey_round, writer):
    hope_survey(survey_round, writer, "submitted", numbers=[1])

    with time_machine.travel(timezone.now() - datetime.timedelta(minutes=5)):
        services.withdraw_hope_survey(survey_round, by=writer)

    submission = Submission.objects.get()
    assert submission.withdrawn_at > submission.submitted_at


def test_readers_are_chosen_after_the_deadline_too(
    survey_round, questionnaire, writer, database_clock
):
    hope_survey(survey_round, writer, "submitted", numbers=[1])
    database_clock(survey_round.deadline_at + MICROSECOND)

    reader_services.choose_supervisor_reader(
        survey_round, questionnaire.part(1), supervisor_reads=False, by=writer
    )

    assert HopeSurvey.objects.get().reader_choices.get().supervisor_reads is False


def test_correction_that_is_late_can_still_be_discarded(survey_round, writer, database_clock):
    hope_survey(survey_round, writer, "correcting", numbers=[1], mark="提出")
    database_clock(survey_round.deadline_at + MICROSECOND)

    services.discard_correction(survey_round, by=writer)

    assert DraftPart.objects.get(part__number=1).answers["work_done"] == "《提出-1》"
