"""Putting a past round down: its round, tree, questions, answers and figures, all of it or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from django.db import connection, transaction
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.common.errors import RuleViolation
from career_portal.skills.models import Skill
from career_portal.staff.models import Bureau, Section, User
from surveys import permissions
from surveys.feedback_sheets.figures import Level
from surveys.feedback_sheets.freezing_services import count_figures
from surveys.models import RoundFreeze, RoundMember, RoundQuestion, RoundUnit, SurveyRound
from surveys.past_rounds.checking import Checked, PastQuestion, PastRound, Place

# The reference date of a round where nobody says otherwise, as month and day.
USUAL_REFERENCE = (10, 1)
USUAL_WEEKS = datetime.timedelta(weeks=4)
ROWS_AT_ONCE = 5_000


class ImportRefused(RuleViolation):
    """The round cannot be brought along; the sentence says why."""


def usual_reference_date(fiscal_year: int) -> datetime.date:
    """1 October of a fiscal year."""
    return datetime.date(fiscal_year, *USUAL_REFERENCE)


def refuse_import(checked: Checked, reference_date: datetime.date, *, reason: str) -> str:
    """Why a checked round cannot be put down as it is; nothing where it can, or where it is there already."""
    if checked.problems.number:
        return f"取り込めない行が{checked.problems.number:,}件あります。何も取り込んでいません。"
    if reference_date > today():
        return "基準日は、今日までの日にしてください。終わった実施回だけを取り込めます。"
    year = checked.past.fiscal_year
    held = SurveyRound.objects.filter(fiscal_year=year).first()
    if held is None:
        return ""
    if held.is_held_here:
        return f"{year}年度の実施回は、この仕組みで実施しています。取り込めません。"
    last = held.freezes.order_by("number").last()
    if last is None or last.digest == checked.past.digest or reason:
        return ""
    return (
        f"{year}年度の実施回は、別の内容で取り込み済みです。"
        "直すときは、訂正の理由を書いてください。公開したシートと合わせて監査します。"
    )


def already_imported(past: PastRound) -> RoundFreeze | None:
    """The last freeze of the year, if it holds exactly this."""
    last = RoundFreeze.objects.filter(round__fiscal_year=past.fiscal_year).order_by("number").last()
    return last if last is not None and last.digest == past.digest else None


@transaction.atomic
def import_round(
    checked: Checked,
    *,
    reference_date: datetime.date | None = None,
    reason: str = "",
    by: User | None = None,
) -> RoundFreeze:
    """The freeze of a past round; the one that is there where it holds the same already. Raises ImportRefused.

    `by` is the feedback admin; None is the operator at the command line. Another content for a year that is there is a
    correction and needs a reason.
    """
    if by is not None and not permissions.can_run_releases(by):
        raise ImportRefused("過去の実施回を取り込めるのは、集計担当だけです。")
    past = checked.past
    day = reference_date or usual_reference_date(past.fiscal_year)
    # Of two at once the second waits, and finds what the first put down.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('past_round'), %s)", [past.fiscal_year]
        )
    if said := refuse_import(checked, day, reason=reason):
        raise ImportRefused(said)
    if found := already_imported(past):
        return found
    survey_round = _round(past.fiscal_year, day)
    last = survey_round.freezes.order_by("number").last()
    freeze = RoundFreeze.objects.create(
        round=survey_round,
        number=last.number + 1 if last else 1,
        reason=reason if last else "",
        digest=past.digest,
    )
    units = _place_units(freeze, past)
    questions = _ask_questions(freeze, past)
    _store_answers(freeze, past, units, questions)
    count_figures(freeze)
    freeze.refresh_from_db()
    return freeze


def _round(fiscal_year: int, day: datetime.date) -> SurveyRound:
    """The year's round, held before the portal: it opened at its reference date and is closed."""
    opened = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
    closed = min(opened + USUAL_WEEKS, max(timezone.now(), opened + datetime.timedelta(seconds=1)))
    found, _ = SurveyRound.objects.get_or_create(
        fiscal_year=fiscal_year,
        defaults={
            "questionnaire": None,
            "opens_at": opened,
            "deadline_at": closed,
            "closed_at": closed,
            "reference_date": day,
        },
    )
    return found


def _place_units(freeze: RoundFreeze, past: PastRound) -> dict[Place, int]:
    """The tree, level by level; the ids of its units. Units that the portal knows by their codes are tied to them."""
    bureaus = dict(Bureau.objects.values_list("code", "pk"))
    sections = dict(Section.objects.values_list("code", "pk"))
    joint = past.joint
    stored: dict[Place, RoundUnit] = {}
    # Joint units stand before the sections, which may be theirs.
    order = sorted(
        past.units.values(),
        key=lambda u: (list(Level).index(u.level), u.place not in joint, u.line),
    )
    for number, unit in enumerate(order):
        above = past.above.get(unit.place)
        is_section = unit.level is Level.SECTION
        is_joint = unit.place in joint
        stored[unit.place] = RoundUnit(
            freeze=freeze,
            level=RoundUnit.Level(unit.level.value),
            code=unit.code,
            name=unit.name,
            parent=stored[above] if above else None,
            bureau_id=bureaus.get(unit.code) if unit.level is Level.BUREAU else None,
            section_id=sections.get(unit.code) if is_section and not is_joint else None,
            is_joint=is_joint,
            is_member=is_section and above is not None and above[0] is Level.SECTION,
            headcount=unit.headcount,
            sort_order=number,
        )
    for step in _steps(list(stored.values())):
        RoundUnit.objects.bulk_create(step)
    return {place: unit.pk for place, unit in stored.items()}


def _steps(units: list[RoundUnit]) -> Iterator[list[RoundUnit]]:
    """Those above first, so that each finds the id of the one above."""
    yield [unit for unit in units if unit.level == RoundUnit.Level.MINISTRY]
    yield [unit for unit in units if unit.level == RoundUnit.Level.BUREAU]
    sections = [unit for unit in units if unit.level == RoundUnit.Level.SECTION]
    yield [unit for unit in sections if unit.is_joint]
    yield [unit for unit in sections if not unit.is_joint]


def _ask_questions(freeze: RoundFreeze, past: PastRound) -> dict[str, int]:
    """The questions in the order of the file; their ids by code."""
    skills = set(Skill.objects.in_use().values_list("code", flat=True))
    stored = RoundQuestion.objects.bulk_create(
        RoundQuestion(
            freeze=freeze,
            code=question.code,
            kind=RoundQuestion.Kind(question.kind.value),
            text=question.text,
            skill_code=_skill_of(question, skills),
            is_sensitive=question.is_sensitive,
            sort_order=number,
        )
        for number, question in enumerate(past.questions.values(), start=1)
    )
    return {question.code: question.pk for question in stored}


def _skill_of(question: PastQuestion, skills: set[str]) -> str:
    """The entry of the framework that a code names, as ours do: b1_02_wish is about B1-02, a1 about A1."""
    named = question.code.removesuffix("_wish").upper().replace("_", "-")
    return named if named in skills else ""


def _store_answers(
    freeze: RoundFreeze, past: PastRound, units: Mapping[Place, int], questions: Mapping[str, int]
) -> None:
    """Who answered, and every valid answer, by COPY: half a million rows are a few seconds."""
    members = RoundMember.objects.bulk_create(
        (
            RoundMember(freeze=freeze, person=person, unit_id=units[place])
            for person, place in past.people.items()
        ),
        batch_size=ROWS_AT_ONCE,
    )
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY surveys_importedanswer (member_id, question_id, answer) FROM STDIN"
        ) as copy,
    ):
        for member in members:
            for code, answer in past.answers[member.person].items():
                copy.write_row((member.pk, questions[code], answer))
