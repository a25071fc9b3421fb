"""The questionnaire kept in memory: as it was asked, until a revision says that it changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.asked import asked
from surveys.models import Question, Questionnaire
from tests.surveys.browsing import Page, part_address


def reword(questionnaire, label, *, revision):
    Question.objects.filter(part__questionnaire=questionnaire, code="work_done").update(label=label)
    if revision:
        Questionnaire.objects.filter(pk=questionnaire.pk).update(revision=revision)


def test_wording_is_read_once_per_revision(survey_round):
    first = asked(survey_round.questionnaire)

    with CaptureQueriesContext(connection) as captured:
        again = asked(Questionnaire(pk=survey_round.questionnaire_id, revision=first.revision))

    assert again is first
    assert len(captured) == 0


def test_pages_follow_a_new_revision_at_once(signed_in, survey_round):
    address = part_address(survey_round, 1)
    before = signed_in.get(address).text
    label = "この1年の <仕事> {typed} を教えてください"

    reword(survey_round.questionnaire, label, revision=2)
    page = Page(signed_in.get(address))

    assert label not in before
    assert label in page.texts["main"]
    assert page.value("work_done") == ""


def test_parts_stand_under_their_headings_in_order(questionnaire):
    numbers = [part.number for _, parts in questionnaire.groups for part in parts]

    assert numbers == [part.number for part in questionnaire.parts] == list(range(1, 9))
    assert questionnaire.part(9) is None
    assert questionnaire.part(0) is None


@pytest.mark.parametrize(("number", "groups"), [(1, 1), (2, 5), (3, 12), (4, 10), (8, 1)])
def test_questions_are_gathered_by_skill_without_losing_one(questionnaire, number, groups):
    part = questionnaire.part(number)

    gathered = [question for group in part.skill_groups for question in group.questions]

    assert len(part.skill_groups) == groups
    assert gathered == list(part.questions)
