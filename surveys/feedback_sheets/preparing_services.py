"""From a frozen round to a release: what is hidden, the audit, the released values, and a sheet to make for every unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from celery import signature
from django.db import transaction
from django.db.models import Count, Max

from career_portal.common import jobs
from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from surveys import permissions
from surveys.feedback_sheets.disclosure import audit as auditing
from surveys.feedback_sheets.disclosure import rounding
from surveys.feedback_sheets.disclosure.choice import hidden_units
from surveys.feedback_sheets.figures import HIDDEN, MEASURES, Kind, Measure
from surveys.feedback_sheets.freezing_services import freeze_round, given_answers
from surveys.models import (
    DisclosurePlan,
    FeedbackRelease,
    FeedbackSheet,
    FrozenFigure,
    ReleasedFigure,
    RoundFreeze,
    RoundQuestion,
    RoundUnit,
    SurveyRound,
)
from surveys.models.releases import LOWEST_MINIMUM, USUAL_MINIMUM

RULES = "2026.2"
ROWS_AT_ONCE = 5_000
Parents = Mapping[str, str | None]
# By person the unit that he answered in and his answer.
Answers = Mapping[str, tuple[str, Hashable]]


class NotFeedbackAdmin(RuleViolation):
    """Only the feedback admin makes releases."""

    sentence = "シートを作成し、公開できるのは集計担当だけです。"


class AlreadyReleased(RuleViolation):
    """These figures have a release already."""

    sentence = "この集計のシートは、すでに作成しています。"


class NothingToCorrect(RuleViolation):
    """No figures are out, or no reason was given."""

    sentence = "訂正できるのは、公開したシートがあるときです。訂正の理由も入力してください。"


class AuditRefuses(RuleViolation):
    """Somebody could be told from the figures."""

    sentence = "開示の監査に合格しませんでした。"


@dataclass
class Choice:
    """What a freeze shows: its tree, exact figures by unit and question, the shown units of each question."""

    units: list[RoundUnit]
    questions: list[RoundQuestion]
    parents: dict[str, str | None]
    figures: dict[tuple[int, int], FrozenFigure]
    shown: dict[str, frozenset[str]] = field(default_factory=dict)
    smallest_atoms: list[int] = field(default_factory=list)

    def answers(self, question: RoundQuestion) -> dict[str, int]:
        """The valid answers of every unit to one question."""
        found = {unit.key: self.figures.get((unit.pk, question.pk)) for unit in self.units}
        return {key: figure.answers if figure else 0 for key, figure in found.items()}


@transaction.atomic
def start_release(freeze: RoundFreeze, *, by: User) -> FeedbackRelease:
    """Prepare the release of a freeze and have its sheets made. Raises NotFeedbackAdmin, AlreadyReleased, AuditRefuses."""
    if not permissions.can_run_releases(by):
        raise NotFeedbackAdmin
    release = prepare_release(freeze, by=by)
    have_sheets_made(release)
    return release


@transaction.atomic
def correct_release(survey_round: SurveyRound, *, reason: str, by: User) -> FeedbackRelease:
    """Fix a round's figures once more, for a reason, and have the sheets of a correction made; all or nothing.

    Raises NotFeedbackAdmin, NothingToCorrect, NotHeldHere, AuditRefuses.
    """
    if not permissions.can_run_releases(by):
        raise NotFeedbackAdmin
    if not reason or not can_be_corrected(survey_round):
        raise NothingToCorrect
    return start_release(freeze_round(survey_round, reason=reason), by=by)


def can_be_corrected(survey_round: SurveyRound) -> bool:
    """Whether figures of the last freeze are out; before that the release is given up and made again."""
    last = survey_round.freezes.order_by("number").last()
    return last is not None and last.releases.released().exists()


def have_sheets_made(release: FeedbackRelease) -> None:
    """Nudge the workers. One task starts those of all sheets: a request waits for no broker more than once."""
    jobs.start(signature("surveys.tasks.start_feedback_sheets"), release.pk)


@transaction.atomic
def prepare_release(freeze: RoundFreeze, *, by: User | None = None) -> FeedbackRelease:
    """Choose what is hidden, audit it, and write every released value and a waiting sheet for every unit; all or nothing."""
    # Of two at once the second sees the first.
    RoundFreeze.objects.select_for_update().get(pk=freeze.pk)
    if freeze.releases.standing().exists():
        raise AlreadyReleased
    minimum = _minimum(freeze)
    choice = choose(freeze, minimum)
    earlier = FeedbackRelease.objects.filter(freeze__round=freeze.round_id)
    outside = list(earlier.known_outside().order_by("number"))
    smallest_cell = _audit_with_earlier(freeze, choice, outside, minimum)
    number = (earlier.aggregate(last=Max("number"))["last"] or 0) + 1
    release = FeedbackRelease.objects.create(
        freeze=freeze,
        number=number,
        minimum=minimum,
        started_by=by,
        corrects=earlier.released().order_by("number").last(),
        certificate=_certificate(freeze, choice, number, minimum, outside, smallest_cell),
    )
    rows = list(_released(release, choice, _answered(freeze)))
    ReleasedFigure.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    FeedbackSheet.objects.bulk_create(
        FeedbackSheet(release=release, unit=unit) for unit in choice.units
    )
    release.refresh_from_db()
    return release


def _minimum(freeze: RoundFreeze) -> int:
    """The minimum of the plan that HR confirmed; one that nobody confirmed may only raise it (rule 1)."""
    plan = DisclosurePlan.objects.filter(round=freeze.round_id).first()
    if plan is None:
        return USUAL_MINIMUM
    chosen = plan.minimum if plan.confirmed_by_id else max(plan.minimum, USUAL_MINIMUM)
    return max(chosen, LOWEST_MINIMUM)


def choose(freeze: RoundFreeze, minimum: int) -> Choice:
    """What each question shows, chosen and audited (rules 1, 3 and 5). Raises AuditRefuses."""
    units = list(freeze.units.with_figures().select_related("parent"))
    exact = FrozenFigure.objects.filter(unit__freeze=freeze)
    choice = Choice(
        units=units,
        questions=list(freeze.questions.all()),
        parents={unit.key: unit.parent.key if unit.parent else None for unit in units},
        figures={(figure.unit_id, figure.question_id): figure for figure in exact},
    )
    for question in choice.questions:
        answers = choice.answers(question)
        hidden = hidden_units(choice.parents, answers, minimum)
        if question.is_sensitive:
            hidden |= {unit.key for unit in units if unit.level == RoundUnit.Level.SECTION}
        shown = frozenset(choice.parents) - hidden
        smallest = smallest_audited_atom(question, choice.parents, answers, shown, minimum)
        choice.shown[question.code] = shown
        if smallest is not None:
            choice.smallest_atoms.append(smallest)
    return choice


def smallest_audited_atom(
    question: RoundQuestion,
    parents: Parents,
    answers: Mapping[str, int],
    shown: frozenset[str],
    minimum: int,
) -> int | None:
    """Audit what is to be shown of one question, whoever chose it (rule 5). Raises AuditRefuses."""
    result = auditing.audit(parents, answers, shown, minimum)
    if result.refused:
        raise AuditRefuses(
            f"開示の監査に合格しませんでした。「{question.text}」で{minimum}人に満たないまとまりが"
            "計算できてしまいます。何も作成していません。"
        )
    return result.smallest_atom


def _audit_with_earlier(
    freeze: RoundFreeze, choice: Choice, outside: list[FeedbackRelease], minimum: int
) -> int | None:
    """Audit a correction together with what is known of the same round already (rule 11); the smallest cell found."""
    if not outside:
        return None
    now = given_answers(freeze)
    before = [(_shown_by(each), given_answers(each.freeze)) for each in outside]
    smallest: list[int] = []
    for question in choice.questions:
        code = question.code
        layers = [
            (parents, shown.get(code, frozenset()), answers.get(code, {}))
            for (parents, shown), answers in before
        ]
        layers.append((choice.parents, choice.shown[code], now.get(code, {})))
        result = _audit_together(layers, minimum)
        if result.refused:
            raise AuditRefuses(
                f"開示の監査に合格しませんでした。すでに出したシートと並べると、「{question.text}」で"
                f"{minimum}人に満たないまとまりが計算できてしまいます。何も作成していません。"
            )
        if result.smallest_cell is not None:
            smallest.append(result.smallest_cell)
    return min(smallest, default=None)


def _audit_together(
    releases: Sequence[tuple[Parents, frozenset[str], Answers]], minimum: int
) -> auditing.JointAudit:
    """Whether one question of several releases gives nobody away: of each its tree, shown units, answers."""
    return auditing.audit_releases(
        [auditing.Published(parents, shown) for parents, shown, _ in releases],
        auditing.standings([answers for _, _, answers in releases]),
        minimum,
    )


def _shown_by(
    release: FeedbackRelease,
) -> tuple[dict[str, str | None], dict[str, frozenset[str]]]:
    """The tree of an earlier release, and which units it showed for each question."""
    units = list(release.freeze.units.with_figures().select_related("parent"))
    keys = {unit.pk: unit.key for unit in units}
    shown: dict[str, set[str]] = {}
    values = release.figures.exclude(value=HIDDEN).values_list("question_code", "unit")
    for code, unit in values.distinct():
        shown.setdefault(code, set()).add(keys[unit])
    parents = {unit.key: unit.parent.key if unit.parent else None for unit in units}
    return parents, {code: frozenset(found) for code, found in shown.items()}


def _certificate(
    freeze: RoundFreeze,
    choice: Choice,
    number: int,
    minimum: int,
    outside: list[FeedbackRelease],
    smallest_cell: int | None,
) -> dict[str, object]:
    hidden = {code: len(choice.units) - len(shown) for code, shown in choice.shown.items()}
    return {
        "fiscal_year": freeze.round.fiscal_year,
        "release": number,
        "freeze": freeze.number,
        "rule_version": RULES,
        "minimum": minimum,
        "units": len(choice.units),
        "questions": len(choice.questions),
        "smallest_atom": min(choice.smallest_atoms, default=None),
        "hidden_units": hidden,
        "audited_with": [each.number for each in outside],
        "smallest_cell": smallest_cell,
    }


def _answered(freeze: RoundFreeze) -> Mapping[int, int]:
    """How many members of each unit handed in, those of the units below it included."""
    above = dict(freeze.units.values_list("pk", "parent"))
    taken = freeze.members.who_answered()
    found: Counter[int] = Counter()
    for unit, count in taken.values_list("unit").annotate(count=Count("pk")):
        step: int | None = unit
        while step is not None:
            found[step] += count
            step = above[step]
    return found


def _released(
    release: FeedbackRelease, choice: Choice, answered: Mapping[int, int]
) -> Iterator[ReleasedFigure]:
    for unit in choice.units:
        shows_anything = False
        for question in choice.questions:
            is_shown = unit.key in choice.shown[question.code]
            shows_anything |= is_shown
            figure = choice.figures.get((unit.pk, question.pk)) if is_shown else None
            values = _released_values(question, figure) if figure else {}
            band = rounding.count_band(figure.answers) if figure else HIDDEN
            for measure in MEASURES[Kind(question.kind)]:
                value = values.get(measure, HIDDEN)
                yield _row(release, unit, question.code, measure, value, band)
        # Rule 12: a rate beside nothing would tell that few answered.
        count = answered.get(unit.pk, 0) if shows_anything else 0
        rate, band = HIDDEN, HIDDEN
        if count >= release.minimum:
            rate = rounding.response_rate(count, max(unit.headcount, count))
            band = rounding.count_band(count)
        yield _row(release, unit, "", Measure.RESPONSE_RATE, rate, band)


def _released_values(question: RoundQuestion, figure: FrozenFigure) -> dict[Measure, str]:
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


def _row(
    release: FeedbackRelease, unit: RoundUnit, code: str, measure: Measure, value: str, band: str
) -> ReleasedFigure:
    return ReleasedFigure(
        release=release,
        unit=unit,
        question_code=code,
        measure=measure.value,
        value=value,
        count_band=band,
    )
