"""What a sheet is made of: the parts that the interviewee released to the interviewer in the capacity of the talk."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from career_portal.staff.models import User
from career_portal.staff.roles import Role
from interviews.kinds import LINE_KINDS, Kind
from interviews.models import AgreedAction, Interview
from interviews.records import agreements
from surveys.models import SubmittedPart, SurveyRound
from surveys.models.reading import SUPERVISOR
from surveys.models.submission import SubmittedPartQuerySet
from surveys.submitted import ShownPart, shown_parts

# Circumstances (⑦) are HR's alone and never stand on a sheet, whoever holds the talk.
PARTS = ("reflection", "competencies", "expertise", "skills", "future", "posts", "interview")


@dataclass(frozen=True)
class Agreement:
    """One action agreed last time: whose it is, and what became of it."""

    text: str
    owner: str
    outcome: str
    is_done: bool


@dataclass(frozen=True)
class Gathered:
    """What was released, by part; `before` are the parts of the year before."""

    fiscal_year: int = 0
    now: Mapping[str, ShownPart] = field(default_factory=dict)
    before: Mapping[str, ShownPart] = field(default_factory=dict)

    @property
    def reads(self) -> list[tuple[int, str]]:
        """The submission and the code of every part that the sheet is made of."""
        parts = [*self.now.values(), *self.before.values()]
        return [(shown.answers.submission_id, shown.part.code) for shown in parts]


def last_agreements(interview: Interview) -> tuple[Agreement, ...]:
    """What the two agreed on last time; the same for both, as they read the same sheet."""
    names = {
        AgreedAction.Owner.INTERVIEWER: interview.interviewer.display_name,
        AgreedAction.Owner.INTERVIEWEE: interview.interviewee.display_name,
    }
    return tuple(
        Agreement(
            text=action.text,
            owner=names[AgreedAction.Owner(action.owner)],
            outcome=action.get_status_display(),
            is_done=action.status == AgreedAction.Status.DONE,
        )
        for action in agreements.last_agreements(interview, interview.interviewer)
    )


def capacity_of(interview: Interview) -> str:
    """As what the interviewer reads: the log of reads has it."""
    if interview.kind in LINE_KINDS:
        return SUPERVISOR
    return Role.HR.label if interview.kind == Kind.HR else Role.MENTOR.label


def gather(interview: Interview) -> Gathered:
    """The parts of the newest form that has been handed in, and those of the year before to compare with."""
    reader = interview.interviewer
    rounds = SurveyRound.objects.visible_to(reader).begun().order_by("-fiscal_year")[:2]
    newest, earlier = (*rounds, None, None)[:2]
    if newest is None:
        return Gathered()
    now = _by_code(_readable(interview), newest)
    before: dict[str, ShownPart] = {}
    if now and earlier is not None and earlier.fiscal_year == newest.fiscal_year - 1:
        before = _by_code(_of_last_year(interview, newest), earlier)
    return Gathered(
        newest.fiscal_year, now, {code: part for code, part in before.items() if code in now}
    )


def _by_code(rows: SubmittedPartQuerySet, survey_round: SurveyRound) -> dict[str, ShownPart]:
    rows = rows.filter(submission__survey__round=survey_round, part__code__in=PARTS)
    shown = shown_parts(rows.select_related("part__questionnaire").with_post_titles())
    return {part.part.code: part for part in shown}


def _readable(interview: Interview) -> SubmittedPartQuerySet:
    reader = interview.interviewer
    rows = SubmittedPart.objects.visible_to(reader).filter(
        submission__survey__user=interview.interviewee
    )
    if interview.kind == Kind.HR:
        return rows.read_as_hr(reader)
    if interview.kind == Kind.MENTOR:
        return rows.read_as_mentor(reader)
    return rows.read_as_supervisor(reader)


def _of_last_year(interview: Interview, newest: SurveyRound) -> SubmittedPartQuerySet:
    """HR reads every year. A supervisor compares with what he could read himself until the newest round opened.

    A successor inherits no old form, and what was released to a mentor ended with its year.
    """
    if interview.kind == Kind.HR:
        return _readable(interview)
    own = SubmittedPart.objects.own(interview.interviewee)
    could_read = interview.kind in LINE_KINDS and _supervised(
        interview, timezone.localdate(newest.opens_at) - datetime.timedelta(days=1)
    )
    return own.released_to_supervisor() if could_read else own.none()


def _supervised(interview: Interview, day: datetime.date) -> bool:
    people = User.objects.visible_to(interview.interviewer)
    staff = people.supervised_by(interview.interviewer, day)
    return bool(staff.filter(pk=interview.interviewee_id).exists())
