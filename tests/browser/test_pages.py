"""Every page as one finds it: accessible, in Japanese, without overflow, quiet, and from nowhere else."""

import pytest

from tests.browser.axe import findings
from tests.browser.pages import (
    ABSENT,
    CORRECTING,
    NEWCOMER,
    PAGES,
    SAME_PAGE,
    STAFF,
    SUBMITTED,
    WITHDRAWN,
)
from tests.browser.served import PASSWORD
from tests.browser.visits import DESK, NARROW, Visits


@pytest.fixture(scope="module")
def cast(portal):
    """Who plays which part; sign-in names stand for themselves."""
    people = {
        NEWCOMER: portal.newcomer(),
        SUBMITTED: portal.writer("submitted"),
        CORRECTING: portal.writer("submitted", correcting=True),
        WITHDRAWN: portal.writer("withdrawn"),
        ABSENT: portal.absent(),
    }
    portal.have_read(people[SUBMITTED])
    posts = portal.rows_of_posts()
    portal.have_kept(STAFF, posts["post"], "春に説明会があれば聞いてみる。")
    portal.have_kept(STAFF, posts["other_post"])
    return people


@pytest.fixture(scope="module")
def windows(chromium, portal):
    """The browsers of all who look at pages, each signed in once."""
    opened = Visits(chromium, portal, PASSWORD)
    opened.expected.append("404 (Not Found)")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def look(windows, cast, portal):
    """Open a page by its name, in the one window of the person who sees it."""
    pages = {}
    names = {
        "year": portal.year,
        "past": portal.year - 1,
        "readable": portal.readable_by_hr(),
        "mail": portal.local_mail(),
        **portal.rows_of_a_running_round(),
        **portal.rows_of_posts(),
        **portal.rows_of_sheets(),
    }

    def open_page(name):
        who, address = PAGES[name]
        if who not in pages:
            pages[who] = windows.begin(cast.get(who, who), NARROW)
        page = pages[who]
        page.set_viewport_size(NARROW["viewport"])
        page.goto(address.format_map(names))
        return page

    return open_page


@pytest.fixture(scope="module")
def titles():
    """The page that a title belongs to."""
    return {}


def overflow(page):
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("name", PAGES)
def test_page_is_fit_for_everybody(look, windows, titles, name):
    # As wide as a small phone, and as a desk screen at 400 %.
    page = look(name)
    assert overflow(page) <= 0
    assert findings(page) == []

    page.set_viewport_size(DESK["viewport"])
    page.locator("details[data-open-wide]").evaluate_all("folds => folds.map(f => f.open = true)")
    assert overflow(page) <= 0
    assert findings(page) == []

    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.locator("h1").count() == 1
    same = SAME_PAGE.get(name, name)
    assert page.title().endswith("｜キャリアポータル")
    assert titles.setdefault(page.title(), same) == same
    assert windows.take_complaints() == []
