"""Offering times: one slot, or a weekly series without holidays; all of a series that can stand, and why the rest cannot."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from interviews import permissions
from interviews.booking.lines import refuse_unsendable
from interviews.booking.services import NotAllowed
from interviews.booking.working_time import at, closed_because, why_not
from interviews.kinds import LINE_KINDS, Kind
from interviews.models import InterviewerLimit, InterviewSlot, SlotInvitee, SlotSeries

LONGEST_SERIES = datetime.timedelta(weeks=26)
Audience = InterviewSlot.Audience


class NotToBeOffered(RuleViolation):
    """The time cannot be offered; the sentence says why."""


@dataclass(frozen=True)
class Offer:
    """What is offered: kind, length and place, for whom; `people` are those named."""

    kind: Kind
    audience: InterviewSlot.Audience
    minutes: int
    buffer: int = 0
    place: str = ""
    online_link: str = ""
    people: tuple[User, ...] = ()


@dataclass
class Offered:
    """The slots that stand now, and the days of a series that have none, each with its reason."""

    slots: list[InterviewSlot] = field(default_factory=list)
    left_out: list[tuple[datetime.date, str]] = field(default_factory=list)


@transaction.atomic
def offer_slot(
    interviewer: User, offer: Offer, day: datetime.date, starts: datetime.time, *, by: User
) -> InterviewSlot:
    """Offer one slot. Raises NotAllowed, NotToBeSent or NotToBeOffered."""
    _refuse(interviewer, offer, by)
    period = at(day, starts, offer.minutes)
    if said := _refusal(interviewer, period):
        raise NotToBeOffered(said)
    return _make(interviewer, offer, period, by)


@transaction.atomic
def offer_series(
    interviewer: User,
    offer: Offer,
    first_on: datetime.date,
    last_on: datetime.date,
    starts: datetime.time,
    *,
    without: Collection[datetime.date] = (),
    by: User,
) -> Offered:
    """Offer a slot every week from the first day on; holidays and the days of `without` are left out.

    Raises NotAllowed, NotToBeSent, and NotToBeOffered where no day remains or the series is longer than half a year.
    """
    _refuse(interviewer, offer, by)
    if last_on < first_on or last_on - first_on > LONGEST_SERIES:
        raise NotToBeOffered("繰り返しの終わりは、最初の日から半年以内にしてください。")
    found = Offered()
    fitting: list[TimestamptzRange] = []
    for day in _weekly(first_on, last_on):
        period = at(day, starts, offer.minutes)
        said = "除いた日です。" if day in without else _refusal(interviewer, period)
        if said:
            found.left_out.append((day, said))
        else:
            fitting.append(period)
    if not fitting:
        raise NotToBeOffered(found.left_out[0][1])
    series = SlotSeries.objects.create(
        interviewer=interviewer,
        weekday=first_on.weekday(),
        starts=starts,
        minutes=offer.minutes,
        first_on=first_on,
        last_on=last_on,
        made_by=by,
    )
    found.slots = [_make(interviewer, offer, period, by, series) for period in fitting]
    return found


def _weekly(first_on: datetime.date, last_on: datetime.date) -> Iterator[datetime.date]:
    day = first_on
    while day <= last_on:
        yield day
        day += datetime.timedelta(weeks=1)


def _refuse(interviewer: User, offer: Offer, by: User) -> None:
    if not permissions.can_handle_times(by, interviewer):
        raise NotAllowed
    if offer.kind not in permissions.kinds_to_offer(interviewer):
        raise NotToBeOffered("この種類の面談は、担当していません。")
    refuse_unsendable(place=offer.place, online_link=offer.online_link)
    if offer.audience == Audience.SECTION and offer.kind not in LINE_KINDS:
        raise NotToBeOffered("この種類の面談は、相手の名前を挙げて出してください。")
    if offer.audience != Audience.SECTION and not offer.people:
        raise NotToBeOffered("相手を選んでください。")
    for person in offer.people:
        if not permissions.can_interview(interviewer, person, offer.kind):
            raise NotToBeOffered(f"{person.display_name}さんとは、この種類の面談をできません。")


def _refusal(interviewer: User, period: TimestamptzRange) -> str:
    if period.lower is not None and period.lower <= timezone.now():
        return "過ぎた時間です。これからの時間を入力してください。"
    if said := why_not(period):
        return said
    others = InterviewSlot.objects.standing().filter(
        interviewer=interviewer, period__overlap=period
    )
    return "同じ時間に、ほかの面談枠を出しています。" if others.exists() else ""


def _make(
    interviewer: User,
    offer: Offer,
    period: TimestamptzRange,
    by: User,
    series: SlotSeries | None = None,
) -> InterviewSlot:
    try:
        with transaction.atomic():
            slot = InterviewSlot.objects.create(
                interviewer=interviewer,
                series=series,
                kind=offer.kind,
                audience=offer.audience,
                period=period,
                buffer=offer.buffer,
                place=offer.place,
                online_link=offer.online_link,
                made_by=by,
            )
    except IntegrityError as error:
        raise NotToBeOffered("同じ時間に、ほかの面談枠を出しています。") from error
    SlotInvitee.objects.bulk_create(SlotInvitee(slot=slot, person=p) for p in offer.people)
    return slot


@transaction.atomic
def withdraw_slot(slot: InterviewSlot, *, by: User) -> None:
    """Offer a slot no longer; an interview that is booked in it stays. Raises NotAllowed."""
    if not permissions.can_handle_times(by, slot.interviewer):
        raise NotAllowed
    InterviewSlot.objects.filter(pk=slot.pk, withdrawn_at__isnull=True).update(withdrawn_at=Now())


@transaction.atomic
def withdraw_series(series: SlotSeries, *, by: User) -> int:
    """Offer the slots to come of a series no longer; how many these were. Raises NotAllowed."""
    if not permissions.can_handle_times(by, series.interviewer):
        raise NotAllowed
    coming = InterviewSlot.objects.filter(series=series).free()
    return InterviewSlot.objects.filter(pk__in=list(coming.values_list("pk", flat=True))).update(
        withdrawn_at=Now()
    )


@transaction.atomic
def limit_days(interviewer: User, per_day: int | None, *, by: User) -> None:
    """Hold at most so many interviews a day, or as many as are booked. Raises NotAllowed."""
    if not permissions.can_handle_times(by, interviewer):
        raise NotAllowed
    if per_day is None:
        InterviewerLimit.objects.filter(interviewer=interviewer).delete()
    else:
        InterviewerLimit.objects.update_or_create(
            interviewer=interviewer, defaults={"per_day": per_day}
        )


def closed_days(monday: datetime.date) -> dict[datetime.date, str]:
    """Of a week's working days those on which the ministry is closed, with the reason."""
    days = [monday + datetime.timedelta(days=number) for number in range(5)]
    return {day: said for day in days if (said := closed_because(day))}
