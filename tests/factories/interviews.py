"""Interviewers, their slots and interviews."""

from __future__ import annotations

import datetime

from django.utils import timezone

from career_portal.staff.models import User
from career_portal.staff.roles import Role
from interviews.booking.services import book, period_of
from interviews.booking.working_time import closed_because
from interviews.kinds import Kind
from interviews.models import Interview, InterviewSlot
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, SectionFactory

WEEK = datetime.timedelta(days=7)


def line(section=None) -> tuple[User, User]:
    """A head and a member of his section."""
    section = section or SectionFactory()
    head = AssignmentFactory(section=section, position="head").user
    member = AssignmentFactory(section=section).user
    return head, member


def mentor() -> User:
    """A mentor."""
    return RoleGrantFactory(role=Role.MENTOR).user


def next_week(hour: int, minute: int = 0, minutes: int = 45, days: int = 7):
    """A period on a day to come (JST), a week from now unless said otherwise."""
    day = timezone.localdate() + datetime.timedelta(days=days)
    if days in (7, 8):
        # Talks are moved on to these, which only working days allow.
        coming = (timezone.localdate() + datetime.timedelta(days=n) for n in range(7, 30))
        day = [each for each in coming if not closed_because(each)][days - 7]
    starts = timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))
    return period_of(starts, starts + datetime.timedelta(minutes=minutes))


def slot(interviewer: User, period=None, **fields) -> InterviewSlot:
    """A slot for the interviewer's section."""
    values = {"kind": Kind.CAREER, "audience": "section", "made_by": interviewer} | fields
    return InterviewSlot.objects.create(
        interviewer=interviewer, period=period or next_week(10), **values
    )


def interview(interviewer: User, interviewee: User, period=None, kind=Kind.CAREER) -> Interview:
    """A booked interview."""
    return book(interviewer, interviewee, kind, period or next_week(10), by=interviewee)


def held(interviewer: User, interviewee: User, kind=Kind.CAREER, days: int = 30) -> Interview:
    """An interview that took place some days ago."""
    return Interview.objects.create(
        kind=kind,
        interviewer=interviewer,
        interviewee=interviewee,
        period=next_week(10, days=-days),
        state="held",
    )
