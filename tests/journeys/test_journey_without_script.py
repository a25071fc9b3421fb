"""The form without JavaScript: every part saves by its button, and the form is handed in."""

from playwright.sync_api import expect

from tests.journeys.form import REFLECTION

EPISODE = "説明会の進め方を、若手と一緒に一から見直した。"


def test_filled_in_and_handed_in_without_script(portal, visits):
    person = portal.newcomer()
    page = visits.begin(person, java_script_enabled=False)

    page.goto(visits.path("parts", 2))
    page.locator("#id_a1_level_3").check()
    page.locator("[name=a1_episode]").fill(EPISODE)
    page.locator("button[value=stay]").last.click()
    expect(page.locator("main .cp-notice")).to_contain_text("下書きを保存しました")
    assert portal.draft(person, 2) == ({"a1_level": "4", "a1_episode": EPISODE}, 1)

    page.locator("button[value=all]").click()
    page.locator("#id_a5_level_0").check()
    page.locator("button[value=next]").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("③")
    assert portal.draft(person, 2)[0]["a5_level"] == "1"

    page.goto(visits.path("parts", 1))
    for name in REFLECTION:
        page.locator(f"#id_{name}_1").check()
    page.locator("button[value=next]").click()

    page.goto(visits.path("check"))
    page.locator("form[action$='/submit/'] button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("希望調書を提出しました")
    number = page.locator(".cp-confirm__number").inner_text()
    assert portal.submissions(person) == [(1, number)]


def test_an_older_page_shows_both_texts_without_script(portal, visits):
    visits.expected.append("409 (Conflict)")
    person = portal.newcomer()
    older = visits.begin(person, java_script_enabled=False)
    newer = older.context.new_page()
    for page in (older, newer):
        page.goto(visits.path("parts", 5))

    newer.locator("[name=in_five_years]").fill("新しい画面の文")
    newer.locator("button[value=stay]").last.click()
    older.locator("[name=in_five_years]").fill("古い画面の文")
    older.locator("button[value=stay]").last.click()

    expect(older.locator(".cp-versions")).to_contain_text("古い画面の文")
    expect(older.locator(".cp-versions")).to_contain_text("新しい画面の文")
    expect(older.locator("[name=in_five_years]")).to_have_value("古い画面の文")
    assert portal.draft(person, 5) == ({"in_five_years": "新しい画面の文"}, 1)

    older.locator("button[value=stay]").last.click()
    expect(older.locator("main .cp-notice")).to_contain_text("下書きを保存しました")
    assert portal.draft(person, 5)[0] == {"in_five_years": "古い画面の文"}
