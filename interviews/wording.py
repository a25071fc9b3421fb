"""Times of interviews as pages and mails say them."""

from __future__ import annotations

from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from career_portal.common.clock import today
from career_portal.common.era import clock_time
from interviews.booking.working_time import WEEKDAYS


def when(period: TimestamptzRange) -> str:
    """11月5日（木）14:00〜14:45; with the year where it is another than today's."""
    if period.lower is None or period.upper is None:
        return ""
    starts, ends = timezone.localtime(period.lower), timezone.localtime(period.upper)
    year = "" if starts.year == today().year else f"{starts.year}年"
    day = f"{year}{starts.month}月{starts.day}日（{WEEKDAYS[starts.weekday()]}）"
    return f"{day}{clock_time(starts)}〜{clock_time(ends)}"
