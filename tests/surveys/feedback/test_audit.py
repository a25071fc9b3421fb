"""The audit of one release and of several: what it passes, the attacker cannot use; what leaks, both find."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from surveys.feedback_sheets.disclosure.audit import (
    Published,
    audit,
    audit_releases,
    standings,
)
from surveys.feedback_sheets.disclosure.choice import hidden_units
from tests.surveys.feedback.attacker import differences, found_group
from tests.surveys.feedback.trees import (
    answers_in,
    corrected_releases,
    everyone,
    ministry,
    totals,
    trees,
)

MINIMUM = 10


def audited(tree, shown, minimum=MINIMUM):
    parents, direct = tree
    return audit(parents, totals(parents, direct), frozenset(shown), minimum)


def group_found(tree, shown, minimum=MINIMUM):
    parents, direct = tree
    published = [answers_in(parents, everyone(direct), unit) for unit in sorted(shown)]
    return found_group(published, everyone(direct), minimum)


@settings(max_examples=500)
@given(trees(), st.data())
def test_audit_passes_exactly_what_gives_the_attacker_nothing(tree, data):
    parents, direct = tree
    large = sorted(unit for unit, count in totals(parents, direct).items() if count >= MINIMUM)
    assume(large)
    shown = data.draw(st.sets(st.sampled_from(large)))
    assert audited(tree, shown).passes == (group_found(tree, shown) is None)


@settings(max_examples=200)
@given(trees(), st.data())
def test_leak_seeded_on_purpose_is_found_by_both(tree, data):
    parents, direct = tree
    answers = totals(parents, direct)
    hidden = hidden_units(parents, answers, MINIMUM)
    small = sorted(unit for unit in hidden if 0 < answers[unit] < MINIMUM)
    assume(small)
    shown = frozenset(parents) - hidden | {data.draw(st.sampled_from(small))}
    assert not audited(tree, shown).passes
    assert group_found(tree, shown)


def test_audit_tells_the_smallest_atom_and_how_many_are_hidden():
    result = audited(ministry(A=[9, 20, 31], B=[40]), {"M", "A", "A3", "B", "B1"})
    assert (result.passes, result.smallest_atom, result.hidden) == (True, 29, 2)
    assert (result.minimum, result.refused) == (10, {})


def test_small_section_left_out_alone_is_refused_in_its_bureau():
    tree = ministry(A=[9, 20, 31], B=[40])
    result = audited(tree, {"M", "A", "A2", "A3", "B", "B1"})
    assert (result.passes, result.refused) == (False, {"A": 9})
    assert group_found(tree, {"A", "A2", "A3"}) == {f"A1/{n}" for n in range(9)}


def test_two_small_sections_under_the_minimum_together_are_refused():
    tree = ministry(A=[4, 5, 30])
    assert audited(tree, {"A", "A3"}).refused == {"A": 9}
    assert audited(ministry(A=[4, 6, 30]), {"A", "A3"}).passes


def test_bureau_hidden_above_shown_sections_protects_nobody():
    """All sections of A are shown: A can be added up, and what the ministry has besides is B."""
    tree = ministry(A=[12, 20], B=[4])
    assert audited(tree, {"M", "A1", "A2"}).refused == {"M": 4}
    assert len(group_found(tree, {"M", "A1", "A2"})) == 4
    assert audited(ministry(A=[12, 20], B=[14]), {"M", "A1", "A2"}).passes


def test_bureau_with_a_single_section_and_a_section_without_answers_pass():
    assert audited(ministry(A=[12], B=[0, 15]), {"M", "A", "A1", "B", "B2"}).passes


def test_section_without_answers_is_never_shown():
    assert audited(ministry(B=[0, 15]), {"B1", "B2"}).refused == {"B1": 0}


def test_nothing_shown_has_no_smallest_atom():
    result = audited(ministry(A=[4]), set())
    assert (result.passes, result.smallest_atom) == (True, None)


@pytest.mark.parametrize(
    ("parents", "answers", "shown", "minimum"),
    [
        pytest.param({"M": None}, {"M": 20}, {"M"}, 4, id="minimum below five"),
        pytest.param({"M": None}, {"M": 20}, {"N"}, 10, id="shown outside the tree"),
        pytest.param({"M": None, "A": "M"}, {"M": 9, "A": 10}, set(), 10, id="more than the whole"),
        pytest.param({"A": "B", "B": "A"}, {"A": 0, "B": 0}, set(), 10, id="a ring"),
    ],
)
def test_impossible_audits_are_refused(parents, answers, shown, minimum):
    with pytest.raises(ValueError):  # noqa: PT011
        audit(parents, answers, frozenset(shown), minimum)


def answers_that_exist(releases):
    """Each answer with its person and its unit in every release; the same answer in several is one."""
    found = set()
    for person in set().union(*releases):
        for value in {release[person][1] for release in releases if person in release}:
            units = (
                release[person][0] if person in release and release[person][1] == value else None
                for release in releases
            )
            found.add((person, *units))
    return frozenset(found)


def together(parents, shown, releases, minimum=MINIMUM):
    """The joint audit, and the groups of answers that the releases publish."""
    published = [Published(*each) for each in zip(parents, map(frozenset, shown), strict=True)]
    result = audit_releases(published, standings(releases), minimum)
    existing = answers_that_exist(releases)
    groups = [
        answers_in(tree, existing, unit, at=place)
        for place, (tree, units) in enumerate(zip(parents, shown, strict=True), start=1)
        for unit in sorted(units)
    ]
    return result, groups, existing


@settings(max_examples=600)
@given(corrected_releases())
def test_releases_that_pass_together_give_the_attacker_nothing(releases):
    result, groups, existing = together(*releases)
    if result.passes:
        assert found_group(groups, existing, MINIMUM) is None
        assert differences(groups, MINIMUM) == []


@settings(max_examples=200)
@given(corrected_releases())
def test_releases_refused_one_by_one_never_pass_together(releases):
    parents, shown, answers = releases
    result = together(*releases)[0]
    for tree, units, release in zip(parents, shown, answers, strict=True):
        direct = {unit: sum(1 for each in release.values() if each[0] == unit) for unit in tree}
        atoms = audit(tree, totals(tree, direct), units, MINIMUM)
        assert not result.passes or all(not count for count in atoms.refused.values())


def section(count, unit="A1", value=3, start=0):
    """Answers of a section, everybody answering the same."""
    return {f"p{n}": (unit, value) for n in range(start, start + count)}


def corrected(first, second, shown=("A", "A1"), later_shown=None, later_tree=None):
    tree = ministry(A=[0, 0, 0])[0]
    parents = [tree, later_tree or tree]
    return together(parents, [shown, later_shown or shown], [first, second])


def test_same_sheets_again_pass_though_everybody_answers_the_same():
    result, groups, existing = corrected(section(12), section(12))
    assert (result.passes, result.smallest_cell) == (True, 12)
    assert found_group(groups, existing, MINIMUM) is None


def test_one_person_leaving_between_two_releases_is_refused_and_found():
    result, groups, existing = corrected(section(25), section(24))
    assert result.refused == {("A1", None): 1}
    assert found_group(groups, existing, MINIMUM) == {"p24"}
    assert next({answer[0] for answer in each} for each in differences(groups, MINIMUM)) == {"p24"}


def test_ten_persons_leaving_together_pass():
    assert corrected(section(25), section(15))[0].passes


def test_one_person_leaving_between_years_is_no_difference_as_next_year_has_other_answers():
    this_year = {
        person: (unit, f"next year {value}") for person, (unit, value) in section(24).items()
    }
    result, groups, existing = corrected(section(25), this_year)
    assert result.passes
    assert found_group(groups, existing, MINIMUM) is None


@pytest.mark.parametrize(("changed", "passes"), [(0, True), (1, False), (9, False), (10, True)])
def test_correction_after_the_first_batch_passes_when_it_changes_none_or_ten(changed, passes):
    second = section(30) | section(changed, value=5)
    result, groups, existing = corrected(section(30), second)
    assert result.passes is passes
    assert (found_group(groups, existing, MINIMUM) is None) is passes


def test_person_moved_to_another_section_with_the_same_answer_is_refused():
    first = section(20) | section(20, "A2", start=20)
    result, groups, existing = corrected(first, first | section(1, "A2"), ("A", "A1", "A2"))
    assert result.refused == {("A1", "A2"): 1}
    assert found_group(groups, existing, MINIMUM) == {"p0"}


@pytest.mark.parametrize(("moved", "passes"), [(6, False), (12, True)])
def test_section_split_between_releases_passes_only_in_large_parts(moved, passes):
    split = section(30) | section(moved, "A2")
    result, groups, existing = corrected(section(30), split, ("A1",), ("A1",))
    assert result.passes is passes
    assert (found_group(groups, existing, MINIMUM) is None) is passes


def test_section_hidden_first_and_shown_later_beside_its_bureau_is_refused():
    """Each release passes alone; the sections that each hides are the same but one."""
    people = section(12) | section(18, "A2", start=12) | section(9, "A3", start=30)
    result, groups, existing = corrected(people, people, ("A", "A1"), ("A", "A2"))
    assert not result.passes
    assert found_group(groups, existing, MINIMUM) == {f"p{n}" for n in range(30, 39)}


def test_answers_that_no_release_shows_need_no_company():
    result = corrected(section(3, "A3"), section(1, "A3"), ("A1",))[0]
    assert (result.passes, result.smallest_cell) == (True, None)


def test_impossible_joint_audits_are_refused():
    tree = Published({"A": None}, frozenset({"A"}))
    for standing, count, minimum in [(("A",), 20, 4), (("A",), -1, 10), (("A", "A"), 20, 10)]:
        with pytest.raises(ValueError):  # noqa: PT011
            audit_releases([tree], {standing: count}, minimum)
    with pytest.raises(ValueError, match="no unit"):
        audit_releases([Published({"A": None}, frozenset({"B"}))], {}, 10)
