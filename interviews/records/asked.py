"""What a record asks for: the headings of its template and up to five actions, as fields with names.

Answers are text by field name: `h1` to `h8` below the headings; `a1_text`, `a1_owner`, `a1_due` to `a5_…` for what was
agreed. A field without an answer is left out.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from career_portal.common.era import date_in_words
from career_portal.common.text import count_characters, exceeds
from interviews.models import AgreedAction, RecordTemplate
from interviews.models.actions import MOST_ACTIONS

Answers = dict[str, str]

TEXT_LIMIT, ACTION_LIMIT = 2_000, 200
# A draft may be longer than what can be published: nothing typed is lost.
STORED_AT_MOST = 20_000


@dataclass(frozen=True)
class Asked:
    """One text that the record asks for: the name of its field, how it is called, a hint, and its limit."""

    code: str
    label: str
    hint: str = ""
    limit: int = TEXT_LIMIT


@dataclass(frozen=True)
class Agreement:
    """One line of what was agreed: its place, what, who and until when."""

    number: int
    text: str
    owner: str
    due_on: datetime.date | None


def fields_of(template: RecordTemplate) -> list[Asked]:
    """The headings of a template as fields."""
    return [
        Asked(f"h{heading.number}", heading.label, heading.hint)
        for heading in template.headings.all()
    ]


def labels_of(template: RecordTemplate) -> dict[str, str]:
    """How each field of a record is called, in order."""
    labels = {field.code: field.label for field in fields_of(template)}
    for number in range(1, MOST_ACTIONS + 1):
        labels |= {
            f"a{number}_text": f"合意事項{number}",
            f"a{number}_owner": f"合意事項{number}をする人",
            f"a{number}_due": f"合意事項{number}の期限",
        }
    return labels


def agreed(answers: Mapping[str, str]) -> list[Agreement]:
    """What the answers agree on, lines without any answer left out."""
    lines = []
    for number in range(1, MOST_ACTIONS + 1):
        text, owner, due = (
            answers.get(f"a{number}_{part}", "") for part in ("text", "owner", "due")
        )
        if text.strip() or due:
            due_on = datetime.date.fromisoformat(due) if due else None
            lines.append(Agreement(number, text, owner, due_on))
    return lines


def too_long(fields: Sequence[Asked], answers: Mapping[str, str]) -> dict[str, str]:
    """Sentences for texts that are stored but too long to be published."""
    limits = {field.code: (field.label, field.limit) for field in fields}
    limits |= {f"a{n}_text": (f"合意事項{n}", ACTION_LIMIT) for n in range(1, MOST_ACTIONS + 1)}
    return {
        code: f"{label}は{limit}文字以内で入力してください（現在{count_characters(text)}文字）"
        for code, text in answers.items()
        if code in limits
        for label, limit in [limits[code]]
        if exceeds(text, limit)
    }


def hindrances(fields: Sequence[Asked], answers: Mapping[str, str]) -> dict[str, str]:
    """What keeps answers from being published: texts that are too long, agreements that are not whole."""
    found = too_long(fields, answers)
    for line in agreed(answers):
        if not line.text.strip():
            found[f"a{line.number}_text"] = f"合意事項{line.number}の内容を入力してください"
        if not line.owner:
            found[f"a{line.number}_owner"] = f"合意事項{line.number}をする人を選択してください"
        if line.due_on is None:
            found[f"a{line.number}_due"] = f"合意事項{line.number}の期限を入力してください"
    return found


def in_words(code: str, answer: str, names: Mapping[str, str]) -> str:
    """An answer as it is read: a day in words, a person by name (`names` by owner)."""
    if code.endswith("_owner"):
        return names.get(answer, "")
    if code.endswith("_due") and answer:
        return date_in_words(datetime.date.fromisoformat(answer))
    return answer


def names_of_two(interviewer: str, interviewee: str) -> dict[str, str]:
    """Who of the two an owner is."""
    return {
        AgreedAction.Owner.INTERVIEWEE: interviewee,
        AgreedAction.Owner.INTERVIEWER: interviewer,
    }
