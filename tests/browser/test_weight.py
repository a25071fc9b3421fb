"""What pages cost to load, as it passes over the network."""

import pytest
from playwright.sync_api import expect

from tests.benchmarks.weight import (
    FIRST_PAGE_KB,
    LATER_FONTS_KB,
    LATER_PAGE_KB,
    WHOLE_LIST_KB,
    WHOLE_LISTS,
)
from tests.browser.pages import PAGES, STAFF

KB = 1000


class Meter:
    """Bytes that a page received, compressed as they were; what came from the cache counts nothing.

    `fonts` are those of font slices, which `take` leaves out of what a page weighs once `sorts` is set.
    """

    def __init__(self, page):
        self.total = self.fonts = 0
        self.sorts = False
        self._are_fonts = set()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._meet)
        session.on("Network.loadingFinished", self._add)

    def _meet(self, response):
        if response["type"] == "Font":
            self._are_fonts.add(response["requestId"])

    def _add(self, finished):
        if self.sorts and finished["requestId"] in self._are_fonts:
            self.fonts += finished["encodedDataLength"]
        else:
            self.total += finished["encodedDataLength"]

    def take(self):
        taken, self.total = self.total, 0
        return taken


@pytest.fixture
def page(visits):
    return visits.begin()


def test_first_page_is_the_heaviest_and_later_ones_are_light(page, portal, visits):
    visits.expected.append("404 (Not Found)")
    meter = Meter(page)

    def load(address):
        page.goto(address)
        page.evaluate("document.fonts.ready")
        return meter.take()

    assert load("/accounts/login/") < FIRST_PAGE_KB * KB
    page.locator("#id_login").fill(STAFF)
    page.locator("#id_password").fill(visits.password)
    page.locator("#id_password").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("こんにちは")

    names = {
        "year": portal.year,
        "past": portal.year - 1,
        **portal.rows_of_posts(),
        **portal.rows_of_sheets(),
    }
    meter.sorts, heavy = True, {}
    for name, (who, address) in PAGES.items():
        if who != STAFF:
            continue
        weight = load(address.format_map(names))
        if weight >= (WHOLE_LIST_KB if name in WHOLE_LISTS else LATER_PAGE_KB) * KB:
            heavy[name] = weight
    assert heavy == {}
    assert meter.fonts < LATER_FONTS_KB * KB
