"""The way in to the catalogue until it has a search."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from career_portal.staff.http import StaffHttpRequest


@require_GET
def post_search(request: StaffHttpRequest) -> HttpResponse:
    """The way in by the map."""
    return redirect("postings:ministry_map")
