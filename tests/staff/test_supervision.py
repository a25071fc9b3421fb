"""Who supervises whom follows from assignments and designations of the day."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from career_portal.staff.models import Assignment, User
from career_portal.staff.models.user import request_user
from career_portal.staff.roles import Role
from tests.factories.staff import (
    AssignmentFactory,
    BureauFactory,
    RoleGrantFactory,
    SectionFactory,
    SupervisorDesignationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 10, 1)
YESTERDAY = TODAY - datetime.timedelta(days=1)
TOMORROW = TODAY + datetime.timedelta(days=1)


def supervised_by(user, day=TODAY):
    return set(User.objects.supervised_by(user, day))


def supervisors_of(user, day=TODAY):
    return set(User.objects.supervisors_of(user, day))


@pytest.fixture
def section():
    return SectionFactory()


@pytest.fixture
def member(section):
    return AssignmentFactory(section=section).user


@pytest.fixture
def head(section):
    return AssignmentFactory(section=section, head=True).user


def test_head_supervises_the_other_members_of_the_section(section, member, head):
    other = AssignmentFactory(section=section).user
    AssignmentFactory(section__bureau=section.bureau)

    assert supervised_by(head) == {member, other}
    assert supervisors_of(member) == {head}
    assert supervised_by(member) == set()


def test_acting_head_supervises_the_members(section, member):
    acting = AssignmentFactory(section=section, acting_head=True).user

    assert supervised_by(acting) == {member}
    assert supervisors_of(member) == {acting}


def test_head_and_acting_head_both_supervise_during_the_handover(section, member, head):
    acting = AssignmentFactory(section=section, acting_head=True).user

    assert supervisors_of(member) == {head, acting}
    assert supervised_by(head) == {member, acting}
    assert supervisors_of(head) == set()


def test_deputy_director_supervises_only_while_designated(section, member, head):
    deputy = AssignmentFactory(section=section).user
    assert supervised_by(deputy) == set()

    SupervisorDesignationFactory(
        supervisor=deputy, section=section, valid_from=TODAY, valid_until=TOMORROW
    )

    assert supervised_by(deputy) == {member}
    assert supervisors_of(member) == {head, deputy}
    assert supervised_by(deputy, YESTERDAY) == supervised_by(deputy, TOMORROW) == set()


def test_head_is_not_supervised_by_the_officer_designated_for_the_section(section, head):
    deputy = AssignmentFactory(section=section).user
    SupervisorDesignationFactory(supervisor=deputy, section=section)

    assert supervisors_of(head) == set()
    assert supervisors_of(deputy) == {head}


def test_section_heads_are_supervised_by_the_officer_designated_for_the_bureau(
    section, member, head
):
    officer = UserFactory()
    SupervisorDesignationFactory(supervisor=officer, section=None, bureau=section.bureau)
    AssignmentFactory(head=True)

    assert supervised_by(officer) == {head}
    assert supervisors_of(head) == {officer}
    assert supervisors_of(member) == {head}


def test_designated_officer_of_the_bureau_does_not_supervise_himself(section, head):
    SupervisorDesignationFactory(supervisor=head, section=None, bureau=section.bureau)

    assert supervisors_of(head) == set()
    assert head not in supervised_by(head)


def test_concurrent_post_brings_a_second_supervisor(section, member, head):
    elsewhere = AssignmentFactory(head=True)
    AssignmentFactory(user=member, section=elsewhere.section, is_concurrent=True)

    assert supervisors_of(member) == {head, elsewhere.user}


def test_transfer_of_the_member_takes_effect_on_its_day(section, head):
    elsewhere = AssignmentFactory(head=True)
    before = AssignmentFactory(section=section, valid_until=TODAY)
    AssignmentFactory(user=before.user, section=elsewhere.section, valid_from=TODAY)

    assert supervisors_of(before.user, YESTERDAY) == {head}
    assert supervisors_of(before.user, TODAY) == {elsewhere.user}
    assert supervised_by(head, TODAY) == set()


def test_successor_of_the_head_supervises_from_the_day_on(section, member):
    old = AssignmentFactory(section=section, head=True, valid_until=TODAY).user
    new = AssignmentFactory(section=section, head=True, valid_from=TODAY).user

    assert supervisors_of(member, YESTERDAY) == {old}
    assert supervisors_of(member, TODAY) == {new}
    assert supervised_by(old, TODAY) == set()


def test_person_without_a_post_has_no_supervisor():
    assert supervisors_of(UserFactory()) == set()


def test_hr_of_the_whole_ministry_handles_everybody_but_himself(member, head):
    officer = AssignmentFactory().user
    RoleGrantFactory(user=officer, role=Role.HR)

    assert set(User.objects.in_hr_scope_of(officer, TODAY)) == {member, head}


def test_hr_of_a_bureau_or_section_handles_those_who_sit_there_today(section, member):
    neighbour = AssignmentFactory(section__bureau=section.bureau).user
    AssignmentFactory()
    AssignmentFactory(section=section, valid_until=TODAY)
    of_bureau, of_section = UserFactory(), UserFactory()
    RoleGrantFactory(user=of_bureau, role=Role.HR, bureau=section.bureau)
    RoleGrantFactory(user=of_section, role=Role.HR, section=section)

    assert set(User.objects.in_hr_scope_of(of_bureau, TODAY)) == {member, neighbour}
    assert set(User.objects.in_hr_scope_of(of_section, TODAY)) == {member}


@pytest.mark.parametrize(
    "fields",
    [
        {"role": Role.FEEDBACK_ADMIN},
        {"role": Role.AUDITOR},
        {"role": Role.SYSTEM_ADMIN},
        {"role": Role.HR, "valid_from": TOMORROW},
        {"role": Role.HR, "valid_until": TODAY},
    ],
)
def test_other_roles_and_grants_of_other_days_give_no_hr_scope(member, fields):
    officer = UserFactory()
    RoleGrantFactory(user=officer, **fields)

    assert not User.objects.in_hr_scope_of(officer, TODAY).exists()


def test_person_of_a_request_is_loaded_with_todays_roles_in_one_statement(
    django_assert_num_queries, section, member
):
    head = AssignmentFactory(section=section, head=True).user
    RoleGrantFactory(user=head, role=Role.HR)
    RoleGrantFactory(user=head, role=Role.HR, bureau=BureauFactory())
    RoleGrantFactory(user=head, role=Role.AUDITOR, valid_until=YESTERDAY)
    # The first request of a connection prepares the statement.
    assert not request_user(member.pk).supervises

    with django_assert_num_queries(1):
        loaded = request_user(head.pk)
        roles = [role for role in Role if loaded.has_role(role)]

    assert roles == [Role.HR]
    assert loaded.supervises


class TestMirror(TestCase):
    """Whatever the assignments: the supervised and the supervisors are each other's mirror."""

    @settings(max_examples=25, deadline=None)
    @given(st.data())
    def test_supervised_by_is_the_mirror_of_supervisors_of(self, data):
        bureaus = BureauFactory.create_batch(2)
        sections = [SectionFactory(bureau=bureau) for bureau in bureaus for _ in range(2)]
        people = UserFactory.create_batch(5)
        positions = data.draw(
            st.lists(
                st.tuples(
                    st.sampled_from(range(5)),
                    st.sampled_from(range(4)),
                    st.sampled_from(Assignment.Position),
                ),
                max_size=10,
                unique_by=(
                    lambda row: row[:2],
                    lambda row: row[1:] if row[2] != "member" else row,
                ),
            )
        )
        for person, section, position in positions:
            AssignmentFactory(
                user=people[person],
                section=sections[section],
                position=position,
                is_concurrent=True,
            )
        for person, unit in data.draw(
            st.lists(st.tuples(st.sampled_from(range(5)), st.sampled_from(range(6))), max_size=4)
        ):
            units = {"section": None, "bureau": bureaus[unit - 4]} if unit > 3 else {}
            SupervisorDesignationFactory(
                supervisor=people[person], **(units or {"section": sections[unit]})
            )

        downwards = {(boss, person) for boss in people for person in supervised_by(boss)}
        upwards = {(boss, person) for person in people for boss in supervisors_of(person)}

        assert downwards == upwards
        assert not any(boss == person for boss, person in downwards)
        leading = {person.pk for person in User.objects.for_request(TODAY) if person.supervises}
        assert {boss.pk for boss, _ in downwards} <= leading
