"""Which units are hidden: whatever the tree and the counts, no small group can be computed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.feedback_sheets.disclosure.audit import audit
from surveys.feedback_sheets.disclosure.choice import hidden_units
from tests.surveys.feedback.attacker import differences, found_group
from tests.surveys.feedback.trees import answers_in, everyone, lineage, ministry, totals, trees

MINIMUM = 10


def shown_of(tree, minimum=MINIMUM):
    parents, direct = tree
    return frozenset(parents) - hidden_units(parents, totals(parents, direct), minimum)


def published_of(tree, shown):
    parents, direct = tree
    return [answers_in(parents, everyone(direct), unit) for unit in sorted(shown)]


@settings(max_examples=500)
@given(trees(), st.sampled_from([5, 10, 10, 12]))
def test_what_is_shown_passes_the_audit_and_gives_the_attacker_nothing(tree, minimum):
    parents, direct = tree
    shown = shown_of(tree, minimum)
    published = published_of(tree, shown)
    assert audit(parents, totals(parents, direct), shown, minimum).passes
    assert found_group(published, everyone(direct), minimum) is None
    assert differences(published, minimum) == []


@given(trees(most_units=40))
def test_large_trees_pass_the_audit(tree):
    parents, direct = tree
    assert audit(parents, totals(parents, direct), shown_of(tree), MINIMUM).passes


@given(trees())
def test_units_under_the_minimum_are_hidden_and_no_more_where_that_is_enough(tree):
    parents, direct = tree
    answers = totals(parents, direct)
    small = frozenset(unit for unit in parents if answers[unit] < MINIMUM)
    hidden = hidden_units(parents, answers, MINIMUM)
    assert small <= hidden
    if audit(parents, answers, frozenset(parents) - small, MINIMUM).passes:
        assert hidden == small


@given(trees(), st.randoms(use_true_random=False))
def test_order_of_the_units_changes_nothing(tree, random):
    parents, direct = tree
    units = list(parents)
    random.shuffle(units)
    mixed = {unit: parents[unit] for unit in units}
    assert shown_of((mixed, direct)) == shown_of(tree)


@given(trees(), st.data())
def test_permuted_answers_leave_the_hidden_units_unchanged(tree, data):
    parents, direct = tree
    persons = sorted(everyone(direct))
    given_answers = data.draw(
        st.lists(st.integers(1, 5), min_size=len(persons), max_size=len(persons))
    )
    permuted = data.draw(st.permutations(given_answers))

    def hidden(answers):
        answered = [(*person, answer) for person, answer in zip(persons, answers, strict=True)]
        counts = {unit: len(answers_in(parents, answered, unit)) for unit in parents}
        return hidden_units(parents, counts, MINIMUM)

    assert hidden(permuted) == hidden(given_answers)


@pytest.mark.parametrize(
    ("tree", "hidden"),
    [
        pytest.param(ministry(A=[20, 30]), "", id="all large enough"),
        pytest.param(
            ministry(A=[9, 20, 30], B=[40]), "A1 A2", id="one small section takes one along"
        ),
        pytest.param(
            ministry(A=[4, 5, 30, 20]), "A1 A2 A4", id="two small ones under the minimum together"
        ),
        pytest.param(
            ministry(A=[4, 6, 30, 20]), "A1 A2", id="two small ones that reach the minimum"
        ),
        pytest.param(ministry(A=[3, 20, 20]), "A1 A2", id="ties go by the unit's code"),
        pytest.param(ministry(A=[15], B=[20, 30]), "", id="a bureau with a single section"),
        pytest.param(
            ministry(A=[9], B=[20, 30]), "A A1 B1 B", id="a bureau with a single small section"
        ),
        pytest.param(ministry(A=[0, 20, 30]), "A1", id="a section without answers"),
        pytest.param(ministry(A=[0, 0], B=[10]), "A A1 A2", id="a bureau without answers"),
        pytest.param(
            ministry(A=[4, 5], B=[6]), "A A1 A2 B B1", id="only the ministry is large enough"
        ),
        pytest.param(ministry(A=[4], B=[5]), "M A A1 B B1", id="nobody is large enough"),
        pytest.param(
            ministry(A=[9, 10], B=[0, 50]), "A1 A2 B1", id="none left shown in a bureau that stays"
        ),
    ],
)
def test_named_trees(tree, hidden):
    parents, direct = tree
    assert hidden_units(parents, totals(parents, direct), MINIMUM) == frozenset(hidden.split())


def test_head_alone_in_the_bureau_itself_hides_its_smallest_section():
    parents, direct = ministry(A=[20, 12], B=[30])
    assert frozenset(parents) - shown_of((parents, direct | {"A": 1})) == {"A2"}


def test_bureau_wholly_made_up_by_its_sections_takes_the_smallest_along():
    """To hide B alone would leave the ministry less B1 and B2, which is A."""
    parents, direct = ministry(A=[4], B=[30, 20], C=[60])
    direct |= {"A": 3}
    assert frozenset(parents) - shown_of((parents, direct)) == {"A", "A1", "B", "B2"}


def test_sections_shown_under_a_hidden_bureau_are_subtracted_from_the_ministry():
    """B and B1 hide nothing while B11 and B12 are shown: the ministry less these two is A."""
    parents = {"M": None, "A": "M", "B": "M", "B1": "B", "B11": "B1", "B12": "B1"}
    direct = {"M": 0, "A": 4, "B": 0, "B1": 0, "B11": 15, "B12": 20}
    shown = shown_of((parents, direct))
    assert shown == {"M", "B12"}
    assert found_group(published_of((parents, direct), {"M", "B11", "B12"}), everyone(direct), 10)


def test_question_skipped_by_half_the_unit_is_hidden_by_itself():
    parents, asked_first = ministry(A=[16, 30, 30])
    asked_second = asked_first | {"A1": 8}
    assert shown_of((parents, asked_first)) == {"M", "A", "A1", "A2", "A3"}
    assert shown_of((parents, asked_second)) == {"M", "A", "A3"}


def test_chain_of_units_with_the_same_answers_is_shown_whole():
    parents = {"M": None, "A": "M", "A1": "A", "A11": "A1"}
    assert shown_of((parents, dict.fromkeys(parents, 0) | {"A11": 12})) == set(parents)


@given(trees())
def test_hidden_unit_of_many_answers_has_a_reason(tree):
    """A unit with the minimum is hidden only where a remainder in its tree is too small."""
    parents, direct = tree
    answers = totals(parents, direct)
    for unit in hidden_units(parents, answers, MINIMUM):
        if answers[unit] < MINIMUM:
            continue
        top = lineage(parents, unit)[-1]
        in_tree = [each for each in parents if lineage(parents, each)[-1] == top]
        assert any(0 < answers[each] < MINIMUM or 0 < direct[each] < MINIMUM for each in in_tree)


@pytest.mark.parametrize(
    ("parents", "answers", "minimum"),
    [
        pytest.param({"M": None}, {"M": 20}, 4, id="minimum below five"),
        pytest.param({"M": None, "A": "M"}, {"M": 20}, 10, id="no count"),
        pytest.param({"A": "M"}, {"A": 20}, 10, id="no such parent"),
        pytest.param(
            {"M": None, "A": "M"}, {"M": 20, "A": 21}, 10, id="more in a part than in the whole"
        ),
        pytest.param({"M": None}, {"M": -1}, 10, id="fewer than none"),
        pytest.param({"A": "B", "B": "A"}, {"A": 10, "B": 10}, 10, id="a ring"),
    ],
)
def test_impossible_counts_are_refused(parents, answers, minimum):
    with pytest.raises(ValueError):  # noqa: PT011
        hidden_units(parents, answers, minimum)
