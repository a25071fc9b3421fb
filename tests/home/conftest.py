"""A member of staff with today's round, and PDFs that take no time."""

import pytest

from career_portal.common import pdf_engine
from tests.factories.staff import AssignmentFactory
from tests.factories.surveys import SurveyRoundFactory


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
