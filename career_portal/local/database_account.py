"""PostgreSQL refuses to run as root: the account that runs it instead, and what that can reach."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from career_portal.local.progress import Refusal
from career_portal.local.system_packages import FULL_PATH

NAME = "career-portal"


class Account(NamedTuple):
    name: str
    uid: int
    gid: int


def database_account() -> Account | None:
    """Return ``None`` for an ordinary person, who runs the database as himself."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        _add_system_user()
        entry = pwd.getpwnam(NAME)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def can_enter(directory: Path, account: Account | None) -> bool:
    """Say whether the account can enter the nearest existing directory on this path."""
    existing = next(each for each in [directory, *directory.parents] if each.exists())
    return account is None or _as(account, ["sh", "-c", 'cd "$1"', "sh", str(existing)]) == 0


def can_run(program: Path, account: Account | None) -> bool:
    if account is None:
        return os.access(program, os.X_OK)
    return _as(account, ["test", "-x", str(program)]) == 0


def _as(account: Account, command: list[str]) -> int:
    outcome = subprocess.run(
        command,
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        env={"PATH": FULL_PATH},
        capture_output=True,
        check=False,
    )
    return outcome.returncode


def _add_system_user() -> None:
    useradd = shutil.which("useradd", path=FULL_PATH)
    if useradd is None:
        raise Refusal(f"PostgreSQL does not run as root. Create a system user named {NAME}.")
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    outcome = subprocess.run([useradd, *options, NAME], capture_output=True, text=True, check=False)
    if outcome.returncode != 0:
        raise Refusal(f"The system user {NAME} could not be made: {outcome.stderr.strip()}")
