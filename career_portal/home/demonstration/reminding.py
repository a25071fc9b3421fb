"""One run of reminders by hand, some days ago, with its mails."""

from __future__ import annotations

import datetime
from email.utils import parseaddr
from random import Random

from django.conf import settings
from django.db.models import Exists, OuterRef

from career_portal.home.demonstration.organisation_history import Unit
from career_portal.home.demonstration.sign_ins import Officers
from career_portal.home.demonstration.survey_rows import RoundInUse
from career_portal.home.demonstration.timeline import Timeline
from career_portal.mail.models import LocalMail, OutgoingMail
from career_portal.staff.models import Assignment, User
from surveys.models import Reminder, ReminderRun, Submission
from surveys.running.reminder_services import MAIL_KIND, reminder_mail

DAYS_AGO = 6
STARTED_AT = datetime.time(10, 5)
SECONDS_TO_DELIVER = 40
NOTE = "忙しい時期と重なりますので、書けるところから少しずつで構いません。"


def write_reminders(
    round_: RoundInUse,
    timeline: Timeline,
    officers: Officers,
    unit: Unit,
    just_back: int,
    random: Random,
) -> int:
    """Remind the bureau of a section: all who had not handed in by then, without who was on leave. Gives how many."""
    started_at = timeline.workday(DAYS_AGO, STARTED_AT)
    run = ReminderRun.objects.create(
        round_id=round_.pk,
        started_by_id=officers.first,
        bureau_id=unit.bureau_pk,
        note=NOTE,
        started_at=started_at,
    )
    people = _people_behind(round_, unit, started_at, just_back)
    mails = OutgoingMail.objects.bulk_create(
        _mail(person, round_, started_at, random) for person in people
    )
    Reminder.objects.bulk_create(
        Reminder(run=run, person=person, sent_on=started_at.date(), mail=mail)
        for person, mail in zip(people, mails, strict=True)
    )
    LocalMail.objects.bulk_create(
        LocalMail(
            message_id=mail.message_id,
            sender=settings.DEFAULT_FROM_EMAIL,
            recipient=mail.address,
            subject=mail.subject,
            body=mail.body,
            received_at=mail.sent_at or started_at,
        )
        for mail in mails
    )
    return len(people)


def _people_behind(
    round_: RoundInUse, unit: Unit, instant: datetime.datetime, just_back: int
) -> list[User]:
    posts = Assignment.objects.on(instant.date()).main().filter(section__bureau=unit.bureau_pk)
    handed_in = Submission.objects.in_force_at(instant).filter(survey__round=round_.pk)
    return list(
        User.objects.filter(Exists(posts.filter(user=OuterRef("pk"))), state=User.State.ACTIVE)
        .exclude(pk=just_back)
        .exclude(Exists(handed_in.filter(survey__user=OuterRef("pk"))))
        .order_by("pk")
    )


def _mail(
    person: User, round_: RoundInUse, queued_at: datetime.datetime, random: Random
) -> OutgoingMail:
    subject, body = reminder_mail(
        person,
        fiscal_year=round_.dates.fiscal_year,
        deadline=round_.dates.deadline_at,
        note=NOTE,
        day=queued_at.date(),
    )
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    wait = datetime.timedelta(seconds=random.uniform(1, SECONDS_TO_DELIVER))
    return OutgoingMail(
        recipient_id=person.pk,
        address=person.email,
        subject=subject,
        body=body,
        kind=MAIL_KIND,
        message_id=f"<{random.getrandbits(128):032x}@{domain}>",
        created_at=queued_at,
        state=OutgoingMail.State.SENT,
        attempts=1,
        next_attempt_at=queued_at,
        sent_at=queued_at + wait,
    )
