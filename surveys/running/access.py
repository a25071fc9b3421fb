"""The one entry of pages on which HR runs a round."""

from __future__ import annotations

from django.http import Http404

from career_portal.staff.http import require
from career_portal.staff.models import User
from surveys.models import SurveyRound
from surveys.permissions import can_follow_rounds

# Years are smaller: what an address may name beyond that is nowhere.
_BEYOND = 32_000


def round_to_run(user: User, fiscal_year: int) -> SurveyRound:
    """The round of a year that has begun. Raises PermissionDenied for all but HR, and Http404."""
    require(can_follow_rounds(user))
    rounds = SurveyRound.objects.visible_to(user).begun().select_related("questionnaire")
    found = rounds.filter(fiscal_year=fiscal_year).first() if fiscal_year < _BEYOND else None
    if found is None:
        raise Http404
    return found
