"""The listening guide for everybody, and HR's page for trainings that people attended."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from career_portal.common.era import date_in_words
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from interviews import permissions
from interviews.listening import services
from interviews.listening.forms import TrainingForm
from interviews.listening.hints import suggests_training
from interviews.models import ListeningTraining

LATEST = 50


@require_GET
def listening_guide(request: StaffHttpRequest) -> HttpResponse:
    """How to listen, in five short parts."""
    words = {
        "suggests_training": suggests_training(request.user),
        "crumbs": [Crumb("面談", reverse("interviews:interview_list")), Crumb("聴くための手引き")],
    }
    return render(request, "interviews/listening_guide.html", words)


def _recorded(request: StaffHttpRequest) -> QuerySet[ListeningTraining]:
    """What the visitor recorded himself; who has no training is nobody's to look up."""
    require(permissions.can_record_trainings(request.user))
    visible = ListeningTraining.objects.visible_to(request.user)
    return visible.filter(recorded_by=request.user).select_related("person")


@require_http_methods(["GET", "POST"])
def training_list(request: StaffHttpRequest) -> HttpResponse:
    """Record for several people at once that they attended; below, what one recorded last."""
    recorded = _recorded(request)
    form = TrainingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = services.record_trainings(
                typed["staff_numbers"], typed["attended_on"], by=request.user
            )
        except services.RowsRefused as refused:
            for reason in refused.reasons:
                form.add_error("staff_numbers", reason)
        except services.TrainingRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, f"{len(made)}人の受講を記録しました。")
            return redirect("interviews:training_list")
    rows = [
        (training, date_in_words(training.attended_on))
        for training in recorded.order_by("-recorded_at", "-pk")[:LATEST]
    ]
    crumbs = [Crumb("面談", reverse("interviews:interview_list")), Crumb("傾聴研修の受講")]
    return render(
        request,
        "interviews/training_list.html",
        {"form": form, "rows": rows, "crumbs": crumbs},
        status=422 if form.errors else 200,
    )


@require_POST
def training_remove(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Take back what was recorded by mistake."""
    training = get_object_or_404(_recorded(request), pk=pk)
    services.remove_training(training, by=request.user)
    messages.success(request, f"{training.person.display_name}さんの受講の記録を取り消しました。")
    return redirect("interviews:training_list")
