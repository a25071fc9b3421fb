"""Files of a release for those who follow it: bundles of sheets, figures, units, certificate. Each fetching is logged."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from urllib.parse import quote

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from career_portal.common.errors import RuleViolation
from career_portal.staff.http import StaffHttpRequest
from surveys.feedback_sheets import bundle, reading_services, tables
from surveys.models import FeedbackRelease, FeedbackSheet, RoundUnit, SheetDownload
from surveys.models.releases import FeedbackSheetQuerySet
from surveys.views.releases import release_to_follow

Kind = SheetDownload.Kind


def _fetched(
    request: StaffHttpRequest,
    release: FeedbackRelease,
    kind: SheetDownload.Kind,
    answer: Callable[[], HttpResponseBase],
    unit: RoundUnit | None = None,
) -> HttpResponseBase:
    """The answer, written down; the release's page with a sentence where it may not be had."""
    try:
        reading_services.record_download(release, kind, unit=unit, by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
        return redirect("surveys:release_detail", release.freeze.round.fiscal_year, release.number)
    return answer()


def _name(release: FeedbackRelease, what: str) -> str:
    return f"{what}_{release.freeze.round.fiscal_year}年度_第{release.number}回"


def _sheets(request: StaffHttpRequest, release: FeedbackRelease) -> FeedbackSheetQuerySet:
    sheets = FeedbackSheet.objects.visible_to(request.user).filter(release=release)
    return sheets.select_related("unit__parent").order_by("unit__sort_order", "pk")


def _zip(sheets: FeedbackSheetQuerySet, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(bundle.stream(list(sheets)), content_type="application/zip")
    answer["Content-Disposition"] = f"attachment; filename*=utf-8''{quote(name)}.zip"
    return answer


@require_GET
def release_zip(request: StaffHttpRequest, year: int, number: int) -> HttpResponseBase:
    """Every sheet of a release."""
    release = release_to_follow(request, year, number)
    name = _name(release, "フィードバックシート")
    return _fetched(request, release, Kind.ALL, lambda: _zip(_sheets(request, release), name))


@require_GET
def bureau_zip(request: StaffHttpRequest, year: int, number: int, pk: int) -> HttpResponseBase:
    """A bureau's sheet and those of its sections."""
    release = release_to_follow(request, year, number)
    units = RoundUnit.objects.visible_to(request.user).filter(freeze=release.freeze_id)
    bureau = get_object_or_404(units, level=RoundUnit.Level.BUREAU, pk=pk)
    sheets = _sheets(request, release).filter(Q(unit=bureau) | Q(unit__parent=bureau))
    name = f"{_name(release, 'フィードバックシート')}_{bundle.fit_for_files(bureau.name)}"
    return _fetched(request, release, Kind.BUREAU, lambda: _zip(sheets, name), bureau)


def _csv(name: str, header: Iterable[str], rows: Iterable[tables.Row]) -> FileResponse:
    target = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    tables.write(target, header, rows, marked=True)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name, content_type="text/csv")


@require_GET
def release_figures(request: StaffHttpRequest, year: int, number: int) -> HttpResponseBase:
    """Every released value, with what earlier years released."""
    release = release_to_follow(request, year, number)
    years = tables.with_earlier_years(release, FeedbackRelease.objects.visible_to(request.user))
    return _fetched(
        request,
        release,
        Kind.FIGURES,
        lambda: _csv("figures.csv", tables.FIGURES, tables.figure_rows(years)),
    )


@require_GET
def release_units(request: StaffHttpRequest, year: int, number: int) -> HttpResponseBase:
    """The units that the values belong to."""
    release = release_to_follow(request, year, number)
    years = tables.with_earlier_years(release, FeedbackRelease.objects.visible_to(request.user))
    return _fetched(
        request,
        release,
        Kind.UNITS,
        lambda: _csv("units.csv", tables.UNITS, tables.unit_rows(years)),
    )


@require_GET
def release_certificate(request: StaffHttpRequest, year: int, number: int) -> HttpResponseBase:
    """The result of the audit."""
    release = release_to_follow(request, year, number)
    content = json.dumps(release.certificate, ensure_ascii=False, indent=2)

    def answer() -> HttpResponse:
        found = HttpResponse(f"{content}\n", content_type="application/json")
        name = quote(_name(release, "監査証明"))
        found["Content-Disposition"] = f"attachment; filename*=utf-8''{name}.json"
        return found

    return _fetched(request, release, Kind.CERTIFICATE, answer)
