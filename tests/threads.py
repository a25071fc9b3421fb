"""The same thing done by many at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, connections, transaction

from tests.waiting import wait_for


def at_once(times, act):
    """What `act` returned or raised for each number below `times`, all begun at the same moment."""
    together = threading.Barrier(times)

    def run(number):
        together.wait(timeout=30)
        return act(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def each_connected(times, act):
    """As `at_once`, each with a database connection that is there beforehand."""
    together = threading.Barrier(times)
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(lambda number: _one_of_many(act, number, together), range(times)))


def behind_a_lock(times, act, *, held):
    """As `each_connected`, but everybody waits for a row that is locked, and goes on when it is let go.

    `held` selects that row. Each has then read what was there before any of the others changed it.
    """
    together = threading.Barrier(times)
    backends = []
    with ThreadPoolExecutor(times) as pool:
        with transaction.atomic():
            held.select_for_update().get()
            running = [
                pool.submit(_one_of_many, act, number, together, backends)
                for number in range(times)
            ]
            wait_for(lambda: waiting(backends) == times)
        return [one.result(timeout=30) for one in running]


def _one_of_many(act, number, together, backends=None):
    try:
        connection.ensure_connection()
        if backends is not None:
            backends.append(connection.connection.info.backend_pid)
        together.wait(timeout=30)
        return act(number)
    except Exception as raised:  # the test names those that it expects
        return raised
    finally:
        connections.close_all()


def waiting(backends):
    """How many of these database processes wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(distinct pid) from pg_locks where not granted and pid = any(%s)",
            [list(backends)],
        )
        return cursor.fetchone()[0]
