"""Each named constraint refuses what it is named after, by the database and with a sentence."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from career_portal.staff.models import (
    Assignment,
    Bureau,
    RoleGrant,
    Section,
    SectionSuccession,
    SupervisorDesignation,
    User,
)
from career_portal.staff.roles import Role
from tests.factories.staff import (
    AssignmentFactory,
    BureauFactory,
    RoleGrantFactory,
    SectionFactory,
    SectionSuccessionFactory,
    SupervisorDesignationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

APRIL = datetime.date(2026, 4, 1)
JULY = datetime.date(2026, 7, 1)
OCTOBER = datetime.date(2026, 10, 1)


def main_post_beside_another():
    user = UserFactory()
    AssignmentFactory(user=user, valid_from=APRIL, valid_until=OCTOBER)
    return AssignmentFactory.build(
        user=user, section=SectionFactory(), valid_from=JULY, valid_until=None
    )


def second_post_in_the_section():
    first = AssignmentFactory(valid_from=APRIL)
    return AssignmentFactory.build(
        user=first.user, section=first.section, valid_from=JULY, is_concurrent=True
    )


def second_head():
    first = AssignmentFactory(head=True, valid_from=APRIL, valid_until=OCTOBER)
    return AssignmentFactory.build(
        user=UserFactory(), section=first.section, head=True, valid_from=JULY
    )


def second_acting_head():
    first = AssignmentFactory(acting_head=True, valid_from=APRIL)
    return AssignmentFactory.build(
        user=UserFactory(), section=first.section, acting_head=True, valid_from=APRIL
    )


def bureau_code_again():
    first = BureauFactory(valid_from=APRIL)
    return BureauFactory.build(code=first.code, valid_from=JULY)


def section_code_again():
    first = SectionFactory(valid_from=APRIL)
    return SectionFactory.build(bureau=BureauFactory(), code=first.code, valid_from=JULY)


def section_name_again():
    first = SectionFactory(valid_from=APRIL, division="電力・ガス事業部", name="総務課")
    return SectionFactory.build(
        bureau=first.bureau, division=first.division, name=first.name, valid_from=JULY
    )


def succession_again():
    first = SectionSuccessionFactory()
    return SectionSuccessionFactory.build(
        predecessor=first.predecessor, successor=first.successor, kind="split"
    )


def succession_of_itself():
    section = SectionFactory()
    return SectionSuccessionFactory.build(predecessor=section, successor=section)


def designation_of_nothing():
    return SupervisorDesignationFactory.build(supervisor=UserFactory(), section=None)


def designation_of_both():
    return SupervisorDesignationFactory.build(
        supervisor=UserFactory(), section=SectionFactory(), bureau=BureauFactory()
    )


def grant(**fields):
    return RoleGrantFactory.build(**{"user": UserFactory(), "valid_from": APRIL, **fields})


def grant_again():
    first = RoleGrantFactory(role=Role.HR, bureau=BureauFactory(), valid_from=APRIL)
    return grant(user=first.user, role=Role.HR, bureau=first.bureau, valid_from=JULY)


def grant_to_himself():
    user = UserFactory()
    return grant(user=user, role=Role.HR, granted_by=user)


def turned_round(factory, **fields):
    return factory.build(**fields, valid_from=JULY, valid_until=JULY)


REFUSED = {
    (Assignment, "one_main_post_at_a_time"): main_post_beside_another,
    (Assignment, "one_post_per_section_at_a_time"): second_post_in_the_section,
    (Assignment, "one_head_per_section_at_a_time"): second_head,
    (Assignment, "assignment_ends_after_start"): lambda: turned_round(
        AssignmentFactory, user=UserFactory(), section=SectionFactory()
    ),
    (Bureau, "bureau_code_held_once_at_a_time"): bureau_code_again,
    (Bureau, "bureau_ends_after_start"): lambda: turned_round(BureauFactory),
    (Section, "section_code_held_once_at_a_time"): section_code_again,
    (Section, "section_name_held_once_at_a_time"): section_name_again,
    (Section, "section_ends_after_start"): lambda: turned_round(
        SectionFactory, bureau=BureauFactory()
    ),
    (SectionSuccession, "succession_stated_once"): succession_again,
    (SectionSuccession, "succession_joins_two_sections"): succession_of_itself,
    (SupervisorDesignation, "designation_for_section_or_bureau"): designation_of_nothing,
    (SupervisorDesignation, "designation_ends_after_start"): lambda: turned_round(
        SupervisorDesignationFactory, supervisor=UserFactory(), section=SectionFactory()
    ),
    (RoleGrant, "role_granted_once_at_a_time"): grant_again,
    (RoleGrant, "grant_role_is_known"): lambda: grant(role="emperor"),
    (RoleGrant, "grant_scope_is_bureau_or_section"): lambda: grant(
        role=Role.HR, bureau=BureauFactory(), section=SectionFactory()
    ),
    (RoleGrant, "delegate_acts_for_somebody"): lambda: grant(role=Role.DELEGATE),
    (RoleGrant, "nobody_grants_himself"): grant_to_himself,
    (RoleGrant, "grant_ends_after_start"): lambda: turned_round(
        RoleGrantFactory, user=UserFactory()
    ),
    (User, "user_state_is_known"): lambda: UserFactory.build(state="asleep"),
}
ALSO_REFUSED = [
    ("one_head_per_section_at_a_time", second_acting_head),
    ("designation_for_section_or_bureau", designation_of_both),
    (
        "delegate_acts_for_somebody",
        lambda: grant(role=Role.HR, on_behalf_of=UserFactory()),
    ),
]


def constraint_names(model):
    return {(model, constraint.name) for constraint in model._meta.constraints}


def test_every_constraint_has_a_refused_row_here():
    tracked = {model for model, _ in REFUSED}

    assert set(REFUSED) == set().union(*map(constraint_names, tracked))


@pytest.mark.parametrize(
    ("name", "make"),
    [*((name, make) for (_, name), make in REFUSED.items()), *ALSO_REFUSED],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_row_against_the_constraint_is_refused_by_the_database(name, make):
    row = make()

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        row.save()

    assert refusal.value.__cause__.diag.constraint_name == name


@pytest.mark.parametrize(
    ("key", "make"), REFUSED.items(), ids=lambda value: value[1] if isinstance(value, tuple) else ""
)
def test_row_against_the_constraint_gets_a_japanese_sentence(key, make):
    model, name = key
    [constraint] = [one for one in model._meta.constraints if one.name == name]
    row = make()

    with pytest.raises(ValidationError) as refusal:
        constraint.validate(model, row)

    [message] = refusal.value.messages
    assert not message.isascii()


def test_posts_one_after_the_other_on_the_same_day_are_allowed():
    user, section = UserFactory(), SectionFactory()
    AssignmentFactory(user=user, section=section, head=True, valid_from=APRIL, valid_until=JULY)

    AssignmentFactory(user=user, section=section, head=True, valid_from=JULY)

    assert Assignment.objects.on(JULY).count() == 1


def test_concurrent_post_beside_the_main_one_is_allowed():
    first = AssignmentFactory(valid_from=APRIL)

    AssignmentFactory(user=first.user, valid_from=APRIL, acting_head=True)

    assert Assignment.objects.main().count() == 1


def test_head_and_acting_head_may_overlap_for_the_handover():
    first = AssignmentFactory(head=True, valid_from=APRIL)

    AssignmentFactory(section=first.section, acting_head=True, valid_from=APRIL)

    assert Assignment.objects.count() == 2


def test_same_section_name_in_another_division_or_later_is_allowed():
    first = SectionFactory(name="総務課", valid_from=APRIL, valid_until=JULY)

    SectionFactory(bureau=first.bureau, name="総務課", division="部", valid_from=APRIL)
    SectionFactory(bureau=first.bureau, name="総務課", valid_from=JULY)

    assert Section.objects.filter(name="総務課").count() == 3


def test_same_role_in_another_scope_or_for_another_head_is_allowed():
    user = UserFactory()
    for scope in ({}, {"bureau": BureauFactory()}, {"section": SectionFactory()}):
        RoleGrantFactory(user=user, role=Role.HR, **scope)
    for _ in range(2):
        RoleGrantFactory(user=user, role=Role.DELEGATE, on_behalf_of=UserFactory())

    assert RoleGrant.objects.filter(user=user).count() == 5
