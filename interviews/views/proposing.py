"""Proposing times to one person, and answering."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from career_portal.staff.models import User
from interviews import permissions
from interviews.booking import proposing_services, services
from interviews.forms import ProposalForm, WishForm
from interviews.models import Proposal
from interviews.views.pages import crumbs, for_query, interviewer_of, when


@require_http_methods(["GET", "POST"])
def proposal_new(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Propose up to three times to a person."""
    interviewer = interviewer_of(request)
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    kinds = [
        kind
        for kind in permissions.kinds_to_offer(interviewer)
        if permissions.can_interview(interviewer, person, kind)
    ]
    if not kinds:
        raise Http404
    back = reverse("interviews:interview_list")
    form = ProposalForm(request.POST or None, kinds=kinds, back=back)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            proposal = proposing_services.propose_times(
                interviewer,
                person,
                next(kind for kind in kinds if kind.value == typed["kind"]),
                form.periods(),
                place=typed["place"],
                online_link=typed["online_link"],
                by=request.user,
            )
        except RuleViolation as broken:
            form.add_error("day_1", broken.sentence)
        else:
            messages.success(request, f"{person.display_name}さんに候補を提案しました。")
            return redirect("interviews:proposal_detail", proposal.pk)
    words = {
        "form": form,
        "person": person,
        "asked": for_query(request, interviewer),
        "crumbs": crumbs(Crumb("候補を提案する")),
    }
    return render(
        request, "interviews/proposal_new.html", words, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def proposal_detail(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The times; taking one, answering with a wish, or withdrawing them."""
    proposals = Proposal.objects.visible_to(request.user).select_related(
        "interviewer", "interviewee"
    )
    proposal = get_object_or_404(proposals, pk=pk)
    is_asked = proposal.interviewee_id == request.user.pk
    wish = WishForm(request.POST if "wish" in request.POST else None)
    if request.method == "POST":
        answered = _answer(request, proposal, wish)
        if answered is not None:
            return answered
    is_open = proposal.state == Proposal.State.OPEN
    words = {
        "proposal": proposal,
        "times": [
            (time, when(time.period), time.period.lower > timezone.now())
            for time in proposal.times.all()
        ],
        "is_asked": is_asked,
        "is_open": is_open,
        "can_withdraw": is_open
        and permissions.can_handle_times(request.user, proposal.interviewer),
        "form": wish,
        "crumbs": crumbs(Crumb("候補日時")),
    }
    return render(
        request, "interviews/proposal_detail.html", words, status=422 if wish.errors else 200
    )


def _answer(request: StaffHttpRequest, proposal: Proposal, wish: WishForm) -> HttpResponse | None:
    try:
        if "time" in request.POST:
            chosen = request.POST["time"]
            times = proposal.times.select_related("proposal")
            time = get_object_or_404(times, number=int(chosen) if chosen in ("1", "2", "3") else 0)
            interview = proposing_services.accept_time(time, by=request.user)
            messages.success(request, f"{when(interview.period)}に決まりました。")
            return redirect("interviews:interview_detail", interview.pk)
        if "wish" in request.POST:
            if not wish.is_valid():
                return None
            proposing_services.answer_with_wish(
                proposal, wish.cleaned_data["wish"], by=request.user
            )
            messages.success(request, "希望を返事しました。")
        else:
            proposing_services.withdraw_proposal(proposal, by=request.user)
            messages.success(request, "提案を取り下げました。")
    except services.TimeIsTaken:
        messages.error(
            request, "この時間は、いまほかの予約が入りました。ほかの候補を選んでください。"
        )
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    return redirect("interviews:proposal_detail", proposal.pk)
