"""The deadline of the open round, moved for a while; whoever else writes in it is none of these tests."""

from contextlib import contextmanager

MOVE = """
    UPDATE surveys_surveyround SET deadline_at = now() + %(seconds)s * interval '1 second'
    WHERE fiscal_year = %(year)s
"""
EXTEND = """
    INSERT INTO surveys_deadlineextension (round_id, kind, person_id, until, reason, granted_by_id)
    SELECT r.id, 'person', p.id, now() + interval '2 days', '停電のため', hr.id
    FROM surveys_surveyround r, staff_user p, staff_user hr
    WHERE r.fiscal_year = %(year)s AND p.username = %(username)s AND hr.username = 'jinji'
"""


@contextmanager
def moved_deadline(portal, seconds):
    """The deadline that many seconds from now, until the end of the block; gives a function that moves it again."""

    def move(seconds):
        assert portal.execute(MOVE, year=portal.year, seconds=seconds) == 1

    move(seconds)
    try:
        yield move
    finally:
        move(12 * 24 * 60 * 60)


def extend(portal, username):
    """Let one person write for two days from now."""
    assert portal.execute(EXTEND, year=portal.year, username=username) == 1
