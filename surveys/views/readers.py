"""Choosing who reads a part of one's own form, from the banner above it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from career_portal.common.errors import RuleViolation
from career_portal.common.numbers import whole_number
from career_portal.staff.http import StaffHttpRequest
from career_portal.staff.models import User
from surveys import reader_services
from surveys.asked import AskedPart, asked
from surveys.models import SurveyRound
from surveys.readers import NO_MENTOR
from surveys.working_copy import round_of_year


@require_POST
def part_readers(request: StaffHttpRequest, year: int, number: int) -> HttpResponse:
    """Narrow or widen the readers of one's own part."""
    survey_round = round_of_year(request.user, year)
    part = asked(survey_round.questionnaire).part(number)
    if part is None:
        raise Http404
    try:
        if part.listener_reads:
            now = _name_mentor(request, survey_round, part)
        else:
            now = _choose(request, survey_round, part)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, f"{part.name}を読む人を変えました。{now}")
    return redirect("surveys:part_edit", year, number)


def _choose(request: StaffHttpRequest, survey_round: SurveyRound, part: AskedPart) -> str:
    reads = request.POST.get("supervisor") == "on"
    reader_services.choose_supervisor_reader(
        survey_round, part, supervisor_reads=reads, by=request.user
    )
    with_mentor = request.POST.get("mentor") == "on"
    reader_services.choose_mentor_reader(
        survey_round, part, mentor_reads=with_mentor, by=request.user
    )
    supervisor = "上司も読めます" if reads else "上司は読めません"
    return f"いまから{supervisor}。{'メンターも読めます。' if with_mentor else ''}"


def _name_mentor(request: StaffHttpRequest, survey_round: SurveyRound, part: AskedPart) -> str:
    chosen = request.POST.get("mentor", NO_MENTOR)
    mentor = None
    if chosen != NO_MENTOR:
        mentor = get_object_or_404(User.objects.visible_to(request.user), pk=whole_number(chosen))
    reader_services.name_mentor(survey_round, part, mentor, by=request.user)
    if mentor is None:
        return "メンターには、もうどの部分も読めません。"
    return (
        f"{part.mark} で「メンター」を選んで提出すると、{mentor.display_name}さんが読めます。"
        "ほかの部分は、それぞれの上の「読む人」で加えられます。"
    )
