"""A part as rows of question and answer, for the check page, the versions and the PDF."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from career_portal.design.components import SummaryRow
from surveys.asked import AskedPart, AskedQuestion
from surveys.models import Part
from surveys.working_copy import PartCopy


def summary_of_copy(copy: PartCopy, year: int) -> list[SummaryRow]:
    """The working copy of a part, each row with the way to change it."""
    here = reverse("surveys:part_edit", args=[year, copy.part.number])

    def address(question: AskedQuestion) -> str:
        fold = question.skill.code.lower() if question.skill else ""
        if copy.part.layout == Part.Layout.COMPETENCIES:
            return f"{here}?open={fold}#{fold}"
        return f"{here}#id_{question.code}{'_0' if question.options else ''}"

    return summary_rows(copy.part, copy.words, address)


def summary_rows(
    part: AskedPart,
    words: Callable[[AskedQuestion], str],
    address: Callable[[AskedQuestion], str] | None = None,
) -> list[SummaryRow]:
    """A part's rows. Skills in rows are gathered by the answer given, so that one sees what is there."""
    if part.layout == Part.Layout.SKILL_ROWS:
        return _gathered(part, words, address)
    return [
        SummaryRow(
            key=question.summary_label,
            value=words(question),
            change_url=address(question) if address else "",
            empty_text="未入力" if question.is_required else "未入力（任意）",
            typed=question.is_text,
        )
        for question in part.questions
        if words(question) or question.is_key or question.is_required
    ]


def _gathered(
    part: AskedPart,
    words: Callable[[AskedQuestion], str],
    address: Callable[[AskedQuestion], str] | None,
) -> list[SummaryRow]:
    """One row for each answer that was given to some skill, naming those skills; unskilled questions as they are."""
    by_answer: dict[str, list[str]] = {}
    first: dict[str, AskedQuestion] = {}
    rest = []
    for question in part.questions:
        if question.skill is None:
            rest.append(question)
        for option in question.options if question.skill else ():
            by_answer.setdefault(option.label, [])
            first.setdefault(option.label, question)
        if question.skill and (word := words(question)):
            by_answer.setdefault(word, []).append(question.skill.name)
            if len(by_answer[word]) == 1:
                first[word] = question
    rows = [
        SummaryRow(
            key=answer,
            value="、".join(names),
            change_url=address(first[answer]) if address else "",
        )
        for answer, names in by_answer.items()
        if names
    ]
    rows += [
        SummaryRow(
            key=question.summary_label,
            value=words(question),
            change_url=address(question) if address else "",
            typed=question.is_text,
        )
        for question in rest
        if words(question)
    ]
    if not rows:
        question = part.questions[0]
        rows = [
            SummaryRow(
                "選んだもの", "", address(question) if address else "", empty_text="未入力（任意）"
            )
        ]
    return rows
