"""What releases take from disclosure control, freezing and rendering, named in one place."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from surveys.feedback_sheets.disclosure import audit as auditing
from surveys.feedback_sheets.disclosure import rounding
from surveys.feedback_sheets.disclosure.audit import audit
from surveys.feedback_sheets.disclosure.choice import hidden_units
from surveys.feedback_sheets.disclosure.rounding import count_band, response_rate
from surveys.feedback_sheets.disclosure.spread import spread
from surveys.feedback_sheets.figures import Measure
from surveys.feedback_sheets.freezing_services import freeze_round, given_answers
from surveys.feedback_sheets.rendering import render_sheet
from surveys.models import FrozenFigure, RoundQuestion

__all__ = [
    "audit",
    "audit_together",
    "count_band",
    "freeze_round",
    "given_answers",
    "hidden_units",
    "released_values",
    "render_sheet",
    "response_rate",
    "spread",
]

Parents = Mapping[str, str | None]
# By person the unit that he answered in and his answer.
Answers = Mapping[str, tuple[str, Hashable]]


def audit_together(
    releases: Sequence[tuple[Parents, frozenset[str], Answers]], minimum: int
) -> auditing.JointAudit:
    """Whether one question of several releases gives nobody away (rule 11): of each its tree, shown units, answers."""
    return auditing.audit_releases(
        [auditing.Published(parents, shown) for parents, shown, _ in releases],
        auditing.standings([answers for _, _, answers in releases]),
        minimum,
    )


def released_values(question: RoundQuestion, figure: FrozenFigure) -> dict[Measure, str]:
    """The released values of a shown question (rule 6)."""
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
