"""`manage.py import_posts FILE --by USERNAME`: what importing a file would do, and with `--confirm` doing it."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from postings.content import LABELS
from postings.models import PostImport
from postings.workbook import services

SECONDS_BETWEEN_LOOKS = 0.2


class Command(BaseCommand):
    """Goes the way of an upload, with the rights of the person named; does the work itself where no worker is there first."""

    help = (
        "Say what importing a file of post descriptions would do; with --confirm make its drafts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, the person, and whether to do it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, metavar="USERNAME")
        parser.add_argument("--confirm", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, print, and confirm where that is asked for."""
        path: Path = options["file"]
        try:
            by = User.objects.get(username=options["by"])
            with path.open("rb") as file:
                found = services.request_import(file, path.name, by=by)
        except User.DoesNotExist as error:
            raise CommandError(f"There is nobody with the sign-in name {options['by']}.") from error
        except OSError as error:
            raise CommandError(str(error)) from error
        except RuleViolation as broken:
            raise CommandError(broken.sentence) from broken
        self._work(found)
        self._print(found)
        if found.state != PostImport.State.CHECKED:
            raise CommandError(found.sentence or found.get_state_display())
        if not found.added + found.changed:
            self.stdout.write("取り込む行がないので、何も変えていません。")
        elif options["confirm"]:
            self._confirm(found, by)

    def _work(self, found: PostImport) -> None:
        services.work_on(found.pk)
        found.refresh_from_db()
        while found.is_under_way:
            time.sleep(SECONDS_BETWEEN_LOOKS)
            services.work_on(found.pk)
            found.refresh_from_db()

    def _print(self, found: PostImport) -> None:
        labels = {
            "added": "新しいポスト",
            "changed": "変更",
            "unchanged": "変更なし",
            "refused": "取り込めない行",
        }
        for name, label in labels.items():
            self.stdout.write(f"{label}：{getattr(found, name):,}")
        for remark in found.remarks:
            self.stdout.write(remark)
        for row in found.rows.filter(kind__in=["changed", "refused"]):
            self.stdout.write(f"{row.number:,}行目 {row.code} {row.title}")
            for problem in row.problems:
                self.stdout.write(f"  {problem['cell']} {problem['sentence']}")
            for change in row.changes:
                label = LABELS[change["name"]]
                self.stdout.write(f"  {label}：{change['old']!r} → {change['new']!r}")

    def _confirm(self, found: PostImport, by: User) -> None:
        try:
            services.confirm_import(found, by=by)
        except RuleViolation as broken:
            raise CommandError(broken.sentence) from broken
        self._work(found)
        if found.state != PostImport.State.CONFIRMED:
            raise CommandError(found.sentence or found.get_state_display())
        self.stdout.write(f"取り込み {found.pk} を確定しました。")
