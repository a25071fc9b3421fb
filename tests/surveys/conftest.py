"""A writer of the hope survey with today's round, and the clock of the database."""

import pytest
from django.db import connection

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


@pytest.fixture
def database_clock(db):
    """Set the clock that the database's statements read, to the microsecond, for this transaction."""

    def set_clock(instant):
        with connection.cursor() as cursor:
            cursor.execute("create schema if not exists set_clock")
            cursor.execute(
                "create or replace function set_clock.statement_timestamp() returns timestamptz"
                f" language sql as $$ select '{instant.isoformat()}'::timestamptz $$"
            )
            cursor.execute("set local search_path = set_clock, pg_catalog, public")

    return set_clock
