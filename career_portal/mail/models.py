"""The outbox, which owns every mail until it is sent, and the mailbox of the local stack."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

# With a display name in front of it.
ADDRESS_LENGTH = 400
SUBJECT_LENGTH = 200
LINE_BREAK = r"[\r\n]"
CALENDAR_METHODS = ("REQUEST", "CANCEL")


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    """Mails of the outbox. They hold what is meant for one person, so no page shows them."""

    def due(self) -> Self:
        """Mails to be handed over now, by the database clock, those that wait longest first."""
        return self.filter(state=OutgoingMail.State.QUEUED, next_attempt_at__lte=Now()).order_by(
            "next_attempt_at", "pk"
        )


class OutgoingMail(models.Model):
    """One mail to one person, until some time after it was sent.

    `message_id` is made once, when the mail is queued: a mail server recognises a second delivery by it. `kind` is a
    slug that says what the mail is about. `attempts` counts handings over, also those that failed. `calendar` is a file by
    RFC 5545 that goes along, with what it asks of the reader's calendar.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "送信待ち"
        SENT = "sent", "送信済み"
        FAILED = "failed", "送信できず"

    recipient_id = models.BigIntegerField("宛先の人")
    address = models.CharField("宛先", max_length=ADDRESS_LENGTH)
    subject = models.CharField("件名", max_length=SUBJECT_LENGTH)
    body = models.TextField("本文")
    kind = models.SlugField("種類", max_length=40, db_index=False)
    calendar = models.TextField("予定のファイル", blank=True, db_default="")
    calendar_method = models.CharField("予定の扱い", max_length=7, blank=True, db_default="")
    message_id = models.CharField("メッセージID", max_length=200, unique=True)
    created_at = models.DateTimeField("作成", db_default=Now())
    state = models.CharField("状態", max_length=6, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("送信の回数", default=0)
    next_attempt_at = models.DateTimeField("次の送信", db_default=Now())
    sent_at = models.DateTimeField("送信", null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "送信するメール"
        verbose_name_plural = "送信するメール"
        constraints = [
            models.CheckConstraint(
                name="mail_state_is_known",
                condition=Q(state__in=["queued", "sent", "failed"]),
            ),
            models.CheckConstraint(
                name="sent_mail_has_its_time",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="mail_subject_is_one_line",
                condition=~Q(subject="") & ~Q(subject__regex=LINE_BREAK),
            ),
            models.CheckConstraint(
                name="mail_address_is_one_line",
                condition=~Q(address="") & ~Q(address__regex=LINE_BREAK),
            ),
            models.CheckConstraint(
                name="mail_calendar_has_its_method",
                condition=Q(calendar="", calendar_method="")
                | (~Q(calendar="") & Q(calendar_method__in=CALENDAR_METHODS)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"], name="due_mail", condition=Q(state="queued")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.recipient_id} {self.state}"


class LocalMailQuerySet(models.QuerySet["LocalMail"]):
    """Mails that the local stack received."""

    def addressed_like(self, words: str) -> Self:
        """Mails whose address, or the name in front of it, holds the words."""
        return self.filter(recipient__icontains=words)


class LocalMail(models.Model):
    """A mail in the mailbox of the local stack, which takes the place of a mail server; nothing leaves the machine."""

    message_id = models.CharField("メッセージID", max_length=200, unique=True)
    sender = models.TextField("差出人")
    recipient = models.TextField("宛先")
    subject = models.TextField("件名")
    body = models.TextField("本文")
    calendar = models.TextField("予定のファイル", blank=True, db_default="")
    received_at = models.DateTimeField("受信", db_default=Now())

    objects = LocalMailQuerySet.as_manager()

    class Meta:
        verbose_name = "届いたメール"
        verbose_name_plural = "届いたメール"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.message_id
