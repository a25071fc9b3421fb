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


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    """One process has the one Chromium and served portal; a file stays whole. The long ones begin."""
    for item in items:
        group = "chromium" if uses_chromium(item) else item.path.name
        item.add_marker(pytest.mark.xdist_group(group))
    result = yield
    items.sort(
        key=lambda item: 0 if uses_chromium(item) else 1 + (item.path.parent.name != "local")
    )
    return result


def uses_chromium(item):
    return "chromium" in item.fixturenames
