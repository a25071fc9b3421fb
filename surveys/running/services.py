"""What HR does to the deadlines of a round: extend for somebody, open a form again, take that back, close the round."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.common.era import moment
from career_portal.common.errors import RuleViolation
from career_portal.staff.models import Section, User
from surveys import permissions
from surveys.feedback_sheets.freezing_services import freeze_round
from surveys.models import DeadlineExtension, SurveyRound

Kind = DeadlineExtension.Kind


class BeyondScope(RuleViolation):
    """The officer is not HR for those concerned, or not any more."""

    sentence = "この範囲について手続きをする権限がありません。"


class ExtensionTooShort(RuleViolation):
    """The new deadline is not later than what holds already, or lies in the past."""

    sentence = "新しい締切は、いまの締切よりも後の日時にしてください。"


class RoundClosed(RuleViolation):
    """The round is closed: its figures are fixed, and only one person's form can be opened again."""

    sentence = "この実施回は締めてあります。締めた後は、一人ずつの再開だけができます。"


class StillOpen(RuleViolation):
    """Somebody can still write."""

    sentence = "まだ書ける人がいるため、締められません。"


class NothingToRevoke(RuleViolation):
    """The extension was taken back already, or is over."""

    sentence = "この延長は、すでに終わっているか、取り消されています。"


@transaction.atomic
def extend_for_everybody(
    survey_round: SurveyRound, *, until: datetime.datetime, reason: str, by: User
) -> DeadlineExtension:
    """Move the deadline for all. Raises BeyondScope, RoundClosed or ExtensionTooShort."""
    _require(permissions.can_act_for_everybody(by))
    now = _lock(survey_round)
    _refuse_closed(survey_round)
    _refuse_shorter(until, now, survey_round.deadline_at)
    return _grant(survey_round, Kind.ALL, until, reason, by)


@transaction.atomic
def extend_for_section(
    survey_round: SurveyRound, section: Section, *, until: datetime.datetime, reason: str, by: User
) -> DeadlineExtension:
    """Move the deadline for whoever has a post in a section. Raises BeyondScope, RoundClosed or ExtensionTooShort."""
    _require(permissions.can_act_for_section(by, section))
    now = _lock(survey_round)
    _refuse_closed(survey_round)
    _refuse_shorter(until, now, survey_round.deadline_at)
    return _grant(survey_round, Kind.SECTION, until, reason, by, section=section)


@transaction.atomic
def extend_for_person(
    survey_round: SurveyRound, person: User, *, until: datetime.datetime, reason: str, by: User
) -> DeadlineExtension:
    """Move the deadline of one person; where his own is over, it opens his form again (再開).

    Raises BeyondScope, also for oneself, and ExtensionTooShort.
    """
    _require(permissions.can_act_for_person(by, person))
    now = _lock(survey_round)
    known = SurveyRound.objects.with_state_for(person, today()).get(pk=survey_round.pk)
    _refuse_shorter(until, now, known.own_deadline_at)
    kind = Kind.REOPENING if reopens(survey_round, known.own_deadline_at, now) else Kind.PERSON
    return _grant(survey_round, kind, until, reason, by, person=person)


def reopens(
    survey_round: SurveyRound, own_deadline: datetime.datetime, now: datetime.datetime
) -> bool:
    """Whether a later deadline for one person opens his form again (再開): his own is over, or the round is closed."""
    return own_deadline <= now or survey_round.closed_at is not None


@transaction.atomic
def revoke_extension(extension: DeadlineExtension, *, by: User) -> DeadlineExtension:
    """Take an extension back: from this moment what held without it holds. Raises BeyondScope or NothingToRevoke."""
    _require(permissions.can_act_for(by, extension))
    running = DeadlineExtension.objects.running().filter(pk=extension.pk)
    if not running.update(revoked_at=Now(), revoked_by=by):
        raise NothingToRevoke
    extension.refresh_from_db()
    return extension


@transaction.atomic
def close_round(survey_round: SurveyRound, *, by: User) -> SurveyRound:
    """Close a round after its last extension: its figures are fixed from here on. Closing twice is closing once.

    Raises BeyondScope, and StillOpen while anybody can write.
    """
    _require(permissions.can_act_for_everybody(by))
    now = _lock(survey_round)
    if survey_round.closed_at is None:
        last = last_deadline(survey_round)
        if last > now:
            raise StillOpen(
                f"{moment(last)}までは書ける人がいるため、締められません。その後に締めてください。"
            )
        survey_round.closed_at = now
        survey_round.save(update_fields=["closed_at"])
        freeze_round(survey_round)
    return survey_round


def last_deadline(survey_round: SurveyRound) -> datetime.datetime:
    """The instant from which nobody can write in a round any more, as far as extensions are granted today."""
    extensions = DeadlineExtension.objects.in_force().filter(round=survey_round)
    last: datetime.datetime | None = extensions.aggregate(last=Max("until"))["last"]
    return max(survey_round.deadline_at, last) if last else survey_round.deadline_at


def _require(condition: bool) -> None:
    if not condition:
        raise BeyondScope


def _lock(survey_round: SurveyRound) -> datetime.datetime:
    """Lock the round against closing and extending at once, read it anew, and tell the database's time."""
    fresh = SurveyRound.objects.select_for_update().get(pk=survey_round.pk)
    survey_round.closed_at, survey_round.deadline_at = fresh.closed_at, fresh.deadline_at
    now: datetime.datetime = (
        SurveyRound.objects.annotate(now=Now()).values_list("now", flat=True).get(pk=fresh.pk)
    )
    return now


def _refuse_closed(survey_round: SurveyRound) -> None:
    if survey_round.closed_at is not None:
        raise RoundClosed


def _refuse_shorter(
    until: datetime.datetime, now: datetime.datetime, deadline: datetime.datetime
) -> None:
    if until <= max(now, deadline):
        raise ExtensionTooShort(
            f"新しい締切は、いまの締切（{moment(deadline)}）と現在の時刻のどちらよりも後にしてください。"
        )


def _grant(
    survey_round: SurveyRound,
    kind: Kind,
    until: datetime.datetime,
    reason: str,
    by: User,
    *,
    section: Section | None = None,
    person: User | None = None,
) -> DeadlineExtension:
    return DeadlineExtension.objects.create(
        round=survey_round,
        kind=kind,
        section=section,
        person=person,
        until=until,
        reason=reason,
        granted_by=by,
    )
