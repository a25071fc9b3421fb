"""The gallery in Chromium: accessible, narrow enough, usable by keyboard and without script."""

import pytest


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("query", ["", "?errors=1"])
def test_gallery_has_no_accessibility_violation(open_gallery, axe_findings, width, query):
    page = open_gallery(width, query)

    assert axe_findings(page) == []


def test_opened_menu_and_readers_have_no_accessibility_violation(open_gallery, axe_findings):
    page = open_gallery(375)

    page.get_by_text("読む人をせばめる").click()
    page.get_by_role("button", name="メニュー").click()

    assert page.get_by_role("dialog", name="メニュー").is_visible()
    assert axe_findings(page) == []


@pytest.mark.parametrize("width", [320, 375, 800, 1280])
def test_nothing_scrolls_sideways(open_gallery, width):
    page = open_gallery(width)

    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_skip_link_comes_first_and_leads_to_the_content(open_gallery):
    page = open_gallery()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_menu_opens_and_closes_by_keyboard_and_gives_the_focus_back(open_gallery):
    page = open_gallery(375)
    button = page.get_by_role("button", name="メニュー")

    button.press("Enter")
    assert page.evaluate("document.activeElement.textContent.trim()") == "閉じる"
    page.keyboard.press("Escape")

    assert page.locator("dialog").is_hidden()
    assert page.evaluate("document.activeElement.textContent.trim()") == "メニュー"


def test_error_summary_takes_the_focus_and_its_links_reach_the_controls(open_gallery):
    page = open_gallery(375, "?errors=1")

    assert page.evaluate("document.activeElement.id") == "errors"
    page.get_by_role("link", name="勤務地を選択してください").press("Enter")

    assert page.evaluate("document.activeElement.id") == "id_place_0"
    legend = page.locator("legend", has_text="勤務地").bounding_box()
    strip = page.locator("section.cp-save").bounding_box()
    assert legend["y"] >= strip["y"] + strip["height"]


def test_level_is_chosen_by_arrow_keys(open_gallery):
    page = open_gallery(375)

    page.locator("#id_a3_level_2").focus()
    page.keyboard.press("ArrowDown")

    assert page.locator("#id_a3_level_3").is_checked()


def test_phone_prints_the_word_of_the_chosen_step(open_gallery):
    page = open_gallery(375)
    scale = page.locator(".cp-scale").nth(1)
    word = scale.get_by_text("どちらかといえばそう思わない")
    assert word.evaluate("word => getComputedStyle(word).opacity") == "0"

    scale.get_by_role("radio").nth(3).check()

    assert word.evaluate("word => getComputedStyle(word).opacity") == "1"


def test_counter_counts_as_people_do_and_says_when_the_limit_is_passed(open_gallery):
    page = open_gallery()
    counter = page.locator("#id_episode_counter")

    page.locator("#id_episode").fill("𠮷\n👨‍👩‍👧")
    assert counter.inner_text() == "3 / 300"
    page.locator("#id_episode").fill("長" * 302)

    assert counter.inner_text() == "302 / 300 2文字超えています"


def test_counter_waits_until_the_input_method_has_finished(open_gallery):
    page = open_gallery()
    page.locator("#id_episode").focus()
    session = page.context.new_cdp_session(page)

    session.send(
        "Input.imeSetComposition", {"text": "しん", "selectionStart": 2, "selectionEnd": 2}
    )
    while_composing = page.locator("#id_episode_counter").inner_text()
    session.send("Input.insertText", {"text": "審査官"})

    assert while_composing == "0 / 300"
    assert page.locator("#id_episode_counter").inner_text() == "3 / 300"


def test_last_year_is_open_beside_the_question_and_folded_on_a_phone(open_gallery):
    assert open_gallery(1280).locator(".cp-lastyear").get_attribute("open") is not None
    assert open_gallery(375).locator(".cp-lastyear").get_attribute("open") is None


def test_menu_and_folds_work_without_script(open_gallery):
    page = open_gallery(375, java_script_enabled=False)

    page.get_by_text("読む人をせばめる").click()
    page.get_by_text("組織マネジメント力").click()
    page.get_by_role("button", name="メニュー").click()

    assert page.get_by_role("dialog").is_visible()
    assert page.get_by_role("checkbox", name="上司", include_hidden=True).count() == 1
    assert page.locator("details.cp-comp[open]").count() == 2


def test_chosen_answers_stand_out_in_forced_colours(open_gallery):
    page = open_gallery(1280, forced_colors="active")
    chosen = page.locator(".cp-level:has(:checked)")
    other = page.locator(".cp-level:not(:has(:checked))").first

    def ground(locator):
        return locator.evaluate("element => getComputedStyle(element).backgroundColor")

    assert ground(chosen) != ground(other)


def test_buttons_and_choices_are_large_enough_for_a_finger(open_gallery):
    page = open_gallery(375)

    heights = page.evaluate(
        """[...document.querySelectorAll(
             ".cp-button, .cp-option, .cp-level, .cp-pill, .cp-segment, .cp-scale__step"
           )].filter(element => element.checkVisibility())
             .map(element => element.getBoundingClientRect().height)"""
    )

    assert min(heights) >= 44
