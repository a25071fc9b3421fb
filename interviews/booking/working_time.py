"""When interviews take place: on working days, within working hours (JST)."""

from __future__ import annotations

import datetime
from functools import cache

import holidays
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

OPENS, CLOSES = datetime.time(8, 30), datetime.time(19, 0)
# Public offices are closed then (行政機関の休日に関する法律 1条).
_CLOSED = {(12, 29), (12, 30), (12, 31), (1, 2), (1, 3)}
WEEKDAYS = "月火水木金土日"


@cache
def _national(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("JP", years=year, language="ja")


def closed_because(day: datetime.date) -> str:
    """Why the ministry is closed on a day: the name of the holiday, 土曜日, 年末年始; nothing on a working day."""
    if name := _national(day.year).get(day):
        return str(name)
    if (day.month, day.day) in _CLOSED:
        return "年末年始"
    return f"{WEEKDAYS[day.weekday()]}曜日" if day.weekday() >= 5 else ""


def why_not(period: TimestamptzRange) -> str:
    """The sentence that says why nobody can talk then; nothing where they can."""
    if period.lower is None or period.upper is None:
        return "日時を入力してください。"
    starts, ends = timezone.localtime(period.lower), timezone.localtime(period.upper)
    if closed := closed_because(starts.date()):
        return f"{starts.month}月{starts.day}日は{closed}です。ほかの日を選んでください。"
    if starts.time() < OPENS or ends.time() > CLOSES or starts.date() != ends.date():
        return f"{OPENS.hour}時{OPENS.minute:02}分から{CLOSES.hour}時までのあいだの時間にしてください。"
    return ""


def at(day: datetime.date, time: datetime.time, minutes: int) -> TimestamptzRange:
    """So many minutes from a time of a day (JST) on."""
    starts = timezone.make_aware(datetime.datetime.combine(day, time))
    return TimestamptzRange(starts, starts + datetime.timedelta(minutes=minutes))
