"""Mails to be queued."""

from career_portal.mail.services import MailDraft


def draft(number=1, **changed):
    """A reminder to the person of that number."""
    fields = {
        "recipient_id": number,
        "address": f"person{number}@example.go.jp",
        "subject": "希望調書の締切まであと3日です",
        "body": f"{number}番の方へ\n\n締切は10月28日（水）17:00です。\n",
        "kind": "survey_reminder",
    }
    return MailDraft(**{**fields, **changed})


def drafts(count):
    return [draft(number) for number in range(1, count + 1)]
