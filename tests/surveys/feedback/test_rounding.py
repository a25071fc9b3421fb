"""Released values are never more exact than allowed, and read and drawn as they are."""

import re
from collections import defaultdict
from fractions import Fraction

import pytest

from surveys.feedback_sheets.disclosure.rounding import (
    bands,
    count_band,
    drawn,
    in_words,
    lowest_count,
    mean,
    response_rate,
    share,
    wish_share,
)

NUMBERS = range(10, 131)
STEPS_UNDER_20 = {"<=10", *(str(each) for each in range(15, 90, 5)), ">=90"}
STEPS_FROM_20 = {"<5", *(str(each) for each in range(5, 100, 5)), ">95"}


def test_shares_are_steps_of_five_with_wide_end_bands_under_20_answers():
    for answers in NUMBERS:
        values = {share(part, answers) for part in range(answers + 1)}
        assert values <= (STEPS_UNDER_20 if answers < 20 else STEPS_FROM_20)


def test_shares_rise_with_the_part_and_stay_within_half_a_step():
    for answers in NUMBERS:
        values = [share(part, answers) for part in range(answers + 1)]
        assert [drawn(each) for each in values] == sorted(drawn(each) for each in values)
        for part, value in enumerate(values):
            if value.isdecimal():
                assert -2.5 <= int(value) - Fraction(100 * part, answers) <= 2.5


@pytest.mark.parametrize(
    ("part", "answers", "value"),
    [
        (0, 10, "<=10"),
        (1, 10, "<=10"),
        (2, 10, "20"),
        (2, 18, "<=10"),
        (2, 16, "15"),
        (9, 10, ">=90"),
        (16, 18, ">=90"),
        (14, 16, ">=90"),
        (13, 15, "85"),
        (0, 20, "<5"),
        (1, 20, "5"),
        (1, 21, "<5"),
        (19, 20, "95"),
        (20, 21, ">95"),
        (3, 40, "10"),
        (9, 40, "25"),
        (37, 40, "95"),
        (49, 1000, "<5"),
        (951, 1000, ">95"),
        (950, 1000, "95"),
    ],
)
def test_share(part, answers, value):
    assert share(part, answers) == value


def test_three_bands_are_shares_of_all_answers():
    assert bands(7, 4, 1) == ("60", "35", "<=10")
    assert bands(70, 30, 0) == ("70", "30", "<5")


def test_everybody_answering_the_same_is_not_proven_by_any_released_value():
    """Beside its band of answers every end band may hold somebody else, and every mean another answer."""
    parts, others = defaultdict(set), defaultdict(set)
    for answers in range(10, 600):
        for part in range(4):
            parts[count_band(answers), share(part, answers)].add(part)
            parts[count_band(answers), share(answers - part, answers)].add(part)
            others[count_band(answers), mean(answers + part, answers)].add(part)
            others[count_band(answers), mean(5 * answers - part, answers)].add(part)
    assert [key for key, found in (parts | others).items() if found == {0}] == []


def test_three_bands_together_never_prove_that_everybody_answered_the_same():
    possible = defaultdict(list)
    for answers in range(10, 30):
        for favourable in range(answers + 1):
            for neutral in range(answers - favourable + 1):
                counts = (favourable, neutral, answers - favourable - neutral)
                possible[count_band(answers), bands(*counts)].append(max(counts) == answers)
    assert [key for key, unanimous in possible.items() if all(unanimous)] == []


def test_means_have_one_decimal_and_end_bands_under_50_answers():
    for answers in NUMBERS:
        values = [mean(points, answers) for points in range(answers, 5 * answers + 1)]
        assert [drawn(each) for each in values] == sorted(drawn(each) for each in values)
        for points, value in enumerate(values, start=answers):
            exact = Fraction(points, answers)
            if value in {"<1.5", ">4.5"}:
                assert answers < 50
                assert exact < Fraction("1.5") if value == "<1.5" else exact > Fraction("4.5")
            else:
                assert re.fullmatch(r"[1-5]\.[0-9]", value)
                assert -Fraction("0.05") < Fraction(value) - exact <= Fraction("0.05")


@pytest.mark.parametrize(
    ("points", "answers", "value"),
    [
        (10, 10, "<1.5"),
        (15, 10, "1.5"),
        (45, 10, "4.5"),
        (46, 10, ">4.5"),
        (65, 20, "3.3"),
        (33, 10, "3.3"),
        (73, 49, "<1.5"),
        (50, 50, "1.0"),
        (250, 50, "5.0"),
    ],
)
def test_mean(points, answers, value):
    assert mean(points, answers) == value


@pytest.mark.parametrize(
    ("part", "answers", "value"),
    [
        (0, 10, "<20"),
        (1, 10, "<20"),
        (2, 10, "20-39"),
        (199, 1000, "<20"),
        (399, 1000, "20-39"),
        (4, 10, "40-59"),
        (599, 1000, "40-59"),
        (6, 10, ">=60"),
        (10, 10, ">=60"),
    ],
)
def test_wish_share(part, answers, value):
    assert wish_share(part, answers) == value


@pytest.mark.parametrize(
    ("answered", "members", "rate"),
    [
        (10, 10, ">=90"),
        (12, 20, "60"),
        (19, 20, ">=90"),
        (20, 20, ">95"),
        (20, 24, "85"),
        (40, 1000, "<5"),
    ],
)
def test_response_rate(answered, members, rate):
    assert response_rate(answered, members) == rate


def test_bands_of_the_number_of_answers():
    named = ["5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49"]
    named += ["50-99", "100-199", "200-499", "500-999", ">=1000"]
    assert list(dict.fromkeys(count_band(answers) for answers in range(5, 1200))) == named
    assert [lowest_count(each) for each in named[-6:]] == [45, 50, 100, 200, 500, 1000]
    assert all(lowest_count(count_band(lowest_count(each))) == lowest_count(each) for each in named)


@pytest.mark.parametrize(
    ("value", "place", "words"),
    [
        ("<5", 2.5, "5%未満"),
        (">95", 97.5, "95%超"),
        ("<=10", 5, "1割以下"),
        (">=90", 95, "9割以上"),
        ("<1.5", 1.25, "1.5未満"),
        (">4.5", 4.75, "4.5超"),
        ("<20", 10, "2割未満"),
        ("20-39", 30, "2割以上4割未満"),
        ("40-59", 50, "4割以上6割未満"),
        (">=60", 80, "6割以上"),
        ("35", 35, "35%"),
        ("5", 5, "5%"),
        ("3.4", 3.4, "3.4"),
    ],
)
def test_values_as_drawn_and_in_words(value, place, words):
    assert drawn(value) == place
    assert in_words(value) == words


@pytest.mark.parametrize(
    ("band", "words"),
    [
        ("10-14", "10〜14人"),
        ("50-99", "50〜99人"),
        ("500-999", "500〜999人"),
        (">=1000", "1,000人以上"),
        ("－", "－"),
    ],
)
def test_count_bands_in_words(band, words):
    assert in_words(band) == words


@pytest.mark.parametrize("value", ["－", "34", "3.45", "", "n=4", "100", "10-14", "7.1"])
def test_what_is_no_released_value_is_not_drawn(value):
    with pytest.raises(ValueError, match="no released value"):
        drawn(value)


@pytest.mark.parametrize("value", ["34", "3.45", "", "n=4", "100"])
def test_what_is_no_released_value_has_no_words(value):
    with pytest.raises(ValueError, match="no released value"):
        in_words(value)


@pytest.mark.parametrize(
    "making",
    [
        lambda: share(1, 4),
        lambda: share(11, 10),
        lambda: share(-1, 10),
        lambda: bands(1, 1, 1),
        lambda: mean(9, 10),
        lambda: mean(51, 10),
        lambda: mean(8, 4),
        lambda: wish_share(0, 0),
        lambda: response_rate(12, 10),
        lambda: response_rate(4, 100),
        lambda: count_band(4),
        lambda: lowest_count("－"),
    ],
)
def test_impossible_figures_are_refused(making):
    with pytest.raises(ValueError):  # noqa: PT011
        making()
