"""`manage.py load_demo`: a whole invented ministry to try the portal with."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from career_portal.common.clock import today
from career_portal.home.demonstration.loading import (
    CannotLoad,
    Order,
    is_loaded,
    load_demonstration,
)

PEOPLE = 6000
SEED = 2026


class Command(BaseCommand):
    """Loads the demonstration once; refused where its accounts must not exist."""

    help = "Load the demonstration ministry once: people, organisation, posts, four rounds of the hope survey."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Size and seed."""
        parser.add_argument("--people", type=int, default=PEOPLE, help="people in service today")
        parser.add_argument(
            "--seed", type=int, default=SEED, help="the same seed, the same ministry"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how long each step took."""
        if not settings.DEMO_ACCOUNTS_ALLOWED:
            raise CommandError("These settings allow no demonstration accounts.")
        if is_loaded():
            self.stdout.write("The demonstration is loaded already; nothing to do.")
            return
        started = time.monotonic()

        def report(step: str) -> None:
            self.stdout.write(f"{step} ({time.monotonic() - started:.1f} s)")

        order = Order(options["people"], options["seed"], today(), settings.DEMO_PASSWORD)
        try:
            load_demonstration(order, report)
        except CannotLoad as reason:
            raise CommandError(str(reason)) from reason
        report("demonstration loaded")
