"""Leaving a part: by a button, a link, Back, or by closing the window."""

import pytest
from playwright.sync_api import expect

from tests.browser.writing import SAVED, Writing

TEXT = "書きかけの文"


@pytest.fixture
def part(visits, portal):
    """⑤ open for somebody who has not written anything yet."""
    return Writing(visits, portal.newcomer(), 5)


def test_link_takes_what_was_typed_along(part, visits):
    part.type("in_five_years", TEXT)
    part.page.locator(f".cp-crumbs a[href='{visits.path()}']").click()
    part.page.wait_for_url(f"**{visits.path()}")
    assert part.stored() == {"in_five_years": TEXT}


def test_changing_the_readers_takes_what_was_typed_along(part):
    part.type("in_five_years", TEXT)
    part.page.locator(".cp-audience summary").click()
    part.page.locator("[name=supervisor]").check()
    part.page.get_by_role("button", name="この範囲にする").click()
    expect(part.page.get_by_role("status").filter(has_text="読む人を変えました")).to_be_visible()
    expect(part.field("in_five_years")).to_have_value(TEXT)
    assert part.stored() == {"in_five_years": TEXT}


def test_button_while_a_save_is_under_way_is_no_conflict(part, visits):
    held = []

    def hold(route):
        held.append(route)

    part.page.route(part.address, hold, times=1)
    part.type("in_five_years", TEXT)
    part.pass_time(2)
    expect(part.status).to_have_text("保存しています")
    part.type("in_ten_years", "押す直前の文")
    part.page.locator("button[value=list]").click()
    held[0].continue_()
    part.page.wait_for_url(f"**{visits.path()}")
    assert part.stored() == {"in_five_years": TEXT, "in_ten_years": "押す直前の文"}


def test_button_pressed_twice_is_no_conflict(part, visits):
    part.type("in_five_years", TEXT)
    part.page.locator("button[value=list]").dblclick()
    part.page.wait_for_url(f"**{visits.path()}")
    assert part.stored() == {"in_five_years": TEXT}


def test_text_beyond_the_limit_is_shown_after_the_button(part, visits):
    visits.expected.append("422 (Unprocessable")
    part.type("in_five_years", "長" * 501)
    part.page.locator("button[value=next]").click()
    expect(part.page.locator("#errors")).to_be_focused()
    expect(part.page.locator("#errors a")).to_have_attribute("href", "#id_in_five_years")
    assert part.stored() == {"in_five_years": "長" * 501}


def test_post_is_picked_and_taken_back_with_what_was_typed_beside_it(visits, portal):
    part = Writing(visits, portal.newcomer(), 6)
    part.type("place_note", "通院のある曜日を除く")
    part.page.locator("#id_post_1").click()
    part.page.locator("button[name=post]").first.click()
    expect(part.field("post_1")).to_have_count(1)
    expect(part.field("place_note")).to_have_value("通院のある曜日を除く")

    part.type("post_1_reason", "審査の経験を生かしたい")
    part.page.get_by_role("button", name="第1希望を取り消す").click()
    expect(part.field("post_1")).to_have_count(0)
    assert part.stored() == {
        "place_note": "通院のある曜日を除く",
        "post_1_reason": "審査の経験を生かしたい",
    }


def test_back_shows_what_was_saved_and_goes_on_saving(part, visits):
    part.type("in_five_years", TEXT)
    part.page.locator("button[value=next]").click()
    part.page.wait_for_url(f"**{visits.path('parts', 6)}")
    part.page.go_back()
    expect(part.field("in_five_years")).to_have_value(TEXT)
    part.type("in_five_years", "の続き")
    part.pass_time(2)
    part.see_saved()
    part.page.go_forward()
    part.page.go_back()
    expect(part.field("in_five_years")).to_have_value(f"{TEXT}の続き")


def test_page_kept_for_back_is_read_anew(part):
    part.type("in_five_years", TEXT)
    part.pass_time(2)
    part.see_saved()
    with part.page.expect_navigation():
        part.page.evaluate(
            "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
        )
    expect(part.field("in_five_years")).to_have_value(TEXT)


def test_closing_with_unsaved_text_asks_first(part, visits):
    visits.expected.append("Failed to load resource")
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    part.page.on("dialog", stay)
    part.page.context.set_offline(True)
    part.type("in_five_years", TEXT)
    part.pass_time(2)
    part.see_not_saved()
    with part.page.expect_event("dialog"):
        part.page.close(run_before_unload=True)
    assert asked == ["beforeunload"]
    expect(part.field("in_five_years")).to_have_value(TEXT)

    part.page.context.set_offline(False)
    part.see_saved()
    with part.page.expect_event("close"):
        part.page.close(run_before_unload=True)
    assert asked == ["beforeunload"]


def test_hiding_the_window_saves_at_once(part):
    part.type("in_five_years", TEXT)
    part.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(part.status).to_have_text(SAVED)
    assert part.stored() == {"in_five_years": TEXT}
