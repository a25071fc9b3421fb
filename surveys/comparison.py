"""What changed since last year (昨年から変わったところ)."""

from __future__ import annotations

from career_portal.design.components import Change
from surveys.answers import is_answered
from surveys.working_copy import LastYear, OwnForm


def changes_since(before: LastYear, form: OwnForm) -> list[Change]:
    """Questions answered in both years, and differently, in order; what is new or left out is no change of mind.

    What one writes about the year itself differs every year and says nothing here.
    """
    found = []
    for part in form.questionnaire.parts:
        copy = form.copies[part.number]
        for question in part.questions:
            then, now = before.words.get(question.code), copy.words(question)
            is_of_the_year = question.is_text and (part.is_aggregated or not question.is_key)
            if (
                is_of_the_year
                or then is None
                or not is_answered(question, copy.answers, copy.posts)
            ):
                continue
            if then != now:
                found.append(Change(f"{part.mark} {question.summary_label}", then, now))
    return found
