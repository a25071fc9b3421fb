"""What changed since last year (昨年から変わったところ)."""

from __future__ import annotations

from career_portal.design.components import Change
from surveys.answers import is_answered
from surveys.working_copy import LastYear, OwnForm


def changes_since(before: LastYear, form: OwnForm) -> list[Change]:
    """Questions answered in both years, and differently, in order; what is new or left out is no change of mind.

    What one writes about the year itself differs every year and says nothing here, and neither does an answer to
    other options than this year's.
    """
    found = []
    for part in form.questionnaire.parts:
        copy = form.copies[part.number]
        for question in part.questions:
            then, now = before.words.get(question.code), copy.words(question)
            is_of_the_year = question.is_text and (part.is_aggregated or not question.is_key)
            has_other_options = question.options and question.code not in before.answers
            if (
                is_of_the_year
                or has_other_options
                or then is None
                or not is_answered(question, copy.answers, copy.posts)
            ):
                continue
            post = copy.posts.get(question.code)
            is_renamed = post is not None and post.pk == before.posts.get(question.code)
            if then != now and not is_renamed:
                found.append(Change(f"{part.mark} {question.summary_label}", then, now))
    return found
