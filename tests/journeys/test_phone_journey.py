"""The same form on a phone, by taps: begun in one visit, handed in and corrected in another."""

from playwright.sync_api import expect

from tests.browser.visits import PHONE
from tests.journeys.form import REFLECTION, SAVED

EPISODE = "窓口で断られた相談者の話を聴き直し、使える制度を2つ案内した。"


class Phone:
    """Taps on what a person sees, where he sees it."""

    def __init__(self, page):
        self.page = page

    def tap(self, selector):
        self.page.locator(selector).tap()

    def tap_through(self, selector):
        """Tap and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.tap(selector)
        overflow = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{self.page.url} is {overflow} px too wide"

    def choose(self, name, place):
        self.tap(f"label:has(#id_{name}_{place})")

    def write(self, name, text):
        self.tap(f"[name={name}]")
        self.page.keyboard.insert_text(text)

    def see_saved(self):
        expect(self.page.locator("#save-status")).to_have_text(SAVED, timeout=2_000)


def test_over_two_visits_on_a_phone(portal, visits):
    person = portal.newcomer()

    first = visits.begin(person, PHONE)
    phone = Phone(first)
    first.goto("/")
    phone.tap_through(".cp-panel .cp-actions a[data-kind=text]")
    phone.tap_through(f"a[href='{visits.path('parts', 2)}']")
    phone.choose("a1_level", 2)
    phone.write("a1_episode", EPISODE)
    phone.see_saved()
    phone.tap("#a3 > summary")
    phone.choose("a3_wish", 0)
    phone.see_saved()
    first.context.close()

    second = visits.begin(person, PHONE)
    phone = Phone(second)
    second.goto(visits.path())
    phone.tap_through(".cp-split__side a[data-kind=primary]")
    phone.tap("#a1 > summary")
    expect(second.locator("[name=a1_episode]")).to_have_value(EPISODE)
    expect(second.locator("#id_a1_level_2")).to_be_checked()
    expect(second.locator("#id_a3_wish_0")).to_be_checked()

    phone.tap_through("button[value=list]")
    fill_reflection(phone, visits)
    phone.tap_through("button[value=list]")
    fill_expertise(phone, visits)
    phone.tap_through("button[value=list]")
    pick_post(phone, visits)
    phone.tap_through("button[value=list]")

    number = submit(phone, visits)
    assert portal.submissions(person) == [(1, number)]
    with second.expect_download() as download:
        phone.tap("a[href$='/copy.pdf']")
    assert download.value.path().read_bytes().startswith(b"%PDF")

    second.goto(visits.path())
    phone.tap_through("form[action$='/correct/'] button")
    phone.tap_through(f"a[href='{visits.path('parts', 5)}']")
    phone.write("in_five_years", "地方の局で、事業者と制度の間に立つ仕事をしていたい。")
    phone.tap_through("button[value=list]")
    corrected = submit(phone, visits)
    assert portal.submissions(person) == [(1, number), (2, corrected)]


def fill_reflection(phone, visits):
    phone.tap_through(f"a[href='{visits.path('parts', 1)}']")
    for place, name in enumerate(REFLECTION):
        phone.choose(name, place % 5)
    phone.see_saved()


def fill_expertise(phone, visits):
    phone.tap_through(f"a[href='{visits.path('parts', 3)}']")
    for number in ("01", "02", "12"):
        phone.choose(f"b1_{number}_experience", 2)
        phone.choose(f"b1_{number}_wish", 1)


def pick_post(phone, visits):
    phone.tap_through(f"a[href='{visits.path('parts', 6)}']")
    phone.tap_through("#id_post_1")
    phone.write("q", "係長")
    phone.tap_through("form[role=search] button")
    phone.tap_through(".cp-result:nth-child(2) button[name=post]")
    expect(phone.page.locator("[name=post_1]")).to_have_count(1)
    phone.write("post_1_reason", "現場の声を制度につなげたい。")


def submit(phone, visits):
    phone.tap_through(f"a[href='{visits.path('check')}']")
    phone.tap_through("form[action$='/submit/'] button")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("希望調書を提出しました")
    return phone.page.locator(".cp-confirm__number").inner_text()
