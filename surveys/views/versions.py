"""The versions that the person handed in himself, as pages and as PDF copies."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from career_portal.common.clock import today
from career_portal.common.era import date_in_words, fiscal_year_full, moment
from career_portal.common.pdf import PdfUnavailable, render_pdf
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from career_portal.staff.models import Assignment
from surveys.models import MentorRelease, ReaderChoice
from surveys.readers import audiences
from surveys.submitted import own_version, own_versions


def _own_version(request: StaffHttpRequest, year: int, number: int) -> dict[str, object]:
    """One of the person's own versions with everything that it says. Raises Http404."""
    submission, shown = own_version(request.user, year, number)
    choices = dict(
        ReaderChoice.objects.visible_to(request.user)
        .filter(survey=submission.survey)
        .values_list("part_id", "supervisor_reads")
    )
    mentored = set(
        MentorRelease.objects.visible_to(request.user)
        .filter(survey=submission.survey, survey__user=request.user)
        .values_list("part_id", flat=True)
    )
    readers = audiences([part.part for part in shown], choices, mentored)
    return {
        "submission": submission,
        "is_current": submission.pk == submission.survey.current_submission_id,
        "parts": [(part, readers[part.part.number]) for part in shown],
        "year": year,
        "year_name": fiscal_year_full(year),
        "submitted": moment(submission.submitted_at),
        "withdrawn": moment(submission.withdrawn_at) if submission.withdrawn_at else "",
    }


@require_GET
def version_detail(request: StaffHttpRequest, year: int, number: int) -> HttpResponse:
    """One version as it was handed in."""
    context = _own_version(request, year, number)
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
    context = _own_version(request, year, number)
    post = (
        Assignment.objects.visible_to(request.user)
        .filter(user=request.user)
        .on(today())
        .main()
        .select_related("section__bureau")
        .first()
    )
    context |= {"person": request.user, "post": post, "made": date_in_words(timezone.localdate())}
    try:
        pdf = render_pdf(
            render_to_string("surveys/hope_survey_pdf.html", context),
            title=f"希望調書の控え {context['year_name']}",
        )
    except PdfUnavailable as unavailable:
        messages.error(request, unavailable.sentence)
        return redirect("surveys:version_detail", year, number)
    name = f"希望調書の控え_{year}年度_第{number}版.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(True, name) or ""},
    )
