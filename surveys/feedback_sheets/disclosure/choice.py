"""Which units are hidden for one question, chosen by counts alone (rules 1, 3, 4 and 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LOWEST_MINIMUM = 5


def hidden_units(
    parents: Mapping[str, str | None], answers: Mapping[str, int], minimum: int
) -> frozenset[str]:
    """The units whose figures for the question are hidden.

    `parents` gives the parent of every unit, None at the top; `answers` the number of valid answers in every unit, a
    parent's with those of all units below it. Units under the minimum are hidden (rule 1). Where a shown unit's
    remainder, the answers in none of the shown units below it, is from 1 to minimum-1, the smallest shown unit next
    below it is hidden too, by count and then by code, until the remainder is large enough (rule 3). Next below a unit
    are also those whose own parent is hidden, which protects nothing (rule 4). With none of them left the remainder is
    all the unit has, hence large enough or the unit already hidden.

    One pass from the leaves up is the fixpoint: hiding a unit changes the remainder of the next shown unit above it and
    no other, so what was settled below stays settled.
    """
    _refuse_impossible(parents, answers, minimum)
    remainder: dict[str, int] = {}
    below: dict[str, list[str]] = {unit: [] for unit in parents}
    hidden: set[str] = set()
    for unit in _from_the_leaves_up(parents):
        if answers[unit] < minimum:
            # Nothing below it has more, so that nothing shown is passed on to the parent.
            hidden.add(unit)
            continue
        shown = below[unit]
        remainder[unit] = answers[unit] - sum(answers[each] for each in shown)
        while 0 < remainder[unit] < minimum:
            smallest = min(shown, key=lambda each: (answers[each], each))
            hidden.add(smallest)
            remainder[unit] += remainder[smallest]
            # A unit wholly made up by its shown children has no remainder to give: they are next.
            shown.remove(smallest)
            shown += below[smallest]
        if (parent := parents[unit]) is not None:
            below[parent].append(unit)
    return frozenset(hidden)


def _from_the_leaves_up(parents: Mapping[str, str | None]) -> Sequence[str]:
    """Every unit after all units below it; the order among equals is that of the codes."""
    depth: dict[str, int] = {}
    for unit in parents:
        above = 0
        parent = parents[unit]
        while parent is not None:
            above += 1
            if above > len(parents):
                raise ValueError(f"{unit} lies below itself")
            parent = parents[parent]
        depth[unit] = above
    return sorted(parents, key=lambda unit: (-depth[unit], unit))


def _refuse_impossible(
    parents: Mapping[str, str | None], answers: Mapping[str, int], minimum: int
) -> None:
    """Counts that cannot be true would make a choice that protects nobody."""
    if minimum < LOWEST_MINIMUM:
        raise ValueError(f"a minimum below {LOWEST_MINIMUM} answers protects nobody")
    in_children = dict.fromkeys(parents, 0)
    for unit, parent in parents.items():
        if unit not in answers:
            raise ValueError(f"{unit} has no number of answers")
        if parent is None:
            continue
        if parent not in parents:
            raise ValueError(f"{unit} lies in {parent}, which is no unit of the tree")
        in_children[parent] += answers[unit]
    for unit, count in in_children.items():
        if answers[unit] < count or answers[unit] < 0:
            raise ValueError(f"{unit} has fewer answers than the units in it")
