"""Records of talks: held, drafted, published, answered; memos."""

from __future__ import annotations

import datetime

from career_portal.common.clock import today
from career_portal.home.reference_data import read_json
from interviews.kinds import Kind
from interviews.models import Interview, PrivateMemo, RecordTemplate, SharedRecord
from interviews.records import action_services, memo_services, services, template_services
from tests.factories import interviews as made
from tests.factories.staff import UserFactory


def template(kind=Kind.CAREER) -> RecordTemplate:
    """The headings that an installation starts with."""
    template_services.load_templates(read_json("interviews", "templates.json"))
    return RecordTemplate.objects.filter(kind=kind).order_by("-version").first()


def held_by(interviewer, interviewee=None, kind=Kind.CAREER, days: int = 30) -> Interview:
    """A talk that somebody held some days ago."""
    return made.held(interviewer, interviewee or UserFactory(), kind, days)


def drafted(interview: Interview, **answers: str) -> int:
    """A working copy as it is now written; its version."""
    draft = getattr(Interview.objects.get(pk=interview.pk), "record_draft", None)
    saved = services.save_record_draft(
        interview,
        template(interview.kind),
        answers,
        version=draft.version if draft else 0,
        by=interview.interviewer,
    )
    return saved.version


def published(interview: Interview, **answers: str) -> SharedRecord:
    """A record as it is now published; an action without a day has two weeks."""
    due = (today() + datetime.timedelta(days=14)).isoformat()
    answers = {"h1": "話しました。"} | answers
    for number in range(1, 6):
        if f"a{number}_text" in answers:
            answers = {f"a{number}_owner": "interviewee", f"a{number}_due": due} | answers
    version = drafted(interview, **answers)
    return services.publish_record(interview, version=version, by=interview.interviewer)


def answered(record: SharedRecord, answer: str = "confirmed", comment: str = ""):
    """What the interviewee says to it."""
    return services.respond_to_record(record, answer, comment, by=record.interview.interviewee)


def said(action, status: str = "doing", outcome: str = "進めています。", by=None):
    """What became of an action."""
    return action_services.update_action(
        action,
        status,
        outcome,
        known=action.updates.count(),
        by=by or action.interview.interviewee,
    )


def memo(interview: Interview, text: str = "自分のための覚え書き") -> PrivateMemo:
    """The interviewer's memo, as it is now written."""
    known = PrivateMemo.objects.filter(interview=interview).first()
    memo_services.save_memo(
        interview, text, version=known.version if known else 0, by=interview.interviewer
    )
    return PrivateMemo.objects.get(interview=interview)
