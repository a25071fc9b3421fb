import re
import tomllib
from itertools import chain

import pytest

from career_portal.local import bootstrap

PIN = re.compile(r"^([a-z0-9.\-]+)==(\S+)", re.MULTILINE)


def pins(lock):
    return dict(PIN.findall(lock.read_text()))


@pytest.mark.parametrize("lock", [bootstrap.RUNTIME_LOCK, bootstrap.TESTS_LOCK], ids=str)
def test_lock_has_a_hash_for_every_pin_and_no_address(lock):
    text = lock.read_text()
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]

    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"\w+://|^--|@ |(?<!\S)/\w", text, re.MULTILINE) == []


def test_lock_of_the_tests_is_the_runtime_lock_and_more():
    runtime = pins(bootstrap.RUNTIME_LOCK)
    tests = pins(bootstrap.TESTS_LOCK)

    assert {name: tests.get(name) for name in runtime} == runtime
    assert "pytest" in tests.keys() - runtime.keys()


def test_every_dependency_is_locked_and_says_why_it_is_needed():
    text = (bootstrap.PROJECT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    wanted = [*project["project"]["dependencies"], *chain(*project["dependency-groups"].values())]
    locked = pins(bootstrap.TESTS_LOCK)

    names = [re.match(r"[a-z0-9\-]+", each).group() for each in wanted]
    assert [name for name in names if name not in locked] == []
    assert [each for each in wanted if not re.search(rf'"{re.escape(each)}", +# \w', text)] == []


@pytest.mark.parametrize(("script", "whole"), [("exit 0", True), ("exit 1", False), ("", False)])
def test_environment_whose_making_was_interrupted_is_not_whole(
    tmp_path, monkeypatch, script, whole
):
    python = tmp_path / "python"
    if script:
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
    monkeypatch.setattr(bootstrap, "PYTHON", python)

    assert bootstrap.has_pip() is whole


def test_environment_counts_as_installed_only_for_the_locks_it_remembers(tmp_path, monkeypatch):
    python = tmp_path / "python"
    python.touch()
    monkeypatch.setattr(bootstrap, "PYTHON", python)
    monkeypatch.setattr(bootstrap, "INSTALLED", tmp_path / "installed-locks")
    lock = tmp_path / "requirements.lock"
    lock.write_text("django==5.2")
    assert not bootstrap.is_installed(lock)

    bootstrap.INSTALLED.write_text(bootstrap._digest(lock))
    assert bootstrap.is_installed(lock)

    lock.write_text("django==5.3")
    assert not bootstrap.is_installed(lock)
