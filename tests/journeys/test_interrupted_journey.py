"""Writing that is interrupted: by the end of the sign-in, a lost network, a changed right, the deadline."""

import re

from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.deadlines import extend, moved_deadline
from tests.browser.visits import NARROW
from tests.browser.writing import Writing

HOURS = 60 * 60
END_SOON = """
    UPDATE django_session SET expire_date = now() + interval '200 seconds' WHERE session_key = %(key)s
"""
END_ROLE = """
    UPDATE staff_rolegrant
    SET valid_until = CASE WHEN %(ended)s THEN (now() AT TIME ZONE 'Asia/Tokyo')::date END
    WHERE user_id = (SELECT id FROM staff_user WHERE username = 'jinji2')
"""
REASON = "出張が続き、\n書く時間がなかったため。"


def sign_in_on(tab, visits, username):
    """Sign in by hand on a tab that shows the sign-in page."""
    tab.locator("#id_login").fill(username)
    tab.locator("#id_password").fill(visits.password)
    tab.get_by_role("button", name="サインイン", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("サインインしました")


def test_writing_goes_on_after_every_interruption(portal, visits):
    visits.expected.append("Failed to load resource")
    part = Writing(visits, portal.newcomer(), 5)
    page = part.page
    part.type("in_five_years", "はじめの文。")
    part.pass_time(2)
    part.see_saved()

    # A long pause: the sign-in is about to end, and is kept.
    [key] = [c["value"] for c in page.context.cookies() if c["name"] == "sessionid"]
    assert portal.execute(END_SOON, key=key) == 1
    page.clock.fast_forward((8 * HOURS - 4 * 60) * 1000)
    page.get_by_role("button", name="サインインを続ける").click()
    expect(page.locator("#session")).to_be_hidden()
    part.type("in_five_years", "休んだあとの文。")
    part.pass_time(2)
    part.see_saved()

    # The sign-in ends all the same: in another tab it begins again, and here the text is saved.
    part.lose_session()
    part.type("in_five_years", "切れたあとの文。")
    part.pass_time(2)
    part.see_not_saved("まだ保存していません。サインインが切れました")
    page.set_viewport_size(NARROW["viewport"])
    assert findings(page) == []
    with page.context.expect_page() as opened:
        part.strip.get_by_role("link", name="別のタブでサインインする").click()
    sign_in_on(opened.value, visits, part.username)
    opened.value.close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    part.see_saved()
    assert part.stored() == {"in_five_years": "はじめの文。休んだあとの文。切れたあとの文。"}

    # The network goes and comes back.
    page.context.set_offline(True)
    part.type("in_ten_years", "電車の中の文。")
    part.pass_time(2)
    part.see_not_saved()
    page.context.set_offline(False)
    part.see_saved()
    assert part.stored()["in_ten_years"] == "電車の中の文。"

    # The deadline passes while the person types; once it is extended, the text is saved without a press.
    with moved_deadline(portal, 0):
        part.type("in_ten_years", "締切の後の文。")
        part.pass_time(2)
        part.see_not_saved(re.compile("締切を過ぎました。書いた内容はこの画面に残っています"))
        assert findings(page) == []
        assert part.stored()["in_ten_years"] == "電車の中の文。"
        extend(portal, part.username)
        part.pass_time(31)
        part.see_saved()
    assert part.stored()["in_ten_years"] == "電車の中の文。締切の後の文。"


def test_post_that_came_signed_out_is_sent_again_without_script(portal, visits):
    visits.expected.append("Failed to load resource")
    person = portal.newcomer()
    page = visits.begin(person, NARROW, java_script_enabled=False)
    page.goto(visits.path("parts", 5))
    page.context.clear_cookies(name="sessionid")
    page.locator("[name=in_five_years]").fill("送ったつもりの文。\n二行目。")
    page.locator("button[value=list]").click()

    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("まだ送られていません")
    expect(page.locator(".cp-unsent")).to_have_text(["送ったつもりの文。\n二行目。"])
    assert portal.draft(person, 5) == ({}, 0)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="別のタブでサインインする").click()
    sign_in_on(opened.value, visits, person)

    # Without script the page cannot know the new token: it is given back once more.
    page.get_by_role("button", name="もう一度送る").click()
    expect(heading).to_have_text("まだ送られていません")
    page.get_by_role("button", name="もう一度送る").click()
    page.wait_for_url(f"**{visits.path()}")
    assert portal.draft(person, 5)[0] == {"in_five_years": "送ったつもりの文。\n二行目。"}


def test_right_that_ended_while_a_reason_was_typed_gives_the_text_back(portal, visits):
    visits.expected.append("Failed to load resource")
    person = portal.rows(
        "SELECT id FROM staff_user WHERE username = %(name)s", name=portal.newcomer()
    )[0][0]
    page = visits.begin("jinji2")
    address = f"/surveys/rounds/{portal.year}/deadlines/new/?person={person}"
    page.goto(address)
    page.locator("#id_reason").fill(REASON)
    portal.execute(END_ROLE, ended=True)
    try:
        page.locator("main form button[type=submit]").last.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "このページを開く権限がありません"
        )
    finally:
        portal.execute(END_ROLE, ended=False)
    expect(page.locator(".cp-unsent").filter(has_text="出張が続き")).to_have_text(REASON)
    expect(page.get_by_text("書いた内容は保存されていません")).to_be_visible()
    assert findings(page) == []
    page.set_viewport_size(NARROW["viewport"])
    assert findings(page) == []


def test_post_that_came_signed_out_is_sent_again_by_one_press(portal, visits):
    visits.expected.append("Failed to load resource")
    person = portal.writer("submitted")
    page = visits.begin(person)
    page.goto(visits.path("withdraw"))
    page.context.clear_cookies(name="sessionid")
    page.locator("main form button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("まだ送られていません")
    assert findings(page) == []
    page.set_viewport_size(NARROW["viewport"])
    assert findings(page) == []

    visits.sign_in(page.context, person)
    page.get_by_role("button", name="もう一度送る").click()
    page.wait_for_url(f"**{visits.path()}")
    expect(page.get_by_role("status").first).to_be_visible()
