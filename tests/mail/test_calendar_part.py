"""The calendar part of a mail: sent as mail programs expect it, once, and kept by the local mailbox."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from career_portal.mail.models import LocalMail, OutgoingMail
from career_portal.mail.services import CalendarPart, deliver_due_mails, queue_mails
from tests.mail.drafts import draft
from tests.mail.mail_servers import SmtpServer

pytestmark = pytest.mark.django_db
FILE = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nLOCATION:別館3階\\, 😀\r\nEND:VCALENDAR\r\n"
PART = CalendarPart("REQUEST", FILE)


def test_mail_program_gets_the_file_as_alternative_and_as_attachment(settings):
    queue_mails([draft(1, calendar=PART), draft(2)])
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with SmtpServer() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        assert [deliver_due_mails(), deliver_due_mails()] == [2, 0]
    invited, plain = server.received

    parts = [part for part in invited.walk() if not part.is_multipart()]
    types = [part.get_content_type() for part in parts]
    assert types == ["text/plain", "text/calendar", "application/ics"]
    text, alternative, attached = parts
    assert text.get_content().startswith("1番の方へ")
    assert alternative["Content-Type"].params == {"method": "REQUEST", "charset": "utf-8"}
    assert alternative.get_content() == FILE
    assert attached.get_filename() == "invite.ics"
    assert attached.get_content() == FILE.encode()
    assert plain.get_content_type() == "text/plain"


def test_local_mailbox_keeps_and_shows_the_file(settings, client):
    settings.EMAIL_BACKEND = "career_portal.mail.backends.LocalMailbox"
    queue_mails([draft(1, calendar=PART), draft(2)])

    deliver_due_mails()

    invited, plain = LocalMail.objects.order_by("recipient")
    assert (invited.calendar, plain.calendar) == (FILE, "")
    pages = [
        client.get(reverse("mail:local_mail_detail", args=[mail.pk])).text
        for mail in (invited, plain)
    ]
    assert ["予定のファイル" in page for page in pages] == [True, False]
    assert "LOCATION:別館3階\\, 😀" in pages[0]


@pytest.mark.parametrize(("method", "content"), [("", FILE), ("PUBLISH", FILE), ("REQUEST", "")])
def test_file_has_a_method_and_a_method_its_file(method, content):
    with pytest.raises(IntegrityError, match="mail_calendar_has_its_method"), transaction.atomic():
        queue_mails([draft(1, calendar=CalendarPart(method, content))])
    assert not OutgoingMail.objects.exists()
