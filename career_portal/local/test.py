"""``manage.py test``: pytest on a private Postgres and broker that are thrown away afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from career_portal.local import system_packages
from career_portal.local.bootstrap import PROJECT
from career_portal.local.data_directory import DataDirectory
from career_portal.local.database_account import database_account
from career_portal.local.stack import Stack

SETTINGS = "career_portal.settings.test"
MUTATE = "--mutate"
# The whole run is shared, file by file, by a process per core; `tests/conftest.py` has the order.
WHOLE_RUN = [
    "-n",
    str(min(os.cpu_count() or 1, 4)),
    "--dist",
    "loadfile",
    "--no-loadscope-reorder",
]


def main(arguments: list[str]) -> int:
    system_packages.install_or_refuse(
        [*system_packages.missing_for_pdf(), *system_packages.missing_for_browser()]
    )
    with tempfile.TemporaryDirectory(prefix="career-portal-test-") as place:
        # The database account passes through here.
        Path(place).chmod(0o711)
        data = DataDirectory(Path(place) / "data")
        data.prepare()
        stack = Stack(data, database_account(), settings=SETTINGS, careless=True)
        with stack.running() as environment:
            command = [sys.executable, "-P", "-m", *program(arguments)]
            return hand_over(command, environment)


def program(arguments: list[str]) -> list[str]:
    """What runs on the stack: pytest, or the mutants of the rules, which run it many times."""
    if arguments[:1] == [MUTATE]:
        return ["tests.mutation", *arguments[1:]]
    return ["pytest", *(arguments or WHOLE_RUN)]


def hand_over(command: list[str], environment: dict[str, str]) -> int:
    """Run to its end what uses the servers; told to stop, it tidies up first, then they go."""
    with subprocess.Popen(command, env=environment, cwd=PROJECT) as process:
        # The terminal sends Ctrl-C to both.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: process.send_signal(signal.SIGINT))
        return process.wait()
