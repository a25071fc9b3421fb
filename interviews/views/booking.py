"""Booking a slot in two presses, and an interview's own page: moving it, calling it off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from career_portal.common.era import moment
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from interviews import permissions
from interviews.booking import services
from interviews.forms import MoveForm, ReasonForm, initial_of
from interviews.models import Interview, InterviewSlot, SharedRecord
from interviews.views.pages import crumbs, handled, when

MOST_SLOTS = 60
BOOK = "時間を選ぶ"


@require_GET
def slot_list(request: StaffHttpRequest) -> HttpResponse:
    """The free times that one may book, by interviewer and day."""
    slots = (
        InterviewSlot.objects.visible_to(request.user)
        .offered_to(request.user)
        .free()
        .select_related("interviewer")
        .order_by("interviewer__family_name_kana", "interviewer", "period")
    )
    people: dict[int, dict[str, object]] = {}
    for slot in slots[:MOST_SLOTS]:
        group = people.setdefault(
            slot.interviewer_id, {"interviewer": slot.interviewer, "slots": []}
        )
        group["slots"].append((slot, when(slot.period)))  # type: ignore[attr-defined]  # the list above
    words = {"people": people.values(), "crumbs": crumbs(Crumb(BOOK))}
    return render(request, "interviews/slot_list.html", words)


@require_http_methods(["GET", "POST"])
def slot_book(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Look at a free time, and book it; one that was taken meanwhile answers with the next free ones."""
    slots = (
        InterviewSlot.objects.visible_to(request.user)
        .offered_to(request.user)
        .select_related("interviewer")
    )
    slot = get_object_or_404(slots, pk=pk)
    refusal, next_free, status = "", [], 200
    if request.method == "POST":
        try:
            interview = services.book_slot(slot, by=request.user)
        except services.TimeIsTaken as taken:
            refusal, status = taken.sentence, 409
            next_free = [(each, when(each.period)) for each in taken.next_free]
        except RuleViolation as broken:
            refusal, status = broken.sentence, 422
        else:
            messages.success(
                request, f"{when(interview.period)}を予約しました。相手にも知らせました。"
            )
            return redirect("interviews:interview_detail", interview.pk)
    words = {
        "slot": slot,
        "when": when(slot.period),
        "refusal": refusal,
        "next_free": next_free,
        "crumbs": crumbs(Crumb(BOOK, reverse("interviews:slot_list")), Crumb("予約する")),
    }
    return render(request, "interviews/slot_book.html", words, status=status)


@require_GET
def interview_detail(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """When, where and with whom, what happened to it, and what can be done now."""
    interview = handled(request, pk)
    user = request.user
    is_of_the_two = user.pk in (interview.interviewer_id, interview.interviewee_id)
    is_booked = interview.state == Interview.State.BOOKED
    words = {
        "interview": interview,
        "when": when(interview.period),
        "other": interview.interviewee
        if interview.interviewer_id == user.pk
        else interview.interviewer,
        "is_of_the_two": is_of_the_two,
        "is_interviewer": interview.interviewer_id == user.pk,
        "can_prepare": is_of_the_two and permissions.can_prepare(user, interview),
        "can_write": permissions.can_write_record(user, interview),
        "is_recorded": SharedRecord.objects.visible_to(user).filter(interview=interview).exists(),
        "can_change": is_booked and interview.period.lower > timezone.now(),
        "steps": [
            (step, moment(step.at)) for step in interview.steps.select_related("by").order_by("pk")
        ],
        "crumbs": crumbs(Crumb(interview.get_kind_display())),
    }
    return render(request, "interviews/interview_detail.html", words)


@require_http_methods(["GET", "POST"])
def interview_move(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Another time or place, with a reason."""
    interview = handled(request, pk)
    own = reverse("interviews:interview_detail", args=[pk])
    form = MoveForm(request.POST or None, initial=initial_of(interview), back=own)
    next_free: list[tuple[InterviewSlot, str]] = []
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            services.move_interview(
                interview,
                form.period(),
                reason=typed["reason"],
                place=typed["place"],
                online_link=typed["online_link"],
                by=request.user,
            )
        except services.TimeIsTaken as taken:
            form.add_error("starts", taken.sentence)
            next_free = [(each, when(each.period)) for each in taken.next_free]
        except RuleViolation as broken:
            form.add_error("day", broken.sentence)
        else:
            messages.success(request, "変更しました。相手にも知らせました。")
            return redirect(own)
    words = {
        "form": form,
        "interview": interview,
        "when": when(interview.period),
        "next_free": next_free,
        "crumbs": crumbs(Crumb(interview.get_kind_display(), own), Crumb("変更する")),
    }
    return render(
        request, "interviews/interview_move.html", words, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def interview_cancel(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Call it off, with a reason."""
    interview = handled(request, pk)
    own = reverse("interviews:interview_detail", args=[pk])
    form = ReasonForm(request.POST or None, back=own)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_interview(
                interview, reason=form.cleaned_data["reason"], by=request.user
            )
        except RuleViolation as broken:
            form.add_error("reason", broken.sentence)
        else:
            messages.success(request, "面談を取り消しました。相手にも知らせました。")
            return redirect("interviews:interview_list")
    words = {
        "form": form,
        "interview": interview,
        "when": when(interview.period),
        "crumbs": crumbs(Crumb(interview.get_kind_display(), own), Crumb("取り消す")),
    }
    return render(
        request, "interviews/interview_cancel.html", words, status=422 if form.errors else 200
    )
