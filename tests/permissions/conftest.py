"""The world of the matrix, built once for each module that asks for it and rolled back at its end."""

import logging

import pytest
from django.db import transaction

from career_portal.common import pdf_engine
from tests.permissions import world as ministry


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker):
    """The test database inside one transaction of the module; tests undo what they do (`world.undone`)."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(database):
    return ministry.build()


@pytest.fixture(scope="module")
def readable_pdf():
    """PDFs as the page they are made from: who gets one is tried here, not how it looks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf_engine, "render", lambda html, **options: html.encode())
        yield


@pytest.fixture(scope="module", autouse=True)
def quiet_logs():
    """Thousands of requests: their log lines are tried elsewhere."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
