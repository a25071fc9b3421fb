"""Delivery: each mail once, whoever else delivers, and again later where it was not taken."""

import datetime

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from career_portal.celery import app
from career_portal.mail import services
from career_portal.mail.models import LocalMail, OutgoingMail
from career_portal.mail.services import deliver_due_mails, queue_mails
from career_portal.mail.tasks import deliver_mails, purge_mails
from tests.mail.drafts import draft, drafts
from tests.mail.mail_servers import AbsentServer, SmtpServer
from tests.threads import each_connected

SERVERS = "tests.mail.mail_servers"
LOCAL_MAILBOX = "career_portal.mail.backends.LocalMailbox"


def state_of(mail):
    row = OutgoingMail.objects.get(pk=mail.pk)
    return row.state, row.attempts


def minutes_until_next(mail):
    waiting = OutgoingMail.objects.filter(pk=mail.pk).values_list("next_attempt_at", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("select statement_timestamp()")
        (now,) = cursor.fetchone()
    return round((waiting.get() - now).total_seconds() / 60)


def come_due():
    """The time that mails wait for has come."""
    OutgoingMail.objects.update(next_attempt_at=Now())


@pytest.mark.django_db
def test_mail_goes_out_with_its_id_and_asks_for_no_automatic_answer(mailoutbox):
    (mail,) = queue_mails([draft(7)])

    deliver_mails()

    (sent,) = mailoutbox
    assert (sent.to, sent.subject, sent.body) == ([mail.address], mail.subject, mail.body)
    headers = sent.message()
    assert headers["Message-ID"] == mail.message_id
    assert headers["Auto-Submitted"] == "auto-generated"
    assert "career-portal@example.go.jp" in headers["From"]
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("sent", 1)
    assert mail.sent_at >= mail.created_at


@pytest.mark.django_db
def test_second_run_sends_nothing_again(mailoutbox):
    queue_mails(drafts(3))

    assert [deliver_due_mails(), deliver_due_mails()] == [3, 0]
    assert len(mailoutbox) == 3


@pytest.mark.django_db
def test_mail_that_is_not_due_waits_and_a_run_keeps_to_its_limit(mailoutbox):
    first, *_ = queue_mails(drafts(4))
    OutgoingMail.objects.filter(pk=first.pk).update(
        next_attempt_at=Now() + datetime.timedelta(seconds=60)
    )

    assert deliver_due_mails(limit=2) == 2
    assert deliver_due_mails() == 1
    assert state_of(first) == ("queued", 0)


@pytest.mark.django_db
def test_run_that_took_its_time_leaves_the_rest_to_the_next(mailoutbox, monkeypatch):
    queue_mails(drafts(3))
    monkeypatch.setattr(services, "RUN_SECONDS", 0)

    assert [deliver_due_mails() for _ in range(4)] == [1, 1, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_delivery_inside_a_transaction_is_refused(mailoutbox):
    queue_mails(drafts(1))

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        deliver_due_mails()

    assert mailoutbox == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", range(5))
def test_two_runs_at_once_send_each_mail_once(settings, mailoutbox, round_number):
    settings.EMAIL_BACKEND = f"{SERVERS}.MeetingServer"
    queued = queue_mails(drafts(40))

    counts = each_connected(2, lambda number: deliver_due_mails())

    assert sum(counts) == 40
    assert min(counts) >= 1
    ids = sorted(mail.extra_headers["Message-ID"] for mail in mailoutbox)
    assert ids == sorted(mail.message_id for mail in queued)
    assert {state_of(mail) for mail in queued} == {("sent", 1)}


@pytest.mark.django_db(transaction=True)
def test_eight_runs_at_once_fill_the_local_mailbox_once(settings):
    settings.EMAIL_BACKEND = LOCAL_MAILBOX
    queued = queue_mails(drafts(100))

    assert sum(each_connected(8, lambda number: deliver_due_mails())) == 100
    received = LocalMail.objects.values_list("message_id", flat=True)
    assert sorted(received) == sorted(mail.message_id for mail in queued)


# Failures ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_refused_mail_waits_longer_each_time_and_fails_in_the_end(settings, mailoutbox):
    settings.EMAIL_BACKEND = f"{SERVERS}.RefusingServer"
    bad, good = queue_mails([draft(1, address="bad@example.go.jp"), draft(2)])
    waits = []

    while state_of(bad)[0] == "queued":
        deliver_due_mails()
        waits.append(minutes_until_next(bad))
        come_due()

    assert waits[:-1] == [1, 5, 30, 120, 360, 1440, 2880]
    assert state_of(bad) == ("failed", 8)
    assert state_of(good) == ("sent", 1)
    assert deliver_due_mails() == 0
    assert [mail.to for mail in mailoutbox] == [[good.address]]


@pytest.mark.django_db
def test_refused_mail_goes_out_as_the_same_mail_once_it_is_taken(settings, mailoutbox):
    settings.EMAIL_BACKEND = f"{SERVERS}.RefusingServer"
    (mail,) = queue_mails([draft(address="bad@example.go.jp")])
    deliver_due_mails()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert deliver_due_mails() == 0
    come_due()
    assert deliver_due_mails() == 1

    assert state_of(mail) == ("sent", 2)
    assert [sent.extra_headers["Message-ID"] for sent in mailoutbox] == [mail.message_id]


@pytest.mark.django_db
def test_server_that_cannot_be_reached_is_tried_once_a_run_and_costs_one_mail_an_attempt(settings):
    settings.EMAIL_BACKEND = f"{SERVERS}.AbsentServer"
    queued = queue_mails(drafts(3))
    AbsentServer.tried = 0

    assert deliver_due_mails() == 0

    assert AbsentServer.tried == 1
    assert [state_of(mail) for mail in queued] == [("queued", 1), ("queued", 0), ("queued", 0)]


@pytest.mark.django_db
def test_mail_that_nobody_took_is_not_sent(settings):
    settings.EMAIL_BACKEND = f"{SERVERS}.TakingNothing"
    (mail,) = queue_mails(drafts(1))

    assert deliver_due_mails() == 0
    assert state_of(mail) == ("queued", 1)


# A real mail server -----------------------------------------------------------------------------


@pytest.fixture
def smtp(settings):
    with SmtpServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.mark.django_db
def test_server_gets_every_mail_over_one_connection_as_it_was_written(smtp):
    queued = queue_mails([draft(1, address="山田　太郎 <yamada@example.go.jp>"), *drafts(3)])

    assert deliver_due_mails() == 4

    assert smtp.connections == 1
    assert [mail["Message-ID"] for mail in smtp.received] == [mail.message_id for mail in queued]
    first = smtp.received[0]
    assert first["To"].addresses[0].display_name == "山田　太郎"
    assert first["From"].addresses[0].display_name == "キャリアポータル"
    assert first["Subject"].strip() == queued[0].subject
    assert first.get_content().replace("\r\n", "\n") == queued[0].body


@pytest.mark.django_db
def test_server_that_refuses_one_address_gets_the_others(smtp):
    smtp.refused = {"person2@example.go.jp"}
    queued = queue_mails(drafts(3))

    assert deliver_due_mails() == 2
    assert [state_of(mail) for mail in queued] == [("sent", 1), ("queued", 1), ("sent", 1)]


@pytest.mark.django_db
def test_server_that_hangs_up_after_a_refusal_gets_the_others_over_a_new_connection(smtp):
    smtp.refused = {"person2@example.go.jp"}
    smtp.is_offended_by_refusals = True
    queued = queue_mails(drafts(3))

    assert deliver_due_mails() == 2
    assert [state_of(mail) for mail in queued] == [("sent", 1), ("queued", 1), ("sent", 1)]
    assert smtp.connections == 2


@pytest.mark.django_db
def test_address_that_is_two_holds_up_nobody_and_reaches_nobody(smtp):
    queued = queue_mails([draft(1, address="a@example.go.jp,b@example.go.jp"), draft(2)])

    assert deliver_due_mails() == 1
    assert [state_of(mail) for mail in queued] == [("queued", 1), ("sent", 1)]
    assert [mail["To"] for mail in smtp.received] == [queued[1].address]


@pytest.mark.django_db
def test_mail_taken_without_an_answer_comes_again_with_the_same_id(smtp):
    smtp.hang_ups = 1
    (mail,) = queue_mails(drafts(1))

    assert deliver_due_mails() == 0
    come_due()
    assert deliver_due_mails() == 1

    assert [one["Message-ID"] for one in smtp.received] == [mail.message_id] * 2
    assert state_of(mail) == ("sent", 2)


@pytest.mark.django_db
def test_server_that_is_away_gets_the_mail_when_it_is_back(smtp, settings):
    (mail,) = queue_mails(drafts(1))
    settings.EMAIL_PORT = 1

    assert deliver_due_mails() == 0
    settings.EMAIL_PORT = smtp.port
    come_due()

    assert deliver_due_mails() == 1
    assert state_of(mail) == ("sent", 2)


# Keeping ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_purge_deletes_what_is_no_longer_kept_and_nothing_else():
    def queued_ago(days, **changed):
        (mail,) = queue_mails(drafts(1))
        at = Now() - datetime.timedelta(days=days)
        fields = {"created_at": at, "next_attempt_at": at, **changed}
        OutgoingMail.objects.filter(pk=mail.pk).update(**fields)
        return mail.pk

    def ago(days):
        return Now() - datetime.timedelta(days=days)

    queued_ago(91, state="sent", sent_at=ago(91))
    queued_ago(91, state="failed")
    kept = {
        queued_ago(91, state="sent", sent_at=ago(89)),
        queued_ago(91, state="failed", next_attempt_at=ago(89)),
        queued_ago(91),
    }
    for days in (91, 89):
        LocalMail.objects.create(message_id=f"<{days}@example.go.jp>", received_at=ago(days))

    for _ in range(2):
        purge_mails()

    assert set(OutgoingMail.objects.values_list("pk", flat=True)) == kept
    assert list(LocalMail.objects.values_list("message_id", flat=True)) == ["<89@example.go.jp>"]


def test_delivery_runs_every_minute_and_the_purge_every_night():
    app.loader.import_default_modules()
    schedule = app.conf.beat_schedule

    assert schedule["deliver-mails"]["task"] == deliver_mails.name
    assert len(schedule["deliver-mails"]["schedule"].minute) == 60
    assert len(schedule["deliver-mails"]["schedule"].hour) == 24
    assert schedule["purge-mails"]["task"] == purge_mails.name
    night = schedule["purge-mails"]["schedule"]
    assert (night.hour, night.minute) == ({3}, {30})
