"""How records and actions are shown: words, not rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.common.era import date_in_words, moment, month_and_day
from career_portal.design.components import Change, ChipKind
from career_portal.staff.models import User
from interviews.models import AgreedAction, Interview, RecordResponse, SharedRecord
from interviews.records.asked import fields_of, in_words, labels_of, names_of_two

Status = AgreedAction.Status
CHIPS: dict[str, ChipKind] = {
    Status.OPEN: "todo",
    Status.DOING: "doing",
    Status.DONE: "done",
    Status.NOT_DONE: "outline",
    Status.WITHDRAWN: "outline",
}


@dataclass(frozen=True)
class Heading:
    """An interview above its pages: with whom, what and when."""

    other: User
    kind: str
    day: str
    time: str
    is_interviewer: bool


@dataclass(frozen=True)
class ShownAction:
    """An agreed action in words, with the way to say what became of it."""

    text: str
    owner: str
    due: str
    is_late: bool
    state: str
    chip: ChipKind
    outcome: str
    url: str
    agreed_on: str


@dataclass(frozen=True)
class ShownResponse:
    """What the interviewee said to a record."""

    answer: str
    chip: ChipKind
    comment: str
    when: str


def heading_of(interview: Interview, user: User) -> Heading:
    """What stands above every page of an interview, for one of the two."""
    is_interviewer = user.pk == interview.interviewer_id
    other = interview.interviewee if is_interviewer else interview.interviewer
    starts = timezone.localtime(interview.period.lower)
    ends = timezone.localtime(interview.period.upper)
    day, time = date_in_words(starts.date()), f"{starts:%H:%M}〜{ends:%H:%M}"
    return Heading(other, interview.get_kind_display(), day, time, is_interviewer)


def names_of(interview: Interview) -> dict[str, str]:
    """The names of the two, as owners of actions."""
    return names_of_two(interview.interviewer.display_name, interview.interviewee.display_name)


def texts_of(record: SharedRecord) -> list[tuple[str, str]]:
    """What was written below each heading; headings without a text are left out."""
    said = [
        (field.label, record.answers.get(field.code, "")) for field in fields_of(record.template)
    ]
    return [(label, text) for label, text in said if text]


def agreements_of(record: SharedRecord) -> list[str]:
    """What a version agreed on, one line each."""
    names = names_of(record.interview)
    lines = []
    for number in range(1, 6):
        text = record.answers.get(f"a{number}_text", "")
        if text:
            who = names.get(record.answers.get(f"a{number}_owner", ""), "")
            due = in_words(f"a{number}_due", record.answers.get(f"a{number}_due", ""), names)
            lines.append(f"{text}（{who}、{due}まで）")
    return lines


def changed_between(before: SharedRecord, now: SharedRecord) -> list[Change]:
    """What a version says otherwise than the one before it."""
    names = names_of(now.interview)
    found = []
    for code, label in labels_of(now.template).items():
        old, new = before.answers.get(code, ""), now.answers.get(code, "")
        if old != new:
            shown = (in_words(code, old, names), in_words(code, new, names))
            found.append(Change(label, *(text or "（なし）" for text in shown)))
    return found


def shown_actions(actions: Iterable[AgreedAction], back: str) -> list[ShownAction]:
    """Actions in words; `back` is the page to which saying something leads back."""
    return [_shown(action, back) for action in actions]


def _shown(action: AgreedAction, back: str) -> ShownAction:
    address = reverse("interviews:action_update", args=[action.pk])
    held_on = timezone.localtime(action.interview.period.lower).date()
    return ShownAction(
        text=action.text,
        owner=action.owning_person.display_name,
        due=month_and_day(action.due_on)
        if action.due_on.year == today().year
        else date_in_words(action.due_on),
        is_late=action.is_open and action.due_on < today(),
        state=action.get_status_display(),
        chip=CHIPS[action.status],
        outcome=action.outcome,
        url=f"{address}?next={back}" if action.status != Status.WITHDRAWN else "",
        agreed_on=f"{date_in_words(held_on)}の{action.interview.get_kind_display()}",
    )


def shown_responses(responses: Iterable[RecordResponse]) -> list[ShownResponse]:
    """What was said to a version, in order."""
    chips: dict[str, ChipKind] = {
        "confirmed": "done",
        "not_confirmed": "waiting",
        "comment": "outline",
    }
    return [
        ShownResponse(
            response.get_answer_display(),
            chips[response.answer],
            response.comment,
            moment(response.at),
        )
        for response in responses
    ]


def answer_to(responses: Iterable[RecordResponse]) -> RecordResponse | None:
    """The last response that confirmed or did not."""
    decided = [each for each in responses if each.answer != RecordResponse.Answer.COMMENT]
    return decided[-1] if decided else None
