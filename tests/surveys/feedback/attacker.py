"""A reader with every released sheet on the table, who looks for a small group by exact linear algebra.

Nothing here knows of atoms or trees. Answers are unknown numbers, those that all published groups treat alike being one
unknown; each published group is an equation. A sum of equations that leaves only unknowns of few persons is a leak.
"""

from collections import defaultdict
from fractions import Fraction
from itertools import combinations


def found_group(published, everyone, minimum):
    """The persons of a group of 1 to minimum-1 that can be computed exactly, or None.

    `published` are sets of answers, an answer being any tuple that begins with its person; `everyone` holds all answers
    that exist.
    """
    columns = _columns(published, everyone)
    rows = [[int(key[number]) for key in columns] for number in range(len(published))]
    persons = [frozenset(answer[0] for answer in answers) for answers in columns.values()]
    full = _rank(rows)
    small = [n for n, who in enumerate(persons) if len(who) < minimum and any(list(columns)[n])]
    for chosen in _largest_choices(small, persons, minimum):
        if _leaves_something(rows, chosen, full):
            return _smallest_part(rows, chosen, full, persons)
    return None


def differences(published, minimum):
    """What one published group leaves of another, of 1 to minimum-1 answers: the reader with a pocket calculator."""
    return [
        one - other
        for one in published
        for other in [*published, frozenset()]
        if 0 < len(one - other) < minimum
    ]


def _columns(published, everyone):
    columns = defaultdict(set)
    for answer in everyone:
        columns[tuple(answer in group for group in published)].add(answer)
    return columns


def _largest_choices(small, persons, minimum):
    """Every choice of unknowns of fewer persons than the minimum that no further unknown fits into."""

    def fits(chosen):
        return len(frozenset().union(*(persons[n] for n in chosen))) < minimum

    found = []
    for size in range(min(len(small), minimum - 1), 0, -1):
        for chosen in map(frozenset, combinations(small, size)):
            if fits(chosen) and not any(chosen <= larger for larger in found):
                found.append(chosen)
    return found


def _leaves_something(rows, chosen, full):
    """Whether some sum of equations has its weights on the chosen unknowns alone, and not all of them 0."""
    others = [[value for n, value in enumerate(row) if n not in chosen] for row in rows]
    return _rank(others) < full


def _smallest_part(rows, chosen, full, persons):
    for column in sorted(chosen):
        if _leaves_something(rows, chosen - {column}, full):
            chosen -= {column}
    return frozenset().union(*(persons[n] for n in chosen))


def _rank(rows):
    """The rank over the rationals, by elimination."""
    rows = [[Fraction(value) for value in row] for row in rows]
    rank = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((n for n in range(rank, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for row in rows[rank + 1 :]:
            if row[column]:
                factor = row[column] / rows[rank][column]
                row[column:] = [
                    a - factor * b for a, b in zip(row[column:], rows[rank][column:], strict=True)
                ]
        rank += 1
    return rank
