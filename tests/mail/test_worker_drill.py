"""Workers are killed in the middle of a mail, brokers are gone: every mail arrives, and arrives once."""

import os
import signal

import pytest

from tests.mail.portal_worker import DEAD_BROKER, PortalWorker

MAILS = 200


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    worker = PortalWorker(tmp_path_factory.mktemp("worker"))
    worker.prepare()
    yield worker
    worker.clean_up()


@pytest.fixture
def worker(prepared):
    """A worker that is not started yet, with an empty outbox."""
    prepared.empty()
    yield prepared
    if prepared.process:
        prepared.kill()


def up_to(number):
    return list(range(1, number + 1))


def attempts(worker):
    return {number for (number,) in worker.rows("select attempts from mail_outgoingmail")}


def test_workers_killed_in_the_middle_of_a_mail_lose_none_and_double_none(worker):
    worker.queue(MAILS)

    for number in (1, 50, 120, 199):
        with worker.stuck_at(number) as wait_until_stuck:
            worker.start()
            worker.nudge()
            wait_until_stuck()
            worker.kill()
            assert worker.sent() == (up_to(number - 1), up_to(number - 1))
    worker.start()
    worker.nudge()
    worker.wait_until_sent(MAILS)

    assert worker.sent() == (up_to(MAILS), up_to(MAILS))
    assert attempts(worker) == {1}
    assert worker.faults() == []


def test_killed_child_of_a_worker_is_replaced_and_the_delivery_goes_on(worker):
    worker.queue(MAILS)

    with worker.stuck_at(70) as wait_until_stuck:
        worker.start()
        wait_until_stuck()
        os.kill(worker.child(), signal.SIGKILL)
    worker.wait_until_sent(MAILS)

    assert worker.sent() == (up_to(MAILS), up_to(MAILS))
    assert attempts(worker) == {1}


def test_mails_queued_while_the_broker_is_down_are_delivered_when_it_is_back(worker):
    logged = worker.queue(MAILS, REDIS_URL=DEAD_BROKER)
    assert "job left to its schedule: no broker" in logged

    worker.start()
    worker.nudge()
    worker.wait_until_sent(MAILS)

    assert worker.sent() == (up_to(MAILS), up_to(MAILS))
