"""Jobs start when their reason is kept; a broker that is down or silent keeps nobody waiting."""

import socket
import time
from urllib.parse import urlsplit

import pytest
import redis
from celery import signature
from django.conf import settings
from django.db import transaction

from career_portal.common import jobs
from career_portal.mail.models import OutgoingMail
from career_portal.mail.services import deliver_due_mails, queue_mails
from career_portal.mail.tasks import deliver_mails
from tests.mail.drafts import drafts
from tests.mail.log_lines import log_lines

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def waiting(monkeypatch):
    """How many jobs wait in a broker that nobody else uses."""
    address = urlsplit(settings.CELERY_BROKER_URL)._replace(path="/8").geturl()
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", address)
    with redis.Redis.from_url(address) as broker:
        broker.flushdb()
        yield lambda: broker.llen("celery")
        broker.flushdb()


@pytest.fixture
def silent_broker():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield f"redis://:secret@127.0.0.1:{taken.getsockname()[1]}/0"


def test_queued_mails_start_one_delivery_when_they_are_committed(waiting):
    with transaction.atomic():
        queue_mails(drafts(3))
        assert waiting() == 0

    assert waiting() == 1


def test_mails_that_are_rolled_back_start_nothing(waiting):
    with transaction.atomic():
        queue_mails(drafts(3))
        transaction.set_rollback(True)

    assert waiting() == 0
    assert not OutgoingMail.objects.exists()


def test_queueing_is_committed_and_delivered_later_though_the_broker_is_down(
    monkeypatch, mailoutbox
):
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", "redis://127.0.0.1:1/0")

    with log_lines() as lines, transaction.atomic():
        queue_mails(drafts(3))

    (line,) = lines(about="career_portal.common.jobs")
    assert line["message"] == "job left to its schedule: no broker"
    assert line["task"] == deliver_mails.name
    assert deliver_due_mails() == 3


@pytest.mark.parametrize("kind", ["refusing", "silent"])
def test_start_waits_a_moment_at_most_for_a_dead_broker(monkeypatch, silent_broker, kind):
    address = silent_broker if kind == "silent" else "redis://127.0.0.1:1/0"
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", address)
    began = time.monotonic()

    with log_lines() as lines:
        jobs.start(signature("surveys.tasks.of_two_numbers"), 1, 2)

    assert time.monotonic() - began < 4
    (line,) = lines(about="career_portal.common.jobs")
    assert line["arguments"] == [1, 2]
