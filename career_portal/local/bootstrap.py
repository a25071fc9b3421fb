"""Makes the virtual environment and enters it. Standard library only: nothing is installed yet.

``requirements.lock`` is what the portal runs with, ``tests/requirements.lock`` the same and the
tools of ``test`` and ``lint``. A file in the environment remembers which locks were installed, so
that a second start installs nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from career_portal.local import system_packages
from career_portal.local.progress import Refusal, step

PROJECT = Path(__file__).resolve().parents[2]
ENVIRONMENT = PROJECT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
INSTALLED = ENVIRONMENT / "installed-locks"
RUNTIME_LOCK = PROJECT / "requirements.lock"
INTERRUPTED = 130  # as a shell reports a program that Ctrl-C ended
TESTS_LOCK = PROJECT / "tests" / "requirements.lock"


def main(arguments: list[str]) -> int:
    """Return only after a refusal: else the process becomes the environment's interpreter."""
    if sys.version_info < (3, 11):  # noqa: UP036  here is where an older one is told so
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    try:
        needs_tools = arguments[:1] in (["test"], ["lint"])
        prepare_environment(TESTS_LOCK if needs_tools else RUNTIME_LOCK)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return enter_environment(arguments)


def enter_environment(arguments: list[str]) -> NoReturn:
    command = [str(PYTHON), "-P", "-m", "career_portal.local", *arguments]
    sys.stdout.flush()
    os.execve(PYTHON, command, {**os.environ, "PYTHONPATH": str(PROJECT)})  # noqa: S606  no shell


def prepare_environment(lock: Path) -> None:
    if is_installed(lock):
        return
    with _one_at_a_time():
        if is_installed(lock):
            return
        if not has_pip():
            make_environment()
        install(lock)


def is_installed(lock: Path) -> bool:
    return PYTHON.exists() and INSTALLED.exists() and _digest(lock) in INSTALLED.read_text().split()


def has_pip() -> bool:
    """Say whether the environment is whole; one whose making was interrupted is not."""
    if not PYTHON.exists():
        return False
    command = [str(PYTHON), "-m", "pip", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def make_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        system_packages.install_or_refuse(["python3-venv"])
    with step("virtual environment"):
        _run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)])


def install(lock: Path) -> None:
    with step(f"dependencies ({lock.relative_to(PROJECT)})"):
        INSTALLED.unlink(missing_ok=True)
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]
        wheels_only = ["--only-binary=:all:", "--require-hashes"]
        _run([*pip, "install", "--quiet", *wheels_only, "--requirement", str(lock)])
        complete = [RUNTIME_LOCK, TESTS_LOCK] if lock == TESTS_LOCK else [lock]
        INSTALLED.write_text("\n".join(_digest(each) for each in complete) + "\n")


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands started at once must not install into each other."""
    # Beside the environment's own files it would be lost when the environment is made anew.
    with (PROJECT / "manage.py").open() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _run(command: list[str]) -> None:
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    if outcome.returncode != 0:
        raise Refusal(f"{outcome.stdout}{outcome.stderr}\nThis failed: {' '.join(command)}")
