"""The closed rounds of the demonstration: small sections joined before they opened, figures fixed when they were closed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from career_portal.home.demonstration.survey_rows import RoundInUse
from surveys.feedback_sheets.freezing_services import freeze_round
from surveys.feedback_sheets.joining import joined
from surveys.feedback_sheets.plan_services import expected_sizes, store_joint_units
from surveys.models import DisclosurePlan, SurveyRound
from surveys.models.releases import USUAL_MINIMUM

BEFORE_OPENING = datetime.timedelta(days=21)
CONFIRMED_AFTER = datetime.timedelta(days=7)


def freeze_rounds(rounds: Sequence[RoundInUse], *, proposer: int, confirmer: int) -> int:
    """Give every round its plan and fix the figures of the closed ones; how many these are."""
    stored = SurveyRound.objects.in_bulk([each.pk for each in rounds])
    frozen = 0
    for survey_round in stored.values():
        proposed_at = survey_round.opens_at - BEFORE_OPENING
        plan = DisclosurePlan.objects.create(
            round=survey_round,
            minimum=USUAL_MINIMUM,
            proposed_by_id=proposer,
            proposed_at=proposed_at,
            confirmed_by_id=confirmer,
            confirmed_at=proposed_at + CONFIRMED_AFTER,
        )
        store_joint_units(plan, joined(expected_sizes(survey_round), USUAL_MINIMUM))
        if survey_round.closed_at is not None:
            freeze_round(survey_round)
            frozen += 1
    return frozen
