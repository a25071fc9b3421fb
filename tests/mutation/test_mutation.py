"""The mutants themselves: every rule has some, each really breaks its rule, and one that passes the tests is told."""

import ast
import os
import re
import subprocess
import sys
from types import ModuleType

import pytest

from tests.mutation import __main__ as command
from tests.mutation import rules
from tests.mutation.plugin import MUTANT

PEOPLE = "career_portal.staff.models.user:UserQuerySet.visible_to"
SOURCE = """
import functools

def logged(function):
    @functools.wraps(function)
    def inner(*arguments, **options):
        return function(*arguments, **options)
    return inner

def can_read(user, part=None, *, day=None):
    return user == "writer"

@logged
def can_write(user):
    return user == "writer"
"""


def defined_rules():
    """The rules as the source spells them."""
    for path in rules.rule_files():
        module = ".".join(path.relative_to(rules.ROOT).with_suffix("").parts)
        module = module.removesuffix(".__init__")
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("can_"):
                yield f"{module}:{node.name}"
            if isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef) and inner.name in {"visible_to", "own"}:
                        yield f"{module}:{node.name}.{inner.name}"


def test_every_rule_of_the_source_has_mutants():
    found = list(rules.mutants())

    assert {name.partition("=")[0] for name in found} == set(defined_rules())
    assert len(found) == len(set(found))
    assert {f"{PEOPLE}=always", f"{PEOPLE}=never"} <= set(found)


def test_rule_that_all_staff_may_see_has_no_mutant_that_says_the_same():
    own_roles = "career_portal.staff.models.grants:RoleGrantQuerySet.visible_to"
    found = set(rules.mutants())

    assert f"{PEOPLE}=staff" not in found
    assert f"{own_roles}=staff" in found


@pytest.mark.parametrize(
    ("mutant", "failed"),
    [
        (None, set()),
        (f"{PEOPLE}=always", {"test_ended"}),
        (f"{PEOPLE}=never", {"test_active"}),
    ],
)
def test_run_under_a_mutant_has_the_rule_broken_before_tests_are_imported(mutant, failed):
    environment = {**os.environ, **({MUTANT: mutant} if mutant else {})}
    outcome = subprocess.run(
        [*command.PYTEST, *command.QUIET, "-rA", "tests/mutation/probe.py"],
        cwd=rules.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    found = re.findall(r"^(PASSED|FAILED) \S+::(\w+)", outcome.stdout, re.MULTILINE)
    assert {name for _, name in found} == {"test_active", "test_ended", "test_importing"}
    assert {name for result, name in found if result == "FAILED"} == failed
    assert outcome.returncode == (command.FAILED if failed else command.PASSED)


@pytest.fixture
def permissions(monkeypatch):
    """A module with permissions of its own."""
    module = ModuleType("permissions_to_break")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(SOURCE, vars(module))  # noqa: S102  a module that no file needs
    return module


@pytest.mark.parametrize("name", ["can_read", "can_write"])
def test_permission_is_broken_under_every_name_it_was_imported_by(permissions, name):
    imported = getattr(permissions, name)
    assert [imported("writer"), imported("stranger")] == [True, False]

    rules.apply(f"permissions_to_break:{name}=always")
    assert [imported("writer"), imported("stranger")] == [True, True]

    rules.apply(f"permissions_to_break:{name}=never")
    assert [imported("writer"), imported("stranger")] == [False, False]


def test_broken_permission_takes_what_the_whole_one_took(permissions):
    rules.apply("permissions_to_break:can_read=always")

    assert permissions.can_read("stranger", "part", day="today") is True


@pytest.mark.parametrize("mutant", ["surveys:can_fly=always", f"{PEOPLE}=sometimes"])
def test_unknown_mutant_is_an_error(mutant):
    with pytest.raises(KeyError):
        rules.apply(mutant)


def outcome(status, output=""):
    return command.Outcome(f"{PEOPLE}=always", status, output, 1.25)


CAUGHT = outcome(1, "F\nFAILED tests/staff/test_x.py::test_y[a b] - assert 1 == 2\n")


def test_table_names_the_test_that_caught_a_mutant(capsys):
    assert command.report([CAUGHT]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "career_portal.staff.models.user"
    assert lines[2].split() == [
        *("UserQuerySet.visible_to", "always", "caught", "1.2", "s"),
        "staff/test_x.py::test_y",
    ]
    assert re.fullmatch(r"1 mutants in \d+ s, 0 not caught", lines[-1])


@pytest.mark.parametrize(("status", "word"), [(0, "SURVIVED"), (2, "BROKEN"), (-9, "BROKEN")])
def test_mutant_that_no_test_caught_is_told_at_the_end(capsys, status, word):
    assert command.report([CAUGHT, outcome(status)]) == 1

    told = capsys.readouterr().out
    assert word in told
    assert told.partition("1 not caught")[2].split() == [f"{PEOPLE}=always"]


def test_pattern_that_fits_no_mutant_is_refused(capsys):
    assert command.main(["no.such.rule"]) == 1

    assert "--list" in capsys.readouterr().out
