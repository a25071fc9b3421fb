"""Talks that can be prepared: forms with chosen answers, the bank of prompts, the sheet as a page shows it."""

import re

from career_portal.home import reference_data
from interviews.models import Prompt
from surveys import services
from surveys.asked import asked
from surveys.models import HopeSurvey
from tests.factories.surveys import ALL_PARTS, full_answers, submit


def load_bank() -> None:
    """The bank that an installation begins with."""
    if not Prompt.objects.exists():
        reference_data._load_prompts()


def prompt(text: str, *conditions: str, form="question", topic="work", **fields) -> Prompt:
    """One more prompt of the bank."""
    place = Prompt.objects.count() + 1
    values = {"note": "添える文。", "sort_order": place} | fields
    return Prompt.objects.create(
        form=form, topic=topic, text=text, conditions=list(conditions), **values
    )


def handed_in(survey_round, user, *, mark="本文", numbers=ALL_PARTS, post=None, **answers):
    """A form that was handed in, with some answers put in place of those of `full_answers`."""
    listener = answers.get("listener", "supervisor")
    for number in numbers:
        part = asked(survey_round.questionnaire).part(number)
        posted = full_answers(part, mark, listener=listener, post=post)
        codes = {question.code for question in part.questions}
        posted.answers.update({code: given for code, given in answers.items() if code in codes})
        stored = HopeSurvey.objects.filter(round=survey_round, user=user).first()
        draft = stored.draft_parts.filter(part=part.pk).first() if stored else None
        services.save_draft_part(
            survey_round, part, posted, version=draft.version if draft else 0, by=user
        )
    submit(survey_round, user)
    return HopeSurvey.objects.get(round=survey_round, user=user)


def content_of(response) -> str:
    """The part of a page that is the sheet."""
    page = response.content.decode()
    return re.search(r'<article class="cp-prep">.*?</article>', page, re.DOTALL).group()
