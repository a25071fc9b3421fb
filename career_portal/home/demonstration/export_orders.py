"""HR's orders of files: one of last year's round, fetched and gone since, and one that waits for the second officer."""

from __future__ import annotations

import datetime

from django.db.models import Q

from career_portal.home.demonstration.organisation_history import OrganisationHistory
from career_portal.home.demonstration.sign_ins import Officers
from career_portal.home.demonstration.survey_rows import RoundInUse
from career_portal.home.demonstration.timeline import Timeline, at
from career_portal.staff.models import Assignment
from surveys.models import ExportedForm, FormExport, Submission
from surveys.models.exports import PEOPLE_WITHOUT_APPROVAL
from surveys.models.submission import SubmissionQuerySet
from surveys.models.wishes import TIMING, hopes_to_move

State, Format = FormExport.State, FormExport.Format

FOR_THE_TRANSFERS = "夏の人事異動の検討のため"
FOR_THE_TRAINING = "来年度の研修計画で、希望の多い分野をつかむため"
NEXT_SUMMER = "next_summer"
WANTED = 60


def write_finished_order(
    round_: RoundInUse, timeline: Timeline, officers: Officers, history: OrganisationHistory
) -> FormExport:
    """Last winter, forms of one bureau; in a small ministry all of it, else those that hope to move next summer."""
    # In February, between the round of last year and the fiscal year of this one.
    requested_at = at(datetime.date(timeline.fiscal_year, 2, 16), datetime.time(11, 20))
    decided_at = requested_at + datetime.timedelta(hours=2, minutes=45)
    ready_at = decided_at + datetime.timedelta(minutes=1)
    filters, chosen = _of_one_bureau(_forms(round_, requested_at, officers), requested_at, history)
    export = FormExport.objects.create(
        round_id=round_.pk,
        format=Format.XLSX,
        filters=filters,
        purpose=FOR_THE_TRANSFERS,
        people=len(chosen),
        state=State.EXPIRED,
        requested_by_id=officers.first,
        requested_at=requested_at,
        decided_by_id=officers.second,
        decided_at=decided_at,
        done=len(chosen),
        heartbeat_at=ready_at,
        ready_at=ready_at,
        expires_at=ready_at + datetime.timedelta(days=1),
        downloads=1,
    )
    ExportedForm.objects.bulk_create(
        ExportedForm(export=export, submission_id=form) for form in chosen
    )
    return export


def _of_one_bureau(
    forms: SubmissionQuerySet, instant: datetime.datetime, history: OrganisationHistory
) -> tuple[dict[str, str], list[int]]:
    """The filters of an order and its forms: of the bureau with about as many as wanted."""
    posts = Assignment.objects.on(instant.date()).main()
    bureaus = dict(posts.values_list("user", "section__bureau"))
    filters = {TIMING: NEXT_SUMMER}
    bureau, chosen = _nearest(forms.filter(hopes_to_move(NEXT_SUMMER)), bureaus)
    if len(chosen) <= PEOPLE_WITHOUT_APPROVAL:
        filters = {}
        bureau, chosen = _nearest(forms, bureaus)
    names = {unit.bureau_pk: unit.bureau_name for unit in history.units}
    return {**filters, "bureau": names[bureau]}, chosen


def _nearest(forms: SubmissionQuerySet, bureaus: dict[int, int]) -> tuple[int, list[int]]:
    """The bureau of which the number of forms is nearest to what is wanted, with the forms."""
    found: dict[int, list[int]] = {}
    for form, user in forms.order_by("pk").values_list("pk", "survey__user"):
        if user in bureaus:
            found.setdefault(bureaus[user], []).append(form)
    return min(found.items(), key=lambda item: (abs(len(item[1]) - WANTED), item[0]))


def write_waiting_order(round_: RoundInUse, timeline: Timeline, officers: Officers) -> None:
    """Everybody's forms of the open round, unless so few have handed in that nobody needs to approve."""
    requested_at = timeline.workday(1, datetime.time(16, 40))
    people = _forms(round_, requested_at, officers).count()
    if people <= PEOPLE_WITHOUT_APPROVAL:
        return
    FormExport.objects.create(
        round_id=round_.pk,
        format=Format.XLSX,
        purpose=FOR_THE_TRAINING,
        people=people,
        state=State.WAITING,
        requested_by_id=officers.first,
        requested_at=requested_at,
    )


def _forms(
    round_: RoundInUse, instant: datetime.datetime, officers: Officers
) -> SubmissionQuerySet:
    """The forms in force at an instant that HR of the whole ministry reads: all but the officer's own."""
    return Submission.objects.in_force_at(instant).filter(
        ~Q(survey__user=officers.first), survey__round=round_.pk
    )
