"""Libraries and programs of the operating system that pip cannot bring."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess

from career_portal.local.progress import Refusal, step

# WeasyPrint opens these when the first PDF is made.
PDF_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A login by su or cron may leave out the sbin directories, without which dpkg stops half-way.
FULL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def missing_for_pdf() -> list[str]:
    return [package for library, package in PDF_LIBRARIES.items() if not _can_load(library)]


def missing_for_browser() -> list[str]:
    return [] if browser() else ["chromium"]


def browser() -> str | None:
    """Return the path of Chromium."""
    chosen = os.environ.get("PORTAL_CHROMIUM")
    if chosen:
        return chosen
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def install_line(packages: list[str]) -> str:
    """Return the one line a person may paste."""
    names = " ".join(packages)
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {names}"


def install_or_refuse(packages: list[str]) -> None:
    if not packages:
        return
    apt = shutil.which("apt-get", path=FULL_PATH)
    if os.geteuid() != 0 or apt is None:
        raise Refusal(
            f"A system package is missing. Run this line, then start again:\n{install_line(packages)}"
        )
    environment = {**os.environ, "PATH": FULL_PATH, "DEBIAN_FRONTEND": "noninteractive"}
    install = [apt, "install", "-y", "--no-install-recommends", *packages]
    with step(f"system packages ({' '.join(packages)})"):
        for command in ([apt, "update"], install):
            outcome = subprocess.run(
                command, env=environment, capture_output=True, text=True, check=False
            )
        if outcome.returncode != 0:
            raise Refusal(f"{outcome.stderr}\nThis failed: {' '.join(install)}")


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
