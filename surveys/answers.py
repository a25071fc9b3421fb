"""Answers: read from a posted part, counted, compared and put into words.

Answers are kept by question code: text as typed, a chosen option as its value, several options as a list of values. A
question without an answer has no entry. Posts hoped for are kept apart, as rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from career_portal.common.text import UnreadableText, count_characters, exceeds, readable
from postings.models import PostDescription
from surveys.asked import AskedPart, AskedQuestion
from surveys.models import Question

Answer = str | list[str]
Answers = dict[str, Answer]
Posts = dict[str, int]

# A draft keeps text beyond the question's limit, which only handing in refuses; but not without end.
STORED_AT_MOST = 20_000


@dataclass
class PostedAnswers:
    """A posted part: what can be stored, and sentences by question code.

    `remarks` belong to answers that are kept but cannot be handed in like this; `refusals` to answers that cannot be
    stored, so that nothing of the part is.
    """

    answers: Answers = field(default_factory=dict)
    posts: Posts = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)


def read_posted(part: AskedPart, data: QueryDict) -> PostedAnswers:
    """The answers of a whole part as a form posted them; a question that is missing there is unanswered."""
    posted = PostedAnswers()
    for question in part.questions:
        try:
            _read_question(question, data, posted)
        except UnreadableText as unreadable:
            posted.refusals[question.code] = f"「{question.summary_label}」に{unreadable.sentence}"
        except ValueError:
            posted.refusals[question.code] = (
                f"「{question.summary_label}」は、画面にある選択肢から選んでください。"
            )
    return posted


def _read_question(question: AskedQuestion, data: QueryDict, posted: PostedAnswers) -> None:
    if question.kind == Question.Kind.CHOICES:
        chosen = data.getlist(question.code)
        if chosen:
            posted.answers[question.code] = [
                _option(question, value) for value in dict.fromkeys(chosen)
            ]
        return
    typed = data.get(question.code, "")
    if not typed:
        return
    if question.kind == Question.Kind.POST:
        if data.get("clear") != question.code:
            posted.posts[question.code] = int(typed)
    elif question.is_text:
        text = readable(typed)
        if len(text) > STORED_AT_MOST:
            posted.refusals[question.code] = (
                f"「{question.summary_label}」は長すぎて保存できません。{question.max_length}文字以内にしてください。"
            )
            return
        posted.answers[question.code] = text
        if remark := length_remark(question, text):
            posted.remarks[question.code] = remark
    else:
        posted.answers[question.code] = _option(question, typed)


def _option(question: AskedQuestion, value: str) -> str:
    if value not in question.labels:
        raise ValueError(value)
    return value


def length_remark(question: AskedQuestion, text: str) -> str:
    """The sentence for a text beyond its limit, or nothing."""
    if not question.max_length or not exceeds(text, question.max_length):
        return ""
    return (
        f"「{question.summary_label}」は{question.max_length}文字以内にしてください"
        f"（いま{count_characters(text)}文字です）。"
    )


def is_answered(
    question: AskedQuestion, answers: Mapping[str, Answer], posts: Mapping[str, object]
) -> bool:
    """Whether a question has an answer; blanks alone are none."""
    if question.kind == Question.Kind.POST:
        return question.code in posts
    answer = answers.get(question.code)
    return bool(answer.strip() if isinstance(answer, str) else answer)


@dataclass(frozen=True)
class Progress:
    """How far a part is filled in, counted in its key questions."""

    done: int
    total: int
    is_touched: bool

    @property
    def state(self) -> str:
        """empty, partial or full."""
        if self.done == self.total and self.total:
            return "full"
        return "partial" if self.is_touched else "empty"

    @property
    def word(self) -> str:
        """The state in a word."""
        return {"full": "入力済み", "partial": "入力中", "empty": "未着手"}[self.state]


def progress(
    part: AskedPart, answers: Mapping[str, Answer], posts: Mapping[str, object]
) -> Progress:
    """How far a part is filled in."""
    done = sum(is_answered(question, answers, posts) for question in part.key_questions)
    touched = any(is_answered(question, answers, posts) for question in part.questions)
    return Progress(done=done, total=len(part.key_questions), is_touched=touched)


def hindrances(
    part: AskedPart, answers: Mapping[str, Answer], posts: Mapping[str, object]
) -> dict[str, str]:
    """What keeps a part from being handed in: a sentence by question code."""
    found: dict[str, str] = {}
    for question in part.questions:
        if question.is_required and not is_answered(question, answers, posts):
            found[question.code] = f"「{question.summary_label}」に答えてください。"
        answer = answers.get(question.code)
        if (
            question.is_text
            and isinstance(answer, str)
            and (remark := length_remark(question, answer))
        ):
            found[question.code] = remark
    return found


def in_words(
    question: AskedQuestion, answers: Mapping[str, Answer], posts: Mapping[str, str]
) -> str:
    """An answer as a person reads it; nothing where there is none. `posts` gives the titles of posts by question."""
    if question.kind == Question.Kind.POST:
        return posts.get(question.code, "")
    answer = answers.get(question.code)
    if not answer:
        return ""
    if isinstance(answer, list):
        return "、".join(question.labels.get(value, value) for value in answer)
    if question.is_text:
        return answer
    word = question.labels.get(answer, answer)
    return f"{answer}　{word}" if question.kind == Question.Kind.LEVEL else word


def post_in_words(post: PostDescription) -> str:
    """A post as it stands in a form: bureau, section and title."""
    return f"{post.section.bureau.name} {post.section.name}　{post.title}"
