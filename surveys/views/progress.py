"""Who has taken part in a round, for HR: by bureau, by section, by name. Never what anybody wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Max
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from career_portal.common.clock import today
from career_portal.common.era import (
    fiscal_year_full,
    fiscal_year_name,
    moment,
    month_and_day,
    time_left,
)
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from career_portal.staff.models.grants import sections_in_hr_scope
from career_portal.staff.models.validity import valid_on
from surveys import permissions
from surveys.models import DeadlineExtension, Reminder, ReminderRun, SurveyRound
from surveys.models.reminders import ReminderRunQuerySet
from surveys.running.access import round_to_run
from surveys.running.participation import (
    Participation,
    UnitParticipation,
    day_of,
    participation_by_bureau,
    people_of_section,
    total,
)
from surveys.running.participation_sheet import participation_sheet
from surveys.working_copy import newest_round

SECTIONS_PER_PAGE = 30
RATES = {"low": "50％未満", "middle": "50％以上80％未満", "high": "80％以上"}
ORDERS = {"missing": "未提出の多い順"}


@dataclass(frozen=True)
class Filters:
    """Which sections the table shows, and in which order."""

    bureau: str = ""
    rate: str = ""
    order: str = ""

    @classmethod
    def of(cls, request: StaffHttpRequest) -> Filters:
        """What the address asks for; nonsense asks for nothing."""
        rate, order = request.GET.get("rate", ""), request.GET.get("order", "")
        return cls(
            request.GET.get("bureau", ""),
            rate if rate in RATES else "",
            order if order in ORDERS else "",
        )

    def apply(self, bureaus: Iterable[UnitParticipation]) -> list[UnitParticipation]:
        """The sections that are left, in their order."""
        found = [
            section
            for bureau in bureaus
            if self.bureau in ("", bureau.code)
            for section in bureau.sections
            if self._fits(section.figures)
        ]
        return (
            sorted(found, key=lambda unit: -unit.figures.missing)
            if self.order == "missing"
            else found
        )

    def _fits(self, figures: Participation) -> bool:
        band = "low" if figures.rate < 50 else "middle" if figures.rate < 80 else "high"
        return self.rate in ("", band)


@require_GET
def round_index(request: StaffHttpRequest) -> HttpResponse:
    """The way from the menu to the newest round."""
    require(permissions.can_follow_rounds(request.user))
    newest = newest_round(request.user)
    if newest is None:
        raise Http404
    return redirect("surveys:round_progress", newest.fiscal_year)


@require_GET
def round_progress(request: StaffHttpRequest, year: int) -> HttpResponse:
    """A round at a glance: how many have taken part, by bureau as bars, by section as a table."""
    survey_round = round_to_run(request.user, year)
    bureaus = participation_by_bureau(survey_round, viewer=request.user)
    filters = Filters.of(request)
    page = Paginator(filters.apply(bureaus), SECTIONS_PER_PAGE).get_page(request.GET.get("page"))
    reminded = _last_reminders(request, survey_round, page.object_list)
    is_whole = permissions.can_act_for_everybody(request.user)
    last_run = _runs(request, survey_round).filter(section=None).first()
    return render(
        request,
        "surveys/round_progress.html",
        {
            "round": survey_round,
            "year": year,
            "year_name": fiscal_year_full(year),
            "now": moment(timezone.now()),
            "is_open": survey_round.deadline_at > timezone.now(),
            "deadline": moment(survey_round.deadline_at),
            "time_left": time_left(survey_round.deadline_at, timezone.now()),
            "extensions": _running_extensions(request, survey_round),
            "total": total(bureaus),
            "bureaus": bureaus,
            "chosen": next((bureau for bureau in bureaus if bureau.code == filters.bureau), None),
            "page": page,
            "rows": [(section, reminded.get(section.pk, "")) for section in page],
            "filters": filters,
            "rates": RATES.items(),
            "orders": ORDERS.items(),
            "is_whole": is_whole,
            "last_run": moment(last_run.started_at) if last_run else "",
            "years": _other_years(request, year),
            "crumbs": [Crumb("ホーム", reverse("home:home")), Crumb("提出の状況")],
        },
    )


def _last_reminders(
    request: StaffHttpRequest, survey_round: SurveyRound, sections: Iterable[UnitParticipation]
) -> dict[int, str]:
    """The day of the last reminder to a member of each section, by the section's id."""
    rows = (
        Reminder.objects.visible_to(request.user)
        .filter(
            valid_on(today(), "person__assignments__"),
            run__round=survey_round,
            person__assignments__section__in=[section.pk for section in sections],
        )
        .values_list("person__assignments__section")
        .annotate(last=Max("sent_on"))
    )
    return {section: month_and_day(last) for section, last in rows}


def _runs(request: StaffHttpRequest, survey_round: SurveyRound) -> ReminderRunQuerySet:
    return ReminderRun.objects.visible_to(request.user).filter(round=survey_round)


def _running_extensions(request: StaffHttpRequest, survey_round: SurveyRound) -> int:
    extensions = DeadlineExtension.objects.visible_to(request.user).running()
    return extensions.filter(round=survey_round).count()


def _other_years(request: StaffHttpRequest, year: int) -> list[tuple[int, str, bool]]:
    rounds = SurveyRound.objects.visible_to(request.user).begun()
    years = list(rounds.values_list("fiscal_year", flat=True))
    return [(other, fiscal_year_name(other), other == year) for other in years]


@require_GET
def section_progress(request: StaffHttpRequest, year: int, pk: int) -> HttpResponse:
    """The members of a section, each with whether he has taken part."""
    survey_round = round_to_run(request.user, year)
    scope = sections_in_hr_scope(request.user, day_of(survey_round))
    section = get_object_or_404(scope.select_related("bureau"), pk=pk)
    people = people_of_section(survey_round, section, viewer=request.user)
    counted = [one for one in people if not one.is_on_leave]
    return render(
        request,
        "surveys/section_progress.html",
        {
            "round": survey_round,
            "year": year,
            "year_name": fiscal_year_full(year),
            "section": section,
            "people": people,
            "figures": Participation(len(counted), sum(one.has_taken_part for one in counted)),
            "is_open": survey_round.deadline_at > timezone.now(),
            "is_closed": survey_round.closed_at is not None,
            "crumbs": [
                Crumb("提出の状況", reverse("surveys:round_progress", args=[year])),
                Crumb(section.name),
            ],
        },
    )


@require_GET
def progress_download(request: StaffHttpRequest, year: int) -> HttpResponseBase:
    """Everybody in the officer's scope as a workbook: name, section, taken part or not."""
    survey_round = round_to_run(request.user, year)
    made = timezone.localtime()
    return FileResponse(
        participation_sheet(survey_round, viewer=request.user),
        as_attachment=True,
        filename=f"希望調書の提出の状況_{year}年度_{made:%Y%m%d_%H%M}.xlsx",
    )
