"""Every command that is not our own (``up``, ``test``, ``lint``, ``bench``): Django's, on the local stack."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from django.core.management import execute_from_command_line

from career_portal.local import data_directory
from career_portal.local.database_account import database_account
from career_portal.local.stack import Stack, join


def main(arguments: list[str]) -> int:
    """Run the command on the servers that run already, or on its own for its duration."""
    explicit, arguments = take_data_dir(arguments)
    if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".production"):
        return run(arguments, dict(os.environ))
    account = database_account()
    data = data_directory.choose(explicit, account)
    data.prepare()
    stack = Stack(data, account)
    held = data.hold()
    if held is None:
        with data.join():
            return run(arguments, join(stack))
    signal.signal(signal.SIGTERM, leave)
    with held, stack.running() as environment, data.until_nobody_joins():
        return run(arguments, environment)


def take_data_dir(arguments: list[str]) -> tuple[str | None, list[str]]:
    """Take ``--data-dir`` out of the arguments: Django's commands do not know it."""
    rest: list[str] = []
    found: str | None = None
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--data-dir":
            found = next(remaining, None)
        elif argument.startswith("--data-dir="):
            found = argument.partition("=")[2]
        else:
            rest.append(argument)
    return found, rest


def run(arguments: list[str], environment: dict[str, str]) -> int:
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["manage.py", *arguments]
    execute_from_command_line(sys.argv)
    return 0


def leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
