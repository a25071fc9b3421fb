"""What two people agreed on in earlier talks, for their next one, and for each of them alone."""

from __future__ import annotations

from django.db.models import Q

from career_portal.staff.models import User
from interviews.kinds import LINE_KINDS, Kind
from interviews.models import AgreedAction, Interview
from interviews.models.actions import AgreedActionQuerySet


def last_agreements(interview: Interview, user: User) -> list[AgreedAction]:
    """What the two agreed on in their last talk before this one with a record, and what became of it."""
    earlier = _of_the_two(interview, user)
    last = earlier.order_by("-interview__period", "-interview").values("interview")[:1]
    return list(earlier.filter(interview__in=list(last.values_list("interview", flat=True))))


def open_agreements(interview: Interview, user: User) -> list[AgreedAction]:
    """What is still open between the two from all their talks before this one, the oldest first."""
    return list(_of_the_two(interview, user).open().order_by("due_on", "pk"))


def own_open_agreements(user: User) -> AgreedActionQuerySet:
    """What is open for a person: all that he agreed on as interviewee, and what he is to do as interviewer."""
    mine = Q(interview__interviewee=user) | Q(
        interview__interviewer=user, owner=AgreedAction.Owner.INTERVIEWER
    )
    return _readable(user).open().filter(mine).order_by("due_on", "pk")


def _of_the_two(interview: Interview, user: User) -> AgreedActionQuerySet:
    """Actions of the same two in the same parts; talks of the line stand together, each other kind for itself."""
    kinds = LINE_KINDS if Kind(interview.kind) in LINE_KINDS else {Kind(interview.kind)}
    return (
        _readable(user)
        .standing()
        .filter(
            interview__interviewer=interview.interviewer_id,
            interview__interviewee=interview.interviewee_id,
            interview__kind__in=[kind.value for kind in kinds],
            interview__period__startswith__lt=interview.period.lower,
        )
    )


def _readable(user: User) -> AgreedActionQuerySet:
    return AgreedAction.objects.visible_to(user).select_related(
        "interview__interviewer", "interview__interviewee"
    )
