"""Real processes are started, killed and started again, as ``manage.py up`` does it."""

import os
import shutil
import signal
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tests.local.portal_process import PortalProcess
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def portal():
    directory = Path(tempfile.mkdtemp(prefix="career-portal-")).resolve()
    directory.chmod(0o711)
    portal = PortalProcess(directory / "ポータル 一号")
    portal.start("--without-demo")
    yield portal
    portal.clean_up()
    shutil.rmtree(directory)


def commit_row(portal, number):
    with psycopg.connect(portal.database_url, autocommit=True) as connection:
        connection.execute("create table if not exists drill (number int)")
        connection.execute("insert into drill values (%s)", [number])


def rows(portal):
    with psycopg.connect(portal.database_url) as connection:
        return [row for (row,) in connection.execute("select number from drill order by number")]


def test_ready_line_names_an_address_that_answers(portal):
    assert portal.printed[-1] == f"ready: {portal.address}/"
    assert portal.answers()


def test_second_start_on_the_same_data_is_refused(portal):
    outcome = portal.run("up", f"--port={portal.port + 1}")

    assert outcome.returncode == 1
    assert "already runs on" in outcome.stderr


def test_other_command_joins_the_running_servers(portal):
    commit_row(portal, 0)
    code = "from django.db import connection as c; k = c.cursor(); k.execute('table drill')"

    outcome = portal.run("shell", "-v0", "-c", f"{code}; print('rows', k.fetchall())")

    assert "rows [(0,)]" in outcome.stdout, outcome.stderr
    assert portal.answers()


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("web", "gunicorn"),
        ("worker", "celery --app=career_portal worker"),
        ("beat", "celery --app=career_portal beat"),
        ("broker", "-server "),
    ],
)
def test_killed_child_is_started_again(portal, name, part):
    killed = portal.first(part)

    os.kill(killed, signal.SIGKILL)

    portal.wait_for_line(f"{name} ended unexpectedly")
    wait_for(lambda: portal.first(part) not in {None, killed}, seconds=30)
    wait_for(portal.answers, seconds=30)


def test_killed_database_is_started_again_with_every_row(portal):
    commit_row(portal, 1)

    os.kill(portal.first("bin/postgres"), signal.SIGKILL)

    portal.wait_for_line("postgres ended unexpectedly")
    wait_for(portal.answers, seconds=30)
    assert 1 in rows(portal)


def test_everything_killed_at_once_recovers_at_the_next_start(portal):
    commit_row(portal, 2)
    portal.process.kill()
    portal.process.wait()
    for pid in portal.processes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    portal.start("--without-demo")

    assert 2 in rows(portal)


def test_orphans_of_a_killed_start_are_ended_by_the_next(portal):
    commit_row(portal, 3)
    portal.process.kill()
    portal.process.wait()
    orphans = portal.processes().keys()
    assert len(orphans) > 5

    portal.start("--without-demo")

    assert not orphans & portal.processes().keys()
    assert 3 in rows(portal)
    assert portal.answers()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_leaves_nothing_running_and_keeps_the_rows(portal, number):
    commit_row(portal, number)

    assert portal.stop(number) == 0

    wait_for(lambda: portal.processes() == {})
    portal.start("--without-demo")
    assert number in rows(portal)


def test_reset_starts_from_nothing(portal):
    commit_row(portal, 4)
    portal.stop()

    portal.start("--without-demo", "--reset")

    with pytest.raises(psycopg.errors.UndefinedTable):
        rows(portal)


def test_other_command_starts_servers_of_its_own_for_its_duration(place):
    elsewhere = PortalProcess(place / "data")

    outcome = elsewhere.run("check", "--database=default")

    assert outcome.returncode == 0, outcome.stderr
    assert (elsewhere.data.logs / "postgres.log").exists()
    assert elsewhere.processes() == {}


def test_occupied_port_is_refused_with_a_sentence(place):
    other = PortalProcess(place / "data")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", other.port))
        taken.listen()

        outcome = other.run("up", f"--port={other.port}")

    assert outcome.returncode == 1
    assert f"Port {other.port} of 127.0.0.1 cannot be used" in outcome.stderr


def test_production_settings_are_refused(place):
    outcome = PortalProcess(place / "data").run(
        "up", DJANGO_SETTINGS_MODULE="career_portal.settings.production"
    )

    assert outcome.returncode == 1
    assert "never runs over production settings" in outcome.stderr
    assert not (place / "data").exists()
