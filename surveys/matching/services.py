"""Taking a post that was found into the form, as one of the posts hoped for."""

from __future__ import annotations

from django.db import transaction

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from postings.models import PostDescription
from surveys import services
from surveys.asked import AskedPart, AskedQuestion
from surveys.models import SurveyRound


class PlacesTaken(RuleViolation):
    """Every post question has its post."""

    sentence = "希望するポストは、もう3つ入っています。入れ替えるものを選んでください。"


class AlreadyHopedFor(RuleViolation):
    """The post stands in the form already."""

    sentence = "このポストは、もう希望に入っています。"


class AnotherPostThere(RuleViolation):
    """The place has another post by now than the one that was to be replaced."""

    sentence = "ほかの画面で希望が変わったため、まだ入れ替えていません。今の希望を確かめて、もう一度選んでください。"


@transaction.atomic
def hope_for_post_in_free_place(
    survey_round: SurveyRound, part: AskedPart, post: PostDescription, *, by: User
) -> AskedQuestion:
    """Put a post into the first place of the working copy that has none yet; which question it answers.

    Raises PlacesTaken, AlreadyHopedFor, and what `services.hope_for_post` raises.
    """
    survey = services.lock_for_writing(survey_round, by)
    hoped = dict(survey.draft_post_wishes.values_list("question_code", "post_id"))
    if post.pk in hoped.values():
        raise AlreadyHopedFor
    free = next((question for question in part.post_questions if question.code not in hoped), None)
    if free is None:
        raise PlacesTaken
    services.hope_for_post(survey_round, part, free.code, post, by=by)
    return free


@transaction.atomic
def hope_for_post_instead(
    survey_round: SurveyRound,
    part: AskedPart,
    code: str,
    post: PostDescription,
    *,
    instead: int | None,
    by: User,
) -> None:
    """Put a post into the place of the question `code`, where the post with the id `instead` stands, or none.

    Raises AnotherPostThere, and what `services.hope_for_post` raises.
    """
    survey = services.lock_for_writing(survey_round, by)
    wishes = survey.draft_post_wishes.filter(question_code=code)
    if wishes.values_list("post_id", flat=True).first() != instead:
        raise AnotherPostThere
    services.hope_for_post(survey_round, part, code, post, by=by)
