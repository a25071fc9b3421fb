"""The minimum and the joint units of a round: the feedback admin proposes, HR confirms, both before it opens (rule 2)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Now

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import Assignment, Section, User
from surveys import permissions
from surveys.feedback_sheets.joining import Size, joined, name_of
from surveys.models import DisclosurePlan, JointSection, JointUnit, SurveyRound
from surveys.models.releases import LOWEST_MINIMUM, USUAL_MINIMUM

# Of a hundred people so many hand in, as long as no earlier round says otherwise.
USUAL_RATE = 80


class PlanRefused(RuleViolation):
    """A rule of disclosure stands against the plan; the sentence says which."""


def expected_sizes(survey_round: SurveyRound, *, rate: int = USUAL_RATE) -> list[Size]:
    """How many answers each section is expected to give: its people at the reference date, at a rate in per cent."""
    day = survey_round.reference_date
    held = Assignment.objects.on(day).main().order_by().values("section").annotate(n=Count("pk"))
    people = dict(held.values_list("section", "n"))
    sections = Section.objects.on(day).order_by("bureau__sort_order", "sort_order", "code")
    return [
        Size(
            section=section.pk,
            bureau=section.bureau_id,
            division=section.division,
            name=section.name,
            expected=people.get(section.pk, 0) * rate // 100,
        )
        for section in sections
    ]


@transaction.atomic
def propose_plan(
    survey_round: SurveyRound, *, minimum: int, reason: str = "", by: User
) -> DisclosurePlan:
    """Propose a minimum and the joint units that follow from it, in place of a proposal not confirmed yet. Raises PlanRefused."""
    if not permissions.can_run_releases(by):
        raise PlanRefused("表示の計画を提案できるのは、集計担当だけです。")
    _before_opening(survey_round)
    if minimum < LOWEST_MINIMUM:
        raise PlanRefused(
            f"{LOWEST_MINIMUM}人に満たないまとまりの値は、だれが決めても表示できません。"
        )
    if minimum < USUAL_MINIMUM and not reason.strip():
        raise PlanRefused(f"{USUAL_MINIMUM}人より少なくする理由を入力してください。")
    plan = DisclosurePlan.objects.filter(round=survey_round).select_for_update().first()
    if plan is not None and plan.confirmed_by_id is not None:
        raise PlanRefused("この計画は確認済みです。")
    if plan is not None:
        plan.delete()
    plan = DisclosurePlan.objects.create(
        round=survey_round, minimum=minimum, reason=reason.strip(), proposed_by=by
    )
    store_joint_units(plan, joined(expected_sizes(survey_round), minimum))
    return plan


@transaction.atomic
def confirm_plan(plan: DisclosurePlan, *, by: User) -> DisclosurePlan:
    """Confirm what somebody else proposed. Raises PlanRefused."""
    fresh = DisclosurePlan.objects.select_for_update().select_related("round").get(pk=plan.pk)
    if not permissions.can_confirm_plan(by, fresh):
        raise PlanRefused(
            "表示の計画を確認できるのは、提案した人とは別の、省全体の人事当局だけです。"
        )
    _before_opening(fresh.round)
    fresh.confirmed_by, fresh.confirmed_at = by, Now()
    fresh.save(update_fields=["confirmed_by", "confirmed_at"])
    fresh.refresh_from_db()
    return fresh


def store_joint_units(plan: DisclosurePlan, groups: Sequence[Sequence[Size]]) -> None:
    """Put the joint units of a plan down."""
    joints = JointUnit.objects.bulk_create(
        JointUnit(plan=plan, bureau_id=group[0].bureau, name=name_of(group)) for group in groups
    )
    JointSection.objects.bulk_create(
        JointSection(plan=plan, joint=joint, section_id=size.section)
        for joint, group in zip(joints, groups, strict=True)
        for size in group
    )


def _before_opening(survey_round: SurveyRound) -> None:
    opened = SurveyRound.objects.filter(Q(opens_at__lte=Now()), pk=survey_round.pk)
    if opened.exists():
        raise PlanRefused("実施回が始まったあとは、最小の人数と合同の単位を変えられません。")
