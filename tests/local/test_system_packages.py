import pytest

from career_portal.local import system_packages
from career_portal.local.progress import Refusal


def test_missing_packages_without_root_are_refused_with_one_line(monkeypatch):
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)

    with pytest.raises(Refusal) as refused:
        system_packages.install_or_refuse(["libpango-1.0-0", "chromium"])

    assert str(refused.value).splitlines()[-1] == (
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends "
        "libpango-1.0-0 chromium"
    )


def test_root_updates_before_installing_and_has_a_full_path(monkeypatch, tmp_path):
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$PATH" "$@" >> {tmp_path}/calls\n')
    apt.chmod(0o755)
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0)
    monkeypatch.setattr(system_packages.shutil, "which", lambda name, path=None: str(apt))
    monkeypatch.setenv("PATH", "/usr/bin")

    system_packages.install_or_refuse(["chromium"])

    update, install = (tmp_path / "calls").read_text().splitlines()
    assert update == f"{system_packages.FULL_PATH} update"
    assert install == (f"{system_packages.FULL_PATH} install -y --no-install-recommends chromium")


def test_nothing_missing_asks_nobody(monkeypatch):
    monkeypatch.setattr(system_packages.subprocess, "run", None)

    system_packages.install_or_refuse([])
