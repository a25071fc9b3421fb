"""Fixing the figures of a closed round: its units at the reference date, who belonged to which, and exact counts.

Everything is counted by the database in a few statements. Late and withdrawn forms never enter; nothing is shown by this.
Rounds of earlier years are put down by `past_rounds`, and counted here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from django.db import connection, transaction

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import Assignment, Bureau, Section
from surveys.models import (
    JointSection,
    JointUnit,
    Question,
    RoundFreeze,
    RoundQuestion,
    RoundUnit,
    Submission,
    SurveyRound,
)

MINISTRY = "M"
MINISTRY_NAME = "省全体"
Level = RoundUnit.Level

_MEMBERS = """
    INSERT INTO surveys_roundmember (freeze_id, user_id, person, unit_id, submission_id)
    SELECT %s, held.user_id, '', unit.id, form.submission
    FROM ({held}) held
    JOIN surveys_roundunit unit
        ON unit.freeze_id = %s AND unit.section_id = held.section_id AND NOT unit.is_joint
    LEFT JOIN ({forms}) form ON form.person = held.user_id
"""
_HEADCOUNTS = """
    WITH RECURSIVE below (top, unit) AS (
        SELECT id, id FROM surveys_roundunit WHERE freeze_id = %s
        UNION ALL SELECT top, child.id FROM below JOIN surveys_roundunit child ON child.parent_id = below.unit
    )
    UPDATE surveys_roundunit SET headcount = counted.people
    FROM (
        SELECT top, count(member.id) AS people FROM below
        LEFT JOIN surveys_roundmember member ON member.unit_id = below.unit GROUP BY top
    ) counted
    WHERE surveys_roundunit.id = counted.top
"""
# A valid answer is one that the question offers; all wishes but the last option are wishes to grow.
_ANSWERS = """
    SELECT member.user_id AS person, member.unit_id AS unit, frozen.id AS question, frozen.code, frozen.kind,
        part.answers ->> frozen.code AS answer,
        part.answers ->> frozen.code <> asked.options -> -1 ->> 'value' AS wishes
    FROM surveys_roundmember member
    JOIN surveys_submittedpart part ON part.submission_id = member.submission_id
    JOIN surveys_question asked ON asked.part_id = part.part_id
    JOIN surveys_roundquestion frozen ON frozen.code = asked.code AND frozen.freeze_id = member.freeze_id
    WHERE member.freeze_id = %s
        AND asked.options @> jsonb_build_array(jsonb_build_object('value', part.answers ->> frozen.code))
"""
# Answers out of files were valid when they were stored.
_IMPORTED = """
    SELECT member.person AS person, member.unit_id AS unit, frozen.id AS question, frozen.code, frozen.kind,
        given.answer::text AS answer, given.answer = 1 AS wishes
    FROM surveys_importedanswer given
    JOIN surveys_roundmember member ON member.id = given.member_id
    JOIN surveys_roundquestion frozen ON frozen.id = given.question_id
    WHERE member.freeze_id = %s
"""
_FIGURES = """
    WITH RECURSIVE below (top, unit) AS (
        SELECT id, id FROM surveys_roundunit WHERE freeze_id = %s AND NOT is_member
        UNION ALL SELECT top, child.id FROM below JOIN surveys_roundunit child ON child.parent_id = below.unit
    ),
    given AS ({answers}),
    leaf AS (
        SELECT unit, question, count(*) AS answers,
            count(*) FILTER (WHERE kind = 'reflection' AND answer IN ('4', '5')) AS favourable,
            count(*) FILTER (WHERE kind = 'reflection' AND answer = '3') AS neutral,
            count(*) FILTER (WHERE kind = 'reflection' AND answer IN ('1', '2')) AS unfavourable,
            coalesce(sum(answer::int) FILTER (WHERE kind = 'competency'), 0) AS points,
            count(*) FILTER (WHERE kind = 'wish' AND wishes) AS wishes
        FROM given GROUP BY unit, question
    )
    INSERT INTO surveys_frozenfigure
        (unit_id, question_id, answers, favourable, neutral, unfavourable, points, wishes)
    SELECT below.top, question.id, coalesce(sum(leaf.answers), 0), coalesce(sum(leaf.favourable), 0),
        coalesce(sum(leaf.neutral), 0), coalesce(sum(leaf.unfavourable), 0),
        coalesce(sum(leaf.points), 0), coalesce(sum(leaf.wishes), 0)
    FROM below
    CROSS JOIN (SELECT id FROM surveys_roundquestion WHERE freeze_id = %s) question
    LEFT JOIN leaf ON leaf.unit = below.unit AND leaf.question = question.id
    GROUP BY below.top, question.id
"""


class NotClosed(RuleViolation):
    """The round still takes answers."""

    sentence = "実施回を締めてから、集計値を固定します。"


class NotHeldHere(RuleViolation):
    """The answers of a round that was brought along stand in files."""

    sentence = "取り込んだ実施回は、直したファイルを取り込んで訂正します。"


@transaction.atomic
def freeze_round(survey_round: SurveyRound, *, reason: str = "") -> RoundFreeze:
    """The figures of a closed round, fixed once; with a reason, a correction beside those there are.

    Raises NotClosed and, for a correction of a round that was brought along, NotHeldHere.
    """
    # Of two at once the second sees the first.
    locked = SurveyRound.objects.select_for_update().get(pk=survey_round.pk)
    if locked.closed_at is None:
        raise NotClosed
    last = locked.freezes.order_by("number").last()
    if last is not None and not reason:
        return last
    if not locked.is_held_here:
        raise NotHeldHere
    freeze = RoundFreeze.objects.create(
        round=locked, number=last.number + 1 if last else 1, reason=reason
    )
    _place_units(freeze)
    _count_members(freeze)
    _ask_questions(freeze)
    count_figures(freeze)
    freeze.refresh_from_db()
    return freeze


def count_figures(freeze: RoundFreeze) -> None:
    """Count the answers to every question in every unit."""
    with connection.cursor() as cursor:
        cursor.execute(
            _FIGURES.format(answers=_answers_of(freeze)), [freeze.pk, freeze.pk, freeze.pk]
        )


def _answers_of(freeze: RoundFreeze) -> str:
    """The statement of a freeze's valid answers."""
    return _IMPORTED if freeze.digest else _ANSWERS


def given_answers(freeze: RoundFreeze) -> Mapping[str, dict[str, tuple[str, str]]]:
    """By code of question the valid answers that a freeze counted: by person the unit with figures, and the answer."""
    units = freeze.units.select_related("parent")
    keys = {
        unit.pk: (unit.parent if unit.is_member and unit.parent else unit).key for unit in units
    }
    found: dict[str, dict[str, tuple[str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person, unit, code, answer FROM ({_answers_of(freeze)}) given",  # noqa: S608  a fixed statement
            [freeze.pk],
        )
        for person, unit, code, answer in cursor.fetchall():
            found.setdefault(code, {})[str(person)] = (keys[unit], answer)
    return found


def _place_units(freeze: RoundFreeze) -> None:
    """The tree at the reference date: ministry, bureaus, joint units, sections."""
    day = freeze.round.reference_date
    ministry = RoundUnit.objects.create(
        freeze=freeze,
        level=Level.MINISTRY,
        code=MINISTRY,
        name=MINISTRY_NAME,
        headcount=0,
        sort_order=0,
    )
    bureaus: dict[int, RoundUnit] = {}
    for bureau in Bureau.objects.on(day).order_by("sort_order", "code"):
        bureaus[bureau.pk] = RoundUnit(
            freeze=freeze,
            level=Level.BUREAU,
            code=bureau.code,
            name=bureau.name,
            parent=ministry,
            bureau=bureau,
            headcount=0,
            sort_order=len(bureaus) + 1,
        )
    RoundUnit.objects.bulk_create(bureaus.values())
    joints = _place_joint_units(freeze, bureaus)
    order = len(bureaus) + len(joints) + 1
    sections = Section.objects.on(day).filter(bureau__in=bureaus)
    RoundUnit.objects.bulk_create(
        RoundUnit(
            freeze=freeze,
            level=Level.SECTION,
            code=section.code,
            name=section.name_in_bureau,
            parent=joints.get(section.pk) or bureaus[section.bureau_id],
            section=section,
            is_member=section.pk in joints,
            headcount=0,
            sort_order=order + number,
        )
        for number, section in enumerate(
            sections.order_by("bureau__sort_order", "sort_order", "code")
        )
    )


def _place_joint_units(
    freeze: RoundFreeze, bureaus: Mapping[int, RoundUnit]
) -> dict[int, RoundUnit]:
    """The joint unit of each section (by id) that is in one, as HR confirmed before the round opened (rule 2)."""
    plans = JointUnit.objects.filter(
        plan__round=freeze.round_id, plan__confirmed_by__isnull=False, bureau__in=bureaus
    )
    units = {
        joint.pk: RoundUnit(
            freeze=freeze,
            level=Level.SECTION,
            code=f"J{joint.pk}",
            name=joint.name,
            parent=bureaus[joint.bureau_id],
            is_joint=True,
            headcount=0,
            sort_order=len(bureaus) + number,
        )
        for number, joint in enumerate(plans.order_by("pk"), start=1)
    }
    RoundUnit.objects.bulk_create(units.values())
    rows = JointSection.objects.filter(joint__in=units).values_list("section", "joint")
    return {section: units[joint] for section, joint in rows}


def _count_members(freeze: RoundFreeze) -> None:
    """Everybody with a main post at the reference date, with the version in force when the round was closed."""
    survey_round = freeze.round
    held = Assignment.objects.on(survey_round.reference_date).main().order_by()
    forms = Submission.objects.filter(survey__round=survey_round).order_by()
    if survey_round.closed_at is None:
        raise NotClosed
    in_force = forms.in_force_at(survey_round.closed_at)
    held_sql, held_values = held.values("user_id", "section_id").query.sql_with_params()
    form_sql, form_values = in_force.values("survey__user_id", "pk").query.sql_with_params()
    named = f"SELECT f.* FROM ({form_sql}) f (person, submission)"  # noqa: S608  a translated queryset
    with connection.cursor() as cursor:
        cursor.execute(
            _MEMBERS.format(held=held_sql, forms=named),
            [freeze.pk, *held_values, freeze.pk, *form_values],
        )
        cursor.execute(_HEADCOUNTS, [freeze.pk])


def _ask_questions(freeze: RoundFreeze) -> None:
    """The questions of aggregated parts that are released: steps as bands, levels as means, wishes to grow as shares."""
    asked = Question.objects.filter(
        part__questionnaire=freeze.round.questionnaire_id, part__is_aggregated=True
    ).order_by("part__number", "sort_order")
    kinds = ((question, _kind_of(question)) for question in asked)
    RoundQuestion.objects.bulk_create(
        RoundQuestion(
            freeze=freeze,
            code=question.code,
            kind=kind,
            text=question.label,
            short=question.summary_label,
            skill_code=question.skill_code,
            wording=_wording(question),
            sort_order=number,
        )
        for number, (question, kind) in enumerate(kinds, start=1)
        if kind is not None
    )


def _kind_of(question: Question) -> RoundQuestion.Kind | None:
    if question.kind == Question.Kind.SCALE:
        return RoundQuestion.Kind.REFLECTION
    if question.kind == Question.Kind.LEVEL:
        return RoundQuestion.Kind.COMPETENCY
    is_wish = question.kind == Question.Kind.CHOICE and question.code.endswith("_wish")
    return RoundQuestion.Kind.WISH if is_wish and question.skill_code else None


def _wording(question: Question) -> str:
    """Equal in two years where wording and scale are (rule 10)."""
    said = [question.kind, question.label, question.support, question.options]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
