"""Reminding those who have not handed in: by schedule and by hand, never twice on one day, never people on leave."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Greatest, Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.common.era import fiscal_year_full, moment
from career_portal.common.errors import RuleViolation
from career_portal.mail.services import MailDraft, queue_mails
from career_portal.staff.models import Assignment, Bureau, Section, User
from career_portal.staff.models.assignments import AssignmentQuerySet
from surveys import permissions
from surveys.models import HopeSurvey, Reminder, ReminderRun, SurveyRound
from surveys.models.extensions import last_extension
from surveys.running.participation import expected_posts
from surveys.running.services import BeyondScope

DAYS_BEFORE = (7, 3, 1)
MAIL_KIND = "survey_reminder"


class NobodyToRemind(RuleViolation):
    """Everybody has handed in, or was reminded today."""

    sentence = "いま知らせる相手がいません。全員が提出したか、今日すでに知らせています。"


@dataclass(frozen=True)
class Scope:
    """Whom a run goes to: everybody, a bureau or a section."""

    bureau: Bureau | None = None
    section: Section | None = None

    def posts(self) -> AssignmentQuerySet:
        """The posts in it, of any day."""
        if self.section is not None:
            return Assignment.objects.filter(section=self.section)
        if self.bureau is not None:
            return Assignment.objects.filter(section__bureau=self.bureau)
        return Assignment.objects.all()

    def is_open_to(self, user: User) -> bool:
        """Whether the person may remind everybody in it."""
        if self.section is not None:
            return permissions.can_act_for_section(user, self.section)
        if self.bureau is not None:
            return permissions.can_act_for_bureau(user, self.bureau)
        return permissions.can_act_for_everybody(user)


@dataclass(frozen=True)
class Preview:
    """What a run would do now: whom it reaches, how many it leaves out and why, and a mail as it would be sent."""

    recipients: int
    reminded_today: int
    without_address: int
    on_leave: int
    subject: str
    body: str


def people_to_remind(survey_round: SurveyRound, scope: Scope) -> QuerySet[Any]:
    """Those in the scope who are expected, have not taken part and can still write, with their `own_deadline_at`."""
    day = today()
    posts = expected_posts(survey_round, scope.posts()).filter(user=OuterRef("pk"))
    form = HopeSurvey.objects.taking_part().filter(round=survey_round, user=OuterRef("pk"))
    extended = last_extension(Value(survey_round.pk), OuterRef("pk"), day)
    people: QuerySet[Any] = (
        User.objects.filter(Exists(posts))
        .exclude(Exists(form))
        .annotate(own_deadline_at=Greatest(Value(survey_round.deadline_at), extended))
        .filter(own_deadline_at__gt=Now())
        .order_by("pk")
    )
    return people


def preview(survey_round: SurveyRound, scope: Scope, *, note: str = "") -> Preview:
    """What sending to the scope would do now; nothing is sent."""
    people = people_to_remind(survey_round, scope)
    reachable = _reachable(people)
    first = reachable.first()
    subject, body = ("", "") if first is None else _mail_now(survey_round, first, note)
    on_leave = scope.posts().on(today()).main().filter(user__state=User.State.ON_LEAVE)
    return Preview(
        recipients=reachable.count(),
        reminded_today=people.filter(Exists(_reminders_of_today())).count(),
        without_address=people.filter(email="").count(),
        on_leave=on_leave.count(),
        subject=subject,
        body=body,
    )


@transaction.atomic
def send_reminders(
    survey_round: SurveyRound, scope: Scope, *, note: str = "", by: User
) -> ReminderRun:
    """Remind everybody in the scope by hand. Raises BeyondScope or NobodyToRemind."""
    if not scope.is_open_to(by):
        raise BeyondScope
    _one_run_at_a_time(survey_round)
    people = list(_reachable(people_to_remind(survey_round, scope)))
    if not people:
        raise NobodyToRemind
    run = ReminderRun.objects.create(
        round=survey_round, started_by=by, bureau=scope.bureau, section=scope.section, note=note
    )
    _queue(run, people)
    return run


@transaction.atomic
def send_scheduled_reminders(survey_round: SurveyRound) -> list[ReminderRun]:
    """Remind those whose own deadline is seven, three or one day away (JST); again on the same day reaches nobody twice."""
    _one_run_at_a_time(survey_round)
    runs = []
    for days in DAYS_BEFORE:
        on = today() + datetime.timedelta(days=days)
        people = list(
            _reachable(people_to_remind(survey_round, Scope())).filter(own_deadline_at__date=on)
        )
        if people:
            run = ReminderRun.objects.create(round=survey_round, days_left=days)
            _queue(run, people)
            runs.append(run)
    return runs


def _one_run_at_a_time(survey_round: SurveyRound) -> None:
    """Lock the round: of two runs at once the second sees whom the first has reminded."""
    SurveyRound.objects.select_for_update().get(pk=survey_round.pk)


def _reminders_of_today() -> QuerySet[Reminder]:
    return Reminder.objects.filter(person=OuterRef("pk"), sent_on=today())


def _reachable(people: QuerySet[Any]) -> QuerySet[Any]:
    return people.exclude(Exists(_reminders_of_today())).exclude(email="")


def _queue(run: ReminderRun, people: list[User]) -> None:
    drafts = []
    for person in people:
        subject, body = _mail_now(run.round, person, run.note)
        drafts.append(MailDraft(person.pk, person.email, subject, body, MAIL_KIND))
    Reminder.objects.bulk_create(
        Reminder(run=run, person=person, sent_on=today(), mail=mail)
        for person, mail in zip(people, queue_mails(drafts), strict=True)
    )


def _mail_now(survey_round: SurveyRound, person: User, note: str) -> tuple[str, str]:
    deadline: datetime.datetime = person.own_deadline_at  # type: ignore[attr-defined]  # people_to_remind
    return reminder_mail(
        person, fiscal_year=survey_round.fiscal_year, deadline=deadline, note=note, day=today()
    )


def reminder_mail(
    person: User,
    *,
    fiscal_year: int,
    deadline: datetime.datetime,
    note: str,
    day: datetime.date,
) -> tuple[str, str]:
    """Subject and body for one person on a day (JST). Neither says anything of the form but that it is not handed in."""
    form = reverse("surveys:survey_tasklist", args=[fiscal_year])
    words = {
        "person": person,
        "year_name": fiscal_year_full(fiscal_year),
        "deadline": moment(deadline),
        "days_left": (timezone.localdate(deadline) - day).days,
        "address": f"{settings.PUBLIC_ADDRESS}{form}",
        "note": note,
    }
    subject = render_to_string("emails/surveys/reminder_subject.txt", words)
    body = render_to_string("emails/surveys/reminder_body.txt", words)
    return subject.strip(), f"{body.strip()}\n"
