"""Tests that `test_mutation.py` runs under mutants of one rule."""

from career_portal.staff.models import User

ACTIVE, ENDED = User(state=User.State.ACTIVE), User(state=User.State.ENDED)


def seen():
    """Who sees people: an active and an ended account."""
    return [
        not User.objects.filter(pk=1).visible_to(user).query.is_empty() for user in (ACTIVE, ENDED)
    ]


SEEN_WHILE_IMPORTING = seen()


def test_active():
    assert seen()[0]


def test_ended():
    assert not seen()[1]


def test_importing():
    assert seen() == SEEN_WHILE_IMPORTING


def test_chromium(chromium):
    raise AssertionError("runs with a mutant need no browser")
