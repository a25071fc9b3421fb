"""Booking, moving and cancelling interviews. The database refuses a second seat; a refusal names the next free times."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from interviews import permissions
from interviews.booking.lines import refuse_unsendable
from interviews.booking.working_time import why_not
from interviews.calendars.announcing import announce
from interviews.kinds import Kind
from interviews.models import (
    Interview,
    InterviewerLimit,
    InterviewSlot,
    InterviewStep,
    Seat,
)

What = InterviewStep.What
# How many free times are offered in place of one that was taken.
NEXT_FREE = 5


class NotAllowed(RuleViolation):
    """The two may not talk in this kind today, or somebody handles times that are not his."""

    sentence = "この面談の予定は扱えません。"


class TimeIsOver(RuleViolation):
    """The time lies in the past."""

    sentence = "過ぎた時間には予約できません。これからの時間を選んでください。"


class TimeIsTaken(RuleViolation):
    """One of the two is booked at that time; `next_free` are slots of the interviewer that the person may book instead."""

    sentence = "この時間は、いまほかの予約が入りました。ほかの時間を選んでください。"

    def __init__(
        self, next_free: Iterable[InterviewSlot] = (), sentence: str | None = None
    ) -> None:
        self.next_free = list(next_free)
        super().__init__(sentence)


class DayIsFull(RuleViolation):
    """The interviewer's limit of the day is reached."""

    sentence = "この日は、面談の数が上限に達しています。ほかの日の時間を選んでください。"


class NotToBeChanged(RuleViolation):
    """The interview was held or cancelled."""

    sentence = "この面談は、もう変更できません。いまの状態を確かめてください。"


class ReasonMissing(RuleViolation):
    """The other one should learn why."""

    sentence = "理由を入力してください。相手に伝わります。"


def period_of(starts: datetime.datetime, ends: datetime.datetime) -> TimestamptzRange:
    """A period from an instant until another."""
    return TimestamptzRange(starts, ends)


def book_slot(slot: InterviewSlot, *, by: User) -> Interview:
    """Book a slot that is meant for a person. Raises NotAllowed, TimeIsOver, TimeIsTaken, DayIsFull."""
    if not InterviewSlot.objects.offered_to(by).filter(pk=slot.pk).exists():
        raise NotAllowed
    if slot.period.lower <= timezone.now():
        raise TimeIsOver
    return book(
        slot.interviewer,
        by,
        Kind(slot.kind),
        slot.period,
        slot=slot,
        buffer=slot.buffer,
        place=slot.place,
        online_link=slot.online_link,
        by=by,
    )


def book(
    interviewer: User,
    interviewee: User,
    kind: Kind,
    period: TimestamptzRange,
    *,
    by: User,
    slot: InterviewSlot | None = None,
    buffer: int = 0,
    place: str = "",
    online_link: str = "",
) -> Interview:
    """Put an interview down with both seats, and tell both.

    Raises NotAllowed, NotToBeSent, TimeIsOver, TimeIsTaken, DayIsFull.
    """
    if not permissions.can_interview(interviewer, interviewee, kind):
        raise NotAllowed
    if period.lower is None or period.upper is None or period.lower <= timezone.now():
        raise TimeIsOver
    refuse_unsendable(place=place, online_link=online_link)
    try:
        with transaction.atomic():
            _hold_day(interviewer, period.lower)
            interview = Interview.objects.create(
                kind=kind,
                interviewer=interviewer,
                interviewee=interviewee,
                slot=slot,
                period=period,
                place=place,
                online_link=online_link,
            )
            _take_seats(interview, buffer)
            _note(interview, What.BOOKED, by)
            announce(interview, What.BOOKED, by=by)
    except IntegrityError as error:
        raise TimeIsTaken(next_free(interviewer, interviewee)) from error
    return interview


def next_free(interviewer: User, person: User) -> list[InterviewSlot]:
    """The next slots of an interviewer that a person may book and that fit the seats of both."""
    seated = Seat.objects.filter(
        person__in=[interviewer, person], period__overlap=OuterRef("period")
    )
    free = InterviewSlot.objects.offered_to(person).free().filter(interviewer=interviewer)
    return list(free.exclude(Exists(seated)).order_by("period")[:NEXT_FREE])


def move_interview(
    interview: Interview,
    period: TimestamptzRange,
    *,
    reason: str,
    by: User,
    place: str | None = None,
    online_link: str | None = None,
) -> Interview:
    """Another time or place for a booked interview, which keeps its name in calendars.

    Raises NotAllowed, NotToBeChanged, ReasonMissing, NotToBeSent, TimeIsOver, TimeIsTaken, DayIsFull.
    """
    if not permissions.can_change_interview(by, interview):
        raise NotAllowed
    if not reason.strip():
        raise ReasonMissing
    refuse_unsendable(place=place or "", online_link=online_link or "", reason=reason)
    if period.lower is None or period.lower <= timezone.now():
        raise TimeIsOver
    if said := why_not(period):
        raise NotToBeChanged(said)
    try:
        with transaction.atomic():
            held = _locked(interview)
            buffer = held.slot.buffer if held.slot else 0
            Seat.objects.filter(interview=held).delete()
            _hold_day(held.interviewer, period.lower, beside=held.pk)
            before, held.period = held.period, period
            held.place = held.place if place is None else place
            held.online_link = held.online_link if online_link is None else online_link
            held.sequence += 1
            # Its slot is free again where the time is another.
            held.slot = held.slot if held.slot and held.slot.period == period else None
            held.save()
            _take_seats(held, buffer)
            _note(held, What.MOVED, by, reason.strip())
            announce(held, What.MOVED, by=by, reason=reason.strip(), before=before)
    except IntegrityError as error:
        raise TimeIsTaken(next_free(interview.interviewer, interview.interviewee)) from error
    return held


@transaction.atomic
def cancel_interview(interview: Interview, *, reason: str, by: User) -> Interview:
    """Call a booked interview off. Raises NotAllowed, NotToBeChanged, ReasonMissing, NotToBeSent."""
    if not permissions.can_change_interview(by, interview):
        raise NotAllowed
    if not reason.strip():
        raise ReasonMissing
    refuse_unsendable(reason=reason)
    held = _locked(interview)
    held.state = Interview.State.CANCELLED
    held.sequence += 1
    held.save(update_fields=["state", "sequence"])
    held.seats.all().delete()
    _note(held, What.CANCELLED, by, reason.strip())
    announce(held, What.CANCELLED, by=by, reason=reason.strip())
    return held


@transaction.atomic
def log_interview(
    interviewer: User, interviewee: User, kind: Kind, period: TimestamptzRange
) -> Interview:
    """A talk that was held without a booking: who, when, kind. Raises NotAllowed, NotToBeChanged for one to come."""
    if not permissions.can_interview(interviewer, interviewee, kind):
        raise NotAllowed
    if period.lower is None or period.lower > timezone.now():
        raise NotToBeChanged("これからの面談は、予約してください。")
    interview = Interview.objects.create(
        kind=kind,
        interviewer=interviewer,
        interviewee=interviewee,
        period=period,
        state=Interview.State.HELD,
        was_booked=False,
    )
    _note(interview, What.LOGGED, interviewer)
    return interview


@transaction.atomic
def hold_interview(interview: Interview, *, by: User) -> Interview:
    """Note that a booked interview took place; once it has begun. Raises NotAllowed, NotToBeChanged."""
    if by.pk != interview.interviewer_id:
        raise NotAllowed
    held = _locked(interview)
    if held.period.lower > timezone.now():
        raise NotToBeChanged("面談が始まる時間になってから、済みにしてください。")
    held.state = Interview.State.HELD
    held.save(update_fields=["state"])
    held.seats.all().delete()
    _note(held, What.HELD, by)
    return held


def _locked(interview: Interview) -> Interview:
    found = Interview.objects.select_for_update(of=("self",)).select_related(
        "interviewer", "interviewee", "slot"
    )
    held = found.get(pk=interview.pk)
    if held.state != Interview.State.BOOKED:
        raise NotToBeChanged
    return held


def _take_seats(interview: Interview, buffer: int) -> None:
    """Both seats, the one with the lower number first, so that two bookings never wait for each other."""
    period = interview.period
    ends = period.upper + datetime.timedelta(minutes=buffer)
    seats = [
        Seat(
            interview=interview,
            person_id=interview.interviewer_id,
            period=period_of(period.lower, ends),
        ),
        Seat(interview=interview, person_id=interview.interviewee_id, period=period),
    ]
    for seat in sorted(seats, key=lambda seat: seat.person_id):
        seat.save()


def _note(interview: Interview, what: str, by: User, reason: str = "") -> None:
    InterviewStep.objects.create(interview=interview, what=what, reason=reason[:200], by=by)


def _hold_day(interviewer: User, starts: datetime.datetime, *, beside: int | None = None) -> None:
    """See that the interviewer's day (JST) has room beside a talk that moves; of two at once the second waits. Raises DayIsFull."""
    limit = InterviewerLimit.objects.filter(interviewer=interviewer).first()
    if limit is None:
        return
    day = timezone.localdate(starts)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('interview_day'), %s)",
            [(interviewer.pk * 100_000 + day.toordinal()) % 2**31],
        )
    booked = Interview.objects.filter(interviewer=interviewer).exclude(
        Q(state=Interview.State.CANCELLED) | Q(pk=beside)
    )
    begins = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
    of_day = period_of(begins, begins + datetime.timedelta(days=1))
    if booked.filter(period__startswith__contained_by=of_day).count() >= limit.per_day:
        raise DayIsFull
