"""What the bench itself asks the database: the reference's rows, and how much others ask."""

import json
from contextlib import contextmanager

from django.db import connection

from tests.benchmarks.accounting import parent_of
from tests.benchmarks.bare.questions import answered

BARE_TABLE = """
    create table bench_answer_row (
        id bigint primary key generated always as identity,
        person_id bigint not null unique references staff_user (id),
        answers jsonb not null
    )
"""


def fetch_one(text, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        return cursor.fetchone()


def execute(text, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)


def postmaster():
    """Return the number of the process above every database process."""
    return parent_of(fetch_one("select pg_backend_pid()")[0])


def make_bare_rows():
    """Give everybody a row, so that the reference searches a table as long as ours."""
    execute(BARE_TABLE)
    execute(
        "insert into bench_answer_row (person_id, answers) select id, %s::jsonb from staff_user",
        [json.dumps(answered())],
    )


def settle():
    """Do now what the database would do in the background of the first cells."""
    execute("vacuum (analyze)")
    execute("checkpoint")


def counts_statements():
    return bool(fetch_one("select 1 from pg_extension where extname = 'pg_stat_statements'"))


@contextmanager
def counting():
    """Count what others ask, BEGIN and COMMIT included; yields a function that tells how much."""
    execute("set pg_stat_statements.track = 'none'")
    execute("alter system set pg_stat_statements.track = 'top'")
    execute("select pg_reload_conf()")
    try:
        yield _calls
    finally:
        execute("alter system set pg_stat_statements.track = 'none'")
        execute("select pg_reload_conf()")


def _calls():
    return fetch_one("select coalesce(sum(calls), 0) from pg_stat_statements")[0]
