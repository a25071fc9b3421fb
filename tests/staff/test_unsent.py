"""A post that is refused gives back what was typed, to a page of ours and to nobody else."""

import re
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from surveys.models import DraftPart
from tests.factories.staff import AssignmentFactory
from tests.factories.surveys import SurveyRoundFactory
from tests.surveys.browsing import URLENCODED, Page, part_address
from tests.surveys.hostile import CORPUS

pytestmark = pytest.mark.django_db

HERE = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
# A form of HR, left open while the role ends.
NOT_FOR_STAFF = "/surveys/rounds/2026/reminders/new/"
TEXT = "鵺の文\n二行目"
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Sec-Fetch-Site": "same-site", "Referer": "http://testserver/surveys/"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example"},
    {"Origin": "null", "Referer": "http://testserver/surveys/"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "https://testserver"},
    {"Origin": "http://testserver:8000"},
    {"Referer": "https://evil.example/?http://testserver/"},
    {"Referer": "http://testserver@evil.example/"},
    {},
]


@pytest.fixture
def survey_round():
    return SurveyRoundFactory()


@pytest.fixture
def writer():
    return AssignmentFactory().user


@pytest.fixture
def browser(writer):
    """A browser that checks tokens, signed in as the writer."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(writer)
    return browser


def send(browser, address, body, headers=HERE):
    return browser.post(
        address, urlencode(body, doseq=True), content_type=URLENCODED, headers=headers
    )


def sign_out_elsewhere(browser):
    del browser.cookies["sessionid"]


def renew_token(browser):
    """As signing in again in another tab does: the token of an open page is an old one."""
    browser.cookies["csrftoken"] = "n" * 32


class TestSignedOut:
    def test_post_comes_back_and_is_sent_again(self, browser, survey_round, writer):
        address = part_address(survey_round, 5)
        body = Page(browser.get(address)).sent(in_five_years=TEXT, then="list")
        sign_out_elsewhere(browser)

        answer = send(browser, address, body)

        assert answer.status_code == 401
        page = Page(answer)
        assert page.texts["main"].count("まだ送られていません") == 1
        assert page.classes["cp-unsent"] == [TEXT]
        assert "/accounts/login/?next=/accounts/signed-in/" in page.links
        assert not DraftPart.objects.exists()

        browser.force_login(writer)
        answer = send(browser, address, page.sent())

        assert answer.status_code == 302
        assert DraftPart.objects.get().answers == {"in_five_years": TEXT}

    def test_every_field_comes_back_once_but_tokens_and_passwords(self, browser):
        sign_out_elsewhere(browser)
        browser.get("/accounts/login/")
        token = browser.cookies["csrftoken"].value
        body = {
            "csrfmiddlewaretoken": token,
            "password": "秘密の言葉1",
            "new_password2": "秘密の言葉2",
            "PASSWORD": "秘密の言葉3",
            "note": "メモ",
            "several": ["a", "b", "a"],
            "empty": "",
        }

        answer = send(browser, "/surveys/2026/submit/?a=b", body)

        fields = Page(answer).fields
        assert [pair for pair in fields if pair[0] != "csrfmiddlewaretoken"] == [
            ["note", "メモ"],
            ["several", "a"],
            ["several", "b"],
            ["several", "a"],
            ["empty", ""],
        ]
        assert len([name for name, _ in fields if name == "csrfmiddlewaretoken"]) == 1
        assert "秘密の言葉" not in answer.content.decode()

    def test_files_are_said_to_be_gone(self, browser):
        sign_out_elsewhere(browser)
        browser.get("/accounts/login/")
        body = {
            "csrfmiddlewaretoken": browser.cookies["csrftoken"].value,
            "note": "メモ",
            "book": SimpleUploadedFile("本.xlsx", b"PK"),
        }

        answer = browser.post("/surveys/2026/submit/", body, headers=HERE)

        assert answer.status_code == 401
        assert "選んだファイルは残っていません" in answer.content.decode()
        assert Page(answer).classes["cp-unsent"] == ["メモ"]

    def test_script_gets_a_plain_answer(self, browser, survey_round):
        address = part_address(survey_round, 5)
        body = Page(browser.get(address)).sent(in_five_years=TEXT)
        sign_out_elsewhere(browser)

        answer = send(browser, address, body, HERE | {"Sec-Fetch-Mode": "cors"})

        assert (answer.status_code, answer.json()["error"]) == (401, "signed_out")


class TestOldToken:
    def test_post_comes_back_with_a_fresh_token(self, browser, survey_round):
        address = part_address(survey_round, 5)
        body = Page(browser.get(address)).sent(in_five_years=TEXT)
        renew_token(browser)

        answer = send(browser, address, body)

        assert answer.status_code == 403
        page = Page(answer)
        assert page.classes["cp-unsent"] == [TEXT]
        assert "別のタブでサインイン" not in page.texts["main"]
        assert not DraftPart.objects.exists()

        answer = send(browser, address, page.sent())
        assert answer.status_code == 302
        assert DraftPart.objects.get().answers == {"in_five_years": TEXT}

    @pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/logout/"])
    def test_signing_in_and_out_are_refused_plainly(self, browser, address):
        if address == "/accounts/login/":
            sign_out_elsewhere(browser)

        answer = send(browser, address, {"login": "名前の欄", "password": "秘密の言葉"})

        assert answer.status_code == 403
        page = answer.content.decode()
        assert "送信を確認できませんでした" in page
        assert "名前の欄" not in page
        assert "秘密の言葉" not in page

    def test_post_too_large_to_read_is_refused_plainly(self, browser):
        with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000):
            answer = send(browser, "/surveys/2026/submit/", {"note": "長" * 1000})

        assert answer.status_code == 403
        assert "長長" not in answer.content.decode()


class TestForged:
    @pytest.mark.parametrize("headers", FOREIGN, ids=str)
    def test_post_of_a_foreign_page_with_a_wrong_token_gets_nothing_back(
        self, browser, survey_round, headers
    ):
        answer = send(browser, part_address(survey_round, 5), {"in_five_years": TEXT}, headers)

        assert answer.status_code == 403
        assert "送信を確認できませんでした" in answer.content.decode()
        assert "鵺の文" not in answer.content.decode()

    @pytest.mark.parametrize("headers", FOREIGN, ids=str)
    def test_post_of_a_foreign_page_without_sign_in_gets_nothing_back(self, client, headers):
        answer = send(client, "/surveys/2026/submit/", {"note": TEXT}, headers)

        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")

    @pytest.mark.parametrize("headers", FOREIGN, ids=str)
    def test_post_of_a_foreign_page_to_nowhere_gets_nothing_back(self, browser, headers):
        answer = send(browser, "/nowhere/", {"note": TEXT}, headers)

        assert answer.status_code == 404
        assert "鵺の文" not in answer.content.decode()

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "http://testserver"},
            {"Referer": "http://testserver/surveys/2026/?a=b"},
            {"Sec-Fetch-Site": "same-origin"},
        ],
        ids=str,
    )
    def test_page_of_ours_gets_it_back_whatever_the_browser_sends(self, client, headers):
        answer = send(client, "/surveys/2026/submit/", {"note": TEXT}, headers)

        assert answer.status_code == 401
        assert Page(answer).classes["cp-unsent"] == [TEXT]


class TestRightsThatChanged:
    @pytest.mark.parametrize("status", [403, 404])
    def test_refusal_shows_the_text_and_that_nothing_was_saved(self, client, status):
        person = AssignmentFactory().user
        client.force_login(person)
        address = NOT_FOR_STAFF if status == 403 else "/surveys/1999/parts/5/"

        answer = send(client, address, {"note": TEXT, "kind": "agency", "row": "12"})

        assert answer.status_code == status
        page = Page(answer)
        assert page.classes["cp-unsent"] == [TEXT]
        assert "書いた内容は保存されていません" in page.texts["main"]
        assert page.fields == []

    def test_refusal_of_a_post_without_text_is_plain(self, client, writer):
        client.force_login(writer)

        answer = send(client, "/surveys/1999/parts/5/", {"kind": "agency", "row": "12"})

        assert answer.status_code == 404
        assert "保存されていません" not in answer.content.decode()

    def test_page_that_is_asked_for_is_plain(self, client, writer):
        client.force_login(writer)

        answer = client.get("/surveys/1999/parts/5/?note=文", headers=HERE)

        assert answer.status_code == 404
        assert "保存されていません" not in answer.content.decode()


@pytest.mark.parametrize("text", [text for text in CORPUS if text.strip()], ids=repr)
def test_any_text_comes_back_escaped_and_whole(client, text):
    answer = send(client, "/surveys/2026/submit/", {"note": text, "name<b>": "値"})

    page = Page(answer)
    assert page.value("note") == text
    assert page.value("name<b>") == "値"
    shown = page.classes.get("cp-unsent", [])
    assert text in shown or re.fullmatch(r"[a-z0-9_]{0,20}|[0-9. ]*", text)


def test_logs_hold_nothing_of_it(browser, survey_round, caplog):
    with caplog.at_level("DEBUG"):
        send(browser, part_address(survey_round, 5), {"in_five_years": TEXT})
        send(browser, "/surveys/1999/parts/5/", {"in_five_years": TEXT})

    assert "鵺の文" not in caplog.text
