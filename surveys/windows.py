"""One part open in two windows: what differs between what one posts and what the other stored, and the choice between them.

Nothing is merged without being asked: each difference is shown, and the person says which text stays. Which of the two
is offered first follows from the basis, a checksum of every answer that a page was made from: a question that nobody touched in
this window keeps what is stored.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict

from career_portal.common.errors import RuleViolation
from surveys.answers import STORED_AT_MOST, Answer, PostedAnswers, length_remark
from surveys.asked import AskedPart, AskedQuestion
from surveys.models import Question
from surveys.services import StaleSave
from surveys.working_copy import PartCopy

HERE, STORED, BOTH = "here", "stored", "both"


class WrittenByAnother(RuleViolation):
    """The page was made for somebody else, in whose place another person has signed in since."""

    sentence = (
        "この画面を開いた人とは別の人がサインインしているため、保存していません。"
        "この画面の人がサインインし直してから、もう一度保存してください。"
    )


@dataclass(frozen=True)
class Difference:
    """A question that two windows answered differently, in words, and which answer is marked.

    `here_values` and `stored_values` are for the page's script: JSON lists of what the fields of the question hold. A
    post has none: its field is more than a value.
    """

    code: str
    label: str
    here: str
    stored: str
    chosen: str
    can_join: bool
    joint: str
    here_values: str
    stored_values: str


def basis(part: AskedPart, answers: Mapping[str, Answer], posts: Mapping[str, int]) -> str:
    """A number for each question of a part, the same as long as its answer is; 0 where it has none."""
    return ".".join(
        str(_checksum(question, answers.get(question.code), posts.get(question.code)))
        for question in part.questions
    )


def _checksum(question: AskedQuestion, answer: Answer | None, post: int | None) -> int:
    if question.kind == Question.Kind.TEXT and isinstance(answer, str):
        # A field of one line comes back without the line breaks that were put into it.
        answer = answer.replace("\n", "")
    held = post if question.kind == Question.Kind.POST else answer
    return zlib.crc32(repr(held).encode()) if held else 0


def touched(part: AskedPart, posted: PostedAnswers, made_from: str) -> set[str] | None:
    """The questions whose answers differ from those that the page was made from; None where it does not say."""
    before = made_from.split(".")
    now = basis(part, posted.answers, posted.posts).split(".")
    if len(before) != len(now):
        return None
    codes = (question.code for question in part.questions)
    return {code for code, old, new in zip(codes, before, now, strict=True) if old != new}


def has_choices(data: QueryDict) -> bool:
    """Whether a post comes from a page that showed differences."""
    return any(name.startswith("keep-") for name in data)


def chosen_answers(
    part: AskedPart, posted: PostedAnswers, data: QueryDict, stored: PartCopy
) -> PostedAnswers:
    """What to store: the posted answers with the stored ones put in place, or behind them, where that was chosen.

    `stored` is the copy that the page showed. Raises StaleSave where a choice would drop text that was typed after the
    page had been shown.
    """
    edited = touched(part, posted, data.get("base", "")) or set()
    result = replace(
        posted,
        answers=dict(posted.answers),
        posts=dict(posted.posts),
        remarks=dict(posted.remarks),
        refusals=dict(posted.refusals),
    )
    for question in part.questions:
        keep = data.get(f"keep-{question.code}")
        if keep == STORED:
            if question.code in edited:
                raise StaleSave
            _take_stored(question, result, stored)
        elif keep == BOTH:
            _join(question, result, stored)
    return result


def _take_stored(question: AskedQuestion, result: PostedAnswers, stored: PartCopy) -> None:
    code = question.code
    for kept in (result.answers, result.posts, result.remarks, result.refusals):
        kept.pop(code, None)
    if code in stored.posts:
        result.posts[code] = stored.posts[code].pk
    if code in stored.answers:
        result.answers[code] = stored.answers[code]
        _remark(question, result)


def _join(question: AskedQuestion, result: PostedAnswers, stored: PartCopy) -> None:
    here, there = result.answers.get(question.code), stored.answers.get(question.code)
    if not question.is_text or not isinstance(here, str) or not isinstance(there, str):
        return
    text = f"{here}{joint(question)}{there}"
    if len(text) > STORED_AT_MOST:
        raise StaleSave
    result.answers[question.code] = text
    _remark(question, result)


def _remark(question: AskedQuestion, result: PostedAnswers) -> None:
    answer = result.answers[question.code]
    if isinstance(answer, str) and question.is_text and (said := length_remark(question, answer)):
        result.remarks[question.code] = said


def joint(question: AskedQuestion) -> str:
    """What stands between two texts that are both kept: a blank line where the field has lines."""
    return "\n\n" if question.kind == Question.Kind.LONG_TEXT else "　"


def differences(
    part: AskedPart, here: PartCopy, stored: PartCopy, posted: PostedAnswers, data: QueryDict
) -> list[Difference]:
    """Every question that this window answered otherwise than the stored copy does, in order."""
    changed = touched(part, posted, data.get("base", ""))
    found = []
    for question in part.questions:
        code = question.code
        mine, theirs = here.answers.get(code), stored.answers.get(code)
        if mine == theirs and here.posts.get(code) == stored.posts.get(code):
            continue
        can_join = _can_join(question, mine, theirs)
        found.append(
            Difference(
                code=code,
                label=question.summary_label,
                here=here.words(question),
                stored=stored.words(question),
                chosen=_marked(code, data, changed, can_join),
                can_join=can_join,
                joint=joint(question),
                here_values=_values(question, mine),
                stored_values=_values(question, theirs),
            )
        )
    return found


def _can_join(question: AskedQuestion, mine: Answer | None, theirs: Answer | None) -> bool:
    if not question.is_text or not isinstance(mine, str) or not isinstance(theirs, str):
        return False
    fits = len(mine) + len(theirs) + len(joint(question)) <= STORED_AT_MOST
    return bool(mine.strip() and theirs.strip()) and fits


def _marked(code: str, data: QueryDict, changed: set[str] | None, can_join: bool) -> str:
    """What was chosen before; else this window's answer, unless nobody touched it here."""
    before = data.get(f"keep-{code}")
    is_touched = changed is None or code in changed
    if before is not None and is_touched and before == STORED:
        return HERE
    if before in (HERE, STORED) or (before == BOTH and can_join):
        return before
    return HERE if is_touched else STORED


def _values(question: AskedQuestion, answer: Answer | None) -> str:
    if question.kind == Question.Kind.POST:
        return ""
    values = [] if not answer else [answer] if isinstance(answer, str) else answer
    return json.dumps(values, ensure_ascii=False)
