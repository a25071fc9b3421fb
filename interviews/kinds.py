"""The kinds of interviews, in code: who may hold which with whom, and which are counted for the line."""

from django.db import models


class Kind(models.TextChoices):
    """What a talk is for."""

    CAREER = "career", "キャリア面談"
    TERM_START = "term_start", "期首面談"
    TERM_END = "term_end", "期末面談"
    ONE_ON_ONE = "one_on_one", "1on1"
    HR = "hr", "人事との面談"
    MENTOR = "mentor", "メンターとの面談"


# Held by a supervisor with his staff; only these are counted, and only these are seen in lists of the line.
LINE_KINDS = frozenset({Kind.CAREER, Kind.TERM_START, Kind.TERM_END, Kind.ONE_ON_ONE})
