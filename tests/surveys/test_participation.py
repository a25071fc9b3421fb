"""Who has taken part, by bureau, section and name."""

import datetime
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from career_portal.common.clock import today
from career_portal.staff.roles import Role
from surveys import services
from surveys.running.participation import (
    Participation,
    participation_by_bureau,
    people_of_section,
    total,
)
from surveys.running.participation_sheet import participation_sheet
from tests.factories.staff import (
    AssignmentFactory,
    BureauFactory,
    RoleGrantFactory,
    SectionFactory,
    UserFactory,
)
from tests.factories.surveys import SurveyRoundFactory, close, hope_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def ministry(survey_round):
    """Two bureaus, three sections; people in every state of taking part."""
    here, there = BureauFactory(sort_order=1), BureauFactory(sort_order=2)
    units = {
        "first": SectionFactory(bureau=here, sort_order=1),
        "second": SectionFactory(bureau=here, sort_order=2, division="企画部"),
        "far": SectionFactory(bureau=there, division="北部"),
    }
    for state in ("submitted", "correcting", "withdrawn", "draft"):
        person = AssignmentFactory(section=units["first"]).user
        hope_survey(survey_round, person, state, numbers=[1])
    AssignmentFactory(section=units["first"], user__on_leave=True)
    AssignmentFactory(section=units["first"], user__ended=True)
    AssignmentFactory(section=units["first"], valid_until=today())
    beside = AssignmentFactory(section=units["second"]).user
    AssignmentFactory(user=beside, section=units["first"], is_concurrent=True)
    AssignmentFactory(section=units["far"])
    return units


@pytest.fixture
def officer():
    return RoleGrantFactory(role=Role.HR).user


def figures(survey_round, viewer):
    """Expected and taken part, by section code, and of each bureau."""
    found = {}
    for bureau in participation_by_bureau(survey_round, viewer=viewer):
        found[bureau.code] = (bureau.figures.expected, bureau.figures.taken)
        found |= {
            unit.code: (unit.figures.expected, unit.figures.taken) for unit in bureau.sections
        }
    return found


def test_main_posts_in_service_are_expected_and_forms_in_force_count(
    survey_round, ministry, officer
):
    here, there = ministry["first"].bureau, ministry["far"].bureau

    assert figures(survey_round, officer) == {
        here.code: (5, 2),
        ministry["first"].code: (4, 2),
        ministry["second"].code: (1, 0),
        there.code: (1, 0),
        ministry["far"].code: (1, 0),
    }
    bureaus = participation_by_bureau(survey_round, viewer=officer)
    assert [unit.name for unit in bureaus[0].sections][1].startswith("企画部 ")
    assert total(bureaus) == Participation(6, 2)


@pytest.mark.parametrize("scope", ["bureau", "section", "other"])
def test_officer_sees_the_sections_of_his_scope_alone(survey_round, ministry, scope):
    options = {
        "bureau": {"bureau": ministry["first"].bureau},
        "section": {"section": ministry["second"]},
        "other": {"bureau": ministry["far"].bureau},
    }
    viewer = RoleGrantFactory(role=Role.HR, **options[scope]).user

    codes = set(figures(survey_round, viewer)) & {unit.code for unit in ministry.values()}

    names = {"bureau": {"first", "second"}, "section": {"second"}, "other": {"far"}}[scope]
    assert codes == {ministry[name].code for name in names}


@pytest.mark.parametrize("role", [Role.FEEDBACK_ADMIN, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_other_roles_see_no_figures(survey_round, ministry, role):
    assert figures(survey_round, RoleGrantFactory(role=role).user) == {}


def test_everybody_of_a_closed_round_counts_whatever_became_of_him(survey_round, ministry, officer):
    survey_round.closed_at = timezone.now()
    survey_round.deadline_at = survey_round.closed_at
    survey_round.save()

    assert figures(survey_round, officer)[ministry["first"].code] == (6, 2)


def test_a_year_ago_counts_what_was_in_force_at_the_same_distance_from_the_deadline(
    survey_round, officer
):
    section = SectionFactory()
    before = SurveyRoundFactory(
        fiscal_year=survey_round.fiscal_year - 1,
        opens_at=timezone.now() - datetime.timedelta(days=400),
        deadline_at=timezone.now() + (survey_round.deadline_at - timezone.now()),
        reference_date=today() - datetime.timedelta(days=395),
    )
    people = [AssignmentFactory(section=section).user for _ in range(4)]
    for person, state in zip(
        people, ("submitted", "withdrawn", "correcting", "draft"), strict=True
    ):
        hope_survey(before, person, state, numbers=[1])
    # What is handed in nearer to that deadline does not count yet.
    before.deadline_at += datetime.timedelta(hours=1)
    before.save()
    [then] = [bureau.figures for bureau in participation_by_bureau(survey_round, viewer=officer)]
    assert (then.expected_before, then.taken_before, then.rate_before) == (4, 2, 50)

    before.deadline_at -= datetime.timedelta(hours=2)
    before.save()
    [then] = [bureau.figures for bureau in participation_by_bureau(survey_round, viewer=officer)]
    assert (then.taken_before, then.rate_before) == (0, 0)


def test_members_of_a_section_are_listed_by_name_with_yes_or_no(survey_round, ministry, officer):
    section = ministry["first"]
    people = people_of_section(survey_round, section, viewer=officer)

    assert [one.has_taken_part for one in people].count(True) == 2
    assert [(one.is_on_leave, one.has_taken_part) for one in people][-1] == (True, False)
    assert len(people) == 5


def test_rate_is_rounded_down_so_that_a_hundred_means_everybody():
    assert [Participation(300, taken).rate for taken in (0, 299, 300)] == [0, 99, 100]
    assert Participation(0, 0).rate == 0


def test_workbook_holds_names_and_yes_or_no_of_the_scope_and_nothing_else(
    survey_round, ministry, officer
):
    writer = AssignmentFactory(
        section=ministry["far"], user__family_name="=1+1", user__given_name="𠮷"
    ).user
    hope_survey(survey_round, writer, mark="鵺の文")
    narrow = RoleGrantFactory(role=Role.HR, bureau=ministry["far"].bureau).user

    with participation_sheet(survey_round, viewer=narrow) as file:
        content = file.read()
    book = load_workbook(io.BytesIO(content))

    rows = list(book["提出の状況"].iter_rows(min_row=2, values_only=True))
    assert {(row[3], row[5]) for row in rows} == {
        ("=1+1 𠮷", "提出済み"),
        (next(row[3] for row in rows if row[5] == "未提出"), "未提出"),
    }
    assert {row[1] for row in rows} == {f"北部 {ministry['far'].name}"}
    every = [
        str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row
    ]
    assert not [value for value in every if "鵺" in value]


@pytest.mark.parametrize("sections", [1, 3])
def test_figures_take_the_same_statements_for_any_number_of_sections(
    survey_round, officer, sections, django_assert_num_queries
):
    for _ in range(sections):
        person = AssignmentFactory().user
        hope_survey(survey_round, person, numbers=[1])
    close(SurveyRoundFactory(closed=True))

    with django_assert_num_queries(4):
        participation_by_bureau(survey_round, viewer=officer)


def test_own_participation_counts_in_ones_own_scope(survey_round, officer):
    section = SectionFactory()
    AssignmentFactory(user=officer, section=section)
    hope_survey(survey_round, officer, numbers=[1])
    services.open_correction(survey_round, by=officer)
    AssignmentFactory(user=UserFactory(), section=section)

    assert figures(survey_round, officer)[section.code] == (2, 1)
