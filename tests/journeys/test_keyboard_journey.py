"""From signing in to a corrected form over two visits, by Tab, Shift+Tab, arrows, Space and Enter."""

import pytest
from playwright.sync_api import expect

from tests.browser.served import PASSWORD
from tests.journeys.form import REFLECTION, SAVED
from tests.journeys.keyboard import Keyboard

EPISODE = "OECD no kaigou 海外当局との会合で、論点を3つにまとめて説明した。"


@pytest.fixture
def visit(visits):
    """Begin a visit: a new browser in which the person signs in at the sign-in page."""

    def begin(username):
        page = visits.begin()
        page.goto("/")
        keys = Keyboard(page)
        keys.write("login", username)
        keys.write("password", PASSWORD)
        with page.expect_navigation():
            keys.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("こんにちは")
        return page, keys

    return begin


def test_over_two_visits_by_keyboard_only(visit, portal, visits):
    person = portal.newcomer()

    first, keys = visit(person)
    keys.follow(f"a[href='{visits.path()}']")
    keys.follow(f"a[href='{visits.path('parts', 2)}']")
    keys.choose("a1_level", 2)
    keys.write("a1_episode", EPISODE)
    expect(first.locator("#save-status")).to_have_text(SAVED, timeout=2_000)
    keys.choose("a1_wish", 1)
    keys.follow("button[value='a2']")
    keys.choose("a2_level", 1)
    expect(first.locator("#save-status")).to_have_text(SAVED, timeout=2_000)
    first.context.close()

    second, keys = visit(person)
    expect(second.get_by_text("入力中")).to_be_visible()
    keys.follow(".cp-actions a[data-kind='primary']")
    expect(second.locator("#id_a1_level_2")).to_be_checked()
    expect(second.locator("[name=a1_episode]")).to_have_value(EPISODE)
    expect(second.locator("#id_a1_wish_1")).to_be_checked()
    expect(second.locator("#id_a2_level_1")).to_be_checked()

    keys.follow("button[value=list]")
    fill_reflection(keys, visits)
    keys.follow("button[value=list]")
    fill_expertise(keys, visits)
    keys.follow("button[value=list]")
    pick_post(second, keys, visits)
    keys.follow("button[value=list]")

    number = submit(second, keys, visits)
    assert portal.submissions(person) == [(1, number)]
    download_copy(second, keys)

    keys.follow(f"a[href='{visits.path()}']")
    keys.follow("form[action$='/correct/'] button")
    expect(second.get_by_text("訂正しています")).to_be_visible()
    keys.follow(f"a[href='{visits.path('parts', 5)}']")
    keys.write("in_five_years", "kouryuu 交流先で学んだことを、制度の設計に生かしたい。")
    keys.follow("button[value=list]")
    corrected = submit(second, keys, visits)
    assert corrected != number
    assert portal.submissions(person) == [(1, number), (2, corrected)]


def fill_reflection(keys, visits):
    keys.follow(f"a[href='{visits.path('parts', 1)}']")
    for steps, name in enumerate(REFLECTION):
        keys.choose(name, steps % 5)


def fill_expertise(keys, visits):
    keys.follow(f"a[href='{visits.path('parts', 3)}']")
    for number in ("01", "02", "03"):
        keys.choose(f"b1_{number}_experience", 1)
        keys.choose(f"b1_{number}_wish", 2)


def pick_post(page, keys, visits):
    keys.follow(f"a[href='{visits.path('parts', 6)}']")
    keys.follow("#id_post_1")
    keys.write("q", "係長")
    with page.expect_navigation():
        keys.press("Enter")
    keys.follow("button[name=post]")
    expect(page.get_by_role("status").filter(has_text="第1希望に")).to_be_visible()
    expect(page.locator("[name=post_1]")).to_have_count(1)
    keys.write("post_1_reason", "shin'yu 審査と交渉の両方に関わりたい。")


def submit(page, keys, visits):
    keys.follow(f"a[href='{visits.path('check')}']")
    keys.follow("form[action$='/submit/'] button")
    expect(page.get_by_role("heading", level=1)).to_have_text("希望調書を提出しました")
    return page.locator(".cp-confirm__number").inner_text()


def download_copy(page, keys):
    keys.go_to("a[href$='/copy.pdf']")
    with page.expect_download() as download:
        keys.press("Enter")
    assert download.value.path().read_bytes().startswith(b"%PDF")
