"""Fixing a closed round: who is counted where, and exact counts against those of a plain recount."""

from collections import Counter

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from surveys import services
from surveys.feedback_sheets.freezing_services import NotClosed, freeze_round, given_answers
from surveys.models import (
    DisclosurePlan,
    FrozenFigure,
    JointSection,
    JointUnit,
    RoundMember,
    SubmittedPart,
)
from tests.factories.staff import (
    AssignmentFactory,
    BureauFactory,
    SectionFactory,
    UserFactory,
)
from tests.factories.surveys import (
    SurveyRoundFactory,
    close,
    days_from_now,
    hope_survey,
    save_parts,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ministry():
    """A bureau with three sections, of which two small ones are joined, in a round with forms of every state."""
    bureau = BureauFactory()
    sections = [SectionFactory(bureau=bureau, name=name) for name in ("総務課", "企画室", "調査室")]
    survey_round = SurveyRoundFactory()
    people = {}
    for section, number in zip(sections, (5, 3, 2), strict=True):
        people[section.name] = [AssignmentFactory(section=section).user for _ in range(number)]
    plan = DisclosurePlan.objects.create(round=survey_round, confirmed_by=UserFactory())
    joint = JointUnit.objects.create(plan=plan, bureau=bureau, name="企画室ほか")
    for section in sections[1:]:
        JointSection.objects.create(plan=plan, joint=joint, section=section)
    for number, user in enumerate(people["総務課"][:4]):
        hope_survey(survey_round, user, mark=f"総務{number}")
    hope_survey(survey_round, people["総務課"][4], "withdrawn")
    for user in people["企画室"]:
        hope_survey(survey_round, user)
    hope_survey(survey_round, people["調査室"][0], "draft")
    hope_survey(survey_round, people["調査室"][1], "correcting", numbers=(1, 2))
    return survey_round, sections, people


def end(survey_round):
    close(survey_round)
    survey_round.closed_at = timezone.now()
    survey_round.save(update_fields=["closed_at"])


def counts(unit):
    rows = FrozenFigure.objects.filter(unit=unit).select_related("question")
    return {row.question.code: row for row in rows}


def test_units_members_and_counts_are_those_of_a_plain_recount(ministry):
    survey_round, sections, _ = ministry
    end(survey_round)
    freeze = freeze_round(survey_round)

    units = {unit.name: unit for unit in freeze.units.all()}
    assert units["省全体"].headcount == units[sections[0].bureau.name].headcount == 10
    assert units["企画室ほか"].headcount == 5
    assert (units["企画室"].parent, units["企画室"].is_member) == (units["企画室ほか"], True)
    taken = RoundMember.objects.filter(freeze=freeze, submission__isnull=False)
    assert taken.count() == 4 + 3 + 1
    recount = Counter()
    steps = Counter()
    for member in taken.select_related("submission", "unit"):
        name = "総務課" if member.unit.name == "総務課" else "企画室ほか"
        for part in SubmittedPart.objects.filter(submission=member.submission):
            if answer := part.answers.get("growth_felt"):
                recount[name, "growth_felt"] += 1
                steps[name, answer] += 1
            if answer := part.answers.get("a1_level"):
                recount[name, "a1_level"] += int(answer)
    for name in ("総務課", "企画室ほか"):
        found = counts(units[name])
        assert found["growth_felt"].answers == recount[name, "growth_felt"] > 0
        assert found["growth_felt"].favourable == steps[name, "5"] + steps[name, "4"]
        assert found["a1_level"].points == recount[name, "a1_level"] > 0
        assert found["a1_wish"].wishes == found["a1_wish"].answers
    whole = counts(units["省全体"])
    assert whole["growth_felt"].answers == 8
    assert whole["b1_07_wish"].answers == 7
    assert whole["b1_03_wish"].answers == 0
    assert not FrozenFigure.objects.filter(unit=units["企画室"]).exists()
    assert set(freeze.questions.values_list("kind", flat=True)) == {
        "reflection",
        "competency",
        "wish",
    }


def test_what_comes_after_the_reference_date_and_the_close_changes_nothing(ministry):
    survey_round, sections, people = ministry
    mover = people["総務課"][0]
    mover.assignments.update(valid_until=timezone.localdate(days_from_now(1)))
    AssignmentFactory(
        user=mover, section=sections[1], valid_from=timezone.localdate(days_from_now(1))
    )
    closed_at = timezone.now()
    late = people["調査室"][0]
    save_parts(survey_round, late, (1,), mark="締めた後")
    seen = services.fingerprint(late.hope_surveys.get().draft_parts.all())
    services.submit_hope_survey(survey_round, seen=seen, by=late)
    close(survey_round)
    survey_round.deadline_at = survey_round.opens_at + (closed_at - survey_round.opens_at) / 2
    survey_round.closed_at = closed_at
    survey_round.save()
    freeze = freeze_round(survey_round)

    assert RoundMember.objects.get(freeze=freeze, user=mover).unit.name == "総務課"
    assert RoundMember.objects.get(freeze=freeze, user=late).submission is None


def test_round_is_frozen_once_and_corrected_beside_the_first(ministry):
    survey_round, *_ = ministry
    with pytest.raises(NotClosed):
        freeze_round(survey_round)
    end(survey_round)
    first = freeze_round(survey_round)
    assert freeze_round(survey_round) == first
    second = freeze_round(survey_round, reason="所属の誤りを直した")

    assert (second.number, second.reason) == (2, "所属の誤りを直した")
    assert FrozenFigure.objects.filter(unit__freeze=first).exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        FrozenFigure.objects.filter(unit__freeze=first).update(answers=99)


def test_given_answers_name_the_unit_that_has_figures(ministry):
    survey_round, _, people = ministry
    end(survey_round)
    freeze = freeze_round(survey_round)
    given = given_answers(freeze)

    joint = freeze.units.get(is_joint=True)
    writer = people["企画室"][0]
    assert given["growth_felt"][str(writer.pk)][0] == joint.key
    assert len(given["growth_felt"]) == 8
