"""The working copy: what a save stores, and what it refuses and then leaves as it was."""

import pytest
from django.apps import apps

from surveys import services
from surveys.answers import PostedAnswers
from surveys.models import DraftPart, DraftPostWish, HopeSurvey
from tests.factories.postings import PostDescriptionFactory, archive
from tests.factories.staff import UserFactory
from tests.factories.surveys import SurveyRoundFactory, hope_survey


@pytest.fixture
def save(survey_round, questionnaire, writer):
    """Save one part with a text of its first text question, or with other answers."""

    def save_part(text="一つ", *, version, number=1, by=writer, posts=None):
        part = questionnaire.part(number)
        code = next(question.code for question in part.questions if question.is_text)
        posted = PostedAnswers(answers={code: text}, posts=posts or {})
        return services.save_draft_part(survey_round, part, posted, version=version, by=by)

    return save_part


def stored(number=1):
    """Version and answers of a part; None where nothing is stored."""
    return DraftPart.objects.filter(part__number=number).values_list("version", "answers").first()


def test_first_save_makes_the_form_and_its_part(save, survey_round, writer):
    saved = save("一つ", version=0)

    form = HopeSurvey.objects.get()
    assert (form.round, form.user, form.state) == (survey_round, writer, "draft")
    assert (saved.version, stored()) == (1, (1, {"work_done": "一つ"}))
    assert form.draft_parts.get().saved_at == saved.saved_at


def test_next_save_replaces_the_whole_part_and_counts(save):
    save("一つ", version=0)

    assert save("二つ", version=1).version == 2
    assert stored() == (2, {"work_done": "二つ"})


def test_parts_count_their_saves_apart(save):
    save(version=0)
    save(version=1)

    assert save("別のパート", version=0, number=5).version == 1
    assert (stored(1)[0], stored(5)[0]) == (2, 1)


@pytest.mark.parametrize("version", [0, 1, 3, 999_999_999, -1])
def test_save_from_any_other_version_is_stale_and_stores_nothing(save, version):
    save("一つ", version=0)
    save("二つ", version=1)

    with pytest.raises(services.StaleSave):
        save("古い画面", version=version)

    assert stored() == (2, {"work_done": "二つ"})


def test_same_save_again_after_a_lost_answer_changes_nothing_and_is_no_conflict(save):
    first = save("一つ", version=0)
    assert save("一つ", version=0) == first
    second = save("二つ", version=1)
    assert save("二つ", version=1) == second

    with pytest.raises(services.StaleSave):
        save("二つ", version=0)
    assert stored() == (2, {"work_done": "二つ"})


def test_save_of_a_part_that_was_never_saved_from_a_later_version_is_stale(save):
    with pytest.raises(services.StaleSave):
        save(version=1)

    assert not HopeSurvey.objects.exists()


def test_save_reaches_nobody_elses_form_and_no_other_year(save, survey_round, writer):
    other = UserFactory()
    hope_survey(survey_round, other, "draft", numbers=[1], mark="他人")
    last_year = SurveyRoundFactory(
        fiscal_year=survey_round.fiscal_year - 1, questionnaire=survey_round.questionnaire
    )
    hope_survey(last_year, writer, "draft", numbers=[1], mark="昨年")

    save("自分", version=0)

    forms = {(draft.survey.user, draft.survey.round): draft for draft in DraftPart.objects.all()}
    assert len(forms) == 3
    assert forms[writer, survey_round].answers == {"work_done": "自分"}
    assert forms[other, survey_round].answers["work_done"] == "《他人-1》"
    assert forms[writer, last_year].answers["work_done"] == "《昨年-1》"


def test_submitted_form_refuses_saves_until_a_correction_is_open(save, survey_round, writer):
    hope_survey(survey_round, writer, "submitted", mark="提出")

    with pytest.raises(services.NotBeingWritten) as refused:
        save("提出のあと", version=1)

    assert "「訂正する」" in refused.value.sentence
    assert stored()[1]["work_done"] == "《提出-1》"
    services.open_correction(survey_round, by=writer)
    assert save("訂正", version=1).version == 2


def test_withdrawn_form_takes_saves(save, survey_round, writer):
    hope_survey(survey_round, writer, "withdrawn")

    assert save("取り下げのあと", version=1).version == 2


def test_only_states_readers_rounds_and_receipts_have_a_history():
    """What was deleted from a draft is gone, and what was submitted is kept as versions."""
    tracked = {
        model.pgh_tracked_model.__name__
        for model in apps.get_app_config("surveys").get_models()
        if hasattr(model, "pgh_tracked_model")
    }

    assert tracked == {
        "DeadlineExtension",
        "DisclosurePlan",
        "FeedbackRelease",
        "FormExport",
        "HopeSurvey",
        "ImprovementAction",
        "JointUnit",
        "MentorRelease",
        "ReaderChoice",
        "ReminderRun",
        "Submission",
        "SurveyRound",
    }


class TestPostsInASave:
    def test_posts_are_rows_and_not_answers(self, save):
        first, second = PostDescriptionFactory(), PostDescriptionFactory()

        save(version=0, number=6, posts={"post_1": first.pk, "post_3": second.pk})

        wishes = DraftPostWish.objects.values_list("question_code", "post_id")
        assert set(wishes) == {("post_1", first.pk), ("post_3", second.pk)}
        assert stored(6)[1] == {"post_1_reason": "一つ"}

    def test_post_that_is_left_out_is_no_longer_hoped_for(self, save):
        first, second = PostDescriptionFactory(), PostDescriptionFactory()
        save(version=0, number=6, posts={"post_1": first.pk, "post_2": second.pk})

        save(version=1, number=6, posts={"post_2": first.pk})

        wishes = DraftPostWish.objects.values_list("question_code", "post_id")
        assert set(wishes) == {("post_2", first.pk)}

    @pytest.mark.parametrize("state", ["draft", "archived"])
    def test_post_that_is_not_published_is_refused_with_the_whole_save(self, save, state):
        post = PostDescriptionFactory(**{state: True})

        with pytest.raises(services.UnknownPost):
            save(version=0, number=6, posts={"post_1": post.pk})

        assert stored(6) is None
        assert not DraftPostWish.objects.exists()

    @pytest.mark.parametrize("pk", [0, -1, 2**31, 2**63, 10**30])
    def test_post_that_does_not_exist_is_refused(self, save, pk):
        with pytest.raises(services.UnknownPost):
            save(version=0, number=6, posts={"post_1": pk})

        assert stored(6) is None

    def test_post_archived_after_it_was_chosen_stays_and_may_change_its_rank(self, save):
        post = PostDescriptionFactory()
        save(version=0, number=6, posts={"post_1": post.pk})
        archive(post)

        save("理由", version=1, number=6, posts={"post_1": post.pk})
        save("理由", version=2, number=6, posts={"post_2": post.pk})

        assert DraftPostWish.objects.get().question_code == "post_2"

    def test_save_of_another_part_leaves_the_posts_alone(self, save):
        post = PostDescriptionFactory()
        save(version=0, number=6, posts={"post_1": post.pk})

        save(version=0, number=1)

        assert DraftPostWish.objects.get().post == post
