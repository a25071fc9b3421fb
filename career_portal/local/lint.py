"""``manage.py lint``: every static check, each with its time; needs no server."""

from __future__ import annotations

import base64
import secrets
import subprocess
import sys
import time

from career_portal.local.bootstrap import ENVIRONMENT, PROJECT
from career_portal.local.processes import clean_environment

NOWHERE = {
    "DATABASE_URL": "postgres://portal:none@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
TEST = {**NOWHERE, "DJANGO_SETTINGS_MODULE": "career_portal.settings.test"}
PRODUCTION = {
    **NOWHERE,
    "DJANGO_SETTINGS_MODULE": "career_portal.settings.production",
    "PORTAL_SECRET_KEY": secrets.token_hex(32),
    "PORTAL_MEMO_KEYS": f"checks:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    "PORTAL_ALLOWED_HOSTS": "portal.example.go.jp",
    "PORTAL_EMAIL_HOST": "mail.example.go.jp",
    "PORTAL_EMAIL_FROM": "career-portal@example.go.jp",
}
PYTHON = [sys.executable, "-P"]
# There is no server to compare the recorded migrations with, only the files.
QUIET = ["-W", "ignore:Got an error checking a consistent migration history:RuntimeWarning"]

CHECKS: dict[str, tuple[list[str], dict[str, str]]] = {
    "ruff": ([*PYTHON, "-m", "ruff", "check", "."], {}),
    "format": ([*PYTHON, "-m", "ruff", "format", "--check", "."], {}),
    "import contracts": ([str(ENVIRONMENT / "bin" / "lint-imports")], {}),
    "types": ([*PYTHON, "-m", "mypy"], TEST),
    "migrations": (
        [*PYTHON, *QUIET, "-m", "django", "makemigrations", "--check", "--dry-run"],
        TEST,
    ),
    "deployment": (
        [*PYTHON, "-m", "django", "check", "--deploy", "--fail-level=WARNING"],
        PRODUCTION,
    ),
}


def main(arguments: list[str]) -> int:
    """Run the checks named, else all; show what a failed one said and go on."""
    failed = [name for name in arguments or CHECKS if not passes(name)]
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def passes(name: str) -> bool:
    command, extra = CHECKS[name]
    started = time.monotonic()
    outcome = subprocess.run(
        command,
        env={**clean_environment(), **extra},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    passed = outcome.returncode == 0
    print(f"  {name:<20} {'ok' if passed else 'failed':<7} {time.monotonic() - started:5.1f} s")
    if not passed:
        print(outcome.stdout + outcome.stderr, flush=True)
    return passed
