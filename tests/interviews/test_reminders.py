"""Reminders the day before: once for each of the two, whoever runs beside it or died in the midst."""

import datetime
import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from career_portal.celery import app
from career_portal.mail.models import OutgoingMail
from interviews.booking import services
from interviews.calendars.reminder_services import remind_of_tomorrow
from interviews.models import Interview, InterviewReminder
from interviews.tasks import remind_of_interviews
from tests.factories import interviews as made
from tests.factories.staff import UserFactory
from tests.interviews.reachable import colleague, line
from tests.threads import behind_a_lock, waiting
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db


def tomorrow(hour=10):
    return made.next_week(hour, days=1)


def reminders():
    """Mails that remind, without those of the booking."""
    return OutgoingMail.objects.filter(subject__contains="明日").order_by("recipient_id")


def test_both_are_reminded_the_day_before_and_only_then():
    head, member = line()
    other = colleague(member)
    made.interview(head, member, tomorrow())
    made.interview(head, other, made.next_week(10, days=2))
    today = timezone.now() + datetime.timedelta(minutes=1)
    third = colleague(member)
    made.interview(head, third, services.period_of(today, today + datetime.timedelta(minutes=1)))

    remind_of_interviews()
    remind_of_interviews()

    assert [mail.address for mail in reminders()] == [head.email, member.email]
    mail = reminders()[0]
    assert mail.subject == "【キャリアポータル】明日 10:00 から打合せの予定です"
    assert f"相手：{member.display_name} さん" in mail.body
    assert mail.calendar == ""
    assert "キャリア面談" not in mail.subject + mail.body


def test_days_are_those_of_japan(time_machine):
    time_machine.move_to(datetime.datetime(2026, 12, 1, 15, 30, tzinfo=datetime.UTC), tick=False)
    head, member = line()
    # It is 2 December in Japan; the last minute of the 3rd is tomorrow, the first of the 4th is not.
    for days, hour, minute, wanted in ((1, 23, 59, 2), (2, 0, 0, 0)):
        interview = made.interview(head, member, made.next_week(hour, minute, 1, days=days))
        assert remind_of_tomorrow() == wanted
        Interview.objects.filter(pk=interview.pk).update(state="cancelled")


def test_cancelled_talks_and_people_without_address_are_left_out():
    head, member = line()
    interview = made.interview(head, member, tomorrow(10))
    services.cancel_interview(interview, reason="都合", by=head)
    quiet = UserFactory(email="")
    made.AssignmentFactory(user=quiet, section=member.assignments.get().section)
    made.interview(head, quiet, tomorrow(14))

    assert remind_of_tomorrow() == 1

    assert [mail.address for mail in reminders()] == [head.email]


def test_moved_talk_is_reminded_of_its_new_day_again_and_of_the_same_day_once(time_machine):
    time_machine.move_to(datetime.datetime(2026, 12, 1, 3, tzinfo=datetime.UTC), tick=False)
    head, member = line()
    interview = made.interview(head, member, tomorrow(10))
    assert remind_of_tomorrow() == 2

    services.move_interview(interview, tomorrow(16), reason="都合", by=head)
    assert remind_of_tomorrow() == 0
    services.move_interview(interview, made.next_week(10, days=3), reason="都合", by=head)
    assert remind_of_tomorrow() == 0

    time_machine.shift(datetime.timedelta(days=2))
    assert remind_of_tomorrow() == 2
    assert InterviewReminder.objects.count() == 4


def test_that_one_was_reminded_is_seen_by_oneself_alone():
    head, member = line()
    made.interview(head, member, tomorrow())
    remind_of_tomorrow()

    for person in (head, member):
        assert [row.person for row in InterviewReminder.objects.visible_to(person)] == [person]
    assert not InterviewReminder.objects.visible_to(colleague(member)).exists()


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_remind_each_once():
    head, member = line()
    interview = made.interview(head, member, tomorrow())

    counts = behind_a_lock(
        2, lambda number: remind_of_tomorrow(), held=Interview.objects.filter(pk=interview.pk)
    )

    assert sorted(counts) == [0, 2]
    assert reminders().count() == 2


@pytest.mark.django_db(transaction=True)
def test_run_that_dies_in_the_midst_leaves_the_rest_to_the_next():
    head, member = line()
    other = colleague(member)
    made.interview(head, member, tomorrow(10))
    last = made.interview(head, other, tomorrow(14))
    backends, died = [], []

    def run():
        connection.ensure_connection()
        backends.append(connection.connection.info.backend_pid)
        try:
            remind_of_tomorrow()
        except DatabaseError as error:
            died.append(error)
        finally:
            connection.close()

    worker = threading.Thread(target=run)
    with transaction.atomic():
        # The run has reminded of the first, and queued the mails of the last, when its connection ends.
        InterviewReminder.objects.create(
            interview=last, person=other, of_day=tomorrow().lower.date()
        )
        worker.start()
        wait_for(lambda: backends and waiting(backends) == 1)
        with connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(%s)", backends)
        worker.join(timeout=30)
        transaction.set_rollback(True)
    assert len(died) == 1
    assert [mail.address for mail in reminders()] == [head.email, member.email]

    assert remind_of_tomorrow() == 2

    assert sorted(mail.address for mail in reminders()) == sorted(
        [head.email, head.email, member.email, other.email]
    )


def test_reminders_run_every_hour_of_the_day():
    app.loader.import_default_modules()
    entry = app.conf.beat_schedule["remind-of-interviews"]

    assert entry["task"] == remind_of_interviews.name
    assert (len(entry["schedule"].hour), entry["schedule"].minute) == (10, {30})
