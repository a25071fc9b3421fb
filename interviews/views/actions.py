"""Agreed actions: one's own open ones, what became of one, and how many there are."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from career_portal.common.era import moment
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from interviews import permissions
from interviews.models import AgreedAction
from interviews.records import action_services
from interviews.records.agreements import own_open_agreements
from interviews.records.counting import LEAST_PEOPLE, action_numbers
from interviews.records.forms import ActionForm
from interviews.records.pages import shown_actions
from interviews.views.pages import crumbs

OWN = "合意事項"


@require_GET
def action_list(request: StaffHttpRequest) -> HttpResponse:
    """What is open for the person, from all his talks."""
    here = reverse("interviews:action_list")
    words = {
        "actions": shown_actions(own_open_agreements(request.user), here),
        "crumbs": crumbs(Crumb(OWN)),
    }
    return render(request, "interviews/action_list.html", words)


@require_http_methods(["GET", "POST"])
def action_update(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """「どうなりましたか」: either of the two says it, and reads what was said before."""
    found = AgreedAction.objects.visible_to(request.user)
    found = found.select_related("interview__interviewer", "interview__interviewee")
    action = get_object_or_404(found, pk=pk)
    require(permissions.can_update_action(request.user, action))
    back = _back(request)
    updates = list(action.updates.select_related("by"))
    initial = {"status": action.status, "outcome": action.outcome, "known": len(updates)}
    posted = request.POST if request.method == "POST" else None
    form = ActionForm(posted, initial=initial, back=back)
    if request.method == "POST" and form.is_valid():
        status, outcome, known = form.said
        try:
            action_services.update_action(action, status, outcome, known=known, by=request.user)
        except RuleViolation as broken:
            # The next press knows what the other one said: it stands below.
            newer = request.POST.copy()
            newer["known"] = str(len(updates))
            form = ActionForm(newer, back=back)
            form.add_error(None, broken.sentence)
        else:
            messages.success(request, "保存しました。二人の次の面談で、もう一度見られます。")
            return redirect(back)
    words = {
        "form": form,
        "action": shown_actions([action], back)[0],
        "updates": [
            (each.by, each.get_status_display(), each.outcome, moment(each.at)) for each in updates
        ],
        "crumbs": crumbs(Crumb(OWN, reverse("interviews:action_list")), Crumb("どうなりましたか")),
    }
    status_code = 422 if form.errors else 200
    return render(request, "interviews/action_update.html", words, status=status_code)


def _back(request: StaffHttpRequest) -> str:
    """The page from which one came, where it is one of ours."""
    typed = request.GET.get("next", "")
    is_ours = typed.startswith("/") and url_has_allowed_host_and_scheme(
        typed, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return typed if is_ours and len(typed) < 500 else reverse("interviews:action_list")


@require_GET
def action_counts(request: StaffHttpRequest) -> HttpResponse:
    """How many agreed actions there are in the ministry and its bureaus, by state: numbers alone."""
    require(permissions.can_count_actions(request.user))
    words = {
        "numbers": action_numbers(),
        "statuses": [status.label for status in action_services.SAYABLE],
        "least": LEAST_PEOPLE,
        "crumbs": crumbs(Crumb("合意事項の件数")),
    }
    return render(request, "interviews/action_counts.html", words)
