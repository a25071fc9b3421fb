"""The least that stands in for disclosure control, freezing and rendering until these are there; to be deleted then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from surveys.feedback_sheets.figures import Measure, Sheet, Spread
from surveys.feedback_sheets.screen import screen_context
from surveys.models import RoundFreeze, SurveyRound

__all__ = ["screen_context"]

Answers = Mapping[int, tuple[str, Hashable]]


@dataclass(frozen=True)
class Audit:
    """As the audit's."""

    smallest_atom: int | None
    refused: Mapping[str, int]


@dataclass(frozen=True)
class JointAudit:
    """As the joint audit's."""

    smallest_cell: int | None
    refused: Mapping[tuple[str | None, ...], int]


@dataclass(frozen=True)
class Published:
    """As the joint audit's."""

    parents: Mapping[str, str | None]
    shown: frozenset[str]


def hidden_units(
    parents: Mapping[str, str | None], answers: Mapping[str, int], minimum: int
) -> frozenset[str]:
    """Hide what is too small, then whole sets of siblings until the audit passes."""
    hidden = {unit for unit in parents if answers[unit] < minimum}
    while refused := audit(parents, answers, frozenset(parents) - hidden, minimum).refused:
        for unit in refused:
            children = [each for each in parents if parents[each] == unit and each not in hidden]
            hidden.add(min(children, key=lambda each: (answers[each], each), default=unit))
    return frozenset(hidden)


def audit(
    parents: Mapping[str, str | None],
    answers: Mapping[str, int],
    shown: frozenset[str],
    minimum: int,
) -> Audit:
    """Atoms by subtraction."""
    atoms: Counter[str] = Counter()
    for unit in parents:
        direct = answers[unit] - sum(answers[each] for each in parents if parents[each] == unit)
        if (lowest := _lowest(parents, shown, unit)) is not None:
            atoms[lowest] += direct
    sizes = {unit: size for unit, size in atoms.items() if size}
    return Audit(min(sizes.values(), default=None), {u: s for u, s in sizes.items() if s < minimum})


def _lowest(
    parents: Mapping[str, str | None], shown: frozenset[str], unit: str | None
) -> str | None:
    while unit is not None and unit not in shown:
        unit = parents[unit]
    return unit


def standings(releases: Sequence[Answers]) -> Mapping[tuple[str | None, ...], int]:
    """Answers by where they stand in each release."""
    found: Counter[tuple[str | None, ...]] = Counter()
    for person in set().union(*releases):
        given = [release.get(person) for release in releases]
        for answer in {each[1] for each in given if each is not None}:
            found[tuple(each[0] if each and each[1] == answer else None for each in given)] += 1
    return found


def audit_releases(
    releases: Sequence[Published],
    respondents: Mapping[tuple[str | None, ...], int],
    minimum: int,
) -> JointAudit:
    """Cells of the atoms of all releases."""
    cells: Counter[tuple[str | None, ...]] = Counter()
    for standing, count in respondents.items():
        pairs = zip(releases, standing, strict=True)
        cells[tuple(_lowest(each.parents, each.shown, unit) for each, unit in pairs)] += count
    sizes = {cell: size for cell, size in cells.items() if size and any(cell)}
    small = {cell: size for cell, size in sizes.items() if size < minimum}
    return JointAudit(min(sizes.values(), default=None), small)


def given_answers(freeze: RoundFreeze) -> Mapping[str, Answers]:
    """Answers by the code of their question."""
    members = list(freeze.members.filter(submission__isnull=False).select_related("unit__parent"))
    found: dict[str, dict[int, tuple[str, Hashable]]] = {}
    for member in members:
        unit = member.unit.parent if member.unit.is_member else member.unit
        if member.submission is None or unit is None:
            continue
        for part in member.submission.parts.all():
            for code, answer in part.answers.items():
                found.setdefault(code, {})[member.user_id] = (unit.key, str(answer))
    return found


def freeze_round(survey_round: SurveyRound, *, reason: str = "") -> RoundFreeze:
    """The freeze that is there."""
    return survey_round.freezes.latest("number")


def share(part: int, answers: int) -> str:
    """Rounded to 5."""
    return str(round(20 * part / answers) * 5)


response_rate = share


def mean(points: int, answers: int) -> str:
    """To one decimal."""
    return f"{points / answers:.1f}"


def wish_share(part: int, answers: int) -> str:
    """In four bands."""
    fifths = 5 * part // answers
    return ("<20", "20-39", "40-59")[fifths] if fifths < 3 else ">=60"


def count_band(answers: int) -> str:
    """By 5 up to 49, then coarser."""
    if answers < 50:
        return f"{answers // 5 * 5}-{answers // 5 * 5 + 4}"
    wide = ((99, "50-99"), (199, "100-199"), (499, "200-499"), (999, "500-999"))
    return next((band for high, band in wide if answers <= high), ">=1000")


def spread(measure: Measure, values: Iterable[str]) -> Spread:
    """The middle one."""
    known = sorted(values)
    return Spread(median=known[len(known) // 2]) if len(known) >= 5 else Spread()


def render_sheet(sheet: Sheet) -> bytes:
    """Not a real PDF."""
    return f"%PDF-1.7 {sheet.unit.name} {sheet.response.value}\n".encode()
