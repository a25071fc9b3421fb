"""Loading the demonstration ministry: whole, the same for the same seed, on any day, and only where it may."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from career_portal.common.clock import fiscal_year, today
from career_portal.home.demonstration.loading import (
    CannotLoad,
    Order,
    is_loaded,
    load_demonstration,
)
from career_portal.home.reference_data import load_reference_data
from career_portal.staff.models import Assignment, Section, User
from postings.models import PostDescription
from surveys.models import DraftPart, SubmittedPart, SurveyRound


def load(people=60, seed=7, day=None):
    load_demonstration(Order(people, seed, day or today(), "password"), lambda _: None)


def fingerprint():
    """What was loaded, without ids and secrets."""
    return (
        list(User.objects.order_by("staff_number").values_list("username", "family_name", "state")),
        list(
            Assignment.objects.order_by(
                "user__staff_number", "valid_from", "section__code"
            ).values_list("user__username", "section__code", "section__name", "post_title")
        ),
        list(
            SubmittedPart.objects.order_by(
                "submission__receipt_number", "part__number"
            ).values_list("submission__receipt_number", "submission__submitted_at", "answers")
        ),
        list(DraftPart.objects.order_by("pk").values_list("answers", "version", "saved_at")),
    )


def load_and_take_back(**order):
    with transaction.atomic():
        load(**order)
        connection.check_constraints()
        found = fingerprint()
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_same_seed_gives_the_same_ministry():
    first = load_and_take_back(people=60, seed=1)

    assert load_and_take_back(people=60, seed=1) == first
    assert load_and_take_back(people=60, seed=2) != first


@pytest.mark.django_db
@pytest.mark.parametrize(
    "day",
    [
        datetime.date(2027, 1, 1),
        datetime.date(2027, 3, 31),
        datetime.date(2027, 4, 1),
        datetime.date(2027, 7, 1),
        datetime.date(2028, 2, 29),
    ],
)
def test_any_day_of_the_year_makes_a_ministry(day):
    load(people=70, day=day)

    connection.check_constraints()
    newest = SurveyRound.objects.first()
    assert newest.fiscal_year == fiscal_year(day)
    assert Assignment.objects.on(day).main().count() == 70


@pytest.mark.django_db
def test_load_is_refused_where_demonstration_accounts_must_not_exist(settings):
    settings.DEMO_ACCOUNTS_ALLOWED = False

    with pytest.raises(CommandError):
        call_command("load_demo", people=60)

    assert not is_loaded()


@pytest.mark.django_db
def test_load_is_refused_beside_real_people():
    User.objects.create_user("somebody", staff_number="1")

    with pytest.raises(CannotLoad):
        load(people=60)


@pytest.mark.django_db
def test_load_is_refused_for_a_handful_of_people():
    with pytest.raises(CannotLoad):
        load(people=59)


@pytest.mark.django_db
def test_command_loads_and_says_what():
    said = io.StringIO()

    call_command("load_demo", people=60, stdout=said)

    assert "60 in service" in said.getvalue()
    assert is_loaded()


@pytest.mark.django_db
def test_reference_data_is_loaded_once():
    first = load_reference_data()
    second = load_reference_data()

    assert second == first
    assert Section.objects.count() == 265
    assert first.framework.skills.count() == 26
    assert first.questionnaire.parts.count() == 8


@pytest.mark.django_db
def test_load_that_fails_on_the_way_leaves_nothing():
    load_reference_data()
    in_the_way = Section.objects.get(code="S001")
    PostDescription.objects.create(
        code="S001-1", section=in_the_way, title="係長", grade="unit_chief", state="published"
    )

    with pytest.raises(IntegrityError):
        load()

    assert not User.objects.exists()
    assert not SurveyRound.objects.exists()
    assert not Section.objects.exclude(valid_until=None).exists()
