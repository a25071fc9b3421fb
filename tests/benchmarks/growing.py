"""Larger rounds than the demonstration has: more people who answered, and frozen trees of any number of sections."""

from django.db import connection

from surveys.models import FrozenFigure, RoundFreeze, RoundQuestion, RoundUnit

SECTIONS_OF_A_BUREAU = 12

# Answering people of a freeze, each with the numbers that a copy of his rows gets.
_PEOPLE = """
    CREATE TEMPORARY TABLE bench_person ON COMMIT DROP AS
    SELECT member.user_id AS old_person, form.id AS old_version, form.survey_id AS old_form,
        nextval('staff_user_id_seq') AS person, nextval('surveys_hopesurvey_id_seq') AS form,
        nextval('surveys_submission_id_seq') AS version
    FROM surveys_roundmember member JOIN surveys_submission form ON form.id = member.submission_id
    CROSS JOIN generate_series(1, %s) copy WHERE member.freeze_id = %s LIMIT %s
"""
# A row again, with other values in some of its columns.
_COPY = """
    INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(old) || {changes})).*
    FROM {table} old JOIN bench_person ON {on}
"""
_TABLES = (
    (
        "staff_user",
        "jsonb_build_object('id', person, 'username', 'bench' || person, 'staff_number', 'B' || person)",
        "old.id = old_person",
    ),
    (
        "staff_assignment",
        "jsonb_build_object('id', nextval('staff_assignment_id_seq'), 'user_id', person, 'position', 'member')",
        "old.user_id = old_person AND NOT old.is_concurrent",
    ),
    (
        "surveys_hopesurvey",
        "jsonb_build_object('id', form, 'user_id', person, 'current_submission_id', version)",
        "old.id = old_form",
    ),
    (
        "surveys_submission",
        "jsonb_build_object('id', version, 'survey_id', form, 'receipt_number', 'B' || version)",
        "old.id = old_version",
    ),
    (
        "surveys_submittedpart",
        "jsonb_build_object('id', nextval('surveys_submittedpart_id_seq'), 'submission_id', version)",
        "old.submission_id = old_version",
    ),
)


def answering(freeze, wanted):
    """Copy those who answered until there are so many; triggers and checks of keys rest meanwhile."""
    there = freeze.members.who_answered().count()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_PEOPLE, [wanted // there + 1, freeze.pk, wanted - there])
        for table, changes, on in _TABLES:
            cursor.execute(_COPY.format(table=table, changes=changes, on=on))
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def frozen(like, sections):
    """A freeze of the same round and questions with so many sections, of which every twelfth is small."""
    number = like.round.freezes.latest("number").number + 1
    freeze = RoundFreeze.objects.create(round=like.round, number=number, reason="測定")
    asked = []
    for question in like.questions.all():
        question.pk, question.freeze = None, freeze
        asked.append(question)
    RoundQuestion.objects.bulk_create(asked)
    places = list(like.units.filter(section__isnull=False).values_list("section", flat=True))
    top = RoundUnit(freeze=freeze, level="ministry", code="M", name="省全体")
    bureaus = [
        RoundUnit(freeze=freeze, level="bureau", code=f"B{n:03}", name=f"第{n}局", parent=top)
        for n in range(-(-sections // SECTIONS_OF_A_BUREAU))
    ]
    below = [
        RoundUnit(
            freeze=freeze,
            level="section",
            code=f"S{n:04}",
            name=f"第{n}課",
            parent=bureaus[n // SECTIONS_OF_A_BUREAU],
            section_id=places[n % len(places)],
        )
        for n in range(sections)
    ]
    sizes = {unit.code: 4 if n % 12 == 0 else 12 + n % 20 for n, unit in enumerate(below)}
    for bureau in bureaus:
        sizes[bureau.code] = sum(sizes[unit.code] for unit in below if unit.parent is bureau)
    sizes["M"] = sum(sizes[unit.code] for unit in below)
    units = [top, *bureaus, *below]
    for order, unit in enumerate(units):
        unit.sort_order, unit.headcount = order, sizes[unit.code] + 2
    for level in ([top], bureaus, below):
        RoundUnit.objects.bulk_create(level)
    FrozenFigure.objects.bulk_create(
        _figure(unit, question, sizes[unit.code], order)
        for order, unit in enumerate(units)
        for question in asked
    )
    return freeze


def _figure(unit, question, answers, order):
    part = answers * (3 + order % 5) // 10
    exact = {
        "reflection": {"favourable": part, "neutral": (answers - part) // 2},
        "competency": {"points": answers * 3 + part},
        "wish": {"wishes": part},
    }[question.kind]
    if question.kind == "reflection":
        exact["unfavourable"] = answers - part - exact["neutral"]
    return FrozenFigure(unit=unit, question=question, answers=answers, **exact)
