"""How far a form is filled in: states of the parts, the task list, the bar, and where to go on."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from surveys.answers import Progress, hindrances, is_answered, progress
from surveys.models import DraftPart, Question
from tests.factories.postings import PostDescriptionFactory
from tests.factories.surveys import close, full_answers, hope_survey, save_parts
from tests.surveys.browsing import FRAME, Page

NAMES = [
    "① 現在の業務の振り返り",
    "② コンピテンシー（A1〜A5）",
    "③ 専門分野の知識（B1）",
    "④ 行政官として役立つスキル（B2）",
    "⑤ 5年後・10年後",
    "⑥ 希望するポストと経験",
    "⑦ 配慮してほしい事情",
    "⑧ 面談への希望",
]


def offered(page):
    """The words on the buttons of a page, without those of its frame."""
    return {words.strip() for words in page.classes["cp-button"]} - FRAME


class TestCounting:
    @pytest.mark.parametrize("number", range(1, 9))
    def test_part_counts_its_key_questions(self, questionnaire, number):
        part = questionnaire.part(number)
        keys = [question.code for question in part.questions if question.is_key]
        full = full_answers(part, "本文", post=PostDescriptionFactory())
        answers = {code: value for code, value in full.answers.items() if code in keys}
        if number == 3:
            answers = dict.fromkeys(keys, "1")

        assert progress(part, {}, {}) == Progress(0, len(keys), is_touched=False)
        assert progress(part, answers, full.posts) == Progress(len(keys), len(keys), True)
        assert progress(part, answers, full.posts).state == "full"
        if len(keys) > 1:
            left_out = dict(list(answers.items())[1:])
            assert progress(part, left_out, full.posts).done == len(keys) - 1
            assert progress(part, left_out, full.posts).word == "入力中"

    @pytest.mark.parametrize("answer", ["", " ", "　", "\n\t", []])
    def test_blank_is_no_answer(self, questionnaire, answer):
        part = questionnaire.part(7)

        for question in part.questions:
            assert not is_answered(question, {question.code: answer}, {})
        assert progress(part, {"circumstances_note": answer}, {}).state == "empty"

    @pytest.mark.parametrize("answer", ["0", "。", "\u200b一", ["none"]])
    def test_anything_else_is_one(self, questionnaire, answer):
        question = questionnaire.part(7).questions[0]

        assert is_answered(question, {question.code: answer}, {})

    def test_answer_that_is_no_key_begins_a_part_without_counting(self, questionnaire):
        found = progress(questionnaire.part(2), {"a1_episode": "場面"}, {})

        assert (found.done, found.total, found.state) == (0, 5, "partial")

    def test_post_alone_begins_the_part(self, questionnaire):
        assert progress(questionnaire.part(6), {}, {"post_2": 1}).state == "partial"
        assert progress(questionnaire.part(6), {}, {"post_1": 1}).done == 1

    def test_answer_to_a_question_that_is_not_asked_counts_nothing(self, questionnaire):
        assert progress(questionnaire.part(1), {"unknown": "x", "a1_level": "3"}, {}) == Progress(
            0, 8, is_touched=False
        )

    def test_limits_hinder_by_what_a_reader_counts(self, questionnaire):
        part = questionnaire.part(5)

        assert hindrances(part, {"ledger_will": "👩\u200d💻" * 300}, {}) == {}
        assert hindrances(part, {"ledger_will": "👩\u200d💻" * 301}, {}) == {
            "ledger_will": "「じぶん決算書（意志）」は300文字以内にしてください（いま301文字です）。"
        }

    @pytest.mark.django_db(transaction=False)
    def test_counts_never_leave_their_bounds(self, questionnaire):
        codes = [question.code for part in questionnaire.parts for question in part.questions]
        values = st.one_of(st.text(max_size=3), st.lists(st.text(max_size=2), max_size=2))

        @given(st.dictionaries(st.sampled_from(codes), values, max_size=20))
        def check(answers):
            for part in questionnaire.parts:
                found = progress(part, answers, {})
                assert 0 <= found.done <= found.total
                assert (found.state == "full") == (found.done == found.total)
                assert found.is_touched or found.state == "empty"

        check()


class TestTaskList:
    @pytest.fixture
    def tasks(self, signed_in, survey_round):
        def read():
            address = reverse("surveys:survey_tasklist", args=[survey_round.fiscal_year])
            answer = signed_in.get(address)
            assert answer.status_code == 200
            return Page(answer)

        return read

    def test_untouched_form_begins_with_the_first_part(self, tasks):
        page = tasks()

        assert page.classes["cp-task__title"] == NAMES
        assert page.classes["cp-chip"] == ["未着手"] * 8
        assert page.classes["cp-task__hint"][0].endswith("約6分")
        assert "8つのうち 0つ 入力済み" in page.texts["main"]
        assert "書きはじめる" in page.texts["main"]
        assert "① 現在の業務の振り返りから（約6分）" in page.texts["main"]

    def test_states_hints_and_bar_follow_what_is_saved(self, tasks, survey_round, writer):
        save_parts(survey_round, writer, [1, 2, 3, 7], mark="途中")
        competencies = DraftPart.objects.get(part__number=2)
        del competencies.answers["a2_level"], competencies.answers["a5_level"]
        competencies.save()

        page = tasks()

        states = dict(zip(NAMES, page.classes["cp-chip"], strict=True))
        assert [states[name] for name in NAMES] == [
            "入力済み",
            "入力中",
            "入力中",
            "未着手",
            "未着手",
            "未着手",
            "入力済み",
            "未着手",
        ]
        hints = page.classes["cp-task__hint"]
        assert hints[1].startswith("5つのうち3つ入力済み。約")
        assert hints[2].startswith("12つのうち1つ入力済み。約")
        assert "8つのうち 2つ 入力済み" in page.texts["main"]
        assert "続きを書く" in page.texts["main"]
        assert "② コンピテンシー（A1〜A5）から" in page.texts["main"]
        assert "今日 " in page.texts["main"]

    def test_bar_says_the_states_in_words(self, signed_in, survey_round, writer):
        save_parts(survey_round, writer, [1, 3], mark="途中")

        text = signed_in.get(
            reverse("surveys:survey_tasklist", args=[survey_round.fiscal_year])
        ).text

        label = "8つの部分のうち、未着手6、入力中1、入力済み1"
        assert f'role="img" aria-label="{label}"' in text
        assert text.count('data-frame="full"') == text.count('data-frame="half"') == 1
        assert text.count('data-frame="empty"') == 6

    def test_filled_form_leads_to_the_check_page(self, tasks, survey_round, writer):
        hope_survey(survey_round, writer, "draft", post=PostDescriptionFactory())
        for draft in DraftPart.objects.filter(part__number=3):
            keys = Question.objects.filter(part=draft.part, is_key=True)
            draft.answers |= {question.code: "1" for question in keys}
            draft.save()

        page = tasks()

        assert page.classes["cp-chip"] == ["入力済み"] * 8
        assert "確認して提出する" in page.texts["main"]

    @pytest.mark.parametrize(
        ("state", "title", "buttons"),
        [
            ("submitted", "提出済みです", {"訂正する", "取り下げる", "提出した内容を見る"}),
            (
                "correcting",
                "訂正しています",
                {"訂正をやめて、提出した内容に戻す", "確認画面へ進む"},
            ),
            ("withdrawn", "取り下げています", {"確認画面へ進む"}),
        ],
    )
    def test_state_of_the_form_offers_what_can_be_done(
        self, tasks, survey_round, writer, state, title, buttons
    ):
        hope_survey(survey_round, writer, state, numbers=[1])

        page = tasks()

        assert offered(page) - {"続きを書く"} == buttons
        assert title in page.texts["main"]

    @pytest.mark.parametrize("state", [None, "draft", "withdrawn"])
    def test_closed_round_offers_nothing_to_change(self, tasks, survey_round, writer, state):
        if state:
            hope_survey(survey_round, writer, state, numbers=[1])
        close(survey_round)

        page = tasks()

        assert offered(page) == set()
        assert "受付は終わりました" in page.texts["main"]
        assert "締め切りました" in page.texts["main"]

    def test_form_handed_in_in_a_closed_round_is_read_as_its_version(
        self, signed_in, survey_round, writer
    ):
        hope_survey(survey_round, writer, "submitted", numbers=[1])
        close(survey_round)
        year = survey_round.fiscal_year

        answer = signed_in.get(reverse("surveys:survey_tasklist", args=[year]))

        assert answer.headers["Location"] == reverse("surveys:version_detail", args=[year, 1])
