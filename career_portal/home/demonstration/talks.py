"""Interviews of the demonstration: half of the ministry has had this year's talk; the sign-ins have times, a proposal, a record."""

from __future__ import annotations

import datetime
from random import Random

from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from career_portal.home.demonstration.bulk import settle
from career_portal.staff.models import Assignment, User
from interviews.booking.working_time import at, closed_because
from interviews.kinds import Kind
from interviews.models import (
    Interview,
    InterviewSlot,
    InterviewStep,
    Proposal,
    ProposedTime,
    RecordResponse,
    RecordTemplate,
    Seat,
    SlotInvitee,
)
from interviews.records import services as record_services

ROWS_AT_ONCE = 2_000
# Of a hundred members so many have had their talk.
HELD = 50
PLACE = "別館3階 打合せ室B"
WRITTEN = {
    "h1": "国際会議の運営を任せてもらえたのが、いちばんの手応えだった。",
    "h2": "次は通商の仕事に手を挙げてよいか迷っている。家のこととの両立も考えたい。",
    "h3": "迷いをそのまま話せた。次は、制度の使い方を一緒に見る。",
    "a1_text": "国際室の勉強会に月1回参加し、様子を共有する",
    "a1_owner": "interviewee",
    "a2_text": "有識者会議の運営を、主担当として任せる",
    "a2_owner": "interviewer",
}


def hold_talks(today: datetime.date, random: Random) -> None:
    """Talks of heads with their members since summer, as they stand without records."""
    heads = dict(
        Assignment.objects.on(today)
        .filter(position=Assignment.Position.HEAD)
        .values_list("section", "user")
    )
    members = Assignment.objects.on(today).main().filter(position=Assignment.Position.MEMBER)
    rows = []
    for person, section in members.order_by("pk").values_list("user", "section"):
        head = heads.get(section)
        if head is None or head == person or random.randrange(100) >= HELD:
            continue
        day = _open_day(today - datetime.timedelta(days=random.randrange(10, 60)), -1)
        starts = datetime.time(random.choice((9, 10, 11, 13, 14, 15, 16)), 30)
        rows.append(
            Interview(
                kind=Kind.CAREER,
                interviewer_id=head,
                interviewee_id=person,
                period=at(day, starts, 45),
                state=Interview.State.HELD,
            )
        )
    Interview.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    settle([Interview])


def offer_times(head: User, member: User, mentor: User, today: datetime.date) -> None:
    """Free times of the head and the mentor, a proposal to the member, his last talk with a record, and one to come."""
    days = _open_days(today, 4)
    for day, hour in zip(days, (10, 13, 14, 16), strict=True):
        _slot(head, at(day, datetime.time(hour), 45), Kind.CAREER, place=PLACE, buffer=15)
    free = _slot(mentor, at(days[1], datetime.time(16), 45), Kind.MENTOR, audience="mentees")
    SlotInvitee.objects.create(slot=free, person=member)
    others = User.objects.supervised_by(head, today).exclude(pk=member.pk).order_by("pk")
    for person in others[:1]:
        proposal = Proposal.objects.create(
            kind=Kind.CAREER, interviewer=head, interviewee=person, made_by=head
        )
        ProposedTime.objects.bulk_create(
            ProposedTime(proposal=proposal, number=number, period=at(day, datetime.time(15), 45))
            for number, day in enumerate(days[:3], start=1)
        )
    talk = Interview.objects.create(
        kind=Kind.TERM_END,
        interviewer=head,
        interviewee=member,
        period=at(days[2], datetime.time(11), 45),
        place=PLACE,
    )
    for person in (head, member):
        Seat.objects.create(interview=talk, person=person, period=talk.period)
    InterviewStep.objects.create(interview=talk, what=InterviewStep.What.BOOKED, by=member)
    _record(head, member, today)


def _slot(
    interviewer: User, period: TimestamptzRange, kind: Kind, **fields: object
) -> InterviewSlot:
    values = {"audience": "section", "made_by": interviewer} | fields
    return InterviewSlot.objects.create(interviewer=interviewer, kind=kind, period=period, **values)


def _open_days(today: datetime.date, number: int) -> list[datetime.date]:
    days: list[datetime.date] = []
    day = today + datetime.timedelta(days=5)
    while len(days) < number:
        if not closed_because(day):
            days.append(day)
        day += datetime.timedelta(days=1)
    return days


def _record(head: User, member: User, today: datetime.date) -> None:
    day = _open_day(today - datetime.timedelta(days=160), -1)
    if day >= timezone.localdate():
        # A ministry of a day to come has no past that could be written down.
        return
    talk = Interview.objects.create(
        kind=Kind.ONE_ON_ONE,
        interviewer=head,
        interviewee=member,
        period=at(day, datetime.time(10), 45),
        state=Interview.State.HELD,
    )
    template = RecordTemplate.objects.filter(kind=talk.kind).order_by("-version").first()
    if template is None:
        return
    due = (today + datetime.timedelta(days=30)).isoformat()
    headings = {f"h{heading.number}" for heading in template.headings.all()}
    answers = {
        key: text for key, text in WRITTEN.items() if not key.startswith("h") or key in headings
    } | {"a1_due": due, "a2_due": due}
    saved = record_services.save_record_draft(talk, template, answers, version=0, by=head)
    record = record_services.publish_record(talk, version=saved.version, by=head)
    record_services.respond_to_record(record, RecordResponse.Answer.CONFIRMED, "", by=member)


def _open_day(day: datetime.date, step: int) -> datetime.date:
    while closed_because(day):
        day += datetime.timedelta(days=step)
    return day
