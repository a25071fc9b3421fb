"""Correcting what was published: a reason, figures fixed once more, an audit with the old sheets, new sheets beside them."""

import pytest
from django.urls import reverse

from surveys.feedback_sheets import preparing_services
from surveys.feedback_sheets.freezing_services import freeze_round
from surveys.models import FeedbackRelease, RoundFreeze
from tests.factories import feedback

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return feedback.feedback_admin()


@pytest.fixture
def survey_round(admin):
    """A round whose (empty) figures are out."""
    closed = feedback.closed_round()
    release = preparing_services.prepare_release(freeze_round(closed), by=admin)
    FeedbackRelease.objects.filter(pk=release.pk).update(state="made")
    feedback.opened(release)
    return closed


def address(survey_round):
    return reverse("surveys:release_correct", args=[survey_round.fiscal_year])


def test_a_correction_is_another_release_beside_the_first(client, admin, survey_round):
    client.force_login(admin)
    listed = client.get(reverse("surveys:release_list")).content.decode()
    assert address(survey_round) in listed

    answer = client.post(address(survey_round), {"reason": "所属の誤り"})

    second = FeedbackRelease.objects.order_by("number").last()
    assert answer.url == reverse("surveys:release_detail", args=[survey_round.fiscal_year, 2])
    assert (second.number, second.corrects.number) == (2, 1)
    assert second.freeze.reason == "所属の誤り"
    assert second.certificate["audited_with"] == [1]


def test_without_a_reason_nothing_is_fixed(client, admin, survey_round):
    client.force_login(admin)

    answer = client.post(address(survey_round), {"reason": "  "})

    assert answer.status_code == 422
    assert "訂正の理由を入力してください" in answer.content.decode()
    assert RoundFreeze.objects.count() == 1


def test_what_is_not_out_is_given_up_instead(client, admin):
    closed = feedback.closed_round()
    preparing_services.prepare_release(freeze_round(closed), by=admin)
    client.force_login(admin)

    assert client.get(address(closed)).status_code == 404
    with pytest.raises(preparing_services.NothingToCorrect):
        preparing_services.correct_release(closed, reason="直す", by=admin)
    assert RoundFreeze.objects.count() == 1


def test_a_second_correction_waits_for_the_first(client, admin, survey_round):
    client.force_login(admin)
    client.post(address(survey_round), {"reason": "一度目"})

    # The first correction is not out yet: a second one has nothing to correct.
    answer = client.post(address(survey_round), {"reason": "二度目"})

    assert answer.status_code == 404
    assert RoundFreeze.objects.count() == 2
