"""The shared record: saving its working copy, publishing a version, answering one."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from career_portal.common.errors import RuleViolation
from career_portal.mail.services import MailDraft, queue_mails
from career_portal.staff.models import User
from interviews import permissions
from interviews.booking.services import hold_interview
from interviews.models import (
    Interview,
    RecordDraft,
    RecordResponse,
    RecordTemplate,
    SharedRecord,
)
from interviews.records.action_services import put_actions_down
from interviews.records.asked import Answers, agreed, fields_of, hindrances

MAIL_KIND = "interview_record"


class NotTheInterviewer(RuleViolation):
    """Only the interviewer writes the record, and of a talk that was called off nobody does."""

    sentence = "この面談の記録は書けません。取り消された面談か、ほかの人の面談です。"


class StaleSave(RuleViolation):
    """It was saved elsewhere since the page was opened; nothing was stored."""

    sentence = "別の画面で更新されています。この画面の内容はまだ保存されていません。"


class NotReady(RuleViolation):
    """Something keeps the record from being published; `hindrances` has the sentences by field."""

    sentence = "公開の前に、直すところがあります。"

    def __init__(self, found: Mapping[str, str]) -> None:
        super().__init__()
        self.hindrances = dict(found)


class NothingWritten(RuleViolation):
    """The working copy is empty."""

    sentence = "まだ何も書かれていません。どれか一つでも書いてから公開してください。"


class NothingChanged(RuleViolation):
    """The working copy is what was published last."""

    sentence = "公開した内容から変わったところがありません。"


class NotBegun(RuleViolation):
    """The talk is still to come."""

    sentence = "面談が始まる時間になってから公開してください。下書きは保存してあります。"


class ChangedSinceShown(RuleViolation):
    """Another version came in between."""

    sentence = "この画面を開いたあとに、内容が変わっています。もう一度読んでから押してください。"


class NotTheInterviewee(RuleViolation):
    """Only the interviewee answers a record."""

    sentence = "返事ができるのは、面談を受けた本人だけです。"


class CommentMissing(RuleViolation):
    """A comment without words."""

    sentence = "コメントを入力してください。"


@dataclass(frozen=True)
class SavedDraft:
    """What a save achieved: the new version of the working copy and when it was stored."""

    version: int
    saved_at: datetime.datetime


@transaction.atomic
def save_record_draft(
    interview: Interview, template: RecordTemplate, answers: Answers, *, version: int, by: User
) -> SavedDraft:
    """Store the working copy, if `version` is the one that the page was made from; the same again changes nothing.

    `template` counts for the first save. Raises NotTheInterviewer or StaleSave; then nothing is stored.
    """
    held = _lock(interview, by)
    draft = RecordDraft.objects.filter(interview=held).first()
    if draft and draft.version == version + 1 and draft.answers == answers:
        return SavedDraft(draft.version, draft.saved_at)
    if version != (draft.version if draft else 0):
        raise StaleSave
    draft = draft or RecordDraft(interview=held, template=template)
    draft.answers, draft.version, draft.saved_at = answers, version + 1, timezone.now()
    draft.save()
    return SavedDraft(draft.version, draft.saved_at)


@transaction.atomic
def publish_record(interview: Interview, *, version: int, by: User) -> SharedRecord:
    """Publish the working copy as the next version, with its actions; a booked talk that has begun counts as held.

    Raises NotTheInterviewer, NothingWritten, ChangedSinceShown, NotReady, NothingChanged or NotBegun.
    """
    held = _lock(interview, by)
    draft = RecordDraft.objects.select_related("template").filter(interview=held).first()
    if draft is None or not draft.answers:
        raise NothingWritten
    if draft.version != version:
        raise ChangedSinceShown
    if found := hindrances(fields_of(draft.template), draft.answers):
        raise NotReady(found)
    last = SharedRecord.objects.filter(interview=held).order_by("-number").first()
    if last and last.answers == draft.answers:
        raise NothingChanged
    if held.period.lower > timezone.now():
        raise NotBegun
    if held.state == Interview.State.BOOKED:
        hold_interview(held, by=by)
    record = SharedRecord.objects.create(
        interview=held,
        number=last.number + 1 if last else 1,
        template=draft.template,
        answers=draft.answers,
    )
    put_actions_down(held, agreed(draft.answers), by=by)
    _tell(held.interviewee, held)
    return record


@transaction.atomic
def respond_to_record(
    record: SharedRecord, answer: RecordResponse.Answer, comment: str, *, by: User
) -> RecordResponse:
    """The interviewee confirms the last version, does not, or comments. Raises NotTheInterviewee, ChangedSinceShown."""
    held = Interview.objects.select_for_update(of=("self",)).get(pk=record.interview_id)
    if not permissions.can_respond(by, record):
        raise NotTheInterviewee
    if held.records.filter(number__gt=record.number).exists():
        raise ChangedSinceShown
    if answer == RecordResponse.Answer.COMMENT and not comment.strip():
        raise CommentMissing
    response = RecordResponse.objects.create(
        record=record, answer=answer, comment=comment.strip(), by=by
    )
    _tell(held.interviewer, held)
    return response


def _lock(interview: Interview, by: User) -> Interview:
    """The interview, held until the end; of two windows that save at once the second waits. Raises NotTheInterviewer."""
    found = Interview.objects.select_for_update(of=("self",))
    held = found.select_related("interviewer", "interviewee").get(pk=interview.pk)
    if not permissions.can_write_record(by, held):
        raise NotTheInterviewer
    return held


def _tell(person: User, interview: Interview) -> None:
    """A mail that says nothing of the talk, nor with whom it was."""
    if not person.email or not person.is_active:
        return
    address = reverse("interviews:record_detail", args=[interview.pk])
    words = {"person": person, "address": f"{settings.PUBLIC_ADDRESS}{address}"}
    subject = render_to_string("emails/interviews/record_subject.txt", words).strip()
    body = render_to_string("emails/interviews/record_body.txt", words).strip()
    queue_mails([MailDraft(person.pk, person.email, subject, f"{body}\n", MAIL_KIND)])
