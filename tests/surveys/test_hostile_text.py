"""Any text that people type comes out of every place as it went in."""

import pytest
from django.urls import reverse

from career_portal.common.text import count_characters
from career_portal.staff.roles import Role
from surveys.models import DraftPart, SubmittedPart
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import RoleGrantFactory
from tests.factories.surveys import ALL_PARTS, SurveyRoundFactory, full_answers, hope_survey, submit
from tests.surveys.browsing import Page, autosave, part_address, post
from tests.surveys.hostile import CORPUS, LINE_ENDS

STEP = 16


@pytest.fixture
def texts(questionnaire):
    """The text questions of the whole form: part number and question."""
    return [
        (part.number, question)
        for part in questionnaire.parts
        for question in part.questions
        if question.is_text
    ]


def test_corpus_is_large_and_fits_the_shortest_limit():
    assert len(set(CORPUS)) == len(CORPUS) >= 150
    assert max(count_characters(text) for text in CORPUS) <= 200


def typed_into(texts, offset):
    """One text of the corpus for each text question, another one for each offset."""
    return {
        question.code: CORPUS[(place + offset) % len(CORPUS)]
        for place, (_, question) in enumerate(texts)
    }


@pytest.mark.parametrize("offset", range(0, len(CORPUS), STEP))
def test_text_comes_out_of_database_fields_check_page_and_submission_as_typed(
    signed_in, survey_round, questionnaire, writer, texts, offset
):
    typed = typed_into(texts, offset)
    # The short field takes what fits, so that the form can be handed in.
    if count_characters(typed["b2_other_name"]) > 40:
        typed["b2_other_name"] = "{typed}"

    for number in ALL_PARTS:
        part = questionnaire.part(number)
        answers = full_answers(part, "").answers
        answers |= {
            question.code: typed[question.code] for question in part.questions if question.is_text
        }
        saved = autosave(signed_in, part_address(survey_round, number), {"version": "0", **answers})
        assert (saved.status_code, saved.json()["remarks"]) == (200, {})

    in_database = {}
    for draft in DraftPart.objects.all():
        in_database |= draft.answers
    assert {code: in_database[code] for code in typed} == typed

    in_fields = {}
    for number in sorted({number for number, _ in texts}):
        page = Page(signed_in.get(part_address(survey_round, number)))
        in_fields |= {name: value for name, value in page.fields if name in typed}
    assert in_fields == typed

    year = survey_round.fiscal_year
    shown = Page(signed_in.get(reverse("surveys:survey_check", args=[year])))
    assert_shown(shown, typed)

    submission = submit(survey_round, writer)
    in_force = {}
    for part in SubmittedPart.objects.filter(submission=submission):
        in_force |= part.answers
    assert {code: in_force[code] for code in typed} == typed
    versions = reverse("surveys:version_detail", args=[year, 1])
    assert_shown(Page(signed_in.get(versions)), typed)


def assert_shown(page, typed):
    """Every text stands on the page; which are blank is said by other words."""
    shown = page.classes["cp-typed"]
    missing = [text for text in typed.values() if text not in shown]
    assert missing == []


def test_reader_in_hr_sees_the_text_as_typed(
    client, signed_in, survey_round, questionnaire, writer, texts
):
    typed = typed_into(texts, 5)
    for number in (1, 5):
        part = questionnaire.part(number)
        body = full_answers(part, "").answers | {
            question.code: typed[question.code] for question in part.questions if question.is_text
        }
        autosave(signed_in, part_address(survey_round, number), {"version": "0", **body})
    submission = submit(survey_round, writer)
    client.force_login(RoleGrantFactory(role=Role.HR).user)

    page = Page(client.get(reverse("surveys:submission_detail", args=[submission.pk])))

    read = {question.code: typed[question.code] for number, question in texts if number in (1, 5)}
    assert len(read) == 7
    assert_shown(page, read)


@pytest.mark.parametrize("posted", ["form", "autosave"])
@pytest.mark.parametrize(("typed", "expected"), LINE_ENDS)
def test_line_ends_are_stored_as_line_feeds_in_every_text(
    signed_in, survey_round, questionnaire, typed, expected, posted
):
    send = post if posted == "form" else autosave
    part = questionnaire.part(5)
    body = {"version": "0"} | {question.code: typed for question in part.questions}

    send(signed_in, part_address(survey_round, 5), body)

    assert DraftPart.objects.get().answers == {
        question.code: expected for question in part.questions
    }


def test_last_years_text_stands_beside_the_question_as_typed(signed_in, survey_round, writer):
    from_last_year = "</p><b>{typed} & {{ x }}\n　二行目"
    last = SurveyRoundFactory(fiscal_year=survey_round.fiscal_year - 1)
    hope_survey(last, writer, "draft", numbers=[1])
    body = Page(signed_in.get(part_address(last, 1))).sent(work_done=from_last_year)
    autosave(signed_in, part_address(last, 1), body)
    submit(last, writer)

    page = Page(signed_in.get(part_address(survey_round, 1)))

    assert from_last_year in page.classes["cp-typed"]


def test_title_of_a_post_is_shown_as_written(signed_in, survey_round):
    title = "<b>係長</b> {typed} {{ x }} & 髙"
    post_hoped_for = PostDescriptionFactory(title=title, section__name="<i>課</i>")
    body = {"version": "0", "post_1": str(post_hoped_for.pk)}
    autosave(signed_in, part_address(survey_round, 6), body)

    answer = signed_in.get(part_address(survey_round, 6))

    assert f"<i>課</i>　{title}" in Page(answer).classes["cp-card"][0]
    assert "<b>" not in answer.text
    assert "<i>" not in answer.text
