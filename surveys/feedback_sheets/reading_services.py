"""Writing down who opened which sheet, and who fetched which file."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db import transaction

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from surveys import permissions
from surveys.models import FeedbackRelease, FeedbackSheet, RoundUnit, SheetDownload, SheetOpening

Kind = SheetDownload.Kind


class NotToBeFetched(RuleViolation):
    """The file is not there, or not for this person."""

    sentence = "このファイルは受け取れません。まだできていないか、読める人が変わっています。"


@transaction.atomic
def record_opening(sheet: FeedbackSheet, *, by: User) -> None:
    """Note that somebody opened a published sheet, the first time only."""
    if sheet.release.published_at is not None:
        SheetOpening.objects.bulk_create(
            [SheetOpening(sheet=sheet, user=by)], ignore_conflicts=True
        )


@transaction.atomic
def record_sheet_download(sheet: FeedbackSheet, *, by: User) -> None:
    """Note that the PDF of a sheet is fetched. Raises NotToBeFetched."""
    fresh = FeedbackSheet.objects.select_related("release").get(pk=sheet.pk)
    if not permissions.can_fetch_sheet(by, fresh) or not default_storage.exists(fresh.file):
        raise NotToBeFetched
    record_opening(fresh, by=by)
    SheetDownload.objects.create(
        release=fresh.release, kind=Kind.SHEET, unit_id=fresh.unit_id, user=by
    )


@transaction.atomic
def record_download(
    release: FeedbackRelease, kind: SheetDownload.Kind, *, unit: RoundUnit | None = None, by: User
) -> None:
    """Note that a bundle or a table of a release is fetched. Raises NotToBeFetched."""
    fresh = FeedbackRelease.objects.get(pk=release.pk)
    if not permissions.can_fetch_everything(by, fresh):
        raise NotToBeFetched
    SheetDownload.objects.create(release=release, kind=kind, unit=unit, user=by)
