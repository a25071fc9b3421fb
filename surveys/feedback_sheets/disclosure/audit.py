"""The audit before a release (rule 5) and of releases taken together (rule 11).

It shares no code with the choice of hidden units, so that a fault in the one cannot hide in the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

LOWEST_MINIMUM = 5

Standing = tuple[str | None, ...]


@dataclass(frozen=True)
class Audit:
    """The result for one question of one release.

    `smallest_atom` is the number of answers in the smallest non-empty atom, None where nothing is shown. `refused` holds
    the answers of what is too small, by the shown unit it would be computed from. `hidden` counts the hidden units.
    """

    minimum: int
    smallest_atom: int | None
    refused: Mapping[str, int]
    hidden: int

    @property
    def passes(self) -> bool:
        """Whether the question may be released."""
        return not self.refused


@dataclass(frozen=True)
class Published:
    """What one release shows of a question: its own frozen tree (the parent of every unit), and the shown units."""

    parents: Mapping[str, str | None]
    shown: frozenset[str]


@dataclass(frozen=True)
class JointAudit:
    """The result for one question of several releases.

    `smallest_cell` is the number of respondents in the smallest cell that any release shows, None where nothing is
    shown. A cell is named by the atom it lies in, release by release: the code of the shown unit, or None.
    """

    minimum: int
    smallest_cell: int | None
    refused: Mapping[Standing, int]

    @property
    def passes(self) -> bool:
        """Whether the last of the releases may be published beside the earlier ones."""
        return not self.refused


def audit(
    parents: Mapping[str, str | None],
    answers: Mapping[str, int],
    shown: frozenset[str],
    minimum: int,
) -> Audit:
    """Whether no group under the minimum can be computed from the shown units of one question (rules 1 and 5).

    `answers` counts the valid answers of every unit, with those below it. Each answer belongs to the atom of the lowest
    shown unit above it; a shown unit with fewer answers than the minimum is refused whatever its atom.
    """
    _refuse_low(minimum)
    _refuse_unknown(parents, shown)
    atoms: Counter[str] = Counter()
    for unit, direct in _direct_answers(parents, answers).items():
        lowest = _lowest_shown(parents, shown, unit)
        if lowest is not None:
            atoms[lowest] += direct
    sizes = {unit: size for unit, size in atoms.items() if size}
    refused = {unit: size for unit, size in sizes.items() if size < minimum}
    refused |= {unit: answers[unit] for unit in shown if answers[unit] < minimum}
    return Audit(
        minimum=minimum,
        smallest_atom=min(sizes.values(), default=None),
        refused=refused,
        hidden=len(parents) - len(shown),
    )


def standings(
    releases: Sequence[Mapping[str, tuple[str, Hashable]]],
) -> Mapping[Standing, int]:
    """How many answers stand in which unit, release by release, for `audit_releases`.

    For each release comes, by person, the unit that the person answered in and the answer to the question. An answer
    that is the same in several releases is one, wherever it stands; one that was changed leaves (None in the releases
    that follow), and another comes. A person whose answer did not change must never be counted as leaving and coming:
    that would make groups look larger than they are.
    """
    found: Counter[Standing] = Counter()
    for person in sorted(set().union(*releases)):
        given = [release.get(person) for release in releases]
        for answer in {each[1] for each in given if each is not None}:
            found[tuple(each[0] if each and each[1] == answer else None for each in given)] += 1
    return found


def audit_releases(
    releases: Sequence[Published], respondents: Mapping[Standing, int], minimum: int
) -> JointAudit:
    """Whether no group under the minimum can be computed from several releases of a question together (rule 11).

    `respondents` counts the answers by where they stand: one unit for each release, None where the answer is not in
    that release. `("A", "A")` is the same answer in both, `("A", None)` in the old one only, `(None, "A")` in the new
    one only, `("A", "B")` one whose respondent was moved. Every cell, which is the answers that lie in the same atom of
    the first release, the same atom of the second and so on, must be empty or have at least the minimum.

    Proof. Whatever a reader adds and subtracts, each published figure counts an answer by nothing but the atom that it
    lies in, in that release. So two answers of one cell get the same weight in every sum, and the answers with a weight
    other than 0, as those with a positive or a negative one, make up whole cells. If each cell is empty or has the
    minimum, so has every group left by a subtraction, of whatever releases. An answer that no release shows has weight
    0 and needs no company. A release holds one answer of a person at most, so that no cell has two of one person: its
    answers count persons. The condition is stricter than need be: it refuses a small cell also where every sum that
    takes it in takes in others with it.
    """
    _refuse_low(minimum)
    for release in releases:
        _refuse_unknown(release.parents, release.shown)
    cells: Counter[Standing] = Counter()
    for standing, count in respondents.items():
        if count < 0:
            raise ValueError(f"fewer than no respondents stand in {standing}")
        cells[_cell(releases, standing)] += count
    sizes = {cell: size for cell, size in cells.items() if size and any(cell)}
    return JointAudit(
        minimum=minimum,
        smallest_cell=min(sizes.values(), default=None),
        refused={cell: size for cell, size in sizes.items() if size < minimum},
    )


def _cell(releases: Sequence[Published], standing: Standing) -> Standing:
    """The atom of an answer in each release; None where it is not in the release or under no shown unit."""
    return tuple(
        None if unit is None else _lowest_shown(release.parents, release.shown, unit)
        for release, unit in zip(releases, standing, strict=True)
    )


def _direct_answers(
    parents: Mapping[str, str | None], answers: Mapping[str, int]
) -> Mapping[str, int]:
    """The answers of each unit that are in none of its children."""
    direct = {unit: answers[unit] for unit in parents}
    for unit, parent in parents.items():
        if parent is not None:
            direct[parent] -= answers[unit]
    if any(count < 0 for count in direct.values()):
        raise ValueError("a unit has fewer answers than the units in it")
    return direct


def _lowest_shown(
    parents: Mapping[str, str | None], shown: frozenset[str], unit: str
) -> str | None:
    """The unit itself or the nearest one above it that is shown; None where none is."""
    step: str | None = unit
    for _ in range(len(parents) + 1):
        if step is None or step in shown:
            return step
        step = parents[step]
    raise ValueError(f"{unit} lies below itself")


def _refuse_low(minimum: int) -> None:
    """No configuration goes below the lowest minimum."""
    if minimum < LOWEST_MINIMUM:
        raise ValueError(f"a minimum below {LOWEST_MINIMUM} answers protects nobody")


def _refuse_unknown(parents: Mapping[str, str | None], shown: frozenset[str]) -> None:
    """A shown unit outside the tree would be audited against nothing."""
    if unknown := sorted(shown - parents.keys()):
        raise ValueError(f"shown, but no unit of the tree: {', '.join(unknown)}")
