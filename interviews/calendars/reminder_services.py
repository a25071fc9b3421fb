"""Reminding both of an interview the day before, once, whatever happens to the worker that does it."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.common.era import clock_time
from career_portal.mail.services import queue_mails
from interviews.booking.services import period_of
from interviews.calendars.announcing import drafts
from interviews.models import Interview, InterviewReminder

ONE_DAY = datetime.timedelta(days=1)


def remind_of_tomorrow() -> int:
    """Remind of every interview that is booked for tomorrow (JST), and return how many mails were queued.

    Each interview has a transaction of its own: a run that dies has reminded of some and of the others not at all.
    """
    day = today() + ONE_DAY
    begins = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
    due = (
        Interview.objects.booked()
        .filter(period__startswith__contained_by=period_of(begins, begins + ONE_DAY))
        .order_by("pk")
    )
    return sum(_remind(pk, day) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _remind(pk: int, day: datetime.date) -> int:
    # Of two runs at once the second waits here and then finds whom the first has reminded.
    held = (
        Interview.objects.select_for_update(of=("self",))
        .select_related("interviewer", "interviewee")
        .get(pk=pk)
    )
    if held.state != Interview.State.BOOKED or timezone.localdate(held.period.lower) != day:
        return 0
    reminded = set(
        InterviewReminder.objects.filter(interview=held, of_day=day).values_list(
            "person_id", flat=True
        )
    )
    subject = f"明日 {clock_time(held.period.lower)} から打合せの予定です"
    mails = queue_mails(
        draft
        for draft in drafts(held, subject, {"news": "明日、打合せの予定があります"})
        if draft.recipient_id not in reminded
    )
    InterviewReminder.objects.bulk_create(
        InterviewReminder(interview=held, person_id=mail.recipient_id, of_day=day, mail=mail)
        for mail in mails
    )
    return len(mails)
