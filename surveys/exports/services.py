"""HR's orders of files with submitted forms: asked for, approved, made by a worker, fetched, gone after a day."""

from __future__ import annotations

import datetime
import secrets

from celery import signature
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from career_portal.audit.middleware import ActorContext
from career_portal.audit.services import record_reads_of_many
from career_portal.common import jobs
from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from surveys import permissions
from surveys.exports.files import write_file
from surveys.models import ExportedForm, FormExport, Submission, SubmittedPart, SurveyRound
from surveys.models.exports import PEOPLE_WITHOUT_APPROVAL, FormExportQuerySet
from surveys.models.reading import EXPORTED, HOPE_SURVEY
from surveys.models.submission import SubmissionQuerySet
from surveys.reading_filters import FormFilters
from surveys.running.services import BeyondScope

FORMS_AT_ONCE = 2_000
MOST_ATTEMPTS = 3
State = FormExport.State


class NobodyToExport(RuleViolation):
    """No form meets the conditions."""

    sentence = "この条件にあてはまる調書がありません。条件を変えて、もう一度お試しください。"


class NotToBeDecided(RuleViolation):
    """The order is decided already, or not for this officer to decide."""

    sentence = "この依頼は、すでに判断されているか、あなたには判断できません。"


class NotToBeFetched(RuleViolation):
    """The file is gone, or not any more for this officer to have."""

    sentence = (
        "このファイルは受け取れません。期限が切れたか、取り下げられた調書が含まれるか、"
        "担当の範囲が変わっています。もう一度依頼してください。"
    )


def forms_in(survey_round: SurveyRound, filters: FormFilters, by: User) -> SubmissionQuerySet:
    """The forms that an order would hold now: those in force in the officer's HR scope that meet the conditions."""
    forms = Submission.objects.in_hr_scope_of(by).filter(survey__round=survey_round)
    return filters.apply(forms)


@transaction.atomic
def request_export(
    survey_round: SurveyRound, *, file_format: str, filters: FormFilters, purpose: str, by: User
) -> FormExport:
    """Order a file; above the limit it waits for a second officer. Raises BeyondScope or NobodyToExport."""
    if not permissions.can_follow_rounds(by):
        raise BeyondScope
    people = forms_in(survey_round, filters, by).count()
    if not people:
        raise NobodyToExport
    is_small = people <= PEOPLE_WITHOUT_APPROVAL
    export = FormExport.objects.create(
        round=survey_round,
        format=file_format,
        filters=filters.as_dict(),
        purpose=purpose,
        people=people,
        state=State.QUEUED if is_small else State.WAITING,
        requested_by=by,
    )
    if is_small:
        _start(export)
    return export


@transaction.atomic
def approve_export(export: FormExport, *, by: User) -> FormExport:
    """Let a waiting order be made. Raises NotToBeDecided, also for whoever asked for it."""
    _lock_to_decide(export, by)
    export.state = State.QUEUED
    _decide(export, by)
    _start(export)
    return export


@transaction.atomic
def refuse_export(export: FormExport, *, reason: str, by: User) -> FormExport:
    """Refuse a waiting order with a reason that whoever asked for it reads. Raises NotToBeDecided."""
    _lock_to_decide(export, by)
    export.state = State.REFUSED
    export.refusal = reason
    _decide(export, by)
    return export


def _lock_to_decide(export: FormExport, by: User) -> None:
    locked = FormExport.objects.select_for_update().get(pk=export.pk)
    export.state = locked.state
    if not permissions.can_decide_export(by, locked):
        raise NotToBeDecided


def _decide(export: FormExport, by: User) -> None:
    export.decided_by = by
    export.decided_at = Now()
    export.save(update_fields=["state", "refusal", "decided_by", "decided_at"])
    export.refresh_from_db()


def _start(export: FormExport) -> None:
    # By its name: tasks import services.
    jobs.start(signature("surveys.tasks.produce_form_export"), export.pk)


def produce_export(pk: int) -> None:
    """Make the file of an order, if it is to be made and nobody else does it just now.

    It acts with the rights of whoever asked, as they are now. A worker that takes over from a dead one finds chosen and
    logged forms in the database and writes the file anew; one that was only slow lets go when it notices.
    """
    export = _take(pk)
    if export is None:
        return
    with _acting_for(export):
        if not _choose(export):
            return
        try:
            write_file(export, on_progress=lambda done: _show_progress(export, done))
        except TakenOver:
            return
        is_mine = _still_mine(export).update(
            state=State.READY,
            ready_at=Now(),
            expires_at=Now() + datetime.timedelta(hours=settings.EXPORT_KEPT_HOURS),
        )
        if not is_mine:
            _delete_file(export.file)


def _acting_for(export: FormExport) -> ActorContext:
    return ActorContext(user=export.requested_by_id, route="surveys.tasks.produce_form_export")


@transaction.atomic
def _take(pk: int) -> FormExport | None:
    """The order, now this worker's; None where there is nothing to do. After several tries it is given up."""
    found = FormExport.objects.to_be_made().select_for_update(skip_locked=True, of=("self",))
    export = (
        found.select_related("requested_by", "decided_by", "round__questionnaire")
        .filter(pk=pk)
        .first()
    )
    if export is None:
        return None
    # What a dead worker left half written; every try has a name of its own.
    _delete_file(export.file)
    person = export.requested_by
    is_allowed = person.is_active and permissions.can_follow_rounds(person)
    export.attempts += 1
    goes_on = is_allowed and export.attempts <= MOST_ATTEMPTS
    export.state = State.RUNNING if goes_on else State.FAILED
    export.file = f"exports/{secrets.token_hex(32)}.{export.format}" if goes_on else ""
    export.done = 0
    export.heartbeat_at = Now()
    with _acting_for(export):
        export.save(update_fields=["attempts", "state", "file", "done", "heartbeat_at"])
    return export if goes_on else None


def _still_mine(export: FormExport) -> FormExportQuerySet:
    """The order, unless another worker has taken it over since."""
    return FormExport.objects.filter(pk=export.pk, state=State.RUNNING, attempts=export.attempts)


@transaction.atomic
def _choose(export: FormExport) -> bool:
    """Write down which forms the file holds and that they are read; whether it may be made.

    Where more people than before are in it, and nobody approved so many, it waits again.
    """
    # While this goes on, nobody takes the order over, however long it takes.
    if _still_mine(export).select_for_update().first() is None:
        return False
    if ExportedForm.objects.filter(export=export).exists():
        return True
    filters = FormFilters.from_query(export.filters)
    forms = forms_in(export.round, filters, export.requested_by)
    chosen = list(forms.values_list("pk", flat=True))
    is_approved = len(chosen) <= PEOPLE_WITHOUT_APPROVAL or export.decided_by is not None
    export.people = len(chosen)
    export.heartbeat_at = Now()
    if not chosen or not is_approved:
        export.state = State.WAITING if chosen else State.FAILED
        export.file = ""
    else:
        _record(export, chosen)
    export.save(update_fields=["people", "state", "file", "heartbeat_at"])
    return export.state == State.RUNNING


def _record(export: FormExport, chosen: list[int]) -> None:
    """Write down the forms of an order, and as read every part of them that goes into its file."""
    ExportedForm.objects.bulk_create(
        (ExportedForm(export=export, submission_id=form) for form in chosen),
        batch_size=FORMS_AT_ONCE,
    )
    by = export.requested_by
    exported = ExportedForm.objects.filter(export=export).values("submission")
    parts = SubmittedPart.objects.read_as_hr(by).filter(submission__in=exported)
    record_reads_of_many(
        by=by,
        capacity=EXPORTED,
        object_kind=HOPE_SURVEY,
        reads=parts.values_list("submission__survey__user", "submission", "part__code").iterator(),
    )


class TakenOver(Exception):
    """Another worker makes the file now."""


def _show_progress(export: FormExport, done: int) -> None:
    """Tell how far the file is, and that its worker lives; outside any transaction, so that pages see it."""
    if not _still_mine(export).update(done=done, heartbeat_at=Now()):
        raise TakenOver


@transaction.atomic
def record_download(export: FormExport, *, by: User) -> FormExport:
    """Write down that the file is fetched. Raises NotToBeFetched."""
    fresh = FormExport.objects.with_freshness().select_for_update(of=("self",)).get(pk=export.pk)
    if not permissions.can_download_export(by, fresh) or not default_storage.exists(fresh.file):
        raise NotToBeFetched
    # The request is a GET, for which nobody has handed over the actor.
    with ActorContext(user=by.pk, route="surveys:export_download"):
        FormExport.objects.filter(pk=fresh.pk).update(downloads=F("downloads") + 1)
    return fresh


def orders_to_be_made() -> list[int]:
    """The ids of the orders that wait for a worker, or whose worker died."""
    return list(FormExport.objects.to_be_made().order_by("pk").values_list("pk", flat=True))


def expire_exports() -> None:
    """Delete the files that nobody can fetch any more."""
    for export in FormExport.objects.filter(state=State.READY, expires_at__lte=Now()):
        _delete_file(export.file)
        FormExport.objects.filter(pk=export.pk).update(state=State.EXPIRED, file="")


def _delete_file(name: str) -> None:
    if name and default_storage.exists(name):
        default_storage.delete(name)
