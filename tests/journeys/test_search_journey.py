"""Somebody looks for posts by typing kana, narrows, compares two, keeps one, and takes it into the form."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.visits import PHONE

NUMBER = re.compile(r"^\d+件見つかりました$")


class Searching:
    """The page of the search, with the requests for results that it sent."""

    def __init__(self, page):
        self.page = page
        self.sent = []
        page.on("request", self._note)
        page.goto("/postings/")
        self.box = page.get_by_role("combobox", name="仕事の内容、職名、課室、スキルなど")
        self.heading = page.locator("#found-number")

    def _note(self, request):
        if "x-portal-part" in request.headers:
            self.sent.append(request.url)

    def compose(self, *readings):
        """Type by an input method, which decides nothing yet."""
        self.box.focus()
        self.keyboard = self.page.context.new_cdp_session(self.page)
        for reading in readings:
            place = {"selectionStart": len(reading), "selectionEnd": len(reading)}
            self.keyboard.send("Input.imeSetComposition", {"text": reading, **place})

    def decide(self, text):
        self.keyboard.send("Input.insertText", {"text": text})

    def option(self, name):
        return self.page.get_by_role("checkbox", name=re.compile(f"^{name}"))

    def number(self):
        expect(self.heading).to_have_text(NUMBER)
        return int(re.sub(r"\D", "", self.heading.inner_text()))


@pytest.fixture
def searching(portal, visits):
    def begin(person, **options):
        return Searching(visits.begin(person, **options))

    return begin


def test_kana_are_searched_narrowed_compared_kept_and_taken_into_the_form(
    portal, visits, searching
):
    person = portal.newcomer()
    search = searching(person)
    page = search.page

    # What is composed is completed, but not searched for; what is decided is, once.
    search.compose("し", "しん", "しんさ")
    expect(
        page.get_by_role("option").filter(has_text=re.compile("^審査言葉")).first
    ).to_be_visible()
    assert search.sent == []
    assert findings(page) == []
    search.decide("しんさ")
    expect(page.get_by_text("「しんさ」は「審査」も含めて探しました。")).to_be_visible()
    assert len(search.sent) == 1
    assert page.url.endswith("/postings/?q=%E3%81%97%E3%82%93%E3%81%95")
    found = search.number()
    expect(page.locator("#search-status")).to_have_text(f"{found}件見つかりました")
    expect(page.locator(".cp-hit mark").first).to_have_text("審査")
    page.keyboard.press("Escape")

    # Narrowed by a facet, which keeps the focus and its place in the history.
    search.option("審査・検査").first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("list", name="選んでいる条件")).to_contain_text("審査・検査")
    fewer = search.number()
    assert 0 < fewer < found
    expect(search.option("審査・検査").first).to_be_focused()
    page.go_back()
    expect(search.heading).to_have_text(f"{found}件見つかりました")
    page.go_forward()
    expect(search.heading).to_have_text(f"{fewer}件見つかりました")
    assert findings(page) == []
    shared = visits.begin(portal.newcomer())
    shared.goto(page.url)
    expect(shared.locator("#found-number")).to_have_text(f"{fewer}件見つかりました")

    # Two are compared; the results are there again after each press.
    for _ in range(2):
        page.locator(".cp-tick[aria-pressed=false]").first.click()
        expect(search.heading).to_have_text(f"{fewer}件見つかりました")
    title = page.locator(".cp-hit__title").first.inner_text()
    page.get_by_role("link", name="2件を比較する").click()
    expect(page.get_by_role("main").get_by_role("link", name=title).first).to_be_visible()

    # One is kept, and becomes the first wish of the form.
    page.go_back()
    page.get_by_role("button", name=re.compile("リストに保存")).first.click()
    page.goto("/postings/kept/")
    page.get_by_role("button", name=re.compile("希望に入れる")).first.click()
    expect(page.get_by_text("第1希望に入っています")).to_be_visible()
    page.goto(visits.path("parts", 6))
    expect(page.get_by_text(re.compile(f"{re.escape(title)}$")).first).to_be_visible()


def test_suggestion_is_taken_by_keys_and_a_slip_of_the_finger_is_mended(portal, searching):
    search = searching(portal.newcomer())
    page = search.page
    search.box.press_sequentially("経済安全")
    expect(search.box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    word = chosen.locator(".cp-suggest__word").inner_text()
    page.keyboard.press("Enter")
    expect(search.box).to_have_value(word)
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert search.number() > 0

    search.box.fill("半導休")
    page.get_by_role("link", name="半導体", exact=True).click()
    expect(search.box).to_have_value("半導体")
    assert search.number() > 0
    expect(page.locator(".cp-hit mark").first).to_be_visible()


def test_without_script_the_form_finds_and_narrows(portal, searching, visits):
    page = visits.begin(portal.newcomer(), PHONE, java_script_enabled=False)
    page.goto("/postings/")
    page.locator("#q").fill("審査")
    page.get_by_role("button", name="検索").click()
    expect(page.locator("#found-number")).to_have_text(NUMBER)
    page.locator("#facets > summary").click()
    page.get_by_role("checkbox", name=re.compile("^係長")).check()
    page.get_by_role("button", name="この条件で絞り込む").click()

    expect(page.get_by_role("list", name="選んでいる条件")).to_contain_text("係長")
    expect(page.locator("#q")).to_have_value("審査")
    page.get_by_role("link", name="次のページ").click()
    expect(page.get_by_role("navigation", name="検索結果のページ")).to_contain_text("2 /")
