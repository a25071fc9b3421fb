"""What people write stays out of the logs, however much is logged."""

import io
import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from career_portal.common.logging import LineFormatter
from career_portal.staff.roles import Role
from surveys.models import DraftPart
from tests.factories.staff import AssignmentFactory, RoleGrantFactory
from tests.factories.surveys import ALL_PARTS, full_answers, hope_survey
from tests.surveys.browsing import autosave, part_address, post

CANARY = "カナリア"
SEARCHED = "さがしもの"


@pytest.fixture
def log():
    """Everything that any library logs, down to the statements of the database, as the portal's handler writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    loggers = [
        logging.getLogger(name) for name in ("", "django", "django.db.backends", "weasyprint")
    ]
    before = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    with CaptureQueriesContext(connection):
        yield stream
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


@pytest.fixture
def secrets(survey_round, questionnaire):
    """What must not be logged: typed text, what was searched for, and words and values that were chosen."""
    listener = questionnaire.part(8).questions[0]
    return [CANARY, SEARCHED, *listener.labels.values(), "childcare", "next_summer"]


def save_everything(client, survey_round, questionnaire):
    for number in ALL_PARTS:
        answers = full_answers(questionnaire.part(number), CANARY).answers
        autosave(client, part_address(survey_round, number), {"version": "0", **answers})


def assert_silent(log, secrets, *, about):
    lines = log.getvalue().splitlines()
    assert any(about in line for line in lines)
    assert any('"logger": "django.db.backends"' in line for line in lines)
    leaks = [(secret, line) for secret in secrets for line in lines if secret in line]
    escaped = [
        (secret, line)
        for secret in secrets
        for line in lines
        if secret.encode("unicode-escape").decode() in line
    ]
    assert leaks == escaped == []


def test_saving_is_logged_without_the_text(signed_in, survey_round, questionnaire, secrets, log):
    save_everything(signed_in, survey_round, questionnaire)
    address = part_address(survey_round, 5)
    answers = {"in_five_years": CANARY}
    for version, text in (("1", CANARY), ("0", CANARY), ("2", f"{CANARY}\x00"), ("x", CANARY)):
        autosave(signed_in, address, {"version": version, **answers, "ledger_will": text})
        post(signed_in, address, {"version": version, **answers, "ledger_will": text})
    post(signed_in, part_address(survey_round, 8), {"version": "1", "listener": CANARY})
    post(signed_in, address, {"version": "2", CANARY: "1", "then": CANARY})
    signed_in.get(address, {"open": CANARY})

    assert DraftPart.objects.count() == 8
    assert_silent(log, secrets, about="surveys:part_edit")


def test_handing_in_reading_and_taking_back_are_logged_without_the_text(
    signed_in, survey_round, questionnaire, writer, secrets, log
):
    save_everything(signed_in, survey_round, questionnaire)
    year = survey_round.fiscal_year
    seen = signed_in.get(reverse("surveys:survey_check", args=[year])).context["seen"]
    submit = reverse("surveys:survey_submit", args=[year])

    assert post(signed_in, submit, {"seen": f"{CANARY}"}).status_code == 409
    assert post(signed_in, submit, {"seen": seen}).status_code == 302
    for name in ("survey_receipt", "survey_tasklist", "survey_withdraw"):
        signed_in.get(reverse(f"surveys:{name}", args=[year]))
    for name in ("version_detail", "version_pdf"):
        assert signed_in.get(reverse(f"surveys:{name}", args=[year, 1])).status_code == 200
    signed_in.post(reverse("surveys:survey_correct", args=[year]))
    signed_in.post(reverse("surveys:correction_discard", args=[year]))
    signed_in.post(reverse("surveys:survey_withdraw", args=[year]))

    assert_silent(log, secrets, about="surveys:version_pdf")


@pytest.mark.parametrize("reader", ["head", "hr"])
def test_reading_is_logged_without_the_text(client, survey_round, writer, secrets, log, reader):
    form = hope_survey(survey_round, writer, "submitted", mark=CANARY)
    section = writer.assignments.get().section
    people = {
        "head": lambda: AssignmentFactory(section=section, head=True).user,
        "hr": lambda: RoleGrantFactory(role=Role.HR).user,
    }
    client.force_login(people[reader]())

    client.get(reverse("surveys:submission_list"))
    address = reverse("surveys:submission_detail", args=[form.current_submission_id])
    assert f"《{CANARY}-1》" in client.get(address).text

    assert_silent(log, secrets, about="surveys:submission_detail")


def test_search_for_a_post_is_logged_without_its_words(signed_in, survey_round, secrets, log):
    address = reverse("surveys:post_pick", args=[survey_round.fiscal_year, 6, "post_1"])

    signed_in.get(address, {"q": SEARCHED})

    assert_silent(log, secrets, about="surveys:post_pick")
