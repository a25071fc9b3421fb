"""One Chromium and one served portal for all tests that use a browser.

Playwright's event loop belongs to the thread it was started in, where Django then refuses to use its database. So these
tests use no Django database, and pytest-django runs those that do before them.
"""

import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

from career_portal.local.system_packages import browser
from tests.browser.served import PASSWORD, ServedPortal
from tests.browser.visits import Visits

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium():
    """The Chromium of this machine."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def portal():
    """A portal with a small ministry in it, on a database of its own."""
    database = settings.DATABASES["default"]
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/postgres".format_map(database)
    with tempfile.TemporaryDirectory(prefix="career-portal-browser-") as directory:
        served = ServedPortal(url, Path(directory))
        try:
            yield served.start()
        finally:
            served.stop()


@pytest.fixture
def visits(chromium, portal):
    """Opens browsers for people; what went wrong on their pages fails the test."""
    opened = Visits(chromium, portal, PASSWORD)
    yield opened
    opened.close()
    assert opened.take_complaints() == []
