import pytest
from django.core.checks import Error
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from career_portal.staff.checks import no_demonstration_accounts
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db


def found(databases=("default",)):
    return [message.id for message in no_demonstration_accounts(None, databases=databases)]


def test_demonstration_accounts_are_an_error_where_they_are_not_allowed(settings):
    settings.DEMO_ACCOUNTS_ALLOWED = False
    UserFactory()
    assert found() == []

    UserFactory(demonstration=True)

    assert found() == ["staff.E001"]
    assert isinstance(no_demonstration_accounts(None, databases=["default"])[0], Error)


def test_demonstration_accounts_are_no_error_where_they_are_allowed():
    UserFactory(demonstration=True)

    assert found() == []


def test_database_is_only_looked_into_when_asked_for(settings, django_assert_num_queries):
    settings.DEMO_ACCOUNTS_ALLOWED = False
    UserFactory(demonstration=True)

    with django_assert_num_queries(0):
        assert found(databases=None) == []


def test_database_before_its_migrations_is_no_error(settings):
    settings.DEMO_ACCOUNTS_ALLOWED = False
    with connection.cursor() as cursor:
        cursor.execute('alter table "staff_user" rename to "not_yet"')

    assert found() == []


def test_check_before_the_start_refuses(settings):
    settings.DEMO_ACCOUNTS_ALLOWED = False
    UserFactory(demonstration=True)

    with pytest.raises(SystemCheckError, match="demonstration accounts"):
        call_command("check", "--database=default")


def test_migration_before_the_start_refuses(settings):
    settings.DEMO_ACCOUNTS_ALLOWED = False
    UserFactory(demonstration=True)

    with pytest.raises(SystemCheckError, match="demonstration accounts"):
        call_command("migrate", "--plan", skip_checks=False)
