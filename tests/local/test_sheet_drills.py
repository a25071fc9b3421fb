"""Whatever is killed in the middle of a release, each of its sheets is made whole, and once."""

import logging
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

from career_portal.local.data_directory import DataDirectory
from career_portal.local.database_account import database_account
from tests.local.sheet_stack import SHEETS, SheetStack, send

# The tables of the drills are those of the tests' database.
pytestmark = pytest.mark.django_db

SOME = 3

logger = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def portal(django_db_setup):
    directory = Path(tempfile.mkdtemp(prefix="career-portal-")).resolve()
    directory.chmod(0o711)
    data = DataDirectory(directory / "data")
    data.prepare()
    with pytest.MonkeyPatch.context() as environment:
        # The broker of the tests is not to be killed: this one is its own.
        environment.delenv("REDIS_URL", raising=False)
        portal = SheetStack(data, database_account())
        try:
            yield portal.start()
        finally:
            portal.clean_up()
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def undisturbed(portal):
    """Seconds that a release takes where nobody disturbs it."""
    began = time.monotonic()
    release = portal.release()
    portal.wait_until_made(release)
    seconds = time.monotonic() - began
    assert portal.faults(release) == []
    return seconds


@pytest.fixture
def release(portal, undisturbed):
    """One in the middle: some sheets are there, some wait."""
    found = portal.release()
    portal.wait_until_done(found, SOME)
    return found


@pytest.fixture
def completes(portal, undisturbed, record_property):
    """A function that waits until a release is made, and looks at all of it."""

    def completes(release):
        began = time.monotonic()
        portal.wait_until_made(release)
        seconds = time.monotonic() - began
        record_property("seconds undisturbed", f"{undisturbed:.1f}")
        record_property("seconds after the restart", f"{seconds:.1f}")
        logger.info("undisturbed %.1f s, after the restart %.1f s", undisturbed, seconds)
        assert portal.faults(release) == []

    return completes


def test_killed_worker_process_costs_no_sheet(portal, release, completes):
    killed, *others = portal.held_in_a_sheet(release)
    assert portal.done(release) < SHEETS

    send(signal.SIGKILL, [killed])
    send(signal.SIGCONT, others)

    completes(release)
    assert portal.most_attempts(release) >= 2


def test_killed_worker_group_costs_no_sheet(portal, release, completes):
    portal.held_in_a_sheet(release)
    assert portal.done(release) < SHEETS

    os.killpg(portal.worker.process.pid, signal.SIGKILL)
    portal.worker.process.wait()
    portal.worker.start_again()

    completes(release)
    assert portal.most_attempts(release) >= 2


def test_killed_broker_costs_no_sheet(portal, release, completes):
    send(signal.SIGKILL, [portal.broker.process.pid])
    portal.broker.process.wait()
    assert portal.done(release) < SHEETS

    portal.stack.broker.start_again()

    completes(release)


def test_killed_database_costs_no_sheet(portal, release, completes):
    send(signal.SIGKILL, [portal.postgres.process.pid])
    portal.postgres.process.wait()

    portal.stack.postgres.start_again()

    assert SOME <= portal.done(release) < SHEETS
    completes(release)
