"""Dates and times in words, with the Japanese era and the Western year."""

import datetime

from django.utils import timezone

_REIWA_BEGINS = datetime.date(2019, 5, 1)
_HEISEI_BEGINS = datetime.date(1989, 1, 8)
_WEEKDAYS = "月火水木金土日"


def era_year(year: int, *, month: int = 12, day: int = 31) -> str:
    """The era and its year: 令和8年, 令和元年, 平成30年. A bare year is read as its last day."""
    on = datetime.date(year, month, day)
    if on >= _REIWA_BEGINS:
        name, number = "令和", year - 2018
    elif on >= _HEISEI_BEGINS:
        name, number = "平成", year - 1988
    else:
        return f"{year}年"
    return f"{name}{'元' if number == 1 else number}年"


def fiscal_year_name(year: int) -> str:
    """A fiscal year in words: 令和8年度."""
    return f"{era_year(year)}度"


def fiscal_year_full(year: int) -> str:
    """A fiscal year with its Western year: 令和8年度（2026年度）."""
    return f"{fiscal_year_name(year)}（{year}年度）"


def date_in_words(day: datetime.date) -> str:
    """令和8年（2026年）10月16日（金）."""
    era = era_year(day.year, month=day.month, day=day.day)
    return f"{era}（{day.year}年）{month_and_day(day)}"


def month_and_day(day: datetime.date) -> str:
    """10月16日（金）."""
    return f"{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"


def clock_time(instant: datetime.datetime) -> str:
    """The time of day in JST: 14:32."""
    return timezone.localtime(instant).strftime("%H:%M")


def moment(instant: datetime.datetime) -> str:
    """An instant in JST: 10月28日（水）17:00."""
    local = timezone.localtime(instant)
    return f"{month_and_day(local.date())}{local:%H:%M}"


def time_left(until: datetime.datetime, now: datetime.datetime) -> str:
    """How long it is until a deadline, in words: あと12日, 今日の17:00まで, あと40分, 締め切りました."""
    if until <= now:
        return "締め切りました"
    days = (timezone.localtime(until).date() - timezone.localtime(now).date()).days
    if days >= 1:
        return f"あと{days}日"
    minutes = int((until - now).total_seconds() // 60)
    if minutes >= 60:
        return f"今日の{clock_time(until)}まで"
    return f"あと{minutes}分" if minutes else "あと1分もありません"
