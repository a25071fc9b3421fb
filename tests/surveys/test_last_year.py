"""Last year's answer beside each question, and what has changed since, before handing in."""

import pytest
from django.urls import reverse

from surveys.asked import asked
from surveys.models import DraftPart, Question, Questionnaire
from tests.factories.postings import PostDescriptionFactory, archive, show
from tests.factories.staff import UserFactory
from tests.factories.surveys import SurveyRoundFactory, hope_survey, submit
from tests.surveys.browsing import Page, part_address


@pytest.fixture
def last(survey_round):
    return SurveyRoundFactory(fiscal_year=survey_round.fiscal_year - 1)


@pytest.fixture
def answered(writer):
    """Hand a form in with some answers in place of the ones that every form has."""

    def hand_in(survey_round, *, post_hoped_for=None, **answers):
        hope_survey(survey_round, writer, "draft", mark="下書き", post=post_hoped_for)
        put(survey_round, writer, answers)
        return submit(survey_round, writer)

    return hand_in


def put(survey_round, writer, answers):
    """Put answers into the working copy, whatever part they belong to."""
    for draft in DraftPart.objects.filter(survey__user=writer, survey__round=survey_round):
        codes = set(draft.part.questions.values_list("code", flat=True))
        draft.answers |= {code: value for code, value in answers.items() if code in codes}
        draft.answers = {code: value for code, value in draft.answers.items() if value is not None}
        draft.save()


class TestBeside:
    def test_text_stands_folded_beside_its_question(self, signed_in, survey_round, last, answered):
        answered(last, in_five_years="昨年の五年後", in_ten_years=None)

        page = Page(signed_in.get(part_address(survey_round, 5)))

        assert page.classes["cp-disclosure__content"][0] == "昨年の五年後"
        assert len(page.classes["cp-disclosure__content"]) == 4
        assert page.value("in_five_years") == ""

    @pytest.mark.parametrize(
        ("number", "code", "value"),
        [
            (1, "growth_felt", "4"),
            (3, "b1_07_experience", "3"),
            (6, "timing", "stay"),
            (7, "circumstances", ["care", "health"]),
            (8, "response", "think"),
        ],
    )
    def test_chosen_option_is_marked_and_not_chosen_again(
        self, signed_in, survey_round, last, answered, number, code, value
    ):
        answered(last, **{code: value})

        page = Page(signed_in.get(part_address(survey_round, number)))

        marked = [words for words in page.options(code) if "昨年" in words]
        labels = asked(last.questionnaire).part(number)
        question = next(question for question in labels.questions if question.code == code)
        values = value if isinstance(value, list) else [value]
        assert [words.replace("（昨年）", "").replace("昨年", "").strip() for words in marked] == [
            question.labels[each] for each in question.labels if each in values
        ]
        assert code not in {name for name, _ in page.fields}

    def test_competency_names_last_years_level_and_the_step_since(
        self, signed_in, survey_round, writer, last, answered
    ):
        answered(last, a1_level="3", a2_level="3", a2_episode="昨年の場面", a2_wish="1")
        hope_survey(survey_round, writer, "draft", numbers=[2])
        put(survey_round, writer, {"a1_level": "3", "a2_level": "4", "a3_level": None})

        page = Page(signed_in.get(part_address(survey_round, 2)))

        words = asked(last.questionnaire).part(2).questions[0].labels
        lines = page.classes["cp-comp__line"]
        assert lines[0] == f"3　{words['3']}（昨年と同じ）"
        assert lines[1] == f"4　{words['4']}（昨年は 3）"
        assert lines[2] == f"昨年は 1　{words['1']}"
        assert "昨年の場面" in page.classes["cp-lastyear__content"][1]

    def test_post_stands_under_its_question_with_its_title_of_then(
        self, signed_in, survey_round, last, answered
    ):
        chosen = PostDescriptionFactory(title="昔の職名")
        answered(last, post_hoped_for=chosen)
        show(chosen, title="いまの職名")
        archive(chosen)

        answer = signed_in.get(part_address(survey_round, 6))

        bureau = chosen.section.bureau.name
        assert f"昨年：{bureau} {chosen.section.name}　昔の職名" in answer.text
        assert "いまの職名" not in answer.text

    @pytest.mark.parametrize("state", ["draft", "withdrawn"])
    def test_form_that_was_not_handed_in_does_not_count(
        self, signed_in, survey_round, writer, last, state
    ):
        hope_survey(last, writer, state, mark="未提出")

        for number in (1, 2, 5):
            answer = signed_in.get(part_address(survey_round, number))
            assert "未提出" not in answer.text
            page = Page(answer)
            assert page.classes.get("cp-disclosure__content", []) == []
            assert "昨年" not in "".join(page.options("growth_felt") + page.options("a1_level"))

    def test_corrected_form_counts_as_it_was_submitted(self, signed_in, survey_round, writer, last):
        hope_survey(last, writer, "correcting", mark="控え")
        page = Page(signed_in.get(part_address(survey_round, 5)))
        assert set(page.classes["cp-disclosure__content"]) == {"《控え-5》"}

        submit(last, writer)

        page = Page(signed_in.get(part_address(survey_round, 5)))
        assert set(page.classes["cp-disclosure__content"]) == {"《控え訂正-5》"}

    def test_forms_of_other_people_and_other_years_do_not_count(
        self, signed_in, survey_round, writer, last
    ):
        before = SurveyRoundFactory(fiscal_year=survey_round.fiscal_year - 2)
        hope_survey(last, UserFactory(), "submitted", mark="他人")
        hope_survey(before, writer, "submitted", mark="一昨年")

        for number in (1, 5):
            text = signed_in.get(part_address(survey_round, number)).text
            assert "他人" not in text
            assert "一昨年" not in text


class TestChanges:
    @pytest.fixture
    def changes(self, signed_in, survey_round):
        def read():
            address = reverse("surveys:survey_check", args=[survey_round.fiscal_year])
            return [
                (change.title, change.before, change.now)
                for change in signed_in.get(address).context["changes"]
            ]

        return read

    def test_same_answers_are_no_change(self, changes, survey_round, writer, last):
        post_hoped_for = PostDescriptionFactory()
        hope_survey(last, writer, "submitted", mark="同じ", post=post_hoped_for)
        hope_survey(survey_round, writer, "draft", mark="同じ", post=post_hoped_for)

        assert changes() == []

    def test_post_that_was_renamed_since_is_no_change(self, changes, survey_round, writer, last):
        post_hoped_for = PostDescriptionFactory(title="昔の職名")
        hope_survey(last, writer, "submitted", mark="同じ", post=post_hoped_for)
        show(post_hoped_for, title="いまの職名")
        hope_survey(survey_round, writer, "draft", mark="同じ", post=post_hoped_for)

        assert changes() == []

    def test_changes_are_told_in_the_words_of_the_answers_in_order(
        self, changes, survey_round, writer, last, answered
    ):
        then, now = PostDescriptionFactory(title="甲"), PostDescriptionFactory(title="乙")
        answered(last, post_hoped_for=then, growth_felt="2", a1_level="2", in_five_years="昨年")
        hope_survey(survey_round, writer, "draft", mark="下書き", post=now)
        put(survey_round, writer, {"growth_felt": "4", "a1_level": "3", "in_five_years": "今年"})

        questions = {q.code: q for part in asked(last.questionnaire).parts for q in part.questions}
        felt, level = questions["growth_felt"].labels, questions["a1_level"].labels
        assert [(title, before[-40:], now[-40:]) for title, before, now in changes()] == [
            ("① 成長の実感", felt["2"], felt["4"]),
            ("② A1 人間力", f"2　{level['2']}", f"3　{level['3']}"),
            ("⑤ 5年後のありたい姿", "昨年", "今年"),
            ("⑥ 第1希望", title_of(then), title_of(now)),
        ]

    def test_what_is_new_or_left_out_is_no_change(
        self, changes, survey_round, writer, last, answered
    ):
        answered(last, timing="stay", listener=None)
        hope_survey(survey_round, writer, "draft", mark="下書き")
        put(survey_round, writer, {"timing": None, "listener": "mentor"})

        assert changes() == []

    def test_what_one_writes_about_the_year_is_no_change(
        self, changes, survey_round, writer, last, answered
    ):
        answered(last, work_done="昨年の仕事", a1_episode="昨年の場面", topic="昨年の話")
        hope_survey(survey_round, writer, "draft", mark="下書き")
        put(survey_round, writer, {"work_done": "今年の仕事", "a1_episode": "今年の場面"})

        assert changes() == []

    def test_page_names_the_year_and_escapes_what_was_written(
        self, signed_in, survey_round, writer, last, answered
    ):
        answered(last, in_five_years="<b>昨年</b>")
        hope_survey(survey_round, writer, "draft", mark="下書き")
        put(survey_round, writer, {"in_five_years": "<i>今年</i>"})

        answer = signed_in.get(reverse("surveys:survey_check", args=[survey_round.fiscal_year]))

        year = last.fiscal_year - 2018
        assert f"令和{year}年度の記入と違うところを1つ見つけました。" in answer.text
        assert "&lt;b&gt;昨年&lt;/b&gt;" in answer.text
        assert "<b>昨年" not in answer.text

    def test_first_year_has_no_such_section(self, signed_in, survey_round, writer):
        hope_survey(survey_round, writer, "draft")

        answer = signed_in.get(reverse("surveys:survey_check", args=[survey_round.fiscal_year]))

        assert "昨年から変わったところ" not in answer.text


class TestOtherWording:
    @pytest.fixture
    def reworded(self, survey_round):
        """Last year's round with a question in other words, where the same value means something else."""
        old = copy_of(survey_round.questionnaire, version="0")
        Question.objects.filter(part__questionnaire=old, code="growth_felt").update(
            summary_label="昔の題",
            options=[{"value": "4", "label": "昔の四"}, {"value": "9", "label": "昔の九"}],
        )
        return SurveyRoundFactory(fiscal_year=survey_round.fiscal_year - 1, questionnaire=old)

    def test_submitted_form_is_read_in_the_words_that_it_answered(
        self, signed_in, reworded, answered
    ):
        answered(reworded, growth_felt="4")

        address = reverse("surveys:version_detail", args=[reworded.fiscal_year, 1])
        page = Page(signed_in.get(address))

        assert "昔の題" in page.classes["cp-summary__key"]
        assert "昔の四" in page.classes["cp-summary__value"]

    @pytest.mark.parametrize(("value", "words"), [("4", "昔の四"), ("9", "昔の九")])
    def test_answer_to_other_options_stands_in_its_words_and_marks_none(
        self, signed_in, survey_round, reworded, answered, value, words
    ):
        answered(reworded, growth_felt=value, meaning_felt="2")

        page = Page(signed_in.get(part_address(survey_round, 1)))

        assert [text for text in page.options("growth_felt") if "昨年" in text] == []
        apart = f"昨年の答え（選択肢が変わりました）：{words}"
        assert page.texts["id_growth_felt_helptext"] == apart
        assert len([text for text in page.options("meaning_felt") if "昨年" in text]) == 1

    def test_answer_to_other_options_is_no_change(
        self, signed_in, survey_round, writer, reworded, answered
    ):
        answered(reworded, growth_felt="4", meaning_felt="2")
        hope_survey(survey_round, writer, "draft", mark="下書き")
        put(survey_round, writer, {"growth_felt": "1", "meaning_felt": "3"})

        answer = signed_in.get(reverse("surveys:survey_check", args=[survey_round.fiscal_year]))

        titles = [change.title for change in answer.context["changes"]]
        assert titles == ["① 仕事の意義"]


def copy_of(questionnaire, *, version):
    """The same questionnaire as another version."""
    copied = Questionnaire.objects.get(pk=questionnaire.pk)
    copied.pk, copied.version = None, version
    copied.save()
    for part in questionnaire.parts.prefetch_related("questions"):
        questions = list(part.questions.all())
        part.pk, part.questionnaire = None, copied
        part.save()
        for question in questions:
            question.pk, question.part = None, part
        Question.objects.bulk_create(questions)
    return copied


def title_of(chosen):
    return f"{chosen.section.bureau.name} {chosen.section.name}　{chosen.title}"
