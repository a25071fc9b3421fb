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
    below it is hidden too, by count and then by code, until the remainder is large enough; a unit with no shown one
    left below it is hidden itself, and its answers fall to the remainder of the next shown unit above (rule 3).

    One pass from the leaves up is the fixpoint: hiding a unit changes the remainder of the next shown unit above it and
    no other, so what was settled below stays settled.
    """
    _refuse_impossible(parents, answers, minimum)
    upwards = _from_the_leaves_up(parents)
    remainder: dict[str, int] = {}
    below: dict[str, list[str]] = {unit: [] for unit in parents}
    hidden: set[str] = set()
    for unit in upwards:
        shown = below[unit]
        remainder[unit] = answers[unit] - sum(answers[each] for each in shown)
        if answers[unit] < minimum:
            hidden.add(unit)
        else:
            hidden |= _hide_until_safe(unit, shown, remainder, below, answers, minimum)
        parent = parents[unit]
        if parent is not None:
            # What a hidden unit leaves shown below it is subtracted from the next unit above (rule 4).
            below[parent] += shown if unit in hidden else [unit]
    return frozenset(hidden)


def _hide_until_safe(
    unit: str,
    shown: list[str],
    remainder: dict[str, int],
    below: Mapping[str, list[str]],
    answers: Mapping[str, int],
    minimum: int,
) -> set[str]:
    """Settle the remainder of a unit; `shown`, the shown units next below it, becomes what is left of them."""
    hidden: set[str] = set()
    while 0 < remainder[unit] < minimum and shown:
        smallest = min(shown, key=lambda each: (answers[each], each))
        hidden.add(smallest)
        remainder[unit] += remainder[smallest]
        # A unit that its shown children make up wholly has no remainder to give: they are next.
        shown.remove(smallest)
        shown += below[smallest]
    if 0 < remainder[unit] < minimum:
        hidden.add(unit)
    return hidden


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
