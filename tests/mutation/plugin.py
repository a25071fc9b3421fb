"""Breaks the rule that PORTAL_MUTANT names before any test is imported; chooses and orders the tests for such runs."""

import os

import django

from tests.mutation.rules import apply

MUTANT = "PORTAL_MUTANT"
# They notice most mutants, and soon; named beside its folder, a file would not come first.
FIRST = ("test_architecture.py", "test_rows_of_ones_own.py")


def pytest_load_initial_conftests():
    # pytest-django does so in this same hook, before or after this one.
    django.setup()
    if MUTANT in os.environ:
        apply(os.environ[MUTANT])


def pytest_collection_modifyitems(config, items):
    in_browser = [item for item in items if "chromium" in item.fixturenames]
    config.hook.pytest_deselected(items=in_browser)
    items[:] = [item for item in items if item not in in_browser]
    items.sort(key=lambda item: item.path.name not in FIRST)
