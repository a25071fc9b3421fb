"""One's interviews in a calendar program of one's own: the page of the address, and what stands at the address."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from career_portal.common.era import moment
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from interviews.calendars import feed_services
from interviews.calendars.files import feed
from interviews.models import CalendarFeed, Interview

TITLE = "予定をカレンダーに配信する"
KEPT = datetime.timedelta(days=30)


@require_GET
def feed_detail(request: StaffHttpRequest) -> HttpResponse:
    """Whether there is an address now; it is not shown again."""
    return _page(request)


@require_POST
def feed_make(request: StaffHttpRequest) -> HttpResponse:
    """Make an address, in place of the one before, and show it this once."""
    token = feed_services.make_feed(by=request.user)
    path = reverse("interviews:feed_file", args=[token])
    # Without a redirect: the address would have to be kept somewhere until the next request.
    return _page(request, address=f"{settings.PUBLIC_ADDRESS}{path}")


@require_POST
def feed_revoke(request: StaffHttpRequest) -> HttpResponse:
    """End the address."""
    feed_services.revoke_feed(by=request.user)
    messages.success(request, "配信を止めました。これまでのアドレスは、もう使えません。")
    return redirect("interviews:feed_detail")


@login_not_required
@require_safe
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of the person whose token it is; 404 for any other."""
    person = feed_services.reader_of(token)
    if person is None:
        raise Http404
    shown = Interview.objects.visible_to(person).filter(
        state__in=[Interview.State.BOOKED, Interview.State.HELD],
        period__endswith__gt=timezone.now() - KEPT,
    )
    return HttpResponse(
        feed(shown.order_by("period", "pk")),
        content_type="text/calendar; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


def _page(request: StaffHttpRequest, address: str = "") -> HttpResponse:
    live = CalendarFeed.objects.visible_to(request.user).live().first()
    words = {
        "address": address,
        "is_live": live is not None,
        "made": moment(live.made_at) if live else "",
        "crumbs": [Crumb("面談", reverse("interviews:interview_list")), Crumb(TITLE)],
    }
    return render(request, "interviews/feed_detail.html", words)
