"""The mailbox of the local stack."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from career_portal.mail.services import keep_locally


class LocalMailbox(BaseEmailBackend):
    """Keeps mails in the portal's own database instead of sending them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails, in the transaction of whoever sends them."""
        for message in email_messages:
            keep_locally(message)
        return len(email_messages)
