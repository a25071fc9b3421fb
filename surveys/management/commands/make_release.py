"""`manage.py make_release`: the sheets, figures, units and certificate of a year's round, in a folder."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from career_portal.common.errors import RuleViolation
from surveys.feedback_sheets import bundle, making_services, tables
from surveys.feedback_sheets.freezing_services import freeze_round
from surveys.feedback_sheets.preparing_services import prepare_release
from surveys.models import FeedbackRelease, FeedbackSheet, SurveyRound


class Command(BaseCommand):
    """Makes the release of the last freeze where there is none, and writes all of it; ends with an error where it cannot."""

    help = "Make the feedback sheets of a closed round and write PDFs, figures.csv, units.csv and certificate.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which year, and where to."""
        parser.add_argument("--fiscal-year", type=int, required=True, help="the round's year")
        parser.add_argument("--output", type=Path, required=True, help="a folder to write into")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, make, write."""
        release = _release(options["fiscal_year"])
        for pk in making_services.sheets_to_make(release.pk):
            making_services.make_sheet(pk)
        release.refresh_from_db()
        if release.state != FeedbackRelease.State.MADE:
            missing = release.sheets.exclude(state=FeedbackSheet.State.DONE).count()
            raise CommandError(f"{missing}件のシートをつくれませんでした。")
        making_services.hand_out(release)
        written = _write(release, options["output"])
        self.stdout.write(f"{written} sheets in {options['output']}")


def _release(year: int) -> FeedbackRelease:
    """The release of the round's last freeze, prepared where there is none. Raises CommandError."""
    survey_round = SurveyRound.objects.filter(fiscal_year=year, closed_at__isnull=False).first()
    if survey_round is None:
        raise CommandError(f"{year}年度の実施回は、ないか、まだ締めていません。")
    try:
        freeze = survey_round.freezes.order_by("number").last() or freeze_round(survey_round)
        return freeze.releases.standing().first() or prepare_release(freeze)
    except RuleViolation as broken:
        raise CommandError(broken.sentence) from broken


def _write(release: FeedbackRelease, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    sheets = list(release.sheets.select_related("unit__parent").order_by("unit__sort_order"))
    for number, sheet in enumerate(sheets):
        place = folder / "sheets" / bundle.name_in_bundle(number, sheet)
        place.parent.mkdir(parents=True, exist_ok=True)
        with default_storage.open(sheet.file) as file:
            place.write_bytes(file.read())
    releases = tables.with_earlier_years(release, FeedbackRelease.objects.all())
    with (folder / "figures.csv").open("wb") as target:
        tables.write(target, tables.FIGURES, tables.figure_rows(releases))
    with (folder / "units.csv").open("wb") as target:
        tables.write(target, tables.UNITS, tables.unit_rows(releases))
    certificate = json.dumps(release.certificate, ensure_ascii=False, indent=2)
    (folder / "certificate.json").write_text(f"{certificate}\n", encoding="utf-8")
    return len(sheets)
