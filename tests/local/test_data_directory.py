import re

import pytest

from career_portal.local import data_directory
from career_portal.local.database_account import Account, can_enter
from career_portal.local.progress import Refusal
from career_portal.local.stack import demo_password

SOMEBODY = Account("somebody", 12345, 12345)


@pytest.fixture
def closed(monkeypatch):
    monkeypatch.setattr(data_directory, "can_enter", lambda path, account: False)


def test_directory_is_the_option_then_the_variable_then_the_default(monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path / "variable"))

    assert data_directory.choose(str(tmp_path / "option"), None).path == tmp_path / "option"
    assert data_directory.choose(None, None).path == tmp_path / "variable"
    monkeypatch.delenv("PORTAL_DATA_DIR")
    assert data_directory.choose(None, None).path == data_directory.DEFAULT


@pytest.mark.usefixtures("closed")
def test_directory_that_the_database_cannot_enter_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(Refusal, match="The database runs as somebody, who cannot enter"):
        data_directory.choose(str(tmp_path), SOMEBODY)


@pytest.mark.usefixtures("closed")
def test_default_that_the_database_cannot_enter_moves_below_var_lib(monkeypatch):
    monkeypatch.delenv("PORTAL_DATA_DIR", raising=False)

    chosen = data_directory.choose(None, SOMEBODY)

    assert chosen.path.parent == data_directory.ELSEWHERE


def test_closed_parent_is_noticed(place, account):
    closed = place / "closed"
    closed.mkdir(mode=0o700)

    assert can_enter(place / "not" / "yet" / "made", account)
    # An ordinary person runs the database himself and has made the directory himself.
    assert can_enter(closed / "data", account) == (account is None)


def test_directory_with_other_files_is_refused(tmp_path):
    (tmp_path / "thesis.txt").touch()

    with pytest.raises(Refusal, match="holds other files"):
        data_directory.DataDirectory(tmp_path).prepare()


def test_secret_is_made_once_and_only_the_owner_reads_it(data):
    first = data.secret("secret-key")

    assert data.secret("secret-key") == first
    assert len(first) == 64
    assert (data.path / "secrets" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_given_demo_password_is_kept_for_later_starts(data, monkeypatch):
    monkeypatch.delenv("PORTAL_DEMO_PASSWORD", raising=False)
    made = demo_password(data)
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", made)
    assert demo_password(data) == made

    monkeypatch.setenv("PORTAL_DEMO_PASSWORD", "given")
    assert demo_password(data) == "given"
    monkeypatch.delenv("PORTAL_DEMO_PASSWORD")
    assert demo_password(data) == "given"


def test_directory_is_held_by_one_at_a_time(data):
    held = data.hold()

    assert data.hold() is None
    held.close()
    again = data.hold()
    assert again is not None
    again.close()


def test_emptying_keeps_the_lock_of_the_holder(data):
    (data.logs / "web.log").touch()

    with data.hold():
        data.empty()
        assert data.hold() is None

    assert [entry.name for entry in data.path.iterdir() if entry.is_dir()] == []
