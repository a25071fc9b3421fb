"""``manage.py bench``: speed and weight, measured on a private stack that is thrown away afterwards.

The database is as durable as that of ``up``. What is measured stands in ``tests/benchmarks``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import psycopg

from career_portal.local.data_directory import DataDirectory
from career_portal.local.database_account import database_account
from career_portal.local.stack import Stack
from career_portal.local.test import hand_over

COUNTER = "pg_stat_statements"
SECTIONS = ("load", "ratios", "pages", "search", "exports", "posts", "sheets")


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py bench", description=__doc__)
    parser.add_argument("--people", type=int, default=6000, help="size of the demonstration")
    parser.add_argument("--seconds", type=float, default=4, help="length of one cell")
    parser.add_argument("--rounds", type=int, default=3, help="cells of each kind; medians count")
    parser.add_argument("--only", choices=SECTIONS, help="one section of the report")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    parse(arguments)
    with tempfile.TemporaryDirectory(prefix="career-portal-bench-") as place:
        # The database account passes through here.
        Path(place).chmod(0o711)
        data = DataDirectory(Path(place) / "data")
        data.prepare()
        stack = Stack(data, database_account())
        with stack.running() as environment:
            load_counter(stack)
            command = [sys.executable, "-P", "-m", "tests.benchmarks", *arguments]
            return hand_over(command, environment)


def load_counter(stack: Stack) -> None:
    """Let the database count statements when asked to; binaries without the counter do without."""
    with psycopg.connect(stack.postgres.url, autocommit=True) as connection:
        known = "select 1 from pg_available_extensions where name = %s"
        if connection.execute(known, [COUNTER]).fetchone() is None:
            return
        connection.execute(f"create extension {COUNTER}")
        connection.execute(f"alter system set shared_preload_libraries = {COUNTER}")
        connection.execute(f"alter system set {COUNTER}.track = none")
    stack.postgres.stop()
    stack.postgres.start_again()
