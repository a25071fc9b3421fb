"""Files of a past round chosen on a page: kept for a day, looked at, then taken or thrown away."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Mapping

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Now

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from surveys import permissions
from surveys.models import RoundFreeze, RoundImport
from surveys.past_rounds.checking import Checked, check
from surveys.past_rounds.reading import COLUMNS
from surveys.past_rounds.services import ImportRefused, import_round

KEPT = datetime.timedelta(days=1)


class FilesGone(RuleViolation):
    """The files were taken, thrown away, or lay for more than a day."""

    sentence = "選んだファイルは、もうありません。もう一度選んでください。"


def keep_files(
    files: Mapping[str, bytes],
    *,
    fiscal_year: int,
    reference_date: datetime.date,
    reason: str,
    by: User,
) -> RoundImport:
    """Keep units, questions and answers to be looked at. Raises ImportRefused."""
    _refuse_others(by)
    throw_old_away()
    folder = f"past-rounds/{secrets.token_hex(32)}"
    for name in COLUMNS:
        default_storage.save(f"{folder}/{name}.csv", ContentFile(files[name]))
    return RoundImport.objects.create(
        fiscal_year=fiscal_year,
        reference_date=reference_date,
        reason=reason,
        folder=folder,
        uploaded_by=by,
    )


def look_at(kept: RoundImport) -> Checked:
    """What is in the files now. Raises FilesGone."""
    contents = []
    try:
        for name in COLUMNS:
            with default_storage.open(f"{kept.folder}/{name}.csv") as file:
                contents.append(file.read())
    except OSError as error:
        raise FilesGone from error
    return check(kept.fiscal_year, *contents)


@transaction.atomic
def take_files(kept: RoundImport, *, by: User) -> RoundFreeze:
    """Put the round down and throw the files away. Raises ImportRefused or FilesGone."""
    held = RoundImport.objects.select_for_update().get(pk=kept.pk)
    if held.freeze_id is not None or not held.folder:
        raise FilesGone
    freeze = import_round(
        look_at(held), reference_date=held.reference_date, reason=held.reason, by=by
    )
    folder, held.folder, held.freeze = held.folder, "", freeze
    held.save(update_fields=["folder", "freeze"])
    transaction.on_commit(lambda: _delete(folder))
    return freeze


@transaction.atomic
def throw_away(kept: RoundImport, *, by: User) -> None:
    """Do without files that were not taken. Raises ImportRefused or FilesGone."""
    _refuse_others(by)
    held = RoundImport.objects.select_for_update().get(pk=kept.pk)
    if held.freeze_id is not None:
        raise FilesGone
    held.delete()
    transaction.on_commit(lambda: _delete(held.folder))


def throw_old_away() -> None:
    """Answers of people lie about for a day at most."""
    for kept in RoundImport.objects.waiting().filter(uploaded_at__lt=Now() - KEPT):
        _delete(kept.folder)
        kept.delete()


def _refuse_others(by: User) -> None:
    if not permissions.can_run_releases(by):
        raise ImportRefused("過去の実施回を取り込めるのは、集計担当だけです。")


def _delete(folder: str) -> None:
    for name in COLUMNS:
        default_storage.delete(f"{folder}/{name}.csv")
