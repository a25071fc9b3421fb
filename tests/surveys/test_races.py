"""What many do to one form at once: handing in, saving first, saving the same page, choosing readers."""

import http.client
import re
from collections import Counter
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse

from surveys import reader_services, services
from surveys.models import DraftPart, HopeSurvey, ReaderChoice, Submission
from tests.factories.postings import PostDescriptionFactory
from tests.factories.surveys import full_answers, hope_survey
from tests.threads import at_once, behind_a_lock, each_connected

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 50


def kinds(results):
    return Counter(type(result).__name__ for result in results)


def test_fifty_submits_at_once_are_one_submission_with_one_receipt(survey_round, writer):
    survey = hope_survey(survey_round, writer, "draft")
    seen = services.fingerprint(survey.draft_parts.all())

    def submit(_):
        return services.submit_hope_survey(survey_round, seen=seen, by=writer).receipt_number

    receipts = behind_a_lock(MANY, submit, held=HopeSurvey.objects.all())

    submission = Submission.objects.get()
    assert receipts == [submission.receipt_number] * MANY
    assert (submission.number, submission.parts.count()) == (1, 8)
    survey.refresh_from_db()
    assert (survey.state, survey.current_submission) == ("submitted", submission)


def test_fifty_submits_over_http_show_one_receipt(survey_round, writer, client, live_server):
    hope_survey(survey_round, writer, "draft")
    client.force_login(writer)
    page = client.get(reverse("surveys:survey_check", args=[survey_round.fiscal_year]))
    fields = dict(re.findall(r'name="(csrfmiddlewaretoken|seen)" value="([^"]*)"', page.text))
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())
    assert {"sessionid", settings.CSRF_COOKIE_NAME} <= set(client.cookies)

    # Connected beforehand: the server of the tests keeps ten callers waiting at most.
    callers = [
        http.client.HTTPConnection(live_server.thread.host, live_server.thread.port, timeout=60)
        for _ in range(MANY)
    ]
    for caller in callers:
        caller.connect()

    def post(number):
        caller = callers[number]
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        caller.request("POST", submit, urlencode(fields), headers)
        answer = caller.getresponse()
        answer.read()
        caller.close()
        return answer.status, answer.headers["Location"]

    year = survey_round.fiscal_year
    submit, receipt = (
        reverse(f"surveys:{name}", args=[year]) for name in ("survey_submit", "survey_receipt")
    )

    assert Counter(at_once(MANY, post)) == {(302, receipt): MANY}
    assert Submission.objects.get().receipt_number in client.get(receipt).text


def test_submits_of_a_correction_at_once_are_one_new_version(survey_round, writer):
    survey = hope_survey(survey_round, writer, "correcting", numbers=[1])
    seen = services.fingerprint(survey.draft_parts.all())

    def submit(_):
        return services.submit_hope_survey(survey_round, seen=seen, by=writer).number

    assert behind_a_lock(8, submit, held=HopeSurvey.objects.all()) == [2] * 8
    assert Submission.objects.count() == 2


def test_of_two_first_saves_at_once_one_is_stored_and_one_is_stale(
    survey_round, questionnaire, writer
):
    part = questionnaire.part(5)

    def save(number):
        posted = full_answers(part, f"窓{number}")
        services.save_draft_part(survey_round, part, posted, version=0, by=writer)
        return number

    results = each_connected(2, save)

    [stored] = [result for result in results if isinstance(result, int)]
    assert kinds(results) == {"int": 1, "StaleSave": 1}
    draft = DraftPart.objects.get()
    assert (draft.version, draft.answers["in_five_years"]) == (1, f"《窓{stored}-5》")
    assert HopeSurvey.objects.count() == 1


def test_of_many_saves_of_one_page_exactly_one_is_stored(survey_round, questionnaire, writer):
    hope_survey(survey_round, writer, "draft", numbers=[5])
    part = questionnaire.part(5)

    def save(number):
        posted = full_answers(part, f"窓{number}")
        services.save_draft_part(survey_round, part, posted, version=1, by=writer)
        return number

    results = behind_a_lock(8, save, held=HopeSurvey.objects.all())

    [stored] = [result for result in results if isinstance(result, int)]
    assert kinds(results) == {"int": 1, "StaleSave": 7}
    draft = DraftPart.objects.get()
    assert (draft.version, draft.answers["in_ten_years"]) == (2, f"《窓{stored}-5》")


def test_first_saves_of_all_parts_at_once_are_all_stored(survey_round, questionnaire, writer):
    def save(index):
        part = questionnaire.parts[index]
        posted = full_answers(part, "同時")
        return services.save_draft_part(survey_round, part, posted, version=0, by=writer).version

    assert each_connected(8, save) == [1] * 8
    assert HopeSurvey.objects.get().draft_parts.count() == 8


def test_save_that_waited_for_a_submit_is_refused(survey_round, questionnaire, writer):
    survey = hope_survey(survey_round, writer, "draft", numbers=[1])
    seen = services.fingerprint(survey.draft_parts.all())
    part = questionnaire.part(1)

    def save_or_submit(number):
        if number:
            posted = full_answers(part, "遅れた")
            return services.save_draft_part(survey_round, part, posted, version=1, by=writer)
        return services.submit_hope_survey(survey_round, seen=seen, by=writer)

    submitted, saved = behind_a_lock(2, save_or_submit, held=HopeSurvey.objects.all())

    in_force = DraftPart.objects.get().answers
    if isinstance(saved, services.NotBeingWritten):
        assert (submitted.number, in_force["work_done"]) == (1, "《本文-1》")
    else:
        assert isinstance(submitted, services.ChangedSinceCheck)
        assert (saved.version, in_force["work_done"]) == (2, "《遅れた-1》")


def test_withdrawals_at_once_take_back_once(survey_round, writer):
    hope_survey(survey_round, writer, "submitted", numbers=[1])

    def withdraw(_):
        return services.withdraw_hope_survey(survey_round, by=writer)

    results = behind_a_lock(4, withdraw, held=HopeSurvey.objects.all())

    assert kinds(results) == {"HopeSurvey": 1, "NothingSubmitted": 3}
    assert HopeSurvey.objects.get().state == "withdrawn"


def test_choices_of_readers_at_once_leave_one_choice(survey_round, questionnaire, writer):
    part = questionnaire.part(1)

    def choose(number):
        reader_services.choose_supervisor_reader(
            survey_round, part, supervisor_reads=bool(number % 2), by=writer
        )

    assert each_connected(8, choose) == [None] * 8
    assert ReaderChoice.objects.count() == 1


def test_first_posts_chosen_at_once_are_all_hoped_for(survey_round, questionnaire, writer):
    part, post = questionnaire.part(6), PostDescriptionFactory()

    def choose(number):
        services.hope_for_post(survey_round, part, f"post_{number + 1}", post, by=writer)

    assert each_connected(3, choose) == [None] * 3
    form = HopeSurvey.objects.get()
    wishes = form.draft_post_wishes.values_list("question_code", flat=True)
    assert set(wishes) == {"post_1", "post_2", "post_3"}
    assert form.draft_parts.get().version == 3
