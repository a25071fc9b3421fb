"""Every change of the outbox and of the local mailbox."""

from __future__ import annotations

import datetime
import enum
import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused
from uuid import uuid4

from celery import signature
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from career_portal.common import jobs
from career_portal.common.text import readable
from career_portal.mail.models import ADDRESS_LENGTH, SUBJECT_LENGTH, LocalMail, OutgoingMail

# After each failure but the last the mail waits longer: more than three days in all, so that it outlasts
# a weekend without a mail server.
WAITING_MINUTES = (1, 5, 30, 2 * 60, 6 * 60, 24 * 60, 48 * 60)
ATTEMPTS = len(WAITING_MINUTES) + 1
# A run ends before the schedule starts the next.
RUN_SECONDS = 50
MAILS_PER_RUN = 5000

# What a mail server says about one mail, or what is wrong with the mail itself. Any other failure is about the server.
REFUSALS = (SMTPRecipientsRefused, SMTPDataError, ValueError)

CALENDAR_TEXT = "text/calendar"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CalendarPart:
    """A calendar file by RFC 5545, and the method that it names itself: REQUEST or CANCEL."""

    method: str
    content: str


@dataclass(frozen=True)
class MailDraft:
    """A mail to be queued: to whom (the person's number and address), what, and what kind it is (a slug)."""

    recipient_id: int
    address: str
    subject: str
    body: str
    kind: str
    calendar: CalendarPart | None = None


class Outcome(enum.Enum):
    """What became of the mail whose turn it was."""

    SENT = enum.auto()
    REFUSED = enum.auto()
    UNREACHABLE = enum.auto()
    NOTHING_DUE = enum.auto()


ENDS_THE_RUN = {Outcome.UNREACHABLE, Outcome.NOTHING_DUE}


# Queueing ---------------------------------------------------------------------------------------


def queue_mails(drafts: Iterable[MailDraft]) -> list[OutgoingMail]:
    """Put mails into the outbox; they are sent if and when the caller's transaction commits.

    Raises ValueError, and queues nothing, where an address or a subject is no single line of text.
    """
    mails = OutgoingMail.objects.bulk_create([_queued(draft) for draft in drafts])
    if mails:
        # By its name: the task itself calls this module.
        jobs.start(signature("career_portal.mail.tasks.deliver_mails"))
    return mails


def _queued(draft: MailDraft) -> OutgoingMail:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    calendar = draft.calendar or CalendarPart("", "")
    return OutgoingMail(
        recipient_id=draft.recipient_id,
        address=_one_line(draft.address, ADDRESS_LENGTH, "address"),
        subject=_one_line(draft.subject, SUBJECT_LENGTH, "subject"),
        body=readable(draft.body),
        kind=draft.kind,
        calendar=calendar.content,
        calendar_method=calendar.method,
        message_id=f"<{uuid4().hex}@{domain}>",
    )


def _one_line(text: str, limit: int, what: str) -> str:
    """The text, if it may stand in a header. The error does not quote it: it would end in a log."""
    if readable(text).splitlines() != [text] or not text.strip() or len(text) > limit:
        raise ValueError(f"the {what} of a mail is one line of at most {limit} characters")
    return text


# Delivery ---------------------------------------------------------------------------------------


def deliver_due_mails(*, limit: int = MAILS_PER_RUN) -> int:
    """Hand over due mails to the mail server, over one connection, and return how many it took.

    Each mail has a transaction of its own, which locks it: several runs at once share the mails, and the lock of a run
    that dies goes with its connection, so that the next run takes the mail. A mail that a server refuses waits and is
    tried again; a server that cannot be reached ends the run, so that the other mails lose no attempt. The run also
    ends after a time (RUN_SECONDS), and `limit` bounds how many mails it tries.

    Into the local mailbox a mail is delivered exactly once, for it lies in the same database and takes part in the
    transaction. To a mail server it is delivered at least once: a run that dies after the server took the mail and
    before our commit sends it again. No sender can close that gap; the mail then carries the same Message-ID, by
    which the server or the reader's program recognises it.

    Raises RuntimeError inside a transaction, whose rollback would forget what was sent.
    """
    ends_at = time.monotonic() + RUN_SECONDS
    mailbox: BaseEmailBackend = get_connection()
    sent = 0
    try:
        for _ in range(limit):
            outcome = _deliver_next(mailbox)
            sent += outcome is Outcome.SENT
            if outcome in ENDS_THE_RUN or time.monotonic() > ends_at:
                break
    finally:
        _hang_up(mailbox)
    return sent


@transaction.atomic(durable=True)
def _deliver_next(mailbox: BaseEmailBackend) -> Outcome:
    mail = OutgoingMail.objects.due().select_for_update(skip_locked=True).first()
    if mail is None:
        return Outcome.NOTHING_DUE
    try:
        with transaction.atomic():
            _hand_over(mail, mailbox)
    except (OSError, ValueError) as error:
        _hang_up(mailbox)
        _count_failure(mail, error)
        return Outcome.REFUSED if isinstance(error, REFUSALS) else Outcome.UNREACHABLE
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=OutgoingMail.State.SENT, sent_at=Now(), attempts=mail.attempts + 1
    )
    return Outcome.SENT


def _hand_over(mail: OutgoingMail, mailbox: BaseEmailBackend) -> None:
    """Give one mail to the server. Raises OSError or ValueError where it is not taken."""
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.body,
        to=[mail.address],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    if mail.calendar:
        _enclose(message, mail)
    mailbox.open()
    if mailbox.send_messages([message]) != 1:
        raise OSError("the mail was not taken")


def _enclose(message: EmailMultiAlternatives, mail: OutgoingMail) -> None:
    """The calendar file twice: some programs act on the alternative text, others only on a file."""
    message.attach_alternative(mail.calendar, f"{CALENDAR_TEXT}; method={mail.calendar_method}")
    message.attach("invite.ics", mail.calendar.encode(), "application/ics")


def _count_failure(mail: OutgoingMail, error: Exception) -> None:
    attempts = mail.attempts + 1
    facts = {"mail": mail.pk, "attempts": attempts, "error": type(error).__name__}
    failed = OutgoingMail.objects.filter(pk=mail.pk)
    if attempts >= ATTEMPTS:
        failed.update(attempts=attempts, state=OutgoingMail.State.FAILED)
        logger.error("mail given up", extra={"facts": facts})
        return
    wait = datetime.timedelta(minutes=WAITING_MINUTES[attempts - 1])
    failed.update(attempts=attempts, next_attempt_at=Now() + wait)
    logger.warning("mail not delivered yet", extra={"facts": facts})


def _hang_up(mailbox: BaseEmailBackend) -> None:
    """End the connection; a server that is gone cannot be told so."""
    with suppress(OSError):
        mailbox.close()


# Keeping ----------------------------------------------------------------------------------------


def keep_locally(message: EmailMessage) -> LocalMail:
    """Put a mail into the local stack's mailbox. A second delivery of the same mail is refused by the database."""
    calendars = [
        str(part.content)
        for part in getattr(message, "alternatives", [])
        if part.mimetype.startswith(CALENDAR_TEXT)
    ]
    return LocalMail.objects.create(
        message_id=str(message.message()["Message-ID"]),
        sender=message.from_email,
        recipient=", ".join(message.recipients()),
        subject=str(message.subject),
        body=str(message.body),
        calendar="".join(calendars),
    )


@transaction.atomic
def purge_old_mails() -> None:
    """Delete mails that were sent, given up or received locally more than MAIL_KEPT_DAYS ago."""
    before = Now() - datetime.timedelta(days=settings.MAIL_KEPT_DAYS)
    sent = Q(state=OutgoingMail.State.SENT, sent_at__lt=before)
    given_up = Q(state=OutgoingMail.State.FAILED, next_attempt_at__lt=before)
    OutgoingMail.objects.filter(sent | given_up).delete()
    LocalMail.objects.filter(received_at__lt=before).delete()
