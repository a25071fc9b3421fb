"""The landing page: what is to be done now."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from career_portal.common.clock import today
from career_portal.common.era import (
    date_in_words,
    fiscal_year_full,
    fiscal_year_name,
    moment,
    time_left,
)
from career_portal.home.context import task_entries
from career_portal.home.own_reads import readers_lately
from career_portal.staff.http import StaffHttpRequest
from career_portal.staff.models import User
from surveys.models import HopeSurvey, SurveyRound
from surveys.pages import bar, next_part
from surveys.working_copy import load_form, newest_round


@require_GET
def home(request: StaffHttpRequest) -> HttpResponse:
    """What is to be done now, first of all this autumn's form."""
    survey_round = newest_round(request.user)
    form = load_form(request.user, survey_round) if survey_round else None
    context: dict[str, object] = {
        "today": date_in_words(today()),
        "form_page": form,
        "earlier": _earlier(request.user, survey_round),
        "task_entries": task_entries(request.user),
        "readers_lately": readers_lately(request.user),
    }
    if survey_round and form:
        states = bar(form)
        context |= {
            "year": survey_round.fiscal_year,
            "year_name": fiscal_year_name(survey_round.fiscal_year),
            "deadline": moment(survey_round.own_deadline_at),
            "time_left": time_left(survey_round.own_deadline_at, timezone.now()),
            "bar": states,
            "filled": states.count("full"),
            "next_part": next_part(form),
        }
    return render(request, "home/home.html", context)


def _earlier(user: User, newest: SurveyRound | None) -> list[tuple[str, int, int]]:
    """The person's forms of earlier years that were handed in: name, fiscal year and version in force."""
    forms = HopeSurvey.objects.visible_to(user).exclude(current_submission=None)
    if newest is not None:
        forms = forms.exclude(round=newest)
    rows = forms.order_by("-round__fiscal_year").values_list(
        "round__fiscal_year", "current_submission__number"
    )
    return [(fiscal_year_full(year), year, number) for year, number in rows]
