"""The versions that the person handed in himself, as pages and as PDF copies."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from career_portal.common.era import fiscal_year_full, moment
from career_portal.common.pdf import PdfUnavailable
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from surveys.copies import copy_as_pdf, copy_name, own_copy, post_on_cover
from surveys.submitted import own_versions


@require_GET
def version_detail(request: StaffHttpRequest, year: int, number: int) -> HttpResponse:
    """One version as it was handed in."""
    context = own_copy(request.user, year, number)
    others = own_versions(request.user, year)
    context["versions"] = [(row, moment(row.submitted_at)) for row in others]
    context["crumbs"] = [
        Crumb("希望調書", reverse("surveys:survey_index")),
        Crumb(fiscal_year_full(year), reverse("surveys:survey_tasklist", args=[year])),
        Crumb("提出した内容"),
    ]
    return render(request, "surveys/version_detail.html", context)


@require_GET
def version_pdf(request: StaffHttpRequest, year: int, number: int) -> HttpResponse:
    """The copy of a version as a PDF, made now."""
    copy = own_copy(request.user, year, number)
    try:
        pdf = copy_as_pdf(copy, person=request.user, post=post_on_cover(request.user))
    except PdfUnavailable as unavailable:
        messages.error(request, unavailable.sentence)
        return redirect("surveys:version_detail", year, number)
    name = copy_name(year, number)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(True, name) or ""},
    )
