"""Somebody opens a post, compares it with another, keeps it with a note, and takes it into the form."""

import re

from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.visits import PHONE

NOTE = "春に説明会があれば聞いてみる。\n英語の準備を先に。"


def test_post_is_compared_kept_and_taken_into_the_form(portal, visits):
    person = portal.newcomer()
    page = visits.begin(person)

    # From the map of the ministry to a post.
    page.goto("/postings/map/")
    page.locator("details.cp-unit").first.locator("summary").click()
    page.locator("details.cp-unit").first.get_by_role("link").first.click()
    page.get_by_role("main").get_by_role("link", name=re.compile("係長")).first.click()
    title = page.get_by_role("heading", level=1).inner_text()
    expect(page.get_by_role("heading", name="習得が見込まれるスキル")).to_be_visible()
    post = page.url

    # Two posts side by side: the tick is remembered from page to page.
    page.get_by_role("button", name=re.compile("比較に入れる")).click()
    expect(page.get_by_role("button", name=re.compile("比較に入れる"))).to_have_attribute(
        "aria-pressed", "true"
    )
    page.goto("/postings/skills/")
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").filter(
        has_not_text="言葉"
    ).nth(5).click()
    ticks = page.locator("details[open] .cp-tick[aria-pressed=false]")
    ticks.last.click()
    page.get_by_role("link", name="2件を比較する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ポストの比較")
    expect(page.get_by_role("main").get_by_role("link", name=title)).to_be_visible()
    assert page.url.count("post=") == 2
    assert findings(page) == []
    shared = visits.begin(portal.newcomer())
    shared.goto(page.url)
    expect(shared.get_by_role("main").get_by_role("link", name=title)).to_be_visible()

    # Kept with a note that nobody else finds.
    page.goto(post)
    page.get_by_role("button", name=re.compile("リストに保存")).click()
    expect(page.get_by_role("button", name=re.compile("保存済み"))).to_be_visible()
    page.goto("/postings/kept/")
    page.get_by_text("メモを書く").click()
    page.locator("textarea").fill(NOTE)
    assert findings(page) == []
    page.get_by_role("button", name="メモを保存する").click()
    expect(page.locator(".cp-note")).to_contain_text("英語の準備を先に。")
    shared.goto("/postings/kept/")
    expect(shared.get_by_text("まだ保存したポストはありません。")).to_be_visible()

    # Into the form, on a phone and without script, by one press.
    phone = visits.begin(person, PHONE, java_script_enabled=False)
    phone.goto("/postings/kept/")
    phone.get_by_role("button", name=re.compile("希望に入れる")).click()
    expect(phone.get_by_role("status").filter(has_text="第1希望に")).to_contain_text(title)
    expect(phone.get_by_text("第1希望に入っています")).to_be_visible()
    phone.goto(visits.path("parts", 6))
    expect(phone.get_by_text(re.compile(f"{re.escape(title)}$")).first).to_be_visible()
