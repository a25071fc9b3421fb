"""Every page: accessible, in Japanese, without overflow, quiet, from nowhere else, and light."""

import pytest

from tests.browser.axe import findings
from tests.browser.pages import (
    ABSENT,
    CORRECTING,
    NEWCOMER,
    PAGES,
    SAME_PAGE,
    SUBMITTED,
    WITHDRAWN,
)
from tests.browser.visits import DESK, NARROW

NOT_FOUND = "404 (Not Found)"


@pytest.fixture(scope="module")
def cast(portal):
    """Who plays which part; sign-in names stand for themselves."""
    return {
        NEWCOMER: portal.newcomer(),
        SUBMITTED: portal.writer("submitted"),
        CORRECTING: portal.writer("submitted", correcting=True),
        WITHDRAWN: portal.writer("withdrawn"),
        ABSENT: portal.absent(),
    }


@pytest.fixture(scope="module")
def titles():
    """The page that a title belongs to."""
    return {}


@pytest.fixture
def look(visits, cast, portal):
    """Open a page by its name, in a browser of the one who sees it."""

    def open_page(name, device=DESK):
        who, address = PAGES[name]
        page = visits.look_in(cast.get(who, who), device)
        page.goto(
            address.format(year=portal.year, past=portal.year - 1, readable=portal.readable_by_hr())
        )
        return page

    return open_page


def overflow(page):
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_narrow_and_wide(look, visits, titles, name):
    visits.expected.append(NOT_FOUND)
    # As wide as a small phone, and as a desk screen at 400 %.
    page = look(name, NARROW)
    assert overflow(page) <= 0
    assert findings(page) == []

    page.set_viewport_size(DESK["viewport"])
    page.reload()
    assert overflow(page) <= 0
    assert findings(page) == []
    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.locator("h1").count() == 1
    assert page.title().endswith("｜キャリアポータル")
    assert titles.setdefault(page.title(), SAME_PAGE.get(name, name)) == SAME_PAGE.get(name, name)
