"""A writer of the hope survey with today's round, alone or with what the year before left behind."""

import pytest

from surveys.asked import asked
from tests.factories.staff import AssignmentFactory
from tests.factories.surveys import SurveyRoundFactory


@pytest.fixture
def survey_round(db):
    return SurveyRoundFactory()


@pytest.fixture
def questionnaire(survey_round):
    return asked(survey_round.questionnaire)


@pytest.fixture
def writer(db):
    return AssignmentFactory(user__family_name="髙橋", user__given_name="𠮷江").user


@pytest.fixture
def signed_in(client, writer):
    client.force_login(writer)
    return client
