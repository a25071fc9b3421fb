"""Checking a form, handing it in, correcting it and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from career_portal.common.era import fiscal_year_full, moment
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from career_portal.staff.models.user import supervisors_today
from surveys import services
from surveys.answers import hindrances
from surveys.comparison import changes_since
from surveys.pages import error_target
from surveys.readers import audiences
from surveys.summary import summary_of_copy
from surveys.working_copy import OwnForm, last_year, load_form, round_of_year


@require_GET
def survey_check(request: StaffHttpRequest, year: int) -> HttpResponse:
    """Everything at a glance before it is handed in."""
    return _check(request, load_form(request.user, round_of_year(request.user, year)))


def _check(
    request: StaffHttpRequest,
    form: OwnForm,
    *,
    broken: RuleViolation | None = None,
    status: int = 200,
) -> HttpResponse:
    year = form.round.fiscal_year
    before = last_year(request.user, form.round)
    shown = audiences(form.questionnaire.parts, form.choices, form.mentored)
    return render(
        request,
        "surveys/survey_check.html",
        {
            "form_page": form,
            "year": year,
            "year_name": fiscal_year_full(year),
            "deadline": moment(form.round.own_deadline_at),
            "parts": [
                (part, shown[part.number], summary_of_copy(form.copies[part.number], year))
                for part in form.questionnaire.parts
            ],
            "changes": changes_since(before, form),
            "last_year_name": before.name,
            "seen": services.fingerprint(form.copies.values()),
            "hindrances": _links(form),
            "broken": broken,
            "supervisors": "、".join(p.display_name for p in supervisors_today(request.user)),
            "crumbs": [
                Crumb("希望調書", reverse("surveys:survey_tasklist", args=[year])),
                Crumb("内容の確認"),
            ],
        },
        status=status,
    )


def _links(form: OwnForm) -> list[tuple[str, str]]:
    """What keeps the form from being handed in, each with the address where it is mended."""
    first = reverse("surveys:part_edit", args=[form.round.fiscal_year, 1])
    links = [(first, services.NothingWritten.sentence)] if form.is_empty else []
    for part in form.questionnaire.parts:
        copy = form.copies[part.number]
        here = reverse("surveys:part_edit", args=[form.round.fiscal_year, part.number])
        for code, sentence in hindrances(part, copy.answers, copy.posts).items():
            links.append((f"{here}?open=all#{error_target(part, code)}", f"{part.mark} {sentence}"))
    return links


@require_POST
def survey_submit(request: StaffHttpRequest, year: int) -> HttpResponse:
    """Hand the form in; doing it again shows the same receipt."""
    survey_round = round_of_year(request.user, year)
    try:
        services.submit_hope_survey(
            survey_round, seen=request.POST.get("seen", ""), by=request.user
        )
    except RuleViolation as broken:
        form = load_form(request.user, survey_round)
        return _check(request, form, broken=broken, status=409)
    return redirect("surveys:survey_receipt", year)


@require_GET
def survey_receipt(request: StaffHttpRequest, year: int) -> HttpResponse:
    """The receipt of the submission in force."""
    form = load_form(request.user, round_of_year(request.user, year))
    if form.survey is None or form.survey.current_submission is None:
        raise Http404
    submission = form.survey.current_submission
    shown = audiences(form.questionnaire.parts, form.choices, form.mentored)
    return render(
        request,
        "surveys/survey_receipt.html",
        {
            "form_page": form,
            "year": year,
            "year_name": fiscal_year_full(year),
            "submission": submission,
            "submitted": moment(submission.submitted_at),
            "deadline": moment(form.round.own_deadline_at),
            "parts": [(part, shown[part.number]) for part in form.questionnaire.parts],
            "crumbs": [
                Crumb("希望調書", reverse("surveys:survey_tasklist", args=[year])),
                Crumb("提出の控え"),
            ],
        },
    )


@require_POST
def survey_correct(request: StaffHttpRequest, year: int) -> HttpResponse:
    """Open a correction beside the submission in force."""
    try:
        services.open_correction(round_of_year(request.user, year), by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(
            request, "訂正を始めました。提出し直すまでは、前に提出した内容が有効です。"
        )
    return redirect("surveys:survey_tasklist", year)


@require_POST
def correction_discard(request: StaffHttpRequest, year: int) -> HttpResponse:
    """Give a correction up."""
    try:
        services.discard_correction(round_of_year(request.user, year), by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, "訂正をやめました。提出した内容に戻っています。")
    return redirect("surveys:survey_tasklist", year)


@require_http_methods(["GET", "POST"])
def survey_withdraw(request: StaffHttpRequest, year: int) -> HttpResponse:
    """Say what taking back means, then do it."""
    form = load_form(request.user, round_of_year(request.user, year))
    if request.method == "POST":
        try:
            services.withdraw_hope_survey(form.round, by=request.user)
        except RuleViolation as broken:
            messages.error(request, broken.sentence)
        else:
            messages.success(request, "調書を取り下げました。書いた内容は下書きに残っています。")
        return redirect("surveys:survey_tasklist", year)
    if form.survey is None or form.survey.current_submission is None:
        raise Http404
    return render(
        request,
        "surveys/survey_withdraw.html",
        {
            "form_page": form,
            "year": year,
            "deadline": moment(form.round.own_deadline_at),
            "crumbs": [
                Crumb("希望調書", reverse("surveys:survey_tasklist", args=[year])),
                Crumb("取り下げ"),
            ],
        },
    )
