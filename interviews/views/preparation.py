"""The preparation sheet of a booked talk; what the interviewer reads on it is logged in the same transaction."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from career_portal.common.pdf import PdfUnavailable
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from interviews import permissions
from interviews.listening.hints import suggests_training
from interviews.models import Interview
from interviews.preparation.paper import sheet_as_pdf
from interviews.preparation.sheet import read_sheet
from interviews.preparation.words import facts_of


@require_GET
@transaction.atomic
def interview_prepare(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """What the two read before they talk: the same for both."""
    interview = _interview(request, pk)
    is_interviewer = request.user.pk == interview.interviewer_id
    other = interview.interviewee if is_interviewer else interview.interviewer
    return render(
        request,
        "interviews/interview_prepare.html",
        {
            "interview": interview,
            "sheet": read_sheet(interview, by=request.user),
            "facts": facts_of(interview),
            "other": other,
            "is_interviewer": is_interviewer,
            "suggests_training": is_interviewer and suggests_training(request.user),
            "crumbs": [
                Crumb("面談", reverse("interviews:interview_list")),
                Crumb(f"{other.family_name}さんとの面談の準備"),
            ],
        },
    )


@require_GET
def interview_prepare_pdf(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The same on a page of paper, made now."""
    try:
        with transaction.atomic():
            interview = _interview(request, pk)
            pdf = sheet_as_pdf(interview, read_sheet(interview, by=request.user))
    except PdfUnavailable as unavailable:
        messages.error(request, unavailable.sentence)
        return redirect("interviews:interview_prepare", pk)
    name = f"面談の準備_{timezone.localdate(interview.period.lower):%Y%m%d}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(False, name) or ""},
    )


def _interview(request: StaffHttpRequest, pk: int) -> Interview:
    """The talk, where the visitor may prepare it. Raises Http404."""
    visible = Interview.objects.visible_to(request.user)
    interview = get_object_or_404(visible.select_related("interviewer", "interviewee"), pk=pk)
    if not permissions.can_prepare(request.user, interview):
        raise Http404
    return interview
