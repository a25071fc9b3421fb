"""Bringing a past round along on pages: chosen, looked at, taken or thrown away."""

import datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from career_portal.staff.roles import Role
from surveys import tasks
from surveys.models import RoundImport, SurveyRound
from tests.factories import feedback
from tests.factories.past_rounds import PastFiles
from tests.factories.staff import RoleGrantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("disk")]


@pytest.fixture
def browser(client):
    client.force_login(feedback.feedback_admin())
    return client


def choose(browser, files, **typed):
    """Choose the files on the page."""
    chosen = {
        name: SimpleUploadedFile(f"{name}.csv", content)
        for name, content in files.content().items()
    }
    data = {"fiscal_year": files.year, "reference_date": "", "reason": "", **chosen, **typed}
    return browser.post(reverse("surveys:past_round_list"), data, follow=True)


def test_files_are_looked_at_and_then_taken(browser, django_capture_on_commit_callbacks):
    page = choose(browser, PastFiles())
    kept = RoundImport.objects.get()
    said = page.content.decode()
    assert "取り込めます" in said
    assert "103人" in said
    assert not SurveyRound.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        after = browser.post(reverse("surveys:past_round_detail", args=[kept.pk]), follow=True)

    said = after.content.decode()
    assert "2024年度の実施回を取り込みました。" in said
    assert "ファイルから取り込みました" in said
    assert "全課室のシートを作る" in said
    assert not default_storage.exists(f"{kept.folder}/answers.csv")
    again = browser.post(reverse("surveys:past_round_detail", args=[kept.pk]), follow=True)
    assert "もうありません" in again.content.decode()
    assert SurveyRound.objects.get().freezes.count() == 1


def test_rows_that_cannot_be_taken_are_named_and_nothing_is_taken(browser):
    files = PastFiles()
    files.answers[3][4] = "<b>9</b>"
    page = choose(browser, files)
    kept = RoundImport.objects.get()
    said = page.content.decode()
    assert "このままでは取り込めません" in said
    assert "5行目" in said
    assert "answerは" in said

    browser.post(reverse("surveys:past_round_detail", args=[kept.pk]))

    assert not SurveyRound.objects.exists()


def test_what_was_chosen_can_be_thrown_away(browser, django_capture_on_commit_callbacks):
    choose(browser, PastFiles())
    kept = RoundImport.objects.get()
    assert default_storage.exists(f"{kept.folder}/answers.csv")

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("surveys:past_round_discard", args=[kept.pk]))

    assert not default_storage.exists(f"{kept.folder}/answers.csv")
    assert not RoundImport.objects.exists()


def test_files_that_nobody_took_are_gone_after_a_day(browser):
    choose(browser, PastFiles())
    kept = RoundImport.objects.get()
    tasks.throw_old_round_files_away()
    assert default_storage.exists(f"{kept.folder}/answers.csv")

    RoundImport.objects.update(uploaded_at=timezone.now() - datetime.timedelta(days=1, hours=1))
    tasks.throw_old_round_files_away()

    assert not default_storage.exists(f"{kept.folder}/answers.csv")
    assert not RoundImport.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"fiscal_year": "去年"}, "年度"),
        ({"fiscal_year": "99999999999999"}, "年度"),
        ({"answers": ""}, "ファイルを選択してください"),
        ({"reference_date": "十月"}, "基準日"),
        ({"reason": "\x00"}, "使えない文字"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(browser, typed, sentence):
    page = choose(browser, PastFiles(), **typed)
    assert page.status_code == 422
    said = page.content.decode().partition('class="cp-errors')[2].partition("</ul>")[0]
    assert sentence in said
    assert not RoundImport.objects.exists()


def test_past_rounds_are_no_rounds_to_fill_in_to_run_or_to_plan(browser, client):
    choose(browser, PastFiles())
    browser.post(reverse("surveys:past_round_detail", args=[RoundImport.objects.get().pk]))

    for name in ("survey_tasklist", "plan_detail", "release_correct"):
        assert browser.get(reverse(f"surveys:{name}", args=[2024])).status_code == 404, name
    assert browser.get(reverse("surveys:survey_index")).status_code == 200
    assert browser.get(reverse("home:home")).status_code == 200
    client.force_login(RoleGrantFactory(role=Role.HR).user)
    assert client.get(reverse("surveys:round_progress", args=[2024])).status_code == 404
