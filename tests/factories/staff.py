"""Minimal valid rows of people and organisation."""

import datetime

import factory
from django.contrib.auth.hashers import make_password

from career_portal.staff.models import (
    Assignment,
    Bureau,
    RoleGrant,
    Section,
    SectionSuccession,
    SupervisorDesignation,
    User,
)
from career_portal.staff.models.assignments import Grade
from career_portal.staff.roles import Role

PASSWORD = "correct horse battery"
LONG_AGO = datetime.date(2020, 4, 1)


class BureauFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Bureau

    code = factory.Sequence(lambda n: f"B{n:03}")
    name = factory.Sequence(lambda n: f"第{n}局")
    valid_from = LONG_AGO


class SectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Section

    bureau = factory.SubFactory(BureauFactory)
    code = factory.Sequence(lambda n: f"S{n:03}")
    name = factory.Sequence(lambda n: f"第{n}課")
    valid_from = LONG_AGO


class SectionSuccessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SectionSuccession

    predecessor = factory.SubFactory(SectionFactory)
    successor = factory.SubFactory(SectionFactory)
    kind = SectionSuccession.Kind.RENAME
    effective_on = datetime.date(2025, 7, 1)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    class Params:
        on_leave = factory.Trait(state=User.State.ON_LEAVE)
        ended = factory.Trait(state=User.State.ENDED)
        demonstration = factory.Trait(is_demonstration=True)

    username = factory.Sequence(lambda n: f"person{n}")
    staff_number = factory.Sequence(lambda n: f"{n:06}")
    family_name = "髙橋"
    given_name = factory.Sequence(lambda n: f"花子{n}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))


class AssignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Assignment

    class Params:
        head = factory.Trait(
            position=Assignment.Position.HEAD, grade=Grade.DIRECTOR, post_title="課長"
        )
        acting_head = factory.Trait(
            position=Assignment.Position.ACTING_HEAD,
            grade=Grade.DEPUTY_DIRECTOR_GENERAL,
            post_title="事務取扱",
            is_concurrent=True,
        )

    user = factory.SubFactory(UserFactory)
    section = factory.SubFactory(SectionFactory)
    grade = Grade.UNIT_CHIEF
    post_title = "係長"
    valid_from = LONG_AGO


class SupervisorDesignationFactory(factory.django.DjangoModelFactory):
    """Designates for a section; pass `section=None, bureau=…` for the heads of a bureau."""

    class Meta:
        model = SupervisorDesignation

    supervisor = factory.SubFactory(UserFactory)
    section = factory.SubFactory(SectionFactory)
    bureau = None
    valid_from = LONG_AGO


class RoleGrantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoleGrant

    user = factory.SubFactory(UserFactory)
    role = Role.MENTOR
    valid_from = LONG_AGO
