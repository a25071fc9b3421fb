"""Fixtures that every part of the tests may use, and the order in which several processes share the run."""

import os

import pytest
from hypothesis import settings

# On a busy machine an example may take long without anything being wrong.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")

pytest_plugins = ["tests.browser.plugin"]

# Chromium is driven through an event loop that stands still while a test runs; Django would refuse
# its database to every later test of the same process all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The long files begin, so that the processes end together: Chromium's, then the kill drills."""
    items.sort(key=_when)


def _when(item):
    if "chromium" in item.fixturenames:
        return 0
    return 1 if item.path.parent.name == "local" else 2
