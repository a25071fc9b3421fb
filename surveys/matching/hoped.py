"""The posts that a person has in his form so far, place by place."""

from __future__ import annotations

from dataclasses import dataclass

from career_portal.staff.models import User
from surveys.answers import post_in_words
from surveys.asked import AskedPart, AskedQuestion, asked
from surveys.models import DraftPostWish, SurveyRound
from surveys.models.wishes import POSTS


@dataclass(frozen=True)
class Place:
    """One of the questions about posts, with the post that answers it."""

    question: AskedQuestion
    post: int | None
    title: str


def part_of_posts(survey_round: SurveyRound) -> AskedPart | None:
    """The part that asks for posts."""
    return asked(survey_round.questionnaire).part_by_code(POSTS)


def places(user: User, survey_round: SurveyRound) -> list[Place]:
    """The places of the working copy, in order."""
    part = part_of_posts(survey_round)
    own = DraftPostWish.objects.visible_to(user).filter(survey__round=survey_round)
    wishes = {
        wish.question_code: wish.post
        for wish in own.select_related("post__section__bureau", "post__shown")
    }
    return [
        Place(question, wish.pk if wish else None, post_in_words(wish) if wish else "")
        for question in (part.post_questions if part else ())
        for wish in [wishes.get(question.code)]
    ]
