"""A member of staff with today's round, PDFs that take no time, and a demonstration to look at."""

import pytest
from django.db import transaction

from career_portal.common import pdf_engine
from career_portal.common.clock import today
from career_portal.home.demonstration.loading import Order, load_demonstration
from tests.factories.staff import AssignmentFactory
from tests.factories.surveys import SurveyRoundFactory
from tests.home.ministry import PASSWORD


@pytest.fixture
def survey_round(db):
    return SurveyRoundFactory()


@pytest.fixture
def writer(db):
    return AssignmentFactory(user__family_name="髙橋", user__given_name="𠮷江").user


@pytest.fixture
def plain_pdf(monkeypatch):
    """PDFs as the page they are made from, where it does not matter how they look."""
    monkeypatch.setattr(pdf_engine, "render", lambda html, **options: html.encode())


@pytest.fixture(scope="module")
def ministry(request, django_db_setup, django_db_blocker):
    """A ministry of the module's PEOPLE and SEED that all its tests look at; taken back at the end."""
    order = Order(request.module.PEOPLE, request.module.SEED, today(), PASSWORD)
    with django_db_blocker.unblock(), transaction.atomic():
        load_demonstration(order, lambda _: None)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(ministry, db):
    """The loaded ministry, with what a test changes in it taken back."""
