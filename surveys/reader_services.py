"""Choosing who reads one's own form: the supervisor, part by part, and a mentor. It counts from the moment of choosing."""

from __future__ import annotations

from django.db import transaction

from career_portal.common.clock import today
from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from surveys.asked import AskedPart
from surveys.models import HopeSurvey, MentorRelease, ReaderChoice, SurveyRound


class ReadersFixed(RuleViolation):
    """The readers of this part cannot be chosen."""

    sentence = "このパートを読む人は変えられません。"


class NotAMentor(RuleViolation):
    """The person named is no mentor today, or is the writer himself."""

    sentence = "選んだ人は、いまメンターではありません。もう一度選んでください。"


@transaction.atomic
def choose_supervisor_reader(
    survey_round: SurveyRound, part: AskedPart, *, supervisor_reads: bool, by: User
) -> None:
    """Decide whether the supervisor reads one part: it counts from this moment, before and after the deadline.

    Raises ReadersFixed where the part leaves no choice, or where no form can be begun any more.
    """
    if not part.is_supervisor_optional:
        raise ReadersFixed
    ReaderChoice.objects.update_or_create(
        survey=_own_form(survey_round, by),
        part_id=part.pk,
        defaults={"supervisor_reads": supervisor_reads},
    )


@transaction.atomic
def name_mentor(
    survey_round: SurveyRound, part: AskedPart, mentor: User | None, *, by: User
) -> None:
    """Name the mentor who reads the part about the interview (⑧) while it chooses a mentor; None takes the name back.

    Whoever was named before reads nothing any more. Raises ReadersFixed on another part and NotAMentor.
    """
    if not part.listener_reads:
        raise ReadersFixed
    survey = _own_form(survey_round, by)
    releases = MentorRelease.objects.filter(survey=survey)
    if mentor is None:
        releases.delete()
        return
    if not User.objects.mentors_for(by, today()).filter(pk=mentor.pk).exists():
        raise NotAMentor
    releases.exclude(mentor=mentor).delete()
    MentorRelease.objects.get_or_create(survey=survey, part_id=part.pk, defaults={"mentor": mentor})


@transaction.atomic
def choose_mentor_reader(
    survey_round: SurveyRound, part: AskedPart, *, mentor_reads: bool, by: User
) -> None:
    """Decide whether the mentor named in ⑧ reads another part as well.

    Raises ReadersFixed where nobody can be added to the part, and NotAMentor where nobody who is a mentor today is named.
    """
    if not part.is_supervisor_optional:
        raise ReadersFixed
    survey = _own_form(survey_round, by)
    if not mentor_reads:
        MentorRelease.objects.filter(survey=survey, part=part.pk).delete()
        return
    named = MentorRelease.objects.filter(survey=survey, part__listener_reads=True)
    mentor = User.objects.mentors_for(by, today()).filter(pk__in=named.values("mentor")).first()
    if mentor is None:
        raise NotAMentor
    MentorRelease.objects.get_or_create(survey=survey, part_id=part.pk, defaults={"mentor": mentor})


def _own_form(survey_round: SurveyRound, by: User) -> HopeSurvey:
    """The person's form, locked until the transaction ends, begun if there is none. Raises ReadersFixed after the end."""
    own = HopeSurvey.objects.visible_to(by).filter(round=survey_round).select_for_update()
    survey = own.first()
    if survey is None:
        if not SurveyRound.objects.open_to(by, today()).filter(pk=survey_round.pk).exists():
            raise ReadersFixed
        HopeSurvey.objects.bulk_create(
            [HopeSurvey(round=survey_round, user=by)], ignore_conflicts=True
        )
        survey = own.get()
    return survey
