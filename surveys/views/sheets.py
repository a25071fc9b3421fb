"""Feedback sheets for their readers: the list, a sheet on screen and as a PDF, and the section's improvement actions."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from career_portal.common.era import date_in_words, fiscal_year_full
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from surveys import permissions
from surveys.feedback_sheets import action_services, bundle, reading_services
from surveys.feedback_sheets.assembling import assemble
from surveys.feedback_sheets.contents import contents
from surveys.feedback_sheets.forms import ActionsForm
from surveys.models import FeedbackSheet, ImprovementAction, RoundUnit

TITLE = "フィードバックシート"
SHEETS_PER_PAGE = 50
YEAR = "release__freeze__round__fiscal_year"
Level = RoundUnit.Level


@require_GET
def sheet_list(request: StaffHttpRequest) -> HttpResponse:
    """The published sheets that one may read: of the own section, then of bureaus and the ministry; old ones folded."""
    sheets = (
        FeedbackSheet.objects.visible_to(request.user)
        .filter(release__published_at__isnull=False)
        .select_related("release__freeze__round", "unit__parent")
        .order_by("-release__freeze__round__fiscal_year", "-release__number", "unit__sort_order")
    )
    own = sheets.filter(unit__level=Level.SECTION)
    wide = sheets.exclude(unit__level=Level.SECTION)
    newest = wide.values_list(YEAR, flat=True).first()
    page = Paginator(own, SHEETS_PER_PAGE).get_page(request.GET.get("page"))
    words = {
        "page": page,
        "wide": wide.filter(**{YEAR: newest}),
        "earlier": wide.exclude(**{YEAR: newest}),
        "can_follow": permissions.can_follow_releases(request.user),
        "crumbs": [Crumb(TITLE)],
    }
    return render(request, "surveys/sheet_list.html", words)


def _readable(request: StaffHttpRequest, year: int, number: int, pk: int) -> FeedbackSheet:
    """A sheet that is there and that the person may read now. Raises Http404."""
    sheets = FeedbackSheet.objects.visible_to(request.user).filter(state=FeedbackSheet.State.DONE)
    sheets = sheets.exclude(release__state="cancelled").select_related(
        "release__freeze__round", "release__corrects", "unit__parent__parent", "unit__section"
    )
    return get_object_or_404(
        sheets, release__freeze__round__fiscal_year=year, release__number=number, pk=pk
    )


@require_GET
def sheet_detail(request: StaffHttpRequest, year: int, number: int, pk: int) -> HttpResponse:
    """A sheet on screen, the same for every reader; the first opening is written down."""
    sheet = _readable(request, year, number, pk)
    reading_services.record_opening(sheet, by=request.user)
    opens_on = sheet.release.opens_on
    words = {
        "sheet": sheet,
        "printed": contents(assemble(sheet)),
        "year": year,
        "year_name": fiscal_year_full(year),
        "is_published": sheet.release.published_at is not None,
        "opens_on": date_in_words(opens_on) if opens_on else "",
        "actions": _actions(sheet),
        "takes_actions": sheet.unit.level == Level.SECTION,
        "can_record": permissions.can_record_actions(request.user, sheet),
        "crumbs": [Crumb(TITLE, reverse("surveys:sheet_list")), Crumb(sheet.unit.name)],
    }
    return render(request, "surveys/sheet_detail.html", words)


def _actions(sheet: FeedbackSheet) -> list[tuple[ImprovementAction, str]]:
    """The actions of a sheet, each with the name of the item that it aims at."""
    actions = list(sheet.actions.all())
    aimed = sheet.release.freeze.questions.filter(code__in=[row.question_code for row in actions])
    names = {row.code: row.short or row.text for row in aimed}
    return [(row, names.get(row.question_code, "")) for row in actions]


@require_GET
def sheet_pdf(request: StaffHttpRequest, year: int, number: int, pk: int) -> HttpResponseBase:
    """The PDF of a sheet; access is looked at again, and written down."""
    sheet = _readable(request, year, number, pk)
    try:
        reading_services.record_sheet_download(sheet, by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
        return redirect("surveys:sheet_list")
    name = bundle.fit_for_files(f"{TITLE}_{year}年度_{sheet.unit.name}")
    return FileResponse(
        default_storage.open(sheet.file),
        as_attachment=True,
        filename=f"{name}.pdf",
        content_type="application/pdf",
    )


@require_http_methods(["GET", "POST"])
def sheet_actions(request: StaffHttpRequest, year: int, number: int, pk: int) -> HttpResponse:
    """What the section means to improve, as its head writes it."""
    sheet = _readable(request, year, number, pk)
    require(permissions.can_record_actions(request.user, sheet))
    back = reverse("surveys:sheet_detail", args=[year, number, pk])
    form = ActionsForm(request.POST or None, sheet=sheet, back=back)
    if request.method == "POST" and form.is_valid():
        try:
            action_services.record_actions(sheet, form.drafts(), by=request.user)
        except RuleViolation as broken:
            messages.error(request, broken.sentence)
        else:
            messages.success(request, "改善のアクションを保存しました。")
        return redirect(back)
    words = {
        "sheet": sheet,
        "form": form,
        "crumbs": [
            Crumb(TITLE, reverse("surveys:sheet_list")),
            Crumb(sheet.unit.name, back),
            Crumb("改善のアクション"),
        ],
    }
    return render(request, "surveys/sheet_actions.html", words, status=422 if form.errors else 200)
