"""What the form adds to pages about posts, for its writer alone: the button that takes a post, and why it would fit."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from career_portal.staff.models import User
from postings.describing import Description
from postings.models import PostDescription
from postings.providers import PostAction, PostPanel
from surveys.matching.career import career_of
from surveys.matching.catalogue import post_of
from surveys.matching.hoped import places
from surveys.matching.own_form import own_form
from surveys.matching.rules import matches
from surveys.models import SurveyRound
from surveys.working_copy import newest_round

# The others are folded.
REASONS_AT_ONCE = 3


def hope_action(user: User) -> Callable[[PostDescription], PostAction | None]:
    """For published posts the button 希望に入れる, while the newest round takes the person's answers."""
    survey_round = newest_round(user)
    if survey_round is None or not survey_round.accepts_writing:
        return lambda post: None
    return hope_in(user, survey_round)


def hope_in(
    user: User, survey_round: SurveyRound
) -> Callable[[PostDescription], PostAction | None]:
    """The button for a round, with the place that a post has in the form already."""
    taken = {place.post: place.question.summary_label for place in places(user, survey_round)}

    def offer(post: PostDescription) -> PostAction | None:
        if post.archived_on is not None:
            return None
        label = taken.get(post.pk)
        return PostAction(
            "希望に入れる",
            reverse("surveys:post_hope", args=[survey_round.fiscal_year, post.pk]),
            f"{label}に入っています" if label else "",
        )

    return offer


def reasons_panel(user: User, post: PostDescription, description: Description) -> PostPanel | None:
    """The wishes of the person's own form that the post answers; nothing where it answers none."""
    begun = SurveyRound.objects.visible_to(user).begun().select_related("questionnaire")
    survey_round = begun.order_by("-fiscal_year").first()
    if survey_round is None or post.archived_on is not None:
        return None
    own = own_form(user, survey_round)
    if not own.has_wishes:
        return None
    found = matches([post_of(post, description)], own.form, sections=career_of(user).sections)
    if not found:
        return None
    return PostPanel(
        "surveys/_reasons_panel.html",
        {
            "first": found[0].reasons[:REASONS_AT_ONCE],
            "more": found[0].reasons[REASONS_AT_ONCE:],
            "against": found[0].against,
            "source": own.source,
            "year": survey_round.fiscal_year,
        },
    )
