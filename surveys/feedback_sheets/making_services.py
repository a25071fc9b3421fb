"""Making sheets: a worker takes one, assembles and draws it, and puts its file in place; the database owns the work."""

from __future__ import annotations

import hashlib
import logging

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from career_portal.audit.middleware import ActorContext
from surveys.feedback_sheets import storing
from surveys.feedback_sheets.assembling import assemble
from surveys.feedback_sheets.rendering import render_sheet
from surveys.models import FeedbackRelease, FeedbackSheet
from surveys.models.releases import FeedbackSheetQuerySet

MOST_ATTEMPTS = 3
State = FeedbackSheet.State

logger = logging.getLogger(__name__)


def make_sheet(pk: int) -> None:
    """Make one sheet, if its release runs and nobody else makes it; what fails is tried again, three times in all.

    A worker that was only slow, and whose sheet another has taken over since, lets go of what it made.
    """
    while (sheet := _take(pk)) is not None:
        try:
            content = render_sheet(assemble(sheet))
            _beat(sheet)
            storing.put(sheet.file, content)
        except Exception as error:
            # Whatever it is, the other sheets go on, and the page says that this one failed.
            logger.exception("sheet not made", extra={"facts": {"sheet": sheet.pk}})
            _give_up(sheet, type(error).__name__)
            continue
        _keep(sheet, content)
        finish_release(sheet.release)


@transaction.atomic
def _take(pk: int) -> FeedbackSheet | None:
    """The sheet, now this worker's, with a file name of its own; None where there is nothing to do."""
    found = FeedbackSheet.objects.to_be_made().select_for_update(skip_locked=True, of=("self",))
    sheet = (
        found.select_related("release__freeze__round", "unit__parent__parent").filter(pk=pk).first()
    )
    if sheet is None:
        return None
    was_lost = sheet.state == State.WORKING
    storing.remove(sheet.file)
    sheet.file = ""
    if was_lost and sheet.attempts % MOST_ATTEMPTS == 0:
        sheet.state = State.FAILED
        sheet.problem = "作成の途中で止まりました"
        sheet.save(update_fields=["state", "problem", "file"])
        return None
    sheet.attempts += 1
    sheet.state = State.WORKING
    sheet.problem = ""
    sheet.heartbeat_at = Now()
    sheet.file = f"feedback/{sheet.release_id}/{sheet.pk}-{sheet.attempts}.pdf"
    sheet.save(update_fields=["attempts", "state", "problem", "heartbeat_at", "file"])
    return sheet


def _still_mine(sheet: FeedbackSheet) -> FeedbackSheetQuerySet:
    """The sheet, unless another worker has taken it over since."""
    return FeedbackSheet.objects.filter(pk=sheet.pk, state=State.WORKING, attempts=sheet.attempts)


def _beat(sheet: FeedbackSheet) -> None:
    """Tell that its worker lives."""
    _still_mine(sheet).update(heartbeat_at=Now())


def _keep(sheet: FeedbackSheet, content: bytes) -> None:
    is_mine = _still_mine(sheet).update(
        state=State.DONE,
        made_at=Now(),
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
    )
    if not is_mine:
        storing.remove(sheet.file)


def _give_up(sheet: FeedbackSheet, reason: str) -> None:
    """Let the sheet wait again, or say that it failed. Attempts are never counted anew: a number is one worker's."""
    is_last = sheet.attempts % MOST_ATTEMPTS == 0
    storing.remove(sheet.file)
    _still_mine(sheet).update(
        state=State.FAILED if is_last else State.QUEUED,
        problem=f"PDFをつくれませんでした（{reason}）" if is_last else "",
        file="",
    )


@transaction.atomic
def finish_release(release: FeedbackRelease) -> bool:
    """Note that every sheet is there, if so. Locked: of two last workers one comes after the other's sheet is done."""
    held = FeedbackRelease.objects.select_for_update().get(pk=release.pk)
    missing = held.sheets.exclude(state=State.DONE)
    if held.state != FeedbackRelease.State.RUNNING or missing.exists():
        return False
    held.state = FeedbackRelease.State.MADE
    with ActorContext(user=held.started_by_id, route="surveys.tasks.make_feedback_sheet"):
        held.save(update_fields=["state"])
    return True


@transaction.atomic
def hand_out(release: FeedbackRelease) -> None:
    """Note, before files of a whole release are written for the operator, that its figures are out."""
    with ActorContext(user=None, route="manage.py make_release"):
        FeedbackRelease.objects.filter(
            pk=release.pk, published_at__isnull=True, handed_out_at__isnull=True
        ).update(handed_out_at=Now())


def sheets_to_make(release_pk: int) -> list[int]:
    """The ids of the sheets of a release, if it runs, that wait for a worker or have lost theirs."""
    return _in_order(FeedbackSheet.objects.to_be_made().filter(release=release_pk))


def sheets_left_behind() -> list[int]:
    """The ids of the sheets of running releases that lost their worker, or wait where no worker was heard of for long."""
    # Where one was heard of, the tasks of the others are on their way: to start them again would only double them.
    heard = FeedbackSheet.objects.filter(
        release=OuterRef("release"), heartbeat_at__gte=Now() - settings.SHEET_SILENCE
    )
    return _in_order(
        FeedbackSheet.objects.to_be_made().filter(Q(state=State.WORKING) | ~Exists(heard))
    )


def _in_order(sheets: FeedbackSheetQuerySet) -> list[int]:
    return list(sheets.order_by("release", "unit__sort_order").values_list("pk", flat=True))


def finish_releases() -> None:
    """Note what is whole where the last worker died before it could."""
    for release in FeedbackRelease.objects.filter(state=FeedbackRelease.State.RUNNING):
        finish_release(release)
