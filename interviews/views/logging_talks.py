"""A talk that was held without a booking, put down in one form."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from career_portal.common.clock import today
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from career_portal.staff.models import User
from interviews import permissions
from interviews.booking.services import NotAllowed, log_interview, period_of
from interviews.kinds import LINE_KINDS, Kind
from interviews.models import Interview
from interviews.records.forms import LogForm
from interviews.views.pages import crumbs

UNKNOWN = "この人との、この種類の面談は記録できません。相手と種類を確かめてください。"


@require_http_methods(["GET", "POST"])
def interview_log(request: StaffHttpRequest) -> HttpResponse:
    """Who, when, kind; then the record."""
    kinds = permissions.kinds_to_offer(request.user)
    require(kinds)
    form = LogForm(
        request.POST if request.method == "POST" else None,
        initial={"day": today()},
        people=[(str(person.pk), person.display_name) for person in _people(request.user)],
        kinds=kinds,
        takes_numbers=not set(kinds) <= LINE_KINDS,
        back=reverse("interviews:interview_list"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            interview = _log(request.user, form)
        except NotAllowed:
            form.add_error("who", UNKNOWN)
        except RuleViolation as broken:
            form.add_error("day", broken.sentence)
        else:
            messages.success(request, "面談を記録しました。続けて、話したことを書けます。")
            return redirect("interviews:record_edit", interview.pk)
    words = {"form": form, "crumbs": crumbs(Crumb("予約のない面談の記録"))}
    return render(
        request, "interviews/interview_log.html", words, status=422 if form.errors else 200
    )


def _log(user: User, form: LogForm) -> Interview:
    """Raises NotAllowed also where there is nobody with the number that was typed."""
    typed = form.cleaned_data
    people = User.objects.visible_to(user)
    if typed["who"]:
        found = people.filter(pk=typed["who"])
    else:
        found = people.filter(staff_number=typed["staff_number"].strip())
    person = found.first()
    if person is None:
        raise NotAllowed
    return log_interview(user, person, Kind(typed["kind"]), period_of(*form.period()))


def _people(user: User) -> list[User]:
    """Those whom the person supervises today, and those with whom he has talked before."""
    known = User.objects.visible_to(user).exclude(state=User.State.ENDED)
    talked = Interview.objects.visible_to(user).filter(interviewer=user).values("interviewee")
    found = known.filter(pk__in=talked) | known.supervised_by(user, today())
    return list(found.order_by("family_name_kana", "given_name_kana", "pk"))
