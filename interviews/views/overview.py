"""The first page of the interviews: what is to come, what waits for an answer, what can be booked, and one's staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from career_portal.common.clock import fiscal_year, today
from career_portal.common.era import clock_time, date_in_words
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from career_portal.staff.models import Assignment, User
from interviews import permissions
from interviews.kinds import LINE_KINDS
from interviews.models import Interview, InterviewSlot, Proposal
from interviews.views.pages import TITLE, when

MOST_HELD = 5


@dataclass(frozen=True)
class StaffRow:
    """Somebody whom the interviewer supervises, and how far this year's talk with him is."""

    person: User
    post: str
    said: str
    state: str
    tone: str
    interview: int | None = None
    proposal: int | None = None


@require_GET
def interview_list(request: StaffHttpRequest) -> HttpResponse:
    """One's own interviews as either of the two, proposals to answer, and as an interviewer the staff."""
    user = request.user
    interviews = Interview.objects.visible_to(user).select_related("interviewer", "interviewee")
    coming = [_row(each, user) for each in interviews.booked().order_by("period")]
    held = interviews.filter(state=Interview.State.HELD).order_by("-period")[:MOST_HELD]
    proposals = Proposal.objects.visible_to(user).open().filter(interviewee=user)
    kinds = permissions.kinds_to_offer(user)
    staff = _staff(request) if set(kinds) & LINE_KINDS else []
    words = {
        "coming": coming,
        "held": [_row(each, user) for each in held],
        "proposals": proposals.select_related("interviewer"),
        "offers": InterviewSlot.objects.visible_to(user).offered_to(user).free().exists(),
        "is_interviewer": bool(kinds),
        "is_hr": permissions.is_hr_of_the_ministry(user),
        "sees_coverage": permissions.can_see_coverage(user),
        "staff": staff,
        "done": sum(row.state == "済み" for row in staff),
        "acts_for": _acts_for(request),
        "crumbs": [Crumb(TITLE)],
    }
    return render(request, "interviews/interview_list.html", words)


def _row(interview: Interview, user: User) -> tuple[Interview, str, str]:
    """An interview with the other's name and when it is."""
    is_interviewer = interview.interviewer_id == user.pk
    other = interview.interviewee if is_interviewer else interview.interviewer
    return interview, other.display_name, when(interview.period)


def _acts_for(request: StaffHttpRequest) -> list[User]:
    """Whose times the person handles today besides his own."""
    return list(permissions.people_acted_for(request.user))


def _staff(request: StaffHttpRequest) -> list[StaffRow]:
    """The staff with this fiscal year's talks of the line, in four statements."""
    user, day = request.user, today()
    people = list(
        User.objects.visible_to(user)
        .supervised_by(user, day)
        .exclude(state=User.State.ENDED)
        .order_by("family_name_kana", "given_name_kana", "pk")
    )
    posts = Assignment.objects.visible_to(user).main_posts([person.pk for person in people], day)
    talks: dict[int, list[Interview]] = {}
    line = [kind.value for kind in LINE_KINDS]
    own = Interview.objects.visible_to(user).filter(interviewer=user, kind__in=line)
    for talk in own.exclude(state=Interview.State.CANCELLED).order_by("period"):
        if talk.state == Interview.State.BOOKED or fiscal_year(talk.day) == fiscal_year(day):
            talks.setdefault(talk.interviewee_id, []).append(talk)
    waiting = Proposal.objects.visible_to(user).open().filter(interviewer=user, kind__in=line)
    proposed = dict(waiting.values_list("interviewee", "pk"))
    return [
        _staff_row(
            person,
            posts[person.pk].post_title if person.pk in posts else "",
            talks.get(person.pk, ()),
            proposed.get(person.pk),
        )
        for person in people
    ]


def _staff_row(
    person: User, post: str, talks: Iterable[Interview], proposal: int | None
) -> StaffRow:
    booked = next((talk for talk in talks if talk.state == Interview.State.BOOKED), None)
    held = next((talk for talk in talks if talk.state == Interview.State.HELD), None)
    if booked is not None:
        said = f"{when(booked.period)}。"
        return StaffRow(person, post, said, "予約あり", "doing", interview=booked.pk)
    if proposal is not None:
        return StaffRow(
            person,
            post,
            "候補を提案しました。返事を待っています。",
            "返事待ち",
            "doing",
            proposal=proposal,
        )
    if held is not None:
        said = f"{date_in_words(held.day)} {clock_time(held.period.lower)} に済みました。"
        return StaffRow(person, post, said, "済み", "done", interview=held.pk)
    return StaffRow(person, post, "まだ日時が決まっていません。", "予約なし", "outline")
