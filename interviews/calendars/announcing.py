"""Mails about the times of interviews, queued with the change itself: time, place, link; never what a talk is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from psycopg.types.range import TimestamptzRange

from career_portal.common.text import UnreadableText, readable
from career_portal.mail.models import OutgoingMail
from career_portal.mail.services import CalendarPart, MailDraft, queue_mails
from career_portal.staff.models import User
from interviews.calendars.files import Method, invitation
from interviews.models import Interview, InterviewStep, Proposal
from interviews.wording import when

What = InterviewStep.What

SUBJECTS = {
    What.BOOKED: "打合せの予定が入りました",
    What.MOVED: "打合せの予定が変わりました",
    What.CANCELLED: "打合せの予定が取り消されました",
}
KIND = "interview_time"


def announce(
    interview: Interview,
    what: InterviewStep.What,
    *,
    by: User,
    reason: str = "",
    before: TimestamptzRange | None = None,
) -> None:
    """Tell the two that an interview was booked, moved from another time, or cancelled, each with a calendar file.

    A delegate who did it for the interviewer gets nothing.
    """
    method = Method.CANCEL if what == What.CANCELLED else Method.REQUEST
    words = {
        "news": SUBJECTS[what],
        "by": by.display_name if reason else "",
        "reason": reason,
        "before": when(before) if before and before != interview.period else "",
    }
    subject = f"{SUBJECTS[what]}（{when(interview.period)}）"
    queue_mails(drafts(interview, subject, words, invitation(interview, method)))


def drafts(
    interview: Interview, subject: str, words: dict[str, Any], calendar: CalendarPart | None = None
) -> list[MailDraft]:
    """The same mail for each of the two who has an address, about the other one."""
    two = (interview.interviewer, interview.interviewee)
    path = reverse("interviews:interview_detail", args=[interview.pk])
    facts = {"when": when(interview.period), "interview": interview, **words}
    return [
        _draft(person, subject, "time", facts | {"other": other}, path, calendar)
        for person, other in (two, reversed(two))
        if can_be_reached(person)
    ]


def announce_proposal(proposal: Proposal, periods: Iterable[TimestamptzRange]) -> None:
    """Ask a person to choose one of the times that were proposed."""
    if can_be_reached(proposal.interviewee):
        facts = {
            "news": "打合せの候補日時が届いています。都合のよいものを選ぶか、希望を返してください。",
            "times": [when(period) for period in periods],
            "other": proposal.interviewer,
            "wish": "",
        }
        _tell(proposal.interviewee, "打合せの候補日時が届いています", facts)


def announce_wish(proposal: Proposal) -> None:
    """Tell the interviewer that none of the times suits, and what would."""
    if can_be_reached(proposal.interviewer):
        facts = {
            "news": "打合せの候補日時に、別の希望が返ってきました。",
            "times": [],
            "other": proposal.interviewee,
            "wish": proposal.wish,
        }
        _tell(proposal.interviewer, "打合せの候補日時に返事がありました", facts)


def can_be_reached(person: User) -> bool:
    """Whether a mail can go to a person: an ended account gets none, nor an address that would break a header."""
    try:
        is_one_line = readable(person.email).splitlines() == [person.email]
    except UnreadableText:
        return False
    return person.is_active and is_one_line


def _tell(person: User, subject: str, facts: dict[str, Any]) -> list[OutgoingMail]:
    path = reverse("interviews:interview_list")
    return queue_mails([_draft(person, subject, "proposal", facts, path)])


def _draft(
    person: User,
    subject: str,
    template: str,
    facts: dict[str, Any],
    path: str,
    calendar: CalendarPart | None = None,
) -> MailDraft:
    words = {"person": person, "address": f"{settings.PUBLIC_ADDRESS}{path}", **facts}
    body = render_to_string(f"emails/interviews/{template}_body.txt", words)
    return MailDraft(
        recipient_id=person.pk,
        address=person.email,
        subject=f"【キャリアポータル】{subject}",
        body=f"{body.strip()}\n",
        kind=KIND,
        calendar=calendar,
    )
