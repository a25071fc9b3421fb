import pytest

from career_portal.local import up
from career_portal.local.command import take_data_dir
from career_portal.staff.demonstration import ROLES_IN_WORDS


def test_sign_ins_are_named_as_on_the_sign_in_page():
    assert up.SIGN_INS == ROLES_IN_WORDS


@pytest.mark.parametrize(
    ("arguments", "directory", "rest"),
    [
        (["bench"], None, ["bench"]),
        (["bench", "--data-dir", "/a b", "--fast"], "/a b", ["bench", "--fast"]),
        (["--data-dir=/データ", "migrate"], "/データ", ["migrate"]),
    ],
)
def test_data_directory_is_taken_out_of_the_arguments(arguments, directory, rest):
    assert take_data_dir(arguments) == (directory, rest)


def test_defaults_are_those_of_the_handbook():
    options = up.parse([])

    assert (options.port, options.host, options.people) == (8000, "127.0.0.1", None)
    assert up.DEMO_PEOPLE == 6000
    assert not options.without_demo
    assert not options.reset


def test_static_files_are_collected_again_only_after_a_change(tmp_path, monkeypatch):
    static = tmp_path / "static"
    static.mkdir()
    (static / "portal.css").write_text("a")
    monkeypatch.setattr(up, "PROJECT", tmp_path)
    first = up.fingerprint_of_static_files()
    assert up.fingerprint_of_static_files() == first

    (static / "portal.css").write_text("ab")

    assert up.fingerprint_of_static_files() != first
