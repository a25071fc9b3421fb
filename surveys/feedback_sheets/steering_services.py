"""Steering a release that is being made: pausing, going on, giving it up, trying one sheet again."""

from __future__ import annotations

from django.db import transaction

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from surveys import permissions
from surveys.feedback_sheets.making_services import finish_release
from surveys.feedback_sheets.preparing_services import NotFeedbackAdmin, have_sheets_made
from surveys.models import FeedbackRelease, FeedbackSheet

State = FeedbackRelease.State


class NotToBeSteered(RuleViolation):
    """The release is no longer in a state in which this can be done."""

    sentence = "この操作は、もうできません。いまの状態を確かめてください。"


@transaction.atomic
def pause_release(release: FeedbackRelease, *, by: User) -> FeedbackRelease:
    """Have the workers stop after the sheets at hand. Raises NotFeedbackAdmin or NotToBeSteered."""
    return _change(release, by, {State.RUNNING}, State.PAUSED)


@transaction.atomic
def resume_release(release: FeedbackRelease, *, by: User) -> FeedbackRelease:
    """Have the workers go on; whole already where the last sheet at hand was the last. Raises as `pause_release`."""
    _change(release, by, {State.PAUSED}, State.RUNNING)
    if not finish_release(release):
        have_sheets_made(release)
    release.refresh_from_db()
    return release


@transaction.atomic
def cancel_release(release: FeedbackRelease, *, by: User) -> FeedbackRelease:
    """Give up a release whose figures are not out. Raises as `pause_release`."""
    return _change(release, by, {State.RUNNING, State.PAUSED, State.MADE}, State.CANCELLED)


@transaction.atomic
def retry_sheet(sheet: FeedbackSheet, *, by: User) -> FeedbackSheet:
    """Let a failed sheet wait for a worker again. Raises as `pause_release`."""
    _lock(sheet.release, by, {State.RUNNING, State.PAUSED})
    failed = FeedbackSheet.objects.filter(pk=sheet.pk, state=FeedbackSheet.State.FAILED)
    if not failed.update(state=FeedbackSheet.State.QUEUED, problem=""):
        raise NotToBeSteered
    have_sheets_made(sheet.release)
    sheet.refresh_from_db()
    return sheet


def _change(
    release: FeedbackRelease, by: User, allowed: set[State], state: State
) -> FeedbackRelease:
    _lock(release, by, allowed)
    release.state = state
    release.save(update_fields=["state"])
    return release


def _lock(release: FeedbackRelease, by: User, allowed: set[State]) -> None:
    if not permissions.can_run_releases(by):
        raise NotFeedbackAdmin
    held = FeedbackRelease.objects.select_for_update(of=("self",)).get(pk=release.pk)
    if held.state not in allowed or held.published_at or held.handed_out_at:
        raise NotToBeSteered
