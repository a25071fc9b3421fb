"""Every date of the demonstration, derived from the day of loading (JST)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from career_portal.common.clock import fiscal_year

JST = ZoneInfo("Asia/Tokyo")
YEARS_OF_HISTORY = 6
PAST_ROUNDS = 3
DAYS_SINCE_OPENING = 26
DAYS_TO_DEADLINE = 12
OPENS_AT = datetime.time(9, 0)
DEADLINE_AT = datetime.time(17, 0)
FRIDAY = 4
# Long enough after the deadline that the head of today reads this autumn's forms.
DAYS_TO_HANDOVER = 45


@dataclass(frozen=True)
class RoundDates:
    """One round: when it opens, ends and is closed, and whose organisation its figures follow."""

    fiscal_year: int
    opens_at: datetime.datetime
    deadline_at: datetime.datetime
    reference_date: datetime.date
    closed_at: datetime.datetime | None

    @property
    def is_open(self) -> bool:
        """Whether forms can still be written."""
        return self.closed_at is None


@dataclass(frozen=True)
class Reopening:
    """One form of a closed round that could be written again for some days."""

    fiscal_year: int
    granted_at: datetime.datetime
    until: datetime.datetime


@dataclass(frozen=True)
class Timeline:
    """The calendar of one demonstration."""

    today: datetime.date

    @property
    def fiscal_year(self) -> int:
        """The fiscal year of the open round."""
        return fiscal_year(self.today)

    @property
    def start(self) -> datetime.date:
        """The first day of recorded postings."""
        return datetime.date(self.fiscal_year - YEARS_OF_HISTORY, 7, 1)

    def transfer_days(self) -> list[datetime.date]:
        """The days on which people moved, after the start and up to today: 1 April and 1 July."""
        days = (
            datetime.date(year, month, 1)
            for year in range(self.start.year, self.today.year + 1)
            for month in (4, 7)
        )
        return [day for day in days if self.start < day <= self.today]

    def reorganised_on(self, years_ago: int) -> datetime.date:
        """The summer day of a reorganisation, between the autumns of two past rounds."""
        return datetime.date(self.fiscal_year - years_ago, 7, 1)

    @property
    def handover_on(self) -> datetime.date:
        """The first day of a month to come, on which one section gets its next head."""
        later = self.today + datetime.timedelta(days=DAYS_TO_HANDOVER)
        return (later.replace(day=1) + datetime.timedelta(days=31)).replace(day=1)

    @property
    def last_writing(self) -> datetime.datetime:
        """The latest instant at which somebody wrote: yesterday evening, so that nothing lies in the future."""
        return at(self.today - datetime.timedelta(days=1), datetime.time(22, 0))

    def workday(self, days_ago: int, time: datetime.time) -> datetime.datetime:
        """An instant on the day so many days ago, or on the Friday before where that is a weekend."""
        return _workday(self.today - datetime.timedelta(days=days_ago), time)

    @property
    def reopening(self) -> Reopening:
        """When one form of last year's round could be written again."""
        last_year = self.rounds()[-2]
        granted_at = _workday(datetime.date(last_year.fiscal_year, 11, 12), datetime.time(10, 30))
        until = at(datetime.date(last_year.fiscal_year, 11, 19), DEADLINE_AT)
        return Reopening(last_year.fiscal_year, granted_at, until)

    def rounds(self) -> list[RoundDates]:
        """Three closed rounds and the open one, oldest first."""
        years = range(self.fiscal_year - PAST_ROUNDS, self.fiscal_year)
        return [*(_past_round(year) for year in years), self._open_round()]

    def _open_round(self) -> RoundDates:
        opening = self.today - datetime.timedelta(days=DAYS_SINCE_OPENING)
        return RoundDates(
            fiscal_year=self.fiscal_year,
            opens_at=at(opening, OPENS_AT),
            deadline_at=at(self.today + datetime.timedelta(days=DAYS_TO_DEADLINE), DEADLINE_AT),
            reference_date=opening,
            closed_at=None,
        )


def _past_round(year: int) -> RoundDates:
    return RoundDates(
        fiscal_year=year,
        opens_at=at(datetime.date(year, 10, 1), OPENS_AT),
        deadline_at=at(datetime.date(year, 10, 31), DEADLINE_AT),
        reference_date=datetime.date(year, 10, 1),
        closed_at=at(datetime.date(year, 11, 6), OPENS_AT),
    )


def _workday(day: datetime.date, time: datetime.time) -> datetime.datetime:
    over = max(0, day.weekday() - FRIDAY)
    return at(day - datetime.timedelta(days=over), time)


def at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """An instant by the clock of Japan."""
    return datetime.datetime.combine(day, time, tzinfo=JST)
