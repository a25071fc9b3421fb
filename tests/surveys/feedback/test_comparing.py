"""Differences to last year and the spread of sections, from released values alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.feedback_sheets.disclosure.comparing import Arrow, Comparison, compared
from surveys.feedback_sheets.disclosure.rounding import count_band, drawn, mean, share
from surveys.feedback_sheets.disclosure.spread import spread
from surveys.feedback_sheets.figures import Measure, Released, Spread

SHARE, MEAN, WISH = Measure.FAVOURABLE, Measure.MEAN, Measure.WISH_SHARE
NOT_COMPARED = Comparison("比較なし")
SHARES = st.sampled_from(["<5", "<=10", *(str(each) for each in range(5, 100, 5)), ">=90", ">95"])
MEANS = st.sampled_from(["<1.5", *(f"{n // 10}.{n % 10}" for n in range(10, 51)), ">4.5"])
WISHES = st.sampled_from(["<20", "20-39", "40-59", ">=60"])


def difference(measure, this, last, unit=True, wording=True):
    return compared(measure, this, last, is_same_unit=unit, is_same_wording=wording)


def of(value, answers=60):
    return Released(value, count_band(answers))


@pytest.mark.parametrize(
    ("measure", "this", "last", "text", "arrow"),
    [
        (SHARE, of("60"), of("50"), "+10ポイント", Arrow.UP),
        (SHARE, of("50"), of("60"), "−10ポイント", Arrow.DOWN),
        (SHARE, of("55"), of("50"), "+5ポイント", Arrow.NONE),
        (SHARE, of("50"), of("50"), "±0ポイント", Arrow.NONE),
        (SHARE, of("65", 15), of("50", 60), "+15ポイント", Arrow.NONE),
        (SHARE, of("70", 15), of("50", 60), "+20ポイント", Arrow.UP),
        (SHARE, of("60", 45), of("50", 48), "+10ポイント", Arrow.UP),
        (SHARE, of("60", 1500), of("50", 44), "+10ポイント", Arrow.NONE),
        (MEAN, of("3.4"), of("3.1"), "+0.3", Arrow.UP),
        (MEAN, of("3.0"), of("4.2"), "−1.2", Arrow.DOWN),
        (MEAN, of("3.3"), of("3.1"), "+0.2", Arrow.NONE),
        (MEAN, of("3.1"), of("3.1"), "±0", Arrow.NONE),
        (MEAN, of("3.4", 20), of("3.1", 25), "+0.3", Arrow.NONE),
        (MEAN, of("3.5", 20), of("3.1", 25), "+0.4", Arrow.UP),
        (Measure.RESPONSE_RATE, of("70"), of("85"), "−15ポイント", Arrow.DOWN),
    ],
)
def test_difference_with_an_arrow_beyond_noise(measure, this, last, text, arrow):
    assert difference(measure, this, last) == Comparison(text, arrow)


@pytest.mark.parametrize(
    ("measure", "this", "last"),
    [
        pytest.param(SHARE, of("60"), Released(), id="hidden last year"),
        pytest.param(SHARE, of("60", 14), of("50"), id="under 15 answers this year"),
        pytest.param(SHARE, of("60"), of("50", 10), id="under 15 answers last year"),
        pytest.param(SHARE, of("<5"), of("30"), id="end band this year"),
        pytest.param(SHARE, of("30"), of(">95"), id="end band last year"),
        pytest.param(SHARE, of("<=10", 15), of("30"), id="wide end band"),
        pytest.param(SHARE, of("30"), of(">=90", 19), id="wide end band last year"),
        pytest.param(MEAN, of("<1.5", 20), of("3.0"), id="end band of a mean"),
        pytest.param(MEAN, of("3.0"), of(">4.5", 20), id="end band of a mean last year"),
    ],
)
def test_no_comparison(measure, this, last):
    assert difference(measure, this, last) == NOT_COMPARED


def test_section_split_between_years_and_another_wording_are_not_compared():
    assert difference(SHARE, of("60"), of("50"), unit=False) == NOT_COMPARED
    assert difference(SHARE, of("60"), of("50"), wording=False) == NOT_COMPARED


def test_nothing_is_said_beside_a_hidden_figure_without_last_year_and_of_wishes():
    assert difference(SHARE, Released(), of("50")) == Comparison()
    assert difference(SHARE, Released(), of("50"), unit=False) == Comparison()
    assert difference(SHARE, of("50"), None) == Comparison()
    assert difference(WISH, of("20-39"), of(">=60")) == Comparison()


def test_two_persons_alone_never_make_an_arrow():
    for answers in range(15, 120):
        for part in range(answers - 1):
            this, last = of(share(part + 2, answers), answers), of(share(part, answers), answers)
            assert difference(SHARE, this, last).arrow is Arrow.NONE
        for points in range(answers, 5 * answers - 3):
            this, last = of(mean(points + 4, answers), answers), of(mean(points, answers), answers)
            assert difference(MEAN, this, last).arrow is Arrow.NONE


@given(st.one_of(st.tuples(st.just(SHARE), SHARES, SHARES), st.tuples(st.just(MEAN), MEANS, MEANS)))
def test_years_exchanged_turn_the_arrow(values):
    measure, this, last = values
    there, back = difference(measure, of(this), of(last)), difference(measure, of(last), of(this))
    turned = {Arrow.UP: Arrow.DOWN, Arrow.DOWN: Arrow.UP, Arrow.NONE: Arrow.NONE}
    assert back.arrow is turned[there.arrow]
    assert back.text.lstrip("+−±") == there.text.lstrip("+−±")


@pytest.mark.parametrize(
    ("measure", "values", "expected"),
    [
        (SHARE, "40 50 60 70 80", ("50", "60", "70")),
        (SHARE, "80 － 50 60 － 70 40", ("50", "60", "70")),
        (SHARE, "30 35 40 45 50 60", ("35", "45", "50")),
        (SHARE, "<5 <5 5 10 15", ("<5", "5", "10")),
        (SHARE, "<5 <5 <5 5 5 5", ("<5", "<5", "5")),
        (SHARE, "<=10 <5 5 10 15", ("<=10", "<=10", "<=10")),
        (SHARE, "80 85 90 95 >=90", ("85", ">=90", ">=90")),
        (SHARE, "85 90 95 >95 >95 >95", ("90", ">95", ">95")),
        (MEAN, "3.1 3.2 3.3 3.4 3.5", ("3.2", "3.3", "3.4")),
        (MEAN, "3.1 3.2 3.3 3.4 3.5 3.6", ("3.2", "3.4", "3.5")),
        (MEAN, "<1.5 <1.5 1.5 4.5 >4.5 >4.5 >4.5", ("<1.5", "4.5", ">4.5")),
        (WISH, "<20 <20 20-39 40-59 >=60", ("<20", "20-39", "40-59")),
        (WISH, "20-39 20-39 20-39 >=60 >=60 >=60", ("20-39", "40-59", ">=60")),
    ],
)
def test_quartiles(measure, values, expected):
    assert spread(measure, values.split()) == Spread(*expected)


def test_fewer_than_five_shown_sections_have_no_spread():
    assert spread(SHARE, ["40", "50", "60", "70", "－", "－"]) == Spread("－", "－", "－")


@given(
    st.one_of(
        st.tuples(st.just(SHARE), st.lists(SHARES, min_size=5)),
        st.tuples(st.just(MEAN), st.lists(MEANS, min_size=5)),
        st.tuples(st.just(WISH), st.lists(WISHES, min_size=5)),
    ),
    st.randoms(use_true_random=False),
)
def test_quartiles_rise_and_no_order_of_sections_matters(case, random):
    measure, values = case
    found = spread(measure, values)
    assert drawn(found.low) <= drawn(found.median) <= drawn(found.high)
    mixed = [*values, "－"]
    random.shuffle(mixed)
    assert spread(measure, mixed) == found
