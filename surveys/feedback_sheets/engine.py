"""What releases take from disclosure control, freezing and rendering, named in one place."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from surveys.feedback_sheets import stand_in
from surveys.feedback_sheets.figures import Measure, Sheet, Spread
from surveys.models import FrozenFigure, RoundFreeze, RoundQuestion, SurveyRound

Parents = Mapping[str, str | None]
# By person the unit that he answered in and his answer.
Answers = Mapping[int, tuple[str, Hashable]]


class Audit(Protocol):
    """The result for one question: the smallest non-empty atom, and the answers of those that are too small."""

    smallest_atom: int | None
    refused: Mapping[Any, int]


class JointAudit(Protocol):
    """The result for one question of several releases."""

    smallest_cell: int | None
    refused: Mapping[Any, int]


def _part(name: str) -> Any:
    """A module of the feedback sheets; while it is not there, the stand-in."""
    try:
        return import_module(f"surveys.feedback_sheets.{name}")
    except ModuleNotFoundError:
        return stand_in


def hidden_units(parents: Parents, answers: Mapping[str, int], minimum: int) -> frozenset[str]:
    """The units whose figures for one question are hidden (rules 1 and 3)."""
    hidden: frozenset[str] = _part("disclosure.choice").hidden_units(parents, answers, minimum)
    return hidden


def audit(
    parents: Parents, answers: Mapping[str, int], shown: frozenset[str], minimum: int
) -> Audit:
    """Whether the shown units of one question give nobody away (rule 5)."""
    found: Audit = _part("disclosure.audit").audit(parents, answers, shown, minimum)
    return found


def audit_together(
    releases: Sequence[tuple[Parents, frozenset[str], Answers]], minimum: int
) -> JointAudit:
    """Whether one question of several releases gives nobody away (rule 11): of each its tree, shown units, answers."""
    part = _part("disclosure.audit")
    found: JointAudit = part.audit_releases(
        [part.Published(parents, shown) for parents, shown, _ in releases],
        part.standings([answers for _, _, answers in releases]),
        minimum,
    )
    return found


def given_answers(freeze: RoundFreeze) -> Mapping[str, Answers]:
    """By code of question the valid answers that a freeze counted; a unit is named by its code (`unit_key`)."""
    found: Mapping[str, Answers] = _part("freezing_services").given_answers(freeze)
    return found


def freeze_round(survey_round: SurveyRound, *, reason: str = "") -> RoundFreeze:
    """Fix the figures of a closed round."""
    frozen: RoundFreeze = _part("freezing_services").freeze_round(survey_round, reason=reason)
    return frozen


def released_values(question: RoundQuestion, figure: FrozenFigure) -> dict[Measure, str]:
    """The released values of a shown question (rule 6)."""
    rounding = _part("disclosure.rounding")
    if question.kind == RoundQuestion.Kind.COMPETENCY:
        return {Measure.MEAN: rounding.mean(figure.points, figure.answers)}
    if question.kind == RoundQuestion.Kind.WISH:
        return {Measure.WISH_SHARE: rounding.wish_share(figure.wishes, figure.answers)}
    parts = {
        Measure.FAVOURABLE: figure.favourable,
        Measure.NEUTRAL: figure.neutral,
        Measure.UNFAVOURABLE: figure.unfavourable,
    }
    return {measure: rounding.share(part, figure.answers) for measure, part in parts.items()}


def response_rate(answered: int, members: int) -> str:
    """The released response rate (rule 12)."""
    rate: str = _part("disclosure.rounding").response_rate(answered, members)
    return rate


def count_band(answers: int) -> str:
    """The released band of a number of answers."""
    band: str = _part("disclosure.rounding").count_band(answers)
    return band


def spread(measure: Measure, values: Iterable[str]) -> Spread:
    """Quartiles of the released values of sections (rule 9)."""
    found: Spread = _part("disclosure.spread").spread(measure, values)
    return found


def render_sheet(sheet: Sheet) -> bytes:
    """The PDF of a sheet."""
    content: bytes = _part("rendering").render_sheet(sheet)
    return content


@dataclass(frozen=True)
class Screen:
    """A sheet for the screen: the template to include, what it calls `sheet`, and its stylesheet."""

    template: str
    sheet: object
    stylesheet: str = ""


def screen(sheet: Sheet) -> Screen:
    """A sheet for the screen, of the same values as on paper (rule 14)."""
    rendering = _part("rendering")
    content = rendering.screen_context(sheet)["sheet"]
    if rendering is stand_in:
        return Screen("surveys/_sheet_figures.html", content)
    return Screen("surveys/sheets/_screen.html", content, "css/feedback.css")
