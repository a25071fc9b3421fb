"""Proposing up to three times to one person, who takes one or says what would suit."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from interviews import permissions
from interviews.booking.lines import refuse_unsendable
from interviews.booking.services import NotAllowed, TimeIsOver, book
from interviews.booking.working_time import why_not
from interviews.calendars.announcing import announce_proposal, announce_wish
from interviews.kinds import Kind
from interviews.models import Interview, Proposal, ProposedTime
from interviews.models.proposals import MOST_TIMES

State = Proposal.State


class NotToBeProposed(RuleViolation):
    """The times cannot be proposed; the sentence says why."""


class NotOpen(RuleViolation):
    """The proposal was answered or withdrawn meanwhile."""

    sentence = "この提案には、すでに返事があるか、取り下げられています。"


@transaction.atomic
def propose_times(
    interviewer: User,
    interviewee: User,
    kind: Kind,
    periods: Sequence[TimestamptzRange],
    *,
    by: User,
    place: str = "",
    online_link: str = "",
) -> Proposal:
    """Propose times to one person. Raises NotAllowed, NotToBeSent or NotToBeProposed."""
    if not permissions.can_handle_times(by, interviewer):
        raise NotAllowed
    if not permissions.can_interview(interviewer, interviewee, kind):
        raise NotAllowed
    if not 1 <= len(periods) <= MOST_TIMES:
        raise NotToBeProposed(f"候補は1つから{MOST_TIMES}つまで入力してください。")
    refuse_unsendable(place=place, online_link=online_link)
    for period in periods:
        if period.lower is None or period.lower <= timezone.now():
            raise NotToBeProposed("過ぎた時間が入っています。これからの時間を入力してください。")
        if said := why_not(period):
            raise NotToBeProposed(said)
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                kind=kind,
                interviewer=interviewer,
                interviewee=interviewee,
                place=place,
                online_link=online_link,
                made_by=by,
            )
    except IntegrityError as error:
        raise NotToBeProposed("返事を待っている提案が、すでにあります。") from error
    times = ProposedTime.objects.bulk_create(
        ProposedTime(proposal=proposal, number=number, period=period)
        for number, period in enumerate(sorted(periods, key=lambda each: each.lower), start=1)  # type: ignore[arg-type,return-value]  # bounds checked above
    )
    announce_proposal(proposal, [time.period for time in times])
    return proposal


@transaction.atomic
def accept_time(time: ProposedTime, *, by: User) -> Interview:
    """Take one of the times. Raises NotAllowed, NotOpen, TimeIsOver, TimeIsTaken, DayIsFull."""
    proposal = _open(time.proposal, by)
    if time.period.lower <= timezone.now():
        raise TimeIsOver
    interview = book(
        proposal.interviewer,
        proposal.interviewee,
        Kind(proposal.kind),
        time.period,
        place=proposal.place,
        online_link=proposal.online_link,
        by=by,
    )
    proposal.state, proposal.interview, proposal.answered_at = State.ACCEPTED, interview, Now()
    proposal.save(update_fields=["state", "interview", "answered_at"])
    return interview


@transaction.atomic
def answer_with_wish(proposal: Proposal, wish: str, *, by: User) -> Proposal:
    """Say what would suit instead. Raises NotAllowed, NotOpen, NotToBeSent, NotToBeProposed."""
    held = _open(proposal, by)
    if not wish.strip():
        raise NotToBeProposed("都合のよい日時を入力してください。")
    refuse_unsendable(reason=wish)
    held.state, held.wish, held.answered_at = State.ANSWERED, wish.strip(), Now()
    held.save(update_fields=["state", "wish", "answered_at"])
    announce_wish(held)
    return held


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, by: User) -> Proposal:
    """Take a proposal back. Raises NotAllowed or NotOpen."""
    if not permissions.can_handle_times(by, proposal.interviewer):
        raise NotAllowed
    held = _locked(proposal)
    held.state = State.WITHDRAWN
    held.save(update_fields=["state"])
    return held


def _open(proposal: Proposal, by: User) -> Proposal:
    if by.pk != proposal.interviewee_id or not by.is_active:
        raise NotAllowed
    return _locked(proposal)


def _locked(proposal: Proposal) -> Proposal:
    found = Proposal.objects.select_for_update(of=("self",)).select_related(
        "interviewer", "interviewee"
    )
    held = found.get(pk=proposal.pk)
    if held.state != State.OPEN:
        raise NotOpen
    return held
