"""A talk from its record to the survey, in Chromium: logged, written for five minutes, published, confirmed, answered for."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.visits import NARROW, PHONE

HEAD, MEMBER = "joushi", "shokuin"
MEMBERS_NAME = "SELECT family_name || ' ' || given_name FROM staff_user WHERE username = 'shokuin'"
DRAFT = """
    SELECT d.answers, d.version FROM interviews_recorddraft d WHERE d.interview_id = %(pk)s
"""


@pytest.fixture
def talk(visits, portal):
    """The head's page of a talk that he has just logged; its number."""
    page = visits.begin(HEAD)
    page.goto("/interviews/log/")
    page.get_by_label("相手").select_option(label=portal.rows(MEMBERS_NAME)[0][0])
    page.get_by_label("種類").select_option("one_on_one")
    page.get_by_label("日", exact=False).first.fill("2026-04-10")
    page.get_by_label("開始").fill("10:00")
    page.get_by_role("button", name="記録する").click()
    page.wait_for_url("**/record/")
    return page, int(page.url.split("/")[-3])


def stored(portal, pk):
    found = portal.rows(DRAFT, pk=pk)
    return found[0] if found else ({}, 0)


def test_five_minutes_of_writing_are_saved_as_they_are_typed(talk, portal):
    page, pk = talk
    page.clock.install()
    page.reload()
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request))
    minute = "少しずつ書いていく文です。"
    for step in range(30):
        field = page.locator(f"[name=h{step % 2 + 1}]")
        field.focus()
        page.keyboard.press("Control+End")
        page.keyboard.insert_text(minute)
        page.clock.run_for(10_000)
        expect(page.locator("[name=version]")).to_have_value(str(step + 1))

    answers, version = stored(portal, pk)
    assert answers == {"h1": minute * 15, "h2": minute * 15}
    assert (version, len(sent)) == (30, 30)
    expect(page.locator("#save-status")).to_contain_text("下書きを保存しました")
    expect(page.locator("#save-count")).to_have_text("2／2")


def test_second_window_is_told_and_neither_text_is_lost(talk, portal, visits):
    page, pk = talk
    other = page.context.new_page()
    other.goto(page.url)
    page.clock.install()
    page.locator("[name=h1]").fill("先に書いた文")
    page.clock.run_for(3_000)
    expect(page.locator("[name=version]")).to_have_value("1")

    visits.expected.append("409 (Conflict)")
    other.locator("[name=h1]").fill("後から書いた文")
    expect(other.locator("#save-status")).to_contain_text("別の画面で更新されています")
    other.locator("#save-action").click()
    expect(other.locator("#choosing")).to_be_visible()
    other.get_by_text("両方をつなげて残す").click()
    other.get_by_role("button", name="選んだ内容で保存する").click()

    expect(other.locator("#save-status")).to_contain_text("保存済み")
    assert stored(portal, pk)[0] == {"h1": "後から書いた文\n\n先に書いた文"}


def test_record_is_published_confirmed_on_a_phone_and_comes_back_in_the_survey(talk, visits):
    page, pk = talk
    page.locator("[name=h1]").fill("国際の仕事について話した。")
    page.locator("[name=a1_text]").fill(f"国際室の勉強会に出る{pk}")
    page.locator("[name=a1_owner]").select_option("interviewee")
    page.locator("[name=a1_due]").fill("2027-03-31")
    page.get_by_role("button", name="確かめて公開へ進む").click()
    page.wait_for_url("**/publish/")
    assert findings(page) == []
    page.get_by_role("button", name="に公開する").click()
    page.wait_for_url("**/read/")

    phone = visits.begin(MEMBER, PHONE)
    phone.goto(f"/interviews/{pk}/record/read/")
    phone.get_by_label("コメント").fill("話せてよかったです。")
    phone.get_by_role("button", name="内容を確認しました").click()
    expect(phone.get_by_text("確認済み")).to_be_visible()
    assert findings(phone) == []
    phone.goto(visits.path())
    phone.locator("a", has_text=f"国際室の勉強会に出る{pk}").click()
    phone.get_by_label("続いている").check()
    phone.get_by_label("ひとこと").fill("月に一度出ています。")
    phone.get_by_role("button", name="保存する").click()
    page.goto(f"/interviews/{pk}/record/read/")
    expect(page.get_by_text("月に一度出ています。")).to_be_visible()


@pytest.mark.parametrize("path", ["record", "memo", "record/read"])
def test_pages_of_a_talk_fit_a_small_phone(talk, visits, path):
    _, pk = talk
    page = visits.begin(HEAD, NARROW)
    page.goto(f"/interviews/{pk}/{path}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert findings(page) == []
