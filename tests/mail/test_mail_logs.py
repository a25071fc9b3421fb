"""What a mail says, and to whom, stays out of the logs, whatever happens to it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from career_portal.mail.models import LocalMail, OutgoingMail
from career_portal.mail.services import deliver_due_mails, queue_mails
from tests.mail.drafts import draft
from tests.mail.log_lines import log_lines

CANARIES = ("カナリア", "kanaria")
BACKENDS = [
    "django.core.mail.backends.locmem.EmailBackend",
    "career_portal.mail.backends.LocalMailbox",
    "tests.mail.mail_servers.RefusingServer",
    "tests.mail.mail_servers.AbsentServer",
]


def canary_mail(**changed):
    fields = {
        "address": "bad.kanaria@example.go.jp",
        "subject": "カナリアの件名",
        "body": "カナリアの本文",
    }
    return draft(1, **{**fields, **changed})


def assert_silent(text):
    escaped = [canary.encode("unicode-escape").decode() for canary in CANARIES]
    assert [canary for canary in (*CANARIES, *escaped) if canary in text] == []


@pytest.mark.django_db
@pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: backend.rpartition(".")[2])
def test_mail_is_logged_by_its_number_alone(settings, backend):
    settings.EMAIL_BACKEND = backend
    with log_lines() as lines, CaptureQueriesContext(connection):
        (mail,) = queue_mails([canary_mail()])
        deliver_due_mails()
        OutgoingMail.objects.update(next_attempt_at=mail.created_at, attempts=7)
        deliver_due_mails()

    assert '"logger": "django.db.backends"' in lines()
    assert_silent(lines())
    failures = lines(about="career_portal.mail.services")
    expected = {
        "RefusingServer": [(1, "SMTPRecipientsRefused"), (8, "SMTPRecipientsRefused")],
        "AbsentServer": [(1, "ConnectionRefusedError"), (8, "ConnectionRefusedError")],
    }.get(backend.rpartition(".")[2], [])
    assert [(line["attempts"], line["error"]) for line in failures] == expected
    assert all(line["mail"] == mail.pk for line in failures)


@pytest.mark.django_db
def test_refused_draft_and_read_mailbox_are_logged_without_the_text(client):
    LocalMail.objects.create(
        message_id="<1@example.go.jp>", recipient="kanaria@example.go.jp", body="カナリア"
    )
    with log_lines() as lines, CaptureQueriesContext(connection):
        for changed in ({"subject": "カナリア\n二行目"}, {"body": "カナリア\x00"}):
            with pytest.raises(ValueError) as refusal:  # noqa: PT011  its text is looked at
                queue_mails([canary_mail(**changed)])
            assert_silent(str(refusal.value))
        address = reverse("mail:local_mail_list")
        assert client.get(address, {"to": "kanaria"}).status_code == 200

    assert_silent(lines())
