"""One part in two tabs: the later save is asked about, and whatever is chosen, neither text is lost."""

from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.visits import DESK, NARROW
from tests.browser.writing import Writing

OLDER, NEWER = "古いタブで書いた文。\n二行目もある。", "新しいタブで書いた文。"


class Comparison:
    """The page that shows what two tabs hold."""

    def __init__(self, page):
        self.page = page

    def open(self):
        self.page.get_by_role("button", name="内容を見比べる").click()
        expect(self.page.get_by_role("heading", name="どちらを残しますか")).to_be_visible()
        self.page.set_viewport_size(NARROW["viewport"])
        assert findings(self.page) == []
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(overflow) <= 0
        self.page.set_viewport_size(DESK["viewport"])
        assert findings(self.page) == []

    def texts(self, code):
        """Both answers to a question, this tab's first."""
        box = self.page.locator(f"fieldset:has([name=keep-{code}])")
        return box.locator(".cp-version__text").all_inner_texts()

    def choose(self, code, value):
        self.page.locator(f"label:has([name=keep-{code}][value={value}])").click()

    def see_chosen(self, code, value):
        expect(self.page.locator(f"[name=keep-{code}][value={value}]")).to_be_checked()

    def save(self):
        self.page.get_by_role("button", name="選んだ内容で保存する").click()
        said = self.page.get_by_role("status").filter(has_text="下書きを保存しました")
        expect(said.first).to_be_visible()
        expect(self.page.locator("fieldset:has([name^=keep-])")).to_have_count(0)


def test_texts_of_two_tabs_are_compared_chosen_and_joined(portal, visits):
    visits.expected.append("409 (Conflict)")
    older = Writing(visits, portal.newcomer(), 5)
    newer = Writing(visits, older.username, 5, page=older.page.context.new_page())
    comparison = Comparison(older.page)

    newer.type("in_five_years", NEWER)
    newer.type("ledger_will", "新しいタブだけで書いた意志。")
    newer.pass_time(2)
    newer.see_saved()
    older.type("in_five_years", OLDER)
    older.type("in_ten_years", "古いタブだけで書いた十年後。")
    older.pass_time(2)
    older.see_not_saved("まだ保存していません。別の画面で更新されています")
    assert older.stored() == {
        "in_five_years": NEWER,
        "ledger_will": "新しいタブだけで書いた意志。",
    }

    # Both changed the first, only this tab the second, only the other tab the third.
    comparison.open()
    assert comparison.texts("in_five_years") == [OLDER, NEWER]
    comparison.see_chosen("in_five_years", "here")
    comparison.see_chosen("in_ten_years", "here")
    comparison.see_chosen("ledger_will", "stored")
    expect(older.field("in_five_years")).to_have_value(OLDER)
    expect(older.field("ledger_will")).to_have_value("新しいタブだけで書いた意志。")

    # The field below follows the choice, and the choice follows typing.
    comparison.choose("in_five_years", "stored")
    expect(older.field("in_five_years")).to_have_value(NEWER)
    comparison.choose("in_five_years", "both")
    expect(older.field("in_five_years")).to_have_value(f"{OLDER}\n\n{NEWER}")
    expect(older.page.locator("#id_in_five_years_counter")).to_contain_text("31 / 500")
    older.type("in_ten_years", "書き足した。")
    comparison.choose("in_ten_years", "stored")
    expect(older.field("in_ten_years")).to_have_value("")
    comparison.choose("in_ten_years", "here")
    expect(older.field("in_ten_years")).to_have_value("古いタブだけで書いた十年後。書き足した。")
    older.type("ledger_will", "書き足した意志。")
    comparison.see_chosen("ledger_will", "here")
    assert older.stored() == newer.stored()

    comparison.save()
    assert older.stored() == {
        "in_five_years": f"{OLDER}\n\n{NEWER}",
        "in_ten_years": "古いタブだけで書いた十年後。書き足した。",
        "ledger_will": "新しいタブだけで書いた意志。書き足した意志。",
    }

    # Now the other tab is the older one; while it compares, the first one goes on.
    newer.type("in_five_years", "続き。")
    newer.pass_time(2)
    newer.see_not_saved("まだ保存していません。別の画面で更新されています")
    comparison = Comparison(newer.page)
    comparison.open()
    older.page.clock.run_for(0)
    older.field("ledger_stock").fill("比べているあいだに書いた持ち物。")
    older.pass_time(2)
    older.see_saved()
    newer.page.get_by_role("button", name="選んだ内容で保存する").click()
    expect(newer.page.get_by_role("group", name="じぶん決算書（ストック）")).to_be_visible()
    comparison.see_chosen("ledger_stock", "stored")
    assert comparison.texts("in_five_years") == [f"{NEWER}続き。", f"{OLDER}\n\n{NEWER}"]
    comparison.choose("in_five_years", "both")
    comparison.save()
    assert newer.stored() == {
        "in_five_years": f"{NEWER}続き。\n\n{OLDER}\n\n{NEWER}",
        "in_ten_years": "古いタブだけで書いた十年後。書き足した。",
        "ledger_will": "新しいタブだけで書いた意志。書き足した意志。",
        "ledger_stock": "比べているあいだに書いた持ち物。",
    }


def test_options_and_posts_of_two_tabs_are_chosen(portal, visits):
    visits.expected.append("409 (Conflict)")
    older = Writing(visits, portal.newcomer(), 6)
    newer = Writing(visits, older.username, 6, page=older.page.context.new_page())
    page, comparison = older.page, Comparison(older.page)

    newer.page.locator("#id_timing_0").check()
    newer.page.locator("#id_experiences_0").check()
    newer.pass_time(2)
    newer.see_saved()
    newer.page.locator("#id_post_1").click()
    newer.page.locator("button[name=post]").first.click()
    expect(newer.field("post_1")).to_have_count(1)
    before = older.stored()

    page.locator("#id_timing_1").check()
    older.pass_time(2)
    older.see_not_saved()
    comparison.open()
    comparison.see_chosen("timing", "here")
    comparison.see_chosen("experiences", "stored")
    comparison.see_chosen("post_1", "stored")
    expect(page.locator("#id_experiences_0")).to_be_checked()
    comparison.choose("timing", "stored")
    expect(page.locator("#id_timing_0")).to_be_checked()
    comparison.choose("experiences", "here")
    expect(page.locator("#id_experiences_0")).not_to_be_checked()
    comparison.save()

    assert older.stored() == {"timing": before["timing"]}
    expect(older.field("post_1")).to_have_count(1)


def test_choice_works_without_script(portal, visits):
    visits.expected.append("409 (Conflict)")
    person = portal.newcomer()
    older = visits.begin(person, java_script_enabled=False)
    newer = older.context.new_page()
    for page in (older, newer):
        page.goto(visits.path("parts", 5))
    newer.locator("[name=in_five_years]").fill(NEWER)
    newer.locator("[name=ledger_will]").fill("新しいタブだけで書いた意志。")
    newer.locator("button[value=stay]").last.click()
    older.locator("[name=in_five_years]").fill(OLDER)
    older.locator("button[value=stay]").last.click()

    comparison = Comparison(older)
    comparison.see_chosen("in_five_years", "here")
    comparison.see_chosen("ledger_will", "stored")
    comparison.choose("in_five_years", "both")
    comparison.save()

    assert portal.draft(person, 5)[0] == {
        "in_five_years": f"{OLDER}\n\n{NEWER}",
        "ledger_will": "新しいタブだけで書いた意志。",
    }
