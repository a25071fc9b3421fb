"""Submitting, correcting and taking back: versions, receipts, and who reads what meanwhile."""

import re

import pytest

from career_portal.staff.models import Assignment
from career_portal.staff.roles import Role
from surveys import services
from surveys.models import DraftPart, DraftPostWish, HopeSurvey, Submission, SubmittedPart
from surveys.receipts import new_receipt_number
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, UserFactory
from tests.factories.surveys import ALL_PARTS, hope_survey, require, save_parts, submit


@pytest.fixture
def readers(writer):
    """The writer's head and HR: the two who read what is in force."""
    section = Assignment.objects.get(user=writer).section
    head = AssignmentFactory(section=section, head=True).user
    return [head, RoleGrantFactory(role=Role.HR).user]


def work_done(user):
    """What a person reads as the answer to the first question, by version."""
    rows = SubmittedPart.objects.visible_to(user).filter(part__number=1)
    return {row.submission.number: row.answers["work_done"] for row in rows}


def seen_now():
    return services.fingerprint(DraftPart.objects.all())


class TestSubmitting:
    def test_submission_is_a_copy_of_the_working_copy(self, survey_round, writer):
        post = PostDescriptionFactory(title="総括係長", section__name="通商課")
        survey = hope_survey(survey_round, writer, "draft", mark="提出", post=post)
        drafts = dict(DraftPart.objects.values_list("part_id", "answers"))

        submission = submit(survey_round, writer)

        assert dict(submission.parts.values_list("part_id", "answers")) == drafts
        wish = submission.parts.get(part__number=6).post_wishes.get()
        assert (wish.question_code, wish.post) == ("post_1", post)
        assert wish.post_title == f"{post.section.bureau.name} 通商課　総括係長"
        survey.refresh_from_db()
        assert (survey.state, survey.current_submission) == ("submitted", submission)

    def test_receipt_tells_the_year_and_nothing_else(self, survey_round):
        year = survey_round.fiscal_year
        numbers = {new_receipt_number(year) for _ in range(200)}

        assert len(numbers) == 200
        shape = re.compile(rf"{year}-[0-9A-HJKMNP-TV-Z]{{4}}-[0-9A-HJKMNP-TV-Z]{{4}}")
        assert all(shape.fullmatch(number) for number in numbers)

    def test_submitting_again_changes_nothing_whatever_was_seen(self, survey_round, writer):
        hope_survey(survey_round, writer, "submitted", numbers=[1])
        first = Submission.objects.get()

        for seen in (seen_now(), "", "nonsense"):
            again = services.submit_hope_survey(survey_round, seen=seen, by=writer)
            assert again == first

        assert Submission.objects.get().submitted_at == first.submitted_at

    def test_required_questions_alone_are_enough(self, survey_round, writer):
        require("growth_felt", "career_talk")
        save_parts(survey_round, writer, [1], mark="六つ")
        needed = "growth_felt meaning_felt valued_felt mission_sympathy career_talk future_picture"
        DraftPart.objects.update(answers=dict.fromkeys(needed.split(), "3"))

        assert submit(survey_round, writer).parts.get().answers["career_talk"] == "3"

    def test_submit_from_an_older_check_page_is_refused(self, survey_round, writer):
        hope_survey(survey_round, writer, "draft")
        seen = seen_now()
        save_parts(survey_round, writer, [5], mark="あとから")

        with pytest.raises(services.ChangedSinceCheck):
            services.submit_hope_survey(survey_round, seen=seen, by=writer)

        assert not Submission.objects.exists()

    def test_post_chosen_after_the_check_page_makes_it_old(
        self, survey_round, questionnaire, writer
    ):
        hope_survey(survey_round, writer, "draft")
        seen, part = seen_now(), questionnaire.part(6)
        services.hope_for_post(survey_round, part, "post_1", PostDescriptionFactory(), by=writer)

        with pytest.raises(services.ChangedSinceCheck):
            services.submit_hope_survey(survey_round, seen=seen, by=writer)

    def test_form_without_any_answer_is_not_handed_in(self, survey_round, writer):
        with pytest.raises(services.NothingWritten):
            services.submit_hope_survey(survey_round, seen="", by=writer)
        save_parts(survey_round, writer, [1, 5], mark="", empty=True)
        with pytest.raises(services.NothingWritten):
            submit(survey_round, writer)

        assert not Submission.objects.exists()

    @pytest.mark.parametrize("number", ALL_PARTS)
    def test_any_part_alone_is_enough(self, survey_round, writer, number):
        save_parts(survey_round, writer, [number], mark="一つ", post=PostDescriptionFactory())

        submission = submit(survey_round, writer)

        assert [row.part.number for row in submission.parts.select_related("part")] == [number]

    def test_required_question_without_an_answer_is_not_ready(self, survey_round, writer):
        require("growth_felt", "career_talk")
        with pytest.raises(services.NotReady) as refused:
            services.submit_hope_survey(survey_round, seen="", by=writer)

        assert refused.value.hindrances == {
            1: {
                "growth_felt": "「成長の実感」に答えてください。",
                "career_talk": "「上司とのキャリアの対話」に答えてください。",
            }
        }
        assert not Submission.objects.exists()

    def test_text_beyond_its_limit_is_kept_but_not_ready(self, survey_round, writer):
        save_parts(survey_round, writer, [1, 5], mark="長い")
        draft = DraftPart.objects.get(part__number=5)
        # Cluster by cluster: 500 fit, although each is seven code points.
        draft.answers |= {
            "in_five_years": "👨\u200d👩\u200d👧\u200d👦" * 500,
            "in_ten_years": "葛\U000e0100" * 501,
        }
        draft.save()

        with pytest.raises(services.NotReady) as refused:
            submit(survey_round, writer)

        assert refused.value.hindrances == {
            5: {
                "in_ten_years": "「10年後のありたい姿」は500文字以内にしてください（いま501文字です）。"
            }
        }

    def test_blanks_are_no_answer_to_a_required_question(self, survey_round, writer):
        require("career_talk")
        save_parts(survey_round, writer, [1], mark="空白")
        draft = DraftPart.objects.get()
        draft.answers["career_talk"] = "　\n "
        draft.save()

        with pytest.raises(services.NotReady) as refused:
            submit(survey_round, writer)

        assert list(refused.value.hindrances[1]) == ["career_talk"]


class TestCorrecting:
    def test_correction_is_a_second_version_and_the_first_stays_with_its_writer(
        self, survey_round, writer, readers
    ):
        hope_survey(survey_round, writer, "submitted", mark="初め")
        first = Submission.objects.get()

        services.open_correction(survey_round, by=writer)
        save_parts(survey_round, writer, [1], mark="直し")
        for reader in (writer, *readers):
            assert work_done(reader) == {1: "《初め-1》"}
        second = submit(survey_round, writer)

        assert (second.number, second.receipt_number != first.receipt_number) == (2, True)
        assert work_done(writer) == {1: "《初め-1》", 2: "《直し-1》"}
        for reader in readers:
            assert work_done(reader) == {2: "《直し-1》"}
            assert set(Submission.objects.visible_to(reader)) == {second}
        assert not HopeSurvey.objects.get().is_correcting

    def test_correction_opened_twice_is_one(self, survey_round, writer):
        hope_survey(survey_round, writer, "correcting", numbers=[1], mark="書きかけ")

        services.open_correction(survey_round, by=writer)

        assert DraftPart.objects.get().answers["work_done"] == "《書きかけ訂正-1》"

    def test_discarded_correction_is_again_what_was_submitted(self, survey_round, writer):
        post, other = PostDescriptionFactory(), PostDescriptionFactory()
        hope_survey(survey_round, writer, "submitted", numbers=[1, 6], mark="初め", post=post)
        services.open_correction(survey_round, by=writer)
        save_parts(survey_round, writer, [1, 5, 6], mark="直し", post=other)
        versions = dict(DraftPart.objects.values_list("part__number", "version"))

        services.discard_correction(survey_round, by=writer)

        drafts = {draft.part.number: draft for draft in DraftPart.objects.all()}
        assert drafts[1].answers["work_done"] == "《初め-1》"
        assert drafts[6].answers["place_note"] == "《初め-6》"
        assert drafts[5].answers == {}
        assert DraftPostWish.objects.get().post == post
        # A page that is still open elsewhere must not bring the discarded text back.
        assert {number: draft.version for number, draft in drafts.items()} == {
            number: version + 1 for number, version in versions.items()
        }
        assert Submission.objects.count() == 1

    @pytest.mark.parametrize("state", [None, "draft", "withdrawn"])
    def test_without_a_submission_there_is_nothing_to_correct(self, survey_round, writer, state):
        if state:
            hope_survey(survey_round, writer, state, numbers=[1])

        with pytest.raises(services.NothingSubmitted):
            services.open_correction(survey_round, by=writer)
        with pytest.raises(services.NothingSubmitted):
            services.discard_correction(survey_round, by=writer)

    def test_submitted_form_without_a_correction_has_none_to_discard(self, survey_round, writer):
        hope_survey(survey_round, writer, "submitted", numbers=[1])

        with pytest.raises(services.NothingSubmitted):
            services.discard_correction(survey_round, by=writer)


class TestTakingBack:
    @pytest.mark.parametrize("state", ["submitted", "correcting"])
    def test_withdrawn_form_is_read_by_nobody_else(self, survey_round, writer, readers, state):
        hope_survey(survey_round, writer, state, numbers=[1], mark="取り下げ")
        assert [work_done(reader) for reader in readers] == [{1: "《取り下げ-1》"}] * 2

        form = services.withdraw_hope_survey(survey_round, by=writer)

        assert (form.state, form.current_submission, form.is_correcting) == (
            "withdrawn",
            None,
            False,
        )
        assert [work_done(reader) for reader in readers] == [{}, {}]
        assert work_done(writer) == {1: "《取り下げ-1》"}
        assert Submission.objects.get().withdrawn_at is not None
        assert DraftPart.objects.exists()

    def test_form_submitted_again_is_a_new_version(self, survey_round, writer, readers):
        hope_survey(survey_round, writer, "withdrawn", numbers=[1])

        again = submit(survey_round, writer)

        assert (again.number, again.withdrawn_at) == (2, None)
        assert work_done(readers[0]) == {2: "《本文-1》"}
        assert Submission.objects.get(number=1).withdrawn_at is not None

    @pytest.mark.parametrize("state", [None, "draft", "withdrawn"])
    def test_without_a_submission_there_is_nothing_to_take_back(self, survey_round, writer, state):
        if state:
            hope_survey(survey_round, writer, state, numbers=[1])

        with pytest.raises(services.NothingSubmitted):
            services.withdraw_hope_survey(survey_round, by=writer)


def test_nobody_acts_on_the_form_of_another(survey_round, writer):
    hope_survey(survey_round, writer, "submitted", numbers=[1])
    stranger = UserFactory()

    for act in (services.open_correction, services.withdraw_hope_survey):
        with pytest.raises(services.NothingSubmitted):
            act(survey_round, by=stranger)
    with pytest.raises(services.NothingWritten):
        services.submit_hope_survey(survey_round, seen="", by=stranger)

    assert HopeSurvey.objects.get(user=writer).state == "submitted"
