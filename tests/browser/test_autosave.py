"""What is typed is saved while it is typed: when, how often, and with which words."""

import pytest
from playwright.sync_api import expect

from tests.browser.writing import Writing


@pytest.fixture
def writing(visits, portal):
    """Opens a part for somebody who has not written anything yet."""

    def open_part(number=5):
        return Writing(visits, portal.newcomer(), number)

    return open_part


class TestWhen:
    def test_within_two_seconds_of_the_last_key(self, writing, portal):
        part = writing()
        part.type("in_five_years", "現場に近い仕事")
        expect(part.status).to_have_text("まだ保存していません")
        part.pass_time(2)
        part.see_saved()
        assert part.stored() == {"in_five_years": "現場に近い仕事"}
        assert part.field("version").input_value() == "1"
        assert portal.draft(part.username, 5)[1] == 1

    def test_choosing_is_saved_too(self, writing):
        part = writing(2)
        part.page.locator("#id_a1_level_2").check()
        part.pass_time(2)
        part.see_saved()
        assert part.stored() == {"a1_level": "3"}
        expect(part.page.locator("#save-count")).to_have_text("1／5")

    def test_burst_of_keys_is_one_save(self, writing):
        part = writing()
        part.field("in_five_years").focus()
        for key in "tsuushou seisaku":
            part.page.keyboard.press(key)
            part.pass_time(0.1)
        part.pass_time(2)
        part.see_saved()
        assert part.sent <= 2
        assert part.stored() == {"in_five_years": "tsuushou seisaku"}

    def test_whoever_never_pauses_is_saved_all_the_same(self, writing):
        part = writing()
        part.field("in_five_years").focus()
        for _ in range(24):
            part.page.keyboard.press("a")
            part.pass_time(0.5)
        expect(part.field("version")).not_to_have_value("0")
        assert part.sent < 6

    def test_nothing_is_sent_where_nothing_was_typed(self, writing):
        part = writing()
        part.pass_time(120)
        part.page.keyboard.press("Tab")
        part.pass_time(120)
        assert part.sent == 0


class TestComposing:
    def test_text_being_composed_is_saved_once_it_is_decided(self, writing):
        part = writing()
        part.field("in_five_years").focus()
        keyboard = part.page.context.new_cdp_session(part.page)
        for reading in ("し", "しん", "しんさ", "審査"):
            composed = {"text": reading, "selectionStart": 0, "selectionEnd": len(reading)}
            keyboard.send("Input.imeSetComposition", composed)
            part.pass_time(3)
        assert part.sent == 0

        keyboard.send("Input.insertText", {"text": "審査"})
        part.pass_time(2)
        part.see_saved()
        assert part.sent == 1
        assert part.stored() == {"in_five_years": "審査"}

    def test_composing_after_typing_holds_the_save_back(self, writing):
        part = writing()
        part.type("in_five_years", "特許")
        keyboard = part.page.context.new_cdp_session(part.page)
        composed = {"text": "しん", "selectionStart": 2, "selectionEnd": 2}
        keyboard.send("Input.imeSetComposition", composed)
        part.pass_time(5)
        assert part.sent == 0

        keyboard.send("Input.insertText", {"text": "審査"})
        part.pass_time(2)
        part.see_saved()
        assert part.stored() == {"in_five_years": "特許審査"}


class TestWords:
    def test_text_beyond_the_limit_is_saved_with_a_sentence(self, writing):
        part = writing()
        part.type("in_five_years", "長" * 512)
        part.pass_time(2)
        part.see_saved()
        expect(part.page.locator("#id_in_five_years_error")).to_contain_text("500文字")
        expect(part.field("in_five_years")).to_have_attribute("aria-invalid", "true")
        assert part.stored() == {"in_five_years": "長" * 512}

        part.field("in_five_years").fill("短い文")
        part.pass_time(2)
        expect(part.page.locator("#id_in_five_years_error")).to_be_hidden()

    def test_refused_character_says_where_and_keeps_everything(self, writing, visits):
        visits.expected.append("422 (Unprocessable")
        part = writing()
        part.field("in_five_years").fill("貼り付けた\u0001文")
        part.type("in_ten_years", "普通の文")
        part.pass_time(2)
        part.see_not_saved("保存できていません。赤い文のところを直してください")
        expect(part.page.locator("#id_in_five_years_error")).to_contain_text("使えない文字")
        expect(part.field("in_five_years")).to_have_value("貼り付けた\u0001文")
        assert part.stored() == {}

        part.field("in_five_years").fill("貼り付けた文")
        part.pass_time(2)
        part.see_saved()
        expect(part.page.locator("#id_in_five_years_error")).to_be_hidden()
        assert part.stored() == {"in_five_years": "貼り付けた文", "in_ten_years": "普通の文"}

    def test_any_japanese_text_comes_back_unchanged(self, writing):
        text = "髙﨑𠮷濵瀨桒槗栁德𣘺 ㈱①ﾃｽﾄ１\n\n　全角の字下げ　😀👨‍👩‍👧‍👦が\u3099"
        part = writing()
        part.field("in_five_years").fill(text)
        part.pass_time(2)
        part.see_saved()
        assert part.stored() == {"in_five_years": text}
        part.page.reload()
        expect(part.field("in_five_years")).to_have_value(text)


def test_nothing_typed_is_kept_in_the_browser(writing, visits):
    visits.expected.append("net::ERR_INTERNET_DISCONNECTED")
    part = writing()
    part.type("in_five_years", "だれにも見せない文")
    part.pass_time(2)
    part.see_saved()
    part.page.context.set_offline(True)
    part.type("in_five_years", "と、その続き")
    part.pass_time(2)
    part.see_not_saved()

    kept = part.page.evaluate(
        """async () => ({
            local: Object.entries(localStorage),
            session: Object.entries(sessionStorage),
            databases: await indexedDB.databases(),
            caches: await caches.keys(),
            workers: (await navigator.serviceWorker.getRegistrations()).length,
        })"""
    )
    assert kept == {"local": [], "session": [], "databases": [], "caches": [], "workers": 0}
    names = {cookie["name"] for cookie in part.page.context.cookies()}
    assert names == {"sessionid", "csrftoken"}
