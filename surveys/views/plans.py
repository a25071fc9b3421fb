"""What a round's sheets will show: the minimum and the joint units, proposed and confirmed before the round opens."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from career_portal.common.era import date_in_words, fiscal_year_full, moment
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from surveys import permissions
from surveys.feedback_sheets import plan_services
from surveys.feedback_sheets.forms import PlanForm
from surveys.feedback_sheets.joining import Size, joined, name_of
from surveys.models import DisclosurePlan, JointUnit, SurveyRound
from surveys.models.releases import USUAL_MINIMUM
from surveys.views.releases import TITLE


@dataclass(frozen=True)
class Group:
    """Sections counted together, and how many answers are expected of them."""

    name: str
    members: str
    expected: int


@require_http_methods(["GET", "POST"])
def plan_detail(request: StaffHttpRequest, year: int) -> HttpResponse:
    """The expected sizes of sections, what is proposed, and who confirmed it."""
    require(permissions.can_follow_releases(request.user))
    rounds = SurveyRound.objects.visible_to(request.user).held_here()
    survey_round = get_object_or_404(rounds, fiscal_year=year)
    plans = DisclosurePlan.objects.visible_to(request.user)
    plan = plans.filter(round=survey_round).select_related("proposed_by", "confirmed_by").first()
    if request.POST.get("step") == "confirm":
        return _confirm(request, year, plan)
    form = PlanForm(
        request.POST or None,
        initial={"minimum": plan.minimum if plan else USUAL_MINIMUM},
        back=reverse("surveys:release_list"),
    )
    if request.method == "POST":
        require(permissions.can_run_releases(request.user))
        if form.is_valid():
            try:
                plan_services.propose_plan(survey_round, by=request.user, **form.cleaned_data)
            except RuleViolation as broken:
                form.add_error("minimum", broken.sentence)
            else:
                messages.success(request, "提案しました。人事当局が確認すると、決まります。")
                return redirect("surveys:plan_detail", year)
    return _page(request, survey_round, plan, form)


def _page(
    request: StaffHttpRequest,
    survey_round: SurveyRound,
    plan: DisclosurePlan | None,
    form: PlanForm,
) -> HttpResponse:
    sizes = plan_services.expected_sizes(survey_round)
    minimum = plan.minimum if plan else USUAL_MINIMUM
    is_open_to_change = survey_round.opens_at > timezone.now()
    is_confirmed = plan is not None and plan.confirmed_at is not None
    words = {
        "year": survey_round.fiscal_year,
        "year_name": fiscal_year_full(survey_round.fiscal_year),
        "opens": moment(survey_round.opens_at),
        "reference_date": date_in_words(survey_round.reference_date),
        "plan": plan,
        "minimum": minimum,
        "groups": _stored(request, plan, sizes) if plan else _suggested(sizes, minimum),
        "sections": len(sizes),
        "small": sum(size.expected < minimum for size in sizes),
        "confirmed": moment(plan.confirmed_at) if plan and plan.confirmed_at else "",
        "can_propose": is_open_to_change
        and not is_confirmed
        and permissions.can_run_releases(request.user),
        "can_confirm": is_open_to_change
        and plan is not None
        and not is_confirmed
        and permissions.can_confirm_plan(request.user, plan),
        "form": form,
        "crumbs": [Crumb(TITLE, reverse("surveys:release_list")), Crumb("表示の計画")],
    }
    status = 422 if form.errors else 200
    return render(request, "surveys/plan_detail.html", words, status=status)


def _suggested(sizes: list[Size], minimum: int) -> list[Group]:
    return [_group(name_of(group), list(group)) for group in joined(sizes, minimum)]


def _stored(request: StaffHttpRequest, plan: DisclosurePlan, sizes: list[Size]) -> list[Group]:
    by_section = {size.section: size for size in sizes}
    joints = JointUnit.objects.visible_to(request.user).filter(plan=plan)
    found = []
    for joint in joints.prefetch_related("sections").order_by("pk"):
        members = [
            by_section[row.section_id]
            for row in joint.sections.all()
            if row.section_id in by_section
        ]
        found.append(_group(joint.name, members))
    return found


def _group(name: str, members: list[Size]) -> Group:
    names = "、".join(f"{each.name}（{each.expected}）" for each in members)
    return Group(name, names, sum(each.expected for each in members))


def _confirm(request: StaffHttpRequest, year: int, plan: DisclosurePlan | None) -> HttpResponse:
    require(permissions.can_act_for_everybody(request.user))
    if plan is not None:
        try:
            plan_services.confirm_plan(plan, by=request.user)
        except RuleViolation as broken:
            messages.error(request, broken.sentence)
        else:
            messages.success(request, "計画を確認しました。この実施回のシートに使われます。")
    return redirect("surveys:plan_detail", year)
