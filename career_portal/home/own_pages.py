"""Pages about what the portal holds about oneself: who read it, and taking it along."""

from __future__ import annotations

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from career_portal.common.clock import today
from career_portal.design.components import Crumb
from career_portal.home.own_data import own_files, zipped
from career_portal.home.own_reads import page_of_openings
from career_portal.staff.http import StaffHttpRequest


@require_GET
def own_reads(request: StaffHttpRequest) -> HttpResponse:
    """Who read about the person, newest first."""
    page, openings = page_of_openings(request.user, request.GET.get("page"))
    return render(
        request,
        "home/own_reads.html",
        {
            "page": page,
            "openings": openings,
            "crumbs": [Crumb("ホーム", reverse("home:home")), Crumb("自分の記録を読んだ人")],
        },
    )


@require_GET
def own_data(request: StaffHttpRequest) -> HttpResponse:
    """What can be taken along, and the button for it."""
    crumbs = [Crumb("ホーム", reverse("home:home")), Crumb("自分の記録を持ち出す")]
    return render(request, "home/own_data.html", {"crumbs": crumbs})


@require_POST
def own_data_download(request: StaffHttpRequest) -> StreamingHttpResponse:
    """The person's own data as a ZIP, made while it is sent. A post, as it is work: no link or preview may start it."""
    name = f"自分の記録_{today():%Y-%m-%d}.zip"
    return StreamingHttpResponse(
        zipped(own_files(request.user)),
        content_type="application/zip",
        headers={"Content-Disposition": content_disposition_header(True, name) or ""},
    )
