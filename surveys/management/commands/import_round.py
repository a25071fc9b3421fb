"""`manage.py import_round`: the round of an earlier year, brought along in three CSV files."""

from __future__ import annotations

import datetime
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from career_portal.common.errors import RuleViolation
from surveys.past_rounds import services
from surveys.past_rounds.checking import Checked, check
from surveys.past_rounds.reading import COLUMNS


class Command(BaseCommand):
    """Says what is in the files and which rows cannot be taken; puts the round down unless it is a dry run."""

    help = "Import the units, questions and answers of a round that was held before the portal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The year, the three files, and what is seldom said."""
        parser.add_argument("--fiscal-year", type=int, required=True, help="the round's year")
        for name in COLUMNS:
            parser.add_argument(f"--{name}", type=Path, required=True, metavar="CSV")
        parser.add_argument("--dry-run", action="store_true", help="check only, store nothing")
        parser.add_argument("--reason", default="", help="why another content replaces the first")
        parser.add_argument(
            "--reference-date",
            type=datetime.date.fromisoformat,
            help="the day whose organisation the units are; 1 October of the year if not given",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, say what was found, put it down."""
        year, reason = options["fiscal_year"], " ".join(options["reason"].split())
        if not 2000 <= year <= 2999:
            raise CommandError("--fiscal-yearは、2025のような西暦の年度にしてください。")
        day = options["reference_date"] or services.usual_reference_date(year)
        checked = check(year, *(_content(options[name]) for name in COLUMNS))
        self._tell(checked)
        if said := services.refuse_import(checked, day, reason=reason):
            raise CommandError(said)
        if services.already_imported(checked.past):
            self.stdout.write("同じ内容を取り込み済みです。何も変えていません。")
        elif options["dry_run"]:
            self.stdout.write("取り込めます。確かめただけで、まだ何も取り込んでいません。")
        else:
            self._store(checked, day, reason)

    def _tell(self, checked: Checked) -> None:
        problems, counts = checked.problems, checked.counts
        for problem in problems.told:
            self.stderr.write(str(problem))
        if problems.number > len(problems.told):
            self.stderr.write(f"ほかに{problems.number - len(problems.told):,}件")
        for remark in checked.past.remarks:
            self.stdout.write(remark)
        self.stdout.write(
            f"局・庁 {counts['bureaus']:,}、課室 {counts['sections']:,}、合同の単位 {counts['joint']:,}、"
            f"設問 {counts['questions']:,}、回答者 {counts['people']:,}人、回答 {counts['answers']:,}件"
        )

    def _store(self, checked: Checked, day: datetime.date, reason: str) -> None:
        try:
            freeze = services.import_round(checked, reference_date=day, reason=reason)
        except RuleViolation as broken:
            raise CommandError(broken.sentence) from broken
        kind = "訂正として取り込みました" if freeze.number > 1 else "取り込みました"
        self.stdout.write(f"{checked.past.fiscal_year}年度の実施回を{kind}。")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}：読めません（{error.strerror}）。") from error
