"""An interviewer's times, his own or handled for him: the week, offering, taking back, the limit of a day."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from career_portal.common.clock import today
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from career_portal.staff.models import User
from interviews import permissions
from interviews.booking import offering_services
from interviews.forms import LimitForm, OfferForm
from interviews.kinds import LINE_KINDS
from interviews.models import InterviewerLimit, InterviewSlot
from interviews.views.pages import crumbs, day_asked, for_query, interviewer_of, when
from interviews.weeks import week_of

WEEK = "面談の予定"


@require_GET
def interview_week(request: StaffHttpRequest) -> HttpResponse:
    """A week: booked, proposed, free."""
    interviewer = interviewer_of(request)
    asked = for_query(request, interviewer)
    words = {
        "week": week_of(interviewer, day_asked(request), seen_by=request.user),
        "interviewer": interviewer,
        "is_own": interviewer.pk == request.user.pk,
        "asked": asked,
        "joined": f"&for={interviewer.pk}" if asked else "",
        "crumbs": crumbs(Crumb(WEEK)),
    }
    return render(request, "interviews/interview_week.html", words)


def _people(request: StaffHttpRequest, interviewer: User) -> object:
    """Those who can be named: the interviewer's staff; for HR and mentors whoever they may talk with."""
    day = today()
    people = User.objects.visible_to(request.user)
    found = people.supervised_by(interviewer, day) | people.none()
    return found.order_by("family_name_kana", "pk")


@require_http_methods(["GET", "POST"])
def slot_new(request: StaffHttpRequest) -> HttpResponse:
    """Offer one time, or one every week."""
    interviewer = interviewer_of(request)
    asked = for_query(request, interviewer)
    back = f"{reverse('interviews:interview_week')}{asked}"
    form = OfferForm(
        request.POST or None,
        kinds=permissions.kinds_to_offer(interviewer),
        people=_people(request, interviewer),
        initial={"audience": "section", "day": request.GET.get("day", "")},
        back=back,
    )
    if request.method == "POST" and form.is_valid():
        try:
            _offer(request, interviewer, form)
        except RuleViolation as broken:
            form.add_error("day", broken.sentence)
        else:
            joint = "&" if asked else "?"
            return redirect(f"{back}{joint}day={form.cleaned_data['day'].isoformat()}")
    words = {
        "form": form,
        "interviewer": interviewer,
        "is_own": interviewer.pk == request.user.pk,
        "crumbs": crumbs(Crumb(WEEK, back), Crumb("面談できる時間を出す")),
    }
    return render(request, "interviews/slot_new.html", words, status=422 if form.errors else 200)


def _offer(request: StaffHttpRequest, interviewer: User, form: OfferForm) -> None:
    typed = form.cleaned_data
    if typed["until"] is None:
        slot = offering_services.offer_slot(
            interviewer, form.offer(), typed["day"], typed["starts"], by=request.user
        )
        messages.success(request, f"{when(slot.period)}を出しました。")
        return
    found = offering_services.offer_series(
        interviewer,
        form.offer(),
        typed["day"],
        typed["until"],
        typed["starts"],
        without=typed["without"],
        by=request.user,
    )
    said = f"{len(found.slots)}回分の時間を出しました。"
    if found.left_out:
        days = "、".join(f"{day.month}月{day.day}日" for day, _ in found.left_out[:6])
        more = "など" if len(found.left_out) > 6 else ""
        said += f"{days}{more}は、祝日や重なりのため除きました。"
    messages.success(request, said)


@require_POST
def slot_withdraw(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Take a slot back, or with it all to come of its series."""
    slots = InterviewSlot.objects.visible_to(request.user).select_related("interviewer", "series")
    slot = get_object_or_404(slots, pk=pk)
    try:
        if request.POST.get("step") == "series" and slot.series is not None:
            number = offering_services.withdraw_series(slot.series, by=request.user)
            said = f"くり返しの{number}回分を取り下げました。"
        else:
            offering_services.withdraw_slot(slot, by=request.user)
            said = f"{when(slot.period)}を取り下げました。"
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, said)
    asked = for_query(request, slot.interviewer)
    joint = "&" if asked else "?"
    day = slot.period.lower.date().isoformat()
    return redirect(f"{reverse('interviews:interview_week')}{asked}{joint}day={day}")


@require_GET
def slot_detail(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """A slot as its interviewer has it."""
    slots = InterviewSlot.objects.visible_to(request.user).select_related("interviewer", "series")
    slot = get_object_or_404(slots, pk=pk)
    if not permissions.can_handle_times(request.user, slot.interviewer):
        return redirect("interviews:slot_book", pk)
    back = f"{reverse('interviews:interview_week')}{for_query(request, slot.interviewer)}"
    words = {
        "slot": slot,
        "when": when(slot.period),
        "people": [row.person for row in slot.invitees.select_related("person")],
        "is_line": slot.kind in LINE_KINDS,
        "crumbs": crumbs(Crumb(WEEK, back), Crumb("空いている時間")),
    }
    return render(request, "interviews/slot_detail.html", words)


@require_http_methods(["GET", "POST"])
def day_limit(request: StaffHttpRequest) -> HttpResponse:
    """How many interviews a day."""
    interviewer = interviewer_of(request)
    back = f"{reverse('interviews:interview_week')}{for_query(request, interviewer)}"
    limit = InterviewerLimit.objects.visible_to(request.user).filter(interviewer=interviewer)
    found = limit.first()
    form = LimitForm(
        request.POST or None, initial={"per_day": found.per_day if found else None}, back=back
    )
    if request.method == "POST" and form.is_valid():
        offering_services.limit_days(interviewer, form.cleaned_data["per_day"], by=request.user)
        messages.success(request, "1日の上限を保存しました。")
        return redirect(back)
    words = {"form": form, "crumbs": crumbs(Crumb(WEEK, back), Crumb("1日の上限"))}
    return render(request, "interviews/day_limit.html", words, status=422 if form.errors else 200)
