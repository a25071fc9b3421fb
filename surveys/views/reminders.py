"""Reminding those who have not handed in: seen before it is sent, and followed while it goes out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from career_portal.common.clock import today
from career_portal.common.era import fiscal_year_full, moment
from career_portal.common.errors import RuleViolation
from career_portal.common.numbers import whole_number
from career_portal.design.components import Crumb
from career_portal.mail.models import OutgoingMail
from career_portal.staff.http import StaffHttpRequest, require
from career_portal.staff.models import Bureau, Section
from surveys.models import ReminderRun
from surveys.running.access import round_to_run
from surveys.running.forms import ReminderNoteForm
from surveys.running.reminder_services import DAYS_BEFORE, Scope, preview, send_reminders

RUNS_PER_PAGE = 20
State = OutgoingMail.State


@require_GET
def reminder_list(request: StaffHttpRequest, year: int) -> HttpResponse:
    """What was sent in a round, by schedule and by hand, newest first."""
    survey_round = round_to_run(request.user, year)
    runs = _counted(ReminderRun.objects.visible_to(request.user).filter(round=survey_round))
    page = Paginator(runs, RUNS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "surveys/reminder_list.html",
        {
            "round": survey_round,
            "year": year,
            "year_name": fiscal_year_full(year),
            "page": page,
            "rows": [(run, scope_in_words(run), moment(run.started_at)) for run in page],
            "days_before": "日前・".join(map(str, DAYS_BEFORE)),
            "crumbs": [
                Crumb("提出の状況", reverse("surveys:round_progress", args=[year])),
                Crumb("お知らせ"),
            ],
        },
    )


@require_http_methods(["GET", "POST"])
def reminder_new(request: StaffHttpRequest, year: int) -> HttpResponse:
    """Whom a reminder would reach and how it reads; sent only by its own button."""
    survey_round = round_to_run(request.user, year)
    scope, name = _scope(request)
    require(scope.is_open_to(request.user))
    form = ReminderNoteForm(request.POST or None)
    broken: RuleViolation | None = None
    if request.method == "POST" and form.is_valid() and request.POST.get("then") == "send":
        try:
            run = send_reminders(
                survey_round, scope, note=form.cleaned_data["note"], by=request.user
            )
        except RuleViolation as violation:
            broken = violation
        else:
            messages.success(
                request, "お知らせを送りはじめました。進み具合はこの画面で分かります。"
            )
            return redirect("surveys:reminder_detail", year, run.pk)
    note = form.cleaned_data.get("note", "") if form.is_bound and form.is_valid() else ""
    return render(
        request,
        "surveys/reminder_new.html",
        {
            "form": form,
            "broken": broken,
            "year": year,
            "year_name": fiscal_year_full(year),
            "scope_name": name,
            "preview": preview(survey_round, scope, note=note),
            "crumbs": [
                Crumb("提出の状況", reverse("surveys:round_progress", args=[year])),
                Crumb("未提出の人に知らせる"),
            ],
        },
        status=422 if form.is_bound and not form.is_valid() else 409 if broken else 200,
    )


@require_GET
def reminder_detail(request: StaffHttpRequest, year: int, pk: int) -> HttpResponse:
    """One run while it goes out, and afterwards: how many mails are sent, waiting, failed."""
    survey_round = round_to_run(request.user, year)
    runs = ReminderRun.objects.visible_to(request.user).filter(round=survey_round)
    run = get_object_or_404(_counted(runs), pk=pk)
    return render(
        request,
        "surveys/reminder_detail.html",
        {
            "run": run,
            "year": year,
            "year_name": fiscal_year_full(year),
            "scope_name": scope_in_words(run),
            "started": moment(run.started_at),
            "is_under_way": run.waiting > 0,
            "sent": run.people - run.waiting - run.failed,
            "crumbs": [
                Crumb("提出の状況", reverse("surveys:round_progress", args=[year])),
                Crumb("お知らせ", reverse("surveys:reminder_list", args=[year])),
                Crumb(moment(run.started_at)),
            ],
        },
    )


def _counted(runs: Any) -> Any:
    """Runs with `people`, and of their mails `waiting` and `failed`; a mail that left the outbox was sent."""
    return (
        runs.select_related("started_by", "bureau", "section__bureau")
        .annotate(
            people=Count("reminders"),
            waiting=Count("reminders", filter=Q(reminders__mail__state=State.QUEUED)),
            failed=Count("reminders", filter=Q(reminders__mail__state=State.FAILED)),
        )
        .order_by("-started_at", "-pk")
    )


def scope_in_words(run: ReminderRun) -> str:
    """Whom a run goes to."""
    if run.section is not None:
        return run.section.full_name
    return run.bureau.name if run.bureau is not None else "省全体"


def _scope(request: StaffHttpRequest) -> tuple[Scope, str]:
    """The unit that the address names, as of today, and its name. Raises Http404 for one that is nowhere."""
    if pk := request.GET.get("section"):
        sections = Section.objects.visible_to(request.user).on(today()).select_related("bureau")
        section = get_object_or_404(sections, pk=whole_number(pk))
        return Scope(section=section), section.full_name
    if pk := request.GET.get("bureau"):
        bureau = get_object_or_404(
            Bureau.objects.visible_to(request.user).on(today()), pk=whole_number(pk)
        )
        return Scope(bureau=bureau), bureau.name
    return Scope(), "省全体"
