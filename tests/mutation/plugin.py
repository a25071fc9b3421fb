"""Breaks the rule that PORTAL_MUTANT names before any test is imported; leaves out tests that need Chromium."""

import os

import django

from tests.mutation.rules import apply

MUTANT = "PORTAL_MUTANT"


def pytest_load_initial_conftests():
    # pytest-django does so in this same hook, before or after this one.
    django.setup()
    if MUTANT in os.environ:
        apply(os.environ[MUTANT])


def pytest_collection_modifyitems(config, items):
    in_browser = [item for item in items if "chromium" in item.fixturenames]
    config.hook.pytest_deselected(items=in_browser)
    items[:] = [item for item in items if item not in in_browser]
