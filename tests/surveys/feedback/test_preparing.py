"""A release prepared from a freeze: what is hidden is hidden everywhere, and what fails the audit leaves nothing."""

import pytest

from surveys.feedback_sheets import preparing_services, tables
from surveys.feedback_sheets.figures import HIDDEN
from surveys.models import DisclosurePlan, FeedbackRelease, FeedbackSheet, ReleasedFigure
from tests.factories import feedback
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, UserFactory
from tests.factories.surveys import hope_survey

pytestmark = pytest.mark.django_db


def values(release, name):
    rows = release.figures.filter(unit__name=name)
    return {(row.question_code, row.measure): (row.value, row.count_band) for row in rows}


def test_every_unit_has_a_row_for_every_question_and_measure_and_a_waiting_sheet():
    made = feedback.freeze(feedback.WIDE)

    release = feedback.release(made)

    assert ReleasedFigure.objects.count() == 8 * (3 + 1 + 1 + 1)
    assert set(release.sheets.values_list("state", "attempts")) == {("queued", 0)}
    assert release.sheets.count() == 8
    assert values(release, "総務課")["growth_felt", "favourable"] == ("65", "30-34")
    assert values(release, "総務課")["a1", "mean"] == ("3.0", "30-34")
    assert values(release, "総務課")["b1_01_wish", "wish_share"] == ("40-59", "30-34")


def test_small_section_and_its_smallest_sibling_are_hidden_in_rows_and_file_alike():
    release = feedback.release(feedback.freeze(feedback.WIDE))

    for name in ("会計課", "秘書課"):
        assert set(values(release, name).values()) == {(HIDDEN, HIDDEN)}
    rows = [dict(zip(tables.FIGURES, row, strict=True)) for row in tables.figure_rows([release])]
    hidden = [row for row in rows if row["unit_name"] in ("会計課", "秘書課")]
    assert len(hidden) == 2 * 6
    assert {(row["value"], row["count_band"], row["shown"]) for row in hidden} == {("－", "－", 0)}
    assert {row["shown"] for row in rows if row["value"] != "－"} == {1}


def test_rate_is_shown_where_a_question_is_and_nowhere_else():
    made = feedback.freeze(feedback.SMALL | {"通商局": {"通商課": 3, "貿易課": 40}})
    people = UserFactory.create_batch(12)
    writer = AssignmentFactory().user
    submission = hope_survey(feedback.SurveyRoundFactory(fiscal_year=2031), writer, numbers=[7])
    form = submission.current_submission
    feedback.answered(made, "秘書課", *people, submission=form)

    release = feedback.release(made)

    assert values(release, "秘書課")["", "response_rate"] == ("55", "10-14")
    assert values(release, "通商課")["", "response_rate"] == (HIDDEN, HIDDEN)
    assert values(release, "総務課")["", "response_rate"] == (HIDDEN, HIDDEN)


def test_certificate_says_what_was_audited():
    made = feedback.freeze(feedback.WIDE)

    certificate = feedback.release(made).certificate

    assert certificate["fiscal_year"] == made.round.fiscal_year
    assert (certificate["minimum"], certificate["units"]) == (10, 8)
    assert certificate["smallest_atom"] >= 10
    assert certificate["hidden_units"] == dict.fromkeys(("growth_felt", "a1", "b1_01_wish"), 2)
    assert certificate["rule_version"]


@pytest.mark.parametrize(
    ("confirmed", "minimum", "expected"), [(True, 6, 6), (False, 6, 10), (False, 15, 15)]
)
def test_minimum_is_that_of_the_confirmed_plan_and_only_raised_by_another(
    confirmed, minimum, expected
):
    made = feedback.freeze(feedback.SMALL)
    DisclosurePlan.objects.create(
        round=made.round,
        minimum=minimum,
        reason="小さい省",
        proposed_by=UserFactory(),
        confirmed_by=UserFactory() if confirmed else None,
    )

    assert feedback.release(made).minimum == expected


def test_what_shows_too_few_is_refused_whoever_chose_it():
    made = feedback.freeze(feedback.WIDE)
    choice = preparing_services.choose(made.freeze, 10)
    question = choice.questions[0]
    shown = choice.shown[question.code]

    def audited(units):
        return preparing_services.smallest_audited_atom(
            question, choice.parents, choice.answers(question), units, 10
        )

    assert audited(shown) == 15
    with pytest.raises(preparing_services.AuditRefuses) as raised:
        audited(shown | {made.units["会計課"].key})
    assert "監査に合格しませんでした。「growth_felt」で10人" in raised.value.sentence


def test_only_the_feedback_admin_starts_and_only_once():
    made = feedback.freeze(feedback.SMALL)
    with pytest.raises(preparing_services.NotFeedbackAdmin):
        feedback.release(made, RoleGrantFactory(role="hr").user)
    feedback.release(made)

    with pytest.raises(preparing_services.AlreadyReleased):
        feedback.release(made)


class TestCorrection:
    def test_one_changed_answer_is_refused_and_nothing_is_stored(self):
        again = feedback.refused_correction()

        with pytest.raises(preparing_services.AuditRefuses) as raised:
            feedback.release(again)

        assert "すでに出した" in raised.value.sentence
        assert FeedbackRelease.objects.count() == 1
        assert not ReleasedFigure.objects.filter(unit__freeze=again.freeze).exists()
        assert not FeedbackSheet.objects.filter(unit__freeze=again.freeze).exists()

    def test_many_changed_answers_pass_and_the_new_release_names_the_old(self):
        survey_round = feedback.SurveyRoundFactory()
        DisclosurePlan.objects.create(
            round=survey_round, minimum=5, reason="小さい省", confirmed_by=UserFactory()
        )
        kept = {
            person: hope_survey(survey_round, person, numbers=[1]).current_submission
            for person in UserFactory.create_batch(6)
        }
        changed = {
            person: feedback.two_versions(survey_round, person)
            for person in UserFactory.create_batch(5)
        }
        feedback.end(survey_round)
        made = feedback.freeze(feedback.SMALL, survey_round)
        again = feedback.freeze(feedback.SMALL, survey_round, like=made, number=2)
        for version, freeze in enumerate((made, again)):
            for person, submission in kept.items():
                feedback.answered(freeze, "秘書課", person, submission=submission)
            for person, versions in changed.items():
                feedback.answered(freeze, "総務課", person, submission=versions[version])
        first = feedback.published(made)

        second = feedback.release(again)

        assert (second.number, second.corrects) == (2, first)
        assert second.certificate["audited_with"] == [1]
        assert second.certificate["smallest_cell"] == 5


def test_release_of_a_whole_ministry_takes_few_statements(django_assert_max_num_queries):
    tree = {f"局{b}": {f"課{b}-{s}": 12 + s for s in range(12)} for b in range(20)}
    questions = [
        *((f"r{n}", "reflection") for n in range(6)),
        *((f"a{n}", "competency") for n in range(5)),
        *((f"w{n}", "wish") for n in range(31)),
    ]
    made = feedback.freeze(tree, questions=questions)
    by = feedback.feedback_admin()

    with django_assert_max_num_queries(30):
        release = feedback.release(made, by)

    assert (release.sheets.count(), release.figures.count()) == (261, 261 * 55)
