"""Which sections are counted together, and how that is decided before a round opens."""

import pytest

from career_portal.staff.roles import Role
from surveys.feedback_sheets.joining import Size, joined, name_of
from surveys.feedback_sheets.plan_services import PlanRefused, confirm_plan, propose_plan
from surveys.models import DisclosurePlan, JointUnit
from tests.factories.staff import AssignmentFactory, BureauFactory, RoleGrantFactory, SectionFactory
from tests.factories.surveys import SurveyRoundFactory

pytestmark = pytest.mark.django_db


def size(section, expected, division="", bureau=1):
    return Size(section, bureau, division, f"第{section}課", expected)


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ([size(1, 12), size(2, 15)], []),
        ([size(1, 4), size(2, 7), size(3, 12)], [{1, 2}]),
        ([size(1, 12), size(2, 30), size(3, 4)], [{1, 3}]),
        ([size(1, 4, "甲"), size(2, 12, "乙"), size(3, 7, "丙")], [{1, 3}]),
        ([size(1, 2), size(2, 3)], [{1, 2}]),
        ([size(1, 4, bureau=1), size(2, 7, bureau=2)], []),
    ],
)
def test_small_sections_are_joined_with_neighbours_of_their_bureau(sizes, groups):
    found = joined(sizes, 10)

    assert [{each.section for each in group} for group in found] == groups
    assert all(name_of(group).endswith("ほか") for group in found)


def test_plan_is_proposed_and_confirmed_by_two_before_the_round_opens():
    admin = RoleGrantFactory(role=Role.FEEDBACK_ADMIN).user
    officer = RoleGrantFactory(role=Role.HR).user
    coming = SurveyRoundFactory(future=True)
    for minimum, reason in ((4, "小さい課室が多い"), (8, "")):
        with pytest.raises(PlanRefused):
            propose_plan(coming, minimum=minimum, reason=reason, by=admin)
    with pytest.raises(PlanRefused):
        propose_plan(coming, minimum=10, by=officer)
    plan = propose_plan(coming, minimum=8, reason="小さい課室が多い", by=admin)
    with pytest.raises(PlanRefused):
        confirm_plan(plan, by=admin)
    assert confirm_plan(plan, by=officer).confirmed_by == officer
    with pytest.raises(PlanRefused):
        propose_plan(coming, minimum=10, by=admin)
    with pytest.raises(PlanRefused):
        propose_plan(SurveyRoundFactory(), minimum=10, by=admin)


def test_plan_is_seen_proposed_and_confirmed_on_its_page(client):
    admin = RoleGrantFactory(role=Role.FEEDBACK_ADMIN).user
    officer = RoleGrantFactory(role=Role.HR).user
    coming = SurveyRoundFactory(future=True)
    bureau = BureauFactory()
    for name in ("企画室", "調査室"):
        section = SectionFactory(bureau=bureau, name=name)
        for _ in range(7):
            AssignmentFactory(section=section)
    page = f"/surveys/rounds/{coming.fiscal_year}/plan/"
    client.force_login(admin)

    shown = client.get(page).content.decode()
    assert "企画室（5）、調査室（5）" in shown
    assert "この計画を確認する" not in shown
    refused = client.post(page, {"minimum": "8", "reason": ""})
    assert refused.status_code == 422
    assert "10人より少なくする理由を入力してください" in refused.content.decode()
    refused = client.post(page, {"minimum": "4", "reason": "小さい課室が多い"})
    assert "5人に満たないまとまりの値は、だれが決めても表示できません。" in refused.content.decode()
    assert client.post(page, {"minimum": "10", "reason": ""}).status_code == 302
    assert JointUnit.objects.get().name == "企画室ほか"
    assert client.post(page, {"step": "confirm"}).status_code == 403
    client.force_login(officer)
    assert "この計画を確認する" in client.get(page).content.decode()
    client.post(page, {"step": "confirm"})

    assert DisclosurePlan.objects.get().confirmed_by == officer
    assert "確認済みです" in client.get(page).content.decode()
    assert client.post(page, {"minimum": "10"}).status_code == 403
