"""The same thing done many times at once, each time on a database connection of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, connections, transaction

from surveys.models import HopeSurvey, SurveyRound
from tests.waiting import wait_for


def at_once(times, act):
    """What `act` returned or raised, run that often at the same moment."""
    together = threading.Barrier(times)

    def run(number):
        try:
            connection.ensure_connection()
            together.wait(timeout=30)
            return act(number)
        except Exception as raised:  # noqa: BLE001  handed to the test, which names the ones it expects
            return raised
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def queued_behind_a_lock(times, act, *, survey=None, survey_round=None):
    """As `at_once`, but all wait for a row that somebody else holds, and go on when it is let go.

    Each has then read the row as it was before any of the others changed it.
    """
    backends = []
    together = threading.Barrier(times)
    rows = HopeSurvey.objects.filter(pk=survey.pk) if survey else SurveyRound.objects.filter(
        pk=survey_round.pk
    )

    def run(number):
        try:
            connection.ensure_connection()
            backends.append(connection.connection.info.backend_pid)
            together.wait(timeout=30)
            return act(number)
        except Exception as raised:  # noqa: BLE001  handed to the test, which names the ones it expects
            return raised
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        with transaction.atomic():
            rows.select_for_update().get()
            running = [pool.submit(run, number) for number in range(times)]
            wait_for(lambda: waiting(backends) == times)
        return [one.result(timeout=30) for one in running]


def waiting(backends):
    """How many of these database processes wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(distinct pid) from pg_locks where not granted and pid = any(%s)",
            [list(backends)],
        )
        return cursor.fetchone()[0]
