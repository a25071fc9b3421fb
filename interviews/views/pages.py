"""What the pages about interviews share: who acts for whom, when in words, the way to a page."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse

from career_portal.common.clock import today
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from career_portal.staff.models import User
from interviews import permissions
from interviews.models import Interview
from interviews.wording import when as when

TITLE = "面談"


def crumbs(*further: Crumb) -> list[Crumb]:
    """The way from the first page of the interviews."""
    return [Crumb(TITLE, reverse("interviews:interview_list")), *further]


def day_asked(request: StaffHttpRequest) -> datetime.date:
    """The day of an address, else today."""
    try:
        day = datetime.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today()
    return day if 2000 <= day.year <= 2999 else today()


def interviewer_of(request: StaffHttpRequest) -> User:
    """Whose times a page handles: one's own, or of whom the address names. Raises Http404, PermissionDenied."""
    named = request.GET.get("for", "") or request.POST.get("for", "")
    if not named:
        if not permissions.kinds_to_offer(request.user):
            raise PermissionDenied
        return request.user
    people = User.objects.visible_to(request.user)
    person: User = get_object_or_404(
        people, pk=int(named) if named.isdecimal() and len(named) < 12 else 0
    )
    if not permissions.can_handle_times(request.user, person):
        raise PermissionDenied
    return person


def handled(request: StaffHttpRequest, pk: int) -> Interview:
    """An interview whose times the person handles. Raises Http404."""
    found = Interview.objects.handled_by(request.user).select_related(
        "interviewer", "interviewee", "slot"
    )
    interview: Interview = get_object_or_404(found, pk=pk)
    return interview


def for_query(request: StaffHttpRequest, interviewer: User) -> str:
    """What an address adds where somebody acts for another."""
    return "" if interviewer.pk == request.user.pk else f"?for={interviewer.pk}"
