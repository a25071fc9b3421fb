"""Which small sections are counted together, by their expected sizes alone and before anybody has answered (rule 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Size:
    """A section with the number of answers expected of it, in the order of the organisation."""

    section: int
    bureau: int
    division: str
    name: str
    expected: int


def joined(sizes: Iterable[Size], minimum: int) -> list[tuple[Size, ...]]:
    """The groups of sections, each of one bureau, that together are expected to reach the minimum.

    Neighbours of a division are joined first; what is left over goes to the smallest group of its bureau.
    """
    found: list[tuple[Size, ...]] = []
    for _, of_bureau in groupby(sizes, key=lambda size: size.bureau):
        found += _joined_in_bureau(list(of_bureau), minimum)
    return [group for group in found if len(group) > 1]


def _joined_in_bureau(sizes: Sequence[Size], minimum: int) -> list[tuple[Size, ...]]:
    groups: list[list[Size]] = []
    left: list[Size] = []
    for _, of_division in groupby(sizes, key=lambda size: size.division):
        waiting: list[Size] = []
        for size in of_division:
            if size.expected >= minimum and not waiting:
                groups.append([size])
                continue
            waiting.append(size)
            if _expected(waiting) >= minimum:
                groups.append(waiting)
                waiting = []
        left += waiting
    if _expected(left) >= minimum or not groups:
        groups.append(left)
    elif left:
        min(groups, key=_expected).extend(left)
    return [tuple(group) for group in groups]


def _expected(group: Iterable[Size]) -> int:
    return sum(size.expected for size in group)


def name_of(group: Sequence[Size]) -> str:
    """What a joint unit is called: by its largest section (「〇〇課ほか」)."""
    largest = max(group, key=lambda size: size.expected)
    return f"{f'{largest.division} {largest.name}'.lstrip()}ほか"
