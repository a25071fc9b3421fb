"""A talk in words, as headings of pages and papers have it."""

from __future__ import annotations

from career_portal.common.era import clock_time, moment
from interviews.models import Interview


def facts_of(interview: Interview) -> list[str]:
    """When, where and what kind: 11月5日（木）14:00〜14:45, 別館3階 打合せ室B, キャリア面談."""
    period = interview.period
    when = f"{moment(period.lower)}〜{clock_time(period.upper)}"
    where = interview.place or ("オンライン" if interview.online_link else "")
    return [fact for fact in (when, where, interview.get_kind_display()) if fact]
