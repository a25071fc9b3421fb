"""What the portal has acknowledged to a writer stays, whatever is killed a moment later."""

import os
import re
import shutil
import signal
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tests.local.portal_client import PortalClient, first_text_field, form_fields
from tests.local.portal_process import PortalProcess
from tests.waiting import wait_for

PASSWORD = "sakura-no-niwa-9"
AT_ONCE = 50


@pytest.fixture(scope="module")
def portal():
    directory = Path(tempfile.mkdtemp(prefix="career-portal-")).resolve()
    directory.chmod(0o711)
    portal = PortalProcess(directory / "data")
    portal.start("--people=60", PORTAL_DEMO_PASSWORD=PASSWORD)
    yield portal
    portal.clean_up()
    shutil.rmtree(directory)


@pytest.fixture
def writer(portal):
    return PortalClient(portal.address).sign_in("shokuin", PASSWORD)


@pytest.fixture
def form(writer):
    """The address of this autumn's form."""
    return re.search(r"/surveys/\d+/", writer.get("/surveys/").text).group()


def kill_database_and_web(portal):
    lines = portal.processes()
    for pid, line in lines.items():
        if "postgres" in line or "gunicorn" in line:
            # The death of one may have ended another already.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def test_up_prints_the_sign_ins_and_a_given_password(portal):
    printed = "\n".join(portal.printed)

    assert "\n  shokuin   職員\n" in printed
    assert f"Password: {PASSWORD}" in printed


@pytest.mark.parametrize("round_number", range(3))
def test_acknowledged_save_survives_the_death_of_database_and_web(
    portal, writer, form, round_number
):
    page = writer.get(f"{form}parts/1/").text
    field = first_text_field(page)
    text = f"{round_number}回目の下書き。髙﨑さんと𠮷野家で話した。"
    fields = {**form_fields(page, having="version"), field: text}

    saved = writer.post(f"{form}parts/1/", fields, Accept="application/json")
    kill_database_and_web(portal)

    assert saved.status == 200
    wait_for(portal.answers, seconds=40)
    assert form_fields(writer.get(f"{form}parts/1/").text, having="version")[field] == text


def test_fifty_identical_submits_make_one_submission_and_one_receipt(portal, writer, form):
    fields = form_fields(writer.get(f"{form}check/").text, having="seen")
    people = [writer.copy() for _ in range(AT_ONCE)]
    before = submissions(portal)
    together = threading.Barrier(AT_ONCE)

    def submit(person):
        together.wait()
        return person.post(f"{form}submit/", fields)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(submit, people))

    assert submissions(portal) == before + 1
    assert {(answer.status, answer.url) for answer in answers} == {
        (200, f"{portal.address}{form}receipt/")
    }
    receipt = receipt_number(portal)
    assert [receipt in answer.text for answer in answers] == [True] * AT_ONCE


def submissions(portal):
    return value(portal, "select count(*) from surveys_submission")


def receipt_number(portal):
    return value(portal, "select receipt_number from surveys_submission order by id desc limit 1")


def value(portal, query):
    with psycopg.connect(portal.database_url) as connection:
        return connection.execute(query).fetchone()[0]


def test_another_password_given_at_a_later_start_is_the_one_that_counts(portal):
    portal.stop()
    portal.start(PORTAL_DEMO_PASSWORD="another-garden-5")

    PortalClient(portal.address).sign_in("shokuin", "another-garden-5")
