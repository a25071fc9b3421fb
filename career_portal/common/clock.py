"""Days and instants as people in Japan read them. The portal stores instants in UTC and days in JST."""

import datetime

from django.utils import timezone


def today() -> datetime.date:
    """Today's date in JST."""
    return timezone.localdate()


def fiscal_year(day: datetime.date) -> int:
    """The Japanese fiscal year (April to March) that a day lies in."""
    return day.year if day.month >= 4 else day.year - 1
