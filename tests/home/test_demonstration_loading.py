"""Loading the demonstration ministry: whole, the same for the same seed, on any day, and only where it may."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from career_portal.audit.models import AccessEvent
from career_portal.common.clock import fiscal_year, today
from career_portal.home.demonstration.loading import (
    CannotLoad,
    Order,
    is_loaded,
    load_demonstration,
)
from career_portal.home.demonstration.timeline import at
from career_portal.home.reference_data import load_reference_data
from career_portal.mail.models import LocalMail
from career_portal.staff.models import Assignment, Section, User
from postings.models import PostDescription
from surveys.models import (
    DeadlineExtension,
    DraftPart,
    ExportedForm,
    FormExport,
    MentorRelease,
    Reminder,
    ReminderRun,
    Submission,
    SubmittedPart,
    SurveyRound,
)


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
        *what_hr_and_readers_did(),
    )


def what_hr_and_readers_did():
    """Rows of the rounds' course, by names and receipt numbers."""
    numbers = dict(Submission.objects.values_list("pk", "receipt_number"))
    usernames = dict(User.objects.values_list("pk", "username"))
    reads = AccessEvent.objects.order_by("pk").values_list(
        "read_at", "reader_id", "reader_name", "capacity", "subject_id", "object_id", "part"
    )
    return (
        [
            (at, usernames[reader], name, capacity, usernames[subject], numbers[version], part)
            for at, reader, name, capacity, subject, version, part in reads
        ],
        rows(
            MentorRelease, "survey__user__username", "part__code", "mentor__username", "released_at"
        ),
        rows(
            DeadlineExtension,
            "round__fiscal_year",
            "kind",
            "section__code",
            "person__username",
            "until",
            "granted_by__username",
            "granted_at",
            "revoked_at",
        ),
        rows(ReminderRun, "bureau__code", "started_by__username", "note", "started_at"),
        rows(Reminder, "person__username", "sent_on", "mail__message_id", "mail__sent_at"),
        rows(LocalMail, "message_id", "recipient", "subject", "body", "received_at"),
        rows(FormExport, "round__fiscal_year", "filters", "people", "state", "requested_at"),
        rows(ExportedForm, "export__purpose", "submission__receipt_number"),
    )


def rows(model, *fields):
    return list(model.objects.order_by("pk").values_list(*fields))


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
    midnight = at(day, datetime.time.min)
    for model, field in (
        (AccessEvent, "read_at"),
        (MentorRelease, "released_at"),
        (DeadlineExtension, "granted_at"),
        (LocalMail, "received_at"),
        (FormExport, "requested_at"),
    ):
        assert model.objects.exists()
        assert not model.objects.filter(**{f"{field}__gte": midnight}).exists()


@pytest.mark.django_db
def test_smallest_ministry_shows_the_mentor_two_forms():
    load(people=60)
    mentor = User.objects.get(username="mentor")

    named = MentorRelease.objects.filter(mentor=mentor, part__code="interview")
    read = SubmittedPart.objects.read_as_mentor(mentor).filter(part__code="interview")

    assert named.count() >= 2
    assert read.count() == named.count()


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
    PostDescription.objects.create(code="S001-1", section=in_the_way)

    with pytest.raises(IntegrityError):
        load()

    assert not User.objects.exists()
    assert not SurveyRound.objects.exists()
    assert not Section.objects.exclude(valid_until=None).exists()
