"""Pages in the states that only doing something brings about, as axe-core sees them."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.visits import NARROW
from tests.browser.writing import Writing


@pytest.fixture
def part(visits, portal):
    """⑤ open for somebody who has not written anything yet; browsers report failed loads, which are meant here."""
    visits.expected.append("Failed to load resource")
    return Writing(visits, portal.newcomer(), 5)


def test_sign_in_refused(visits):
    page = visits.begin()
    page.goto("/accounts/login/")
    page.locator("#id_login").fill("shokuin")
    page.locator("#id_password").fill("not this one")
    page.get_by_role("button", name="サインイン", exact=True).click()
    expect(page.locator("#errors")).to_be_focused()
    assert findings(page) == []
    assert page.title().startswith("エラー：")


def test_message_without_token(visits):
    visits.expected.append("403 (Forbidden)")
    page = visits.begin("shokuin")
    page.goto("/accounts/logout/")
    page.locator("main [name=csrfmiddlewaretoken]").evaluate("token => token.remove()")
    page.locator("main button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("送信を確認できませんでした")
    assert findings(page) == []


def test_menu_open(visits):
    page = visits.begin("shokuin", NARROW)
    page.goto(visits.path("parts", 1))
    page.locator(".cp-header__menu").click()
    expect(page.locator("#cp-drawer")).to_be_visible()
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#cp-drawer")).to_be_hidden()
    expect(page.locator(".cp-header__menu")).to_be_focused()


def test_readers_being_chosen_and_changed(part):
    part.page.locator(".cp-audience summary").click()
    assert findings(part.page) == []
    part.page.locator("[name=supervisor]").check()
    part.page.get_by_role("button", name="この範囲にする").click()
    expect(part.page.get_by_role("status").filter(has_text="読む人を変えました")).to_be_visible()
    assert findings(part.page) == []


def test_saved_and_then_without_network(part):
    part.type("in_five_years", "書いた文")
    expect(part.strip).to_have_attribute("data-state", "dirty")
    assert findings(part.page) == []
    part.pass_time(2)
    part.see_saved()
    assert findings(part.page) == []

    part.page.context.set_offline(True)
    part.type("in_five_years", "の続き")
    part.pass_time(2)
    part.see_not_saved()
    assert findings(part.page) == []


def test_refused_by_the_script_and_by_the_button(part):
    part.field("in_five_years").fill("貼り付けた\u0001文")
    part.pass_time(2)
    part.see_not_saved()
    assert findings(part.page) == []

    part.page.get_by_role("button", name="下書きを保存").click()
    expect(part.page.locator("#errors")).to_be_focused()
    assert findings(part.page) == []
    assert part.page.title().startswith("エラー：")
    part.page.locator("#errors a").click()
    expect(part.field("in_five_years")).to_be_focused()


def test_written_elsewhere_and_compared(part, visits):
    newer = Writing(visits, part.username, 5, page=part.page.context.new_page())
    newer.type("in_five_years", "新しい窓の文")
    newer.pass_time(2)
    newer.see_saved()
    part.type("in_five_years", "古い窓の文")
    part.pass_time(2)
    part.see_not_saved()
    assert findings(part.page) == []

    part.page.get_by_role("button", name="内容を見比べる").click()
    expect(part.page.locator(".cp-versions")).to_be_visible()
    assert findings(part.page) == []
    part.page.set_viewport_size(NARROW["viewport"])
    assert findings(part.page) == []


def test_ended_session(part):
    part.lose_session()
    part.type("in_five_years", "書いた文")
    part.pass_time(2)
    part.see_not_saved()
    assert findings(part.page) == []


def test_first_part_with_errors(visits, portal):
    visits.expected.append("422 (Unprocessable")
    part = Writing(visits, portal.newcomer(), 1)
    part.field("work_done").fill("長" * 401)
    part.page.locator("button[value=next]").click()
    expect(part.page.locator("#errors")).to_be_focused()
    assert findings(part.page) == []
