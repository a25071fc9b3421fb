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
from tests.local.sheet_stack import SheetStack, send

# The tables of the drills are those of the tests' database.
pytestmark = pytest.mark.django_db

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
    return portal.release()


@pytest.fixture
def held(portal, release):
    """The processes of the worker, held still in the middle of the release."""
    return portal.held_in_the_middle(release)


@pytest.fixture
def completes(portal, release, undisturbed, record_property):
    """A function that waits until the release is made, and looks at all of it."""

    def completes():
        began = time.monotonic()
        portal.wait_until_made(release)
        seconds = time.monotonic() - began
        record_property("seconds undisturbed", f"{undisturbed:.1f}")
        record_property("seconds after the kill", f"{seconds:.1f}")
        logger.info("undisturbed %.1f s, after the kill %.1f s", undisturbed, seconds)
        assert portal.faults(release) == []

    return completes


def test_killed_worker_process_costs_no_sheet(portal, release, held, completes):
    killed, *others = held

    send(signal.SIGKILL, [killed])
    send(signal.SIGCONT, others)

    completes()
    assert portal.most_attempts(release) >= 2


def test_killed_worker_group_costs_no_sheet(portal, release, held, completes):
    os.killpg(portal.worker.process.pid, signal.SIGKILL)

    completes()
    assert portal.most_attempts(release) >= 2


@pytest.mark.parametrize("server", ["broker", "postgres"])
def test_killed_server_costs_no_sheet(portal, held, completes, server):
    send(signal.SIGKILL, [getattr(portal, server).process.pid])
    send(signal.SIGCONT, held)

    completes()
