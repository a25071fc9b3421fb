"""Days and instants in words, at the edges of eras, fiscal years and days in Japan."""

import datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from career_portal.common.clock import fiscal_year, today
from career_portal.common.era import (
    clock_time,
    date_in_words,
    era_year,
    fiscal_year_full,
    fiscal_year_name,
    moment,
    month_and_day,
    time_left,
)

UTC = datetime.UTC
JST = datetime.timezone(datetime.timedelta(hours=9))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (datetime.date(2026, 10, 16), "令和8年（2026年）10月16日（金）"),
        (datetime.date(2019, 5, 1), "令和元年（2019年）5月1日（水）"),
        (datetime.date(2019, 4, 30), "平成31年（2019年）4月30日（火）"),
        (datetime.date(1989, 1, 8), "平成元年（1989年）1月8日（日）"),
        (datetime.date(2028, 2, 29), "令和10年（2028年）2月29日（火）"),
        (datetime.date(2038, 1, 20), "令和20年（2038年）1月20日（水）"),
    ],
)
def test_day_stands_in_both_calendars(day, words):
    assert date_in_words(day) == words


def test_day_before_heisei_has_the_western_year_only():
    assert era_year(1989, month=1, day=7) == "1989年"
    assert era_year(1970) == "1970年"


@pytest.mark.parametrize(
    ("year", "name"), [(2018, "平成30年度"), (2019, "令和元年度"), (2026, "令和8年度")]
)
def test_fiscal_year_is_named_by_the_era_in_which_most_of_it_lies(year, name):
    assert fiscal_year_name(year) == name
    assert fiscal_year_full(year) == f"{name}（{year}年度）"


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (datetime.date(2026, 3, 31), 2025),
        (datetime.date(2026, 4, 1), 2026),
        (datetime.date(2026, 12, 31), 2026),
        (datetime.date(2027, 1, 1), 2026),
        (datetime.date(2028, 2, 29), 2027),
    ],
)
def test_fiscal_year_runs_from_april_to_march(day, year):
    assert fiscal_year(day) == year


@given(st.dates())
def test_fiscal_year_begins_on_the_first_of_april(day):
    year = fiscal_year(day)

    assert (year, 4) <= (day.year, day.month) < (year + 1, 4)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime.datetime(2026, 3, 31, 14, 59, 59, 999999, tzinfo=UTC), (2026, 3, 31)),
        (datetime.datetime(2026, 3, 31, 15, 0, tzinfo=UTC), (2026, 4, 1)),
        (datetime.datetime(2027, 12, 31, 23, 30, tzinfo=UTC), (2028, 1, 1)),
    ],
)
def test_today_and_its_fiscal_year_are_those_of_japan(instant, day):
    with time_machine.travel(instant, tick=False):
        assert today() == datetime.date(*day)
        assert fiscal_year(today()) == (day[0] if day[1] >= 4 else day[0] - 1)


def test_instant_is_told_in_japanese_time_whatever_its_zone():
    instant = datetime.datetime(2026, 10, 31, 15, 0, tzinfo=UTC)

    assert moment(instant) == moment(instant.astimezone(JST)) == "11月1日（日）00:00"
    assert clock_time(instant) == "00:00"
    assert month_and_day(datetime.date(2026, 11, 1)) == "11月1日（日）"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ((2026, 10, 16, 17, 0), "あと12日"),
        ((2026, 10, 27, 23, 59), "あと1日"),
        ((2026, 10, 28, 0, 0), "今日の17:00まで"),
        ((2026, 10, 28, 16, 0), "今日の17:00まで"),
        ((2026, 10, 28, 16, 0, 1), "あと59分"),
        ((2026, 10, 28, 16, 58, 59), "あと1分"),
        ((2026, 10, 28, 16, 59, 0, 1), "あと1分もありません"),
        ((2026, 10, 28, 16, 59, 59, 999999), "あと1分もありません"),
        ((2026, 10, 28, 17, 0), "締め切りました"),
        ((2026, 10, 29, 0, 0), "締め切りました"),
    ],
)
def test_time_left_until_the_deadline(now, words):
    deadline = datetime.datetime(2026, 10, 28, 17, 0, tzinfo=JST)

    assert time_left(deadline, datetime.datetime(*now, tzinfo=JST)) == words


@given(
    st.datetimes(min_value=datetime.datetime(2026, 1, 1), max_value=datetime.datetime(2027, 1, 1)),  # noqa: DTZ001  hypothesis takes naive bounds
    st.timedeltas(min_value=datetime.timedelta(), max_value=datetime.timedelta(days=400)),
)
def test_time_left_always_says_something_sensible(now, span):
    start = now.replace(tzinfo=JST)
    words = time_left(start + span, start)

    assert (words == "締め切りました") == (span <= datetime.timedelta())
    assert "あと0" not in words
    assert "-" not in words
