"""How long a sign-in lasts, for the script that warns before its end."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from career_portal.common.era import clock_time
from career_portal.staff.http import StaffHttpRequest


@require_http_methods(["GET", "POST"])
def session_left(request: StaffHttpRequest) -> HttpResponse:
    """The seconds left, whose sign-in it is, and a token for the next post.

    Asking leaves the end where it is. A POST moves it, as every other request does.
    """
    session = request.session
    session.is_only_looked_at = request.method == "GET"
    return JsonResponse(
        {
            "seconds_left": session.seconds_left,
            "ends_at": clock_time(session.ends_at) if session.ends_at else "",
            "can_be_prolonged": session.can_be_prolonged,
            "person": str(request.user.pk),
            "token": get_token(request),
        }
    )


@require_GET
def signed_in(request: StaffHttpRequest) -> HttpResponse:
    """Where signing in again beside an open page leads: back to that page."""
    return render(request, "account/signed_in.html")
