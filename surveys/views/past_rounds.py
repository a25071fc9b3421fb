"""Rounds of earlier years, brought along in files: chosen, looked at, taken."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from career_portal.common.era import date_in_words, fiscal_year_full, moment
from career_portal.common.errors import RuleViolation
from career_portal.common.packages import TOO_LARGE
from career_portal.common.uploads import was_too_large
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from surveys import permissions
from surveys.models import RoundImport
from surveys.past_rounds import services, upload_services
from surveys.past_rounds.checking import Checked
from surveys.past_rounds.forms import PastRoundForm
from surveys.views.releases import TITLE as RELEASES

TITLE = "過去の実施回を取り込む"
MOST_LISTED = 20


def _crumbs(*further: Crumb) -> list[Crumb]:
    own = reverse("surveys:past_round_list") if further else ""
    return [Crumb(RELEASES, reverse("surveys:release_list")), Crumb(TITLE, own), *further]


@require_http_methods(["GET", "POST"])
def past_round_list(request: StaffHttpRequest) -> HttpResponse:
    """What was brought along, and the form for more."""
    require(permissions.can_run_releases(request.user))
    is_post = request.method == "POST"
    form = PastRoundForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        back=reverse("surveys:release_list"),
    )
    if was_too_large(request):
        form.errors["answers"] = form.error_class(
            [
                f"{TOO_LARGE}大きいときは、システム管理の担当者に、コマンドでの取り込みを頼んでください。"
            ]
        )
    elif is_post and form.is_valid():
        kept = upload_services.keep_files(form.contents(), by=request.user, **form.chosen())
        return redirect("surveys:past_round_detail", kept.pk)
    imports = RoundImport.objects.visible_to(request.user).select_related("uploaded_by", "freeze")
    words = {
        "form": form,
        "rows": [
            (each, fiscal_year_full(each.fiscal_year), moment(each.uploaded_at))
            for each in imports[:MOST_LISTED]
        ],
        "crumbs": _crumbs(),
    }
    return render(
        request, "surveys/past_round_list.html", words, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def past_round_detail(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """What is in the files and which rows cannot be taken; taking them."""
    require(permissions.can_run_releases(request.user))
    imports = RoundImport.objects.visible_to(request.user).select_related("uploaded_by", "freeze")
    kept = get_object_or_404(imports, pk=pk)
    if request.method == "POST":
        return _take(request, kept)
    try:
        checked = None if kept.freeze_id else upload_services.look_at(kept)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
        return redirect("surveys:past_round_list")
    name = fiscal_year_full(kept.fiscal_year)
    words = {
        "kept": kept,
        "name": name,
        "uploaded": moment(kept.uploaded_at),
        "reference_date": date_in_words(kept.reference_date),
        "crumbs": _crumbs(Crumb(name)),
        **(_found(kept, checked) if checked else {}),
    }
    return render(request, "surveys/past_round_detail.html", words)


def _found(kept: RoundImport, checked: Checked) -> dict[str, object]:
    refusal = services.refuse_import(checked, kept.reference_date, reason=kept.reason)
    is_there = not refusal and services.already_imported(checked.past) is not None
    return {
        "counts": checked.counts,
        "remarks": checked.past.remarks,
        "problems": checked.problems,
        "refusal": refusal,
        "is_there": is_there,
        "can_take": not refusal and not is_there,
    }


def _take(request: StaffHttpRequest, kept: RoundImport) -> HttpResponse:
    try:
        upload_services.take_files(kept, by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
        return redirect("surveys:past_round_detail", kept.pk)
    messages.success(request, f"{kept.fiscal_year}年度の実施回を取り込みました。シートを作れます。")
    return redirect("surveys:release_list")


@require_POST
def past_round_discard(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Throw the files away."""
    require(permissions.can_run_releases(request.user))
    kept = get_object_or_404(RoundImport.objects.visible_to(request.user), pk=pk)
    try:
        upload_services.throw_away(kept, by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, "選んだファイルを捨てました。何も取り込んでいません。")
    return redirect("surveys:past_round_list")
