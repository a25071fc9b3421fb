"""What many do at once to one form: handing in, saving first, saving the same page."""

import pytest

from surveys import services
from surveys.models import DraftPart, HopeSurvey, Submission
from tests.factories.surveys import full_answers, hope_survey
from tests.surveys.threads import at_once, queued_behind_a_lock

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 50


def test_fifty_submits_at_once_are_one_submission_with_one_receipt(survey_round, writer):
    survey = hope_survey(survey_round, writer, "draft")
    seen = services.fingerprint(survey.draft_parts.all())

    def submit(_):
        return services.submit_hope_survey(survey_round, seen=seen, by=writer).receipt_number

    receipts = queued_behind_a_lock(MANY, submit, survey=survey)

    submission = Submission.objects.get()
    assert receipts == [submission.receipt_number] * MANY
    assert (submission.number, submission.parts.count()) == (1, 8)
    survey.refresh_from_db()
    assert (survey.state, survey.current_submission) == ("submitted", submission)


def test_submits_of_a_correction_at_once_are_one_new_version(survey_round, writer):
    survey = hope_survey(survey_round, writer, "correcting")
    seen = services.fingerprint(survey.draft_parts.all())

    def submit(_):
        return services.submit_hope_survey(survey_round, seen=seen, by=writer).number

    assert queued_behind_a_lock(8, submit, survey=survey) == [2] * 8
    assert Submission.objects.count() == 2
