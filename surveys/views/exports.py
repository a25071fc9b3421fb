"""HR's files of submitted forms: ordering, approving, following, fetching."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from career_portal.common.era import fiscal_year_full, moment
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from surveys import permissions
from surveys.exports import services
from surveys.exports.forms import ExportForm, RefusalForm
from surveys.models import FormExport, SurveyRound
from surveys.models.exports import PEOPLE_WITHOUT_APPROVAL, FormExportQuerySet
from surveys.reading_filters import FormFilters
from surveys.working_copy import newest_round

EXPORTS_PER_PAGE = 20
State = FormExport.State
TITLE = "調書の出力"


def _visible(request: StaffHttpRequest) -> FormExportQuerySet:
    require(permissions.can_follow_rounds(request.user))
    found = FormExport.objects.visible_to(request.user).with_freshness()
    return found.select_related("round", "requested_by", "decided_by")


@require_GET
def export_list(request: StaffHttpRequest) -> HttpResponse:
    """One's own orders and, for HR of the whole ministry, those of others; first what waits for a decision."""
    exports = _visible(request)
    waiting = [
        export
        for export in exports.filter(state=State.WAITING)
        if permissions.can_decide_export(request.user, export)
    ]
    page = Paginator(exports, EXPORTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "surveys/export_list.html",
        {
            "waiting": [(export, moment(export.requested_at)) for export in waiting],
            "rows": [(export, _state(export), moment(export.requested_at)) for export in page],
            "page": page,
            "crumbs": [
                Crumb("提出された調書", reverse("surveys:submission_list")),
                Crumb(TITLE),
            ],
        },
    )


def _state(export: FormExport) -> str:
    """The state as it is now: a file whose time is over counts as gone before it is deleted."""
    if export.state == State.READY and not export.is_fresh:
        return State.EXPIRED.label
    return export.get_state_display()


@require_http_methods(["GET", "POST"])
def export_new(request: StaffHttpRequest) -> HttpResponse:
    """Order a file of the forms that the address's conditions choose."""
    require(permissions.can_follow_rounds(request.user))
    survey_round = _round(request)
    filters = FormFilters.from_query(request.GET.dict())
    people = services.forms_in(survey_round, filters, request.user).count()
    form = ExportForm(request.POST or None, back=_list_of_forms(request))
    broken: RuleViolation | None = None
    if request.method == "POST" and form.is_valid():
        try:
            export = services.request_export(
                survey_round, filters=filters, by=request.user, **form.cleaned_data
            )
        except RuleViolation as violation:
            broken = violation
        else:
            return redirect("surveys:export_detail", export.pk)
    return render(
        request,
        "surveys/export_new.html",
        {
            "form": form,
            "broken": broken,
            "year_name": fiscal_year_full(survey_round.fiscal_year),
            "conditions": filters.in_words(),
            "people": people,
            "limit": PEOPLE_WITHOUT_APPROVAL,
            "needs_approval": people > PEOPLE_WITHOUT_APPROVAL,
            "back": _list_of_forms(request),
            "crumbs": [
                Crumb("提出された調書", reverse("surveys:submission_list")),
                Crumb(TITLE, reverse("surveys:export_list")),
                Crumb("出力を依頼する"),
            ],
        },
        status=422 if form.errors else 409 if broken else 200,
    )


def _round(request: StaffHttpRequest) -> SurveyRound:
    """The round of the year that the address names, else the newest. Raises Http404 where there is none."""
    year = request.GET.get("year", "")
    if not year:
        newest = newest_round(request.user)
        if newest is None:
            raise Http404
        return newest
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise Http404
    rounds = SurveyRound.objects.visible_to(request.user).begun()
    return get_object_or_404(rounds.select_related("questionnaire"), fiscal_year=int(year))


def _list_of_forms(request: StaffHttpRequest) -> str:
    query = request.GET.urlencode()
    return f"{reverse('surveys:submission_list')}{'?' if query else ''}{query}"


@dataclass(frozen=True)
class Step:
    """One thing that happened to an order: what, who and when."""

    what: str
    who: str
    when: str


@require_GET
def export_detail(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """An order with all that happened to it, and what can be done now."""
    export = get_object_or_404(_visible(request), pk=pk)
    return _detail(request, export, RefusalForm(submits_to=_decide_address(pk)))


def _decide_address(pk: int) -> str:
    return reverse("surveys:export_decide", args=[pk])


def _detail(
    request: StaffHttpRequest, export: FormExport, form: RefusalForm, *, status: int = 200
) -> HttpResponse:
    is_own = export.requested_by_id == request.user.pk
    return render(
        request,
        "surveys/export_detail.html",
        {
            "export": export,
            "form": form,
            "is_over": _state(export) == State.EXPIRED.label,
            "year_name": fiscal_year_full(export.round.fiscal_year),
            "conditions": FormFilters.from_query(export.filters).in_words(),
            "steps": _steps(export),
            "can_decide": permissions.can_decide_export(request.user, export),
            "can_download": permissions.can_download_export(request.user, export),
            "is_stale": is_own
            and export.is_fresh
            and permissions.forms_beyond_reach(request.user, export),
            "is_under_way": export.state in (State.QUEUED, State.RUNNING),
            "expires": moment(export.expires_at) if export.expires_at else "",
            "crumbs": [
                Crumb("提出された調書", reverse("surveys:submission_list")),
                Crumb(TITLE, reverse("surveys:export_list")),
                Crumb(f"出力 {export.pk}"),
            ],
        },
        status=status,
    )


def _steps(export: FormExport) -> list[Step]:
    found = [Step("依頼しました", export.requested_by.display_name, moment(export.requested_at))]
    if export.decided_by is not None and export.decided_at is not None:
        what = "承認しませんでした" if export.state == State.REFUSED else "承認しました"
        found.append(Step(what, export.decided_by.display_name, moment(export.decided_at)))
    if export.ready_at is not None:
        found.append(Step("ファイルができました", "", moment(export.ready_at)))
    return found


@require_POST
def export_decide(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Approve an order of another officer, or refuse it with a reason."""
    export = get_object_or_404(_visible(request), pk=pk)
    require(export.requested_by_id != request.user.pk)
    form = RefusalForm(request.POST, submits_to=_decide_address(pk))
    is_refusal = request.POST.get("decision") == "refuse"
    if is_refusal and not form.is_valid():
        return _detail(request, export, form, status=422)
    try:
        if is_refusal:
            services.refuse_export(export, reason=form.cleaned_data["reason"], by=request.user)
        else:
            services.approve_export(export, by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        done = "承認しませんでした" if is_refusal else "承認しました"
        messages.success(request, f"{export.requested_by.display_name}さんの依頼を{done}。")
    return redirect("surveys:export_detail", pk)


@require_GET
def export_download(request: StaffHttpRequest, pk: int) -> HttpResponseBase:
    """The file, for whoever asked for it; looked at anew at this moment, and written down."""
    export = get_object_or_404(_visible(request), pk=pk)
    require(export.requested_by_id == request.user.pk)
    try:
        fresh = services.record_download(export, by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
        return redirect("surveys:export_detail", pk)
    year = export.round.fiscal_year
    return FileResponse(
        default_storage.open(fresh.file),
        as_attachment=True,
        filename=f"希望調書_{year}年度_出力{export.pk}_機密性2.{export.format}",
    )
