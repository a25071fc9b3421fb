"""Prepared queries answer as their querysets do, on every connection and after every transaction."""

import datetime
import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from career_portal.common.prepared import MARKER_DAY, PreparedQuery
from career_portal.staff.models import Assignment, User
from tests.factories.staff import LONG_AGO, AssignmentFactory, UserFactory

ODD = "100% {0} %s %% 'x' \\ $1 ;"


def held(user_pk, day):
    """Names of those who hold a post on a day, with text in the query that looks like a place to fill in."""
    posts = Assignment.objects.on(day).filter(user=user_pk).exclude(post_title=ODD)
    return posts.order_by("pk").values_list("post_title", "is_concurrent")


@pytest.fixture
def query():
    return PreparedQuery(held, {"user_pk": 987_654_321, "day": MARKER_DAY})


@pytest.mark.django_db
def test_rows_are_those_of_the_queryset_for_every_value(query):
    user, day = UserFactory(), datetime.date(2026, 4, 1)
    AssignmentFactory(user=user, post_title="係長", valid_until=day)
    AssignmentFactory(user=user, post_title="課長補佐", valid_from=day)
    AssignmentFactory(user=user, post_title=ODD, is_concurrent=True)
    AssignmentFactory(post_title="他人")

    for pk in (user.pk, user.pk + 1, 0, -1, 2**62):
        for on in (LONG_AGO, day - datetime.timedelta(days=1), day, datetime.date.max):
            assert query.rows(user_pk=pk, day=on) == list(held(pk, on))
    assert query.rows(user_pk=user.pk, day=day) == [("課長補佐", False)]


@pytest.mark.django_db
def test_objects_come_with_what_was_annotated():
    user = UserFactory(family_name="髙橋")
    people = PreparedQuery(
        lambda pk: User.objects.filter(pk=pk).annotate(name=F("family_name")), {"pk": 987_654_321}
    )

    [found] = people.objects(pk=user.pk)

    assert (found, found.name) == (user, "髙橋")
    assert list(people.objects(pk=0)) == []


@pytest.mark.django_db
def test_statement_is_prepared_once_for_a_connection(query):
    with CaptureQueriesContext(connection) as captured:
        query.rows(user_pk=1, day=LONG_AGO)
        query.rows(user_pk=2, day=LONG_AGO)

    assert [row["sql"].split()[0] for row in captured.captured_queries] == [
        "PREPARE",
        "EXECUTE",
        "EXECUTE",
    ]


@pytest.mark.django_db
def test_value_that_the_query_does_not_use_is_an_error():
    forgetful = PreparedQuery(lambda pk: User.objects.filter(pk__gt=0), {"pk": 987_654_321})

    with pytest.raises(ValueError, match="pk"):
        forgetful.rows(pk=1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("prepared_inside", [True, False])
def test_statement_outlives_the_transaction_that_took_it_back(query, prepared_inside):
    if not prepared_inside:
        query.rows(user_pk=1, day=LONG_AGO)

    with transaction.atomic():
        query.rows(user_pk=1, day=LONG_AGO)
        transaction.set_rollback(True)

    assert query.rows(user_pk=1, day=LONG_AGO) == []


@pytest.mark.django_db(transaction=True)
def test_statement_that_failed_is_prepared_again(query):
    def ask_in_a_broken_transaction():
        with transaction.atomic():
            with pytest.raises(DatabaseError):
                connection.cursor().execute("select 1 / 0")
            query.rows(user_pk=1, day=LONG_AGO)

    with pytest.raises(DatabaseError):
        ask_in_a_broken_transaction()

    assert query.rows(user_pk=1, day=LONG_AGO) == []


@pytest.mark.django_db(transaction=True)
def test_new_connection_learns_the_statement_anew(query):
    query.rows(user_pk=1, day=LONG_AGO)

    connection.close()

    assert query.rows(user_pk=1, day=LONG_AGO) == []


@pytest.mark.django_db(transaction=True)
def test_threads_prepare_for_themselves(query):
    found = []

    def ask():
        try:
            found.append(query.rows(user_pk=1, day=LONG_AGO))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert found == [[]] * 4
