"""A part in the browser: shown, saved by its buttons without scripts, saved while it is typed."""

import pytest
from django.urls import reverse

from surveys.models import DraftPart, DraftPostWish, HopeSurvey
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import AssignmentFactory
from tests.factories.surveys import ALL_PARTS, SurveyRoundFactory, close, full_answers, hope_survey
from tests.surveys.browsing import Page, autosave, part_address, post


def stored(number):
    draft = DraftPart.objects.filter(part__number=number).first()
    return (draft.version, draft.answers) if draft else None


class TestShown:
    @pytest.mark.parametrize("number", ALL_PARTS)
    def test_every_part_asks_all_its_questions(
        self, signed_in, survey_round, questionnaire, number
    ):
        part = questionnaire.part(number)

        answer = signed_in.get(part_address(survey_round, number))

        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        page = Page(answer)
        assert page.value("version") == "0"
        for question in part.questions:
            assert question.label.removeprefix(f"{question.skill and question.skill.name}：") in (
                answer.text
            )
            for place, option in enumerate(question.options):
                assert f'id="id_{question.code}_{place}"' in answer.text
                assert option.label in answer.text
            assert f'name="{question.code}"' in answer.text or question.code.startswith("post_")
        assert answer.text.count('data-kind="required"') == sum(
            question.is_required for question in part.questions
        )

    @pytest.mark.parametrize(
        ("number", "readers"),
        [
            (1, ["本人", "上司（山田）", "人事"]),
            (2, ["本人", "上司（山田）", "人事"]),
            (3, ["本人", "上司（山田）", "人事"]),
            (4, ["本人", "上司（山田）", "人事"]),
            (5, ["本人", "人事"]),
            (6, ["本人", "人事"]),
            (7, ["本人", "人事"]),
            (8, ["本人", "⑧で選ぶ面談の相手"]),
        ],
    )
    def test_readers_stand_above_every_part_before_anything_is_typed(
        self, signed_in, survey_round, writer, number, readers
    ):
        section = writer.assignments.get().section
        AssignmentFactory(section=section, head=True, user__family_name="山田")

        answer = signed_in.get(part_address(survey_round, number))

        assert list(answer.context["audience"].people) == readers
        above, form = answer.text.split('<form id="part-form"')
        assert "この部分を読む人" in above
        assert "この部分を読む人" not in form
        assert ("集計にも使われます（10人以上のまとまりのみ）" in above) == (number <= 4)
        assert ('name="supervisor"' in above) == (number <= 6)

    @pytest.mark.parametrize("number", ALL_PARTS)
    def test_what_was_saved_stands_in_the_fields(
        self, signed_in, survey_round, questionnaire, writer, number
    ):
        post_hoped_for = PostDescriptionFactory()
        hope_survey(survey_round, writer, "draft", numbers=[number], post=post_hoped_for)
        expected = full_answers(questionnaire.part(number), "本文", post=post_hoped_for)

        page = Page(signed_in.get(part_address(survey_round, number)))

        sent = page.sent()
        assert sent.pop("version") == ["1"]
        assert sent.pop("writer") == [str(writer.pk)]
        filled = {name: values for name, values in sent.items() if values != [""]}
        answers = {
            code: value if isinstance(value, list) else [value]
            for code, value in expected.answers.items()
        }
        answers |= {code: [str(pk)] for code, pk in expected.posts.items()}
        others = set(filled) - set(answers)
        assert {name: filled[name] for name in answers} == answers
        assert others <= {"csrfmiddlewaretoken", "base", "supervisor"}

    @pytest.mark.parametrize(("year", "number"), [(0, 0), (0, 9), (-1, 1), (1, 1)])
    def test_part_or_year_that_is_not_there_is_not_found(
        self, signed_in, survey_round, year, number
    ):
        SurveyRoundFactory(future=True)
        address = reverse("surveys:part_edit", args=[survey_round.fiscal_year + year, number])

        assert signed_in.get(address).status_code == 404
        assert signed_in.post(address, {"version": "0"}).status_code == 404

    @pytest.mark.parametrize("number", [2**15, 2**31, 2**63, 10**30])
    def test_number_beyond_every_row_is_not_found(self, signed_in, survey_round, number):
        this = survey_round.fiscal_year
        addresses = [
            reverse("surveys:survey_tasklist", args=[number]),
            reverse("surveys:survey_check", args=[number]),
            reverse("surveys:part_edit", args=[number, 1]),
            reverse("surveys:part_edit", args=[this, number]),
            reverse("surveys:post_pick", args=[this, number, "post_1"]),
            reverse("surveys:version_detail", args=[this, number]),
            reverse("surveys:version_pdf", args=[number, number]),
            reverse("surveys:submission_detail", args=[number]),
        ]

        assert [signed_in.get(address).status_code for address in addresses] == [404] * 8

    @pytest.mark.parametrize("state", ["submitted", "closed"])
    def test_part_that_cannot_be_written_is_read_as_text_and_says_why(
        self, signed_in, survey_round, writer, state
    ):
        hope_survey(survey_round, writer, "draft" if state == "closed" else state, numbers=[1])
        if state == "closed":
            close(survey_round)

        answer = signed_in.get(part_address(survey_round, 1))

        assert "いまは書けません" in answer.text
        assert ("「訂正する」" in answer.text) == (state == "submitted")
        assert "autosave.js" not in answer.text
        page = Page(answer)
        assert "work_done" not in {name for name, _ in page.fields}
        assert ("then", "stay") not in page.buttons
        assert page.classes["cp-typed"] == ["《本文-1》", "《本文-1》"]


class TestButtons:
    @pytest.mark.parametrize(
        ("number", "then", "name", "arguments"),
        [
            (1, "stay", "part_edit", [1]),
            (1, "", "part_edit", [1]),
            (1, "nonsense", "part_edit", [1]),
            (1, "next", "part_edit", [2]),
            (7, "next", "part_edit", [8]),
            (8, "next", "survey_tasklist", []),
            (8, "check", "survey_check", []),
            (3, "list", "survey_tasklist", []),
            (6, "post_1", "post_pick", [6, "post_1"]),
            (6, "post_3", "post_pick", [6, "post_3"]),
            (5, "post_1", "part_edit", [5]),
        ],
    )
    def test_button_saves_and_leads_on(
        self, signed_in, survey_round, number, then, name, arguments
    ):
        body = Page(signed_in.get(part_address(survey_round, number))).sent(then=then)

        answer = post(signed_in, part_address(survey_round, number), body)

        address = reverse(f"surveys:{name}", args=[survey_round.fiscal_year, *arguments])
        assert (answer.status_code, answer.headers["Location"]) == (302, address)
        assert stored(number)[0] == 1

    @pytest.mark.parametrize("then", ["all", "a1", "a2", "a3", "a4", "a5"])
    def test_button_of_a_competency_leads_to_it_open(self, signed_in, survey_round, then):
        body = Page(signed_in.get(part_address(survey_round, 2))).sent(then=then)

        answer = post(signed_in, part_address(survey_round, 2), body)

        assert answer.headers["Location"] == f"{part_address(survey_round, 2)}?open={then}#{then}"
        shown = signed_in.get(answer.headers["Location"]).text
        opened = [key for key in ("a1", "a2", "a3", "a4", "a5") if f'id="{key}" open>' in shown]
        assert opened == (["a1", "a2", "a3", "a4", "a5"] if then == "all" else [then])

    def test_every_button_of_every_part_leads_somewhere(self, signed_in, survey_round):
        for number in ALL_PARTS:
            address = part_address(survey_round, number)
            page = Page(signed_in.get(address))
            names = [pressed for pressed in page.buttons if pressed[0] in ("then", "clear")]
            assert names
            for name, value in names:
                body = Page(signed_in.get(address)).sent(**{name: value})
                answer = post(signed_in, address, body)
                assert signed_in.get(answer.headers["Location"]).status_code == 200

    def test_saving_says_when(self, signed_in, survey_round):
        body = Page(signed_in.get(part_address(survey_round, 1))).sent(work_done="書いた")

        answer = signed_in.post(part_address(survey_round, 1), body, follow=True)

        assert "下書きを保存しました" in "".join(Page(answer).texts["main"])
        assert Page(answer).value("work_done") == "書いた"
        assert Page(answer).value("version") == "1"

    def test_post_is_taken_back_by_its_button_and_the_rest_is_saved(
        self, signed_in, survey_round, writer
    ):
        hope_survey(survey_round, writer, "draft", numbers=[6], post=PostDescriptionFactory())
        address = part_address(survey_round, 6)
        body = Page(signed_in.get(address)).sent(clear="post_1", place_note="残る")

        assert post(signed_in, address, body).status_code == 302

        assert not DraftPostWish.objects.exists()
        assert stored(6)[1]["place_note"] == "残る"

    def test_unticked_boxes_and_emptied_texts_are_unanswered(self, signed_in, survey_round, writer):
        hope_survey(survey_round, writer, "draft", numbers=[7])
        address = part_address(survey_round, 7)
        body = Page(signed_in.get(address)).sent(circumstances=None, circumstances_note="")

        post(signed_in, address, body)

        assert stored(7) == (2, {})

    def test_several_ticked_boxes_are_kept_once_each_in_order(self, signed_in, survey_round):
        ticked = ["other", "care", "childcare", "birth", "health", "family"]
        body = {"version": "0", "circumstances": [*ticked, "care"]}

        post(signed_in, part_address(survey_round, 7), body)

        assert stored(7)[1] == {"circumstances": ticked}

    def test_text_beyond_the_limit_is_saved_and_shown_with_its_error(self, signed_in, survey_round):
        text = "葛\U000e0100" * 401
        address = part_address(survey_round, 1)

        answer = post(signed_in, address, {"version": "0", "work_done": text})

        sentence = "「取り組んだこと」は400文字以内にしてください（いま401文字です）。"
        assert answer.status_code == 422
        assert stored(1) == (1, {"work_done": text})
        page = Page(answer)
        assert (page.value("work_done"), page.value("version")) == (text, "1")
        assert page.texts["id_work_done_error"] == f"＊{sentence}"
        assert "#id_work_done" in page.links
        fits = post(signed_in, address, page.sent(work_done="葛\U000e0100" * 400))
        assert fits.status_code == 302


class TestAutosave:
    def test_save_answers_with_the_new_version(self, signed_in, survey_round):
        body = {"version": "0", "growth_felt": "4", "work_done": "書いた"}

        answer = autosave(signed_in, part_address(survey_round, 1), body)

        assert answer.status_code == 200
        saved = answer.json()
        at = saved.pop("saved_at")
        assert (len(at), at[2]) == (5, ":")
        page = Page(signed_in.get(part_address(survey_round, 1)))
        assert saved.pop("base") == page.value("base")
        assert saved.pop("deadline") in page.texts["main"]
        assert (saved.pop("time_left"), saved.pop("seconds_left") > 0) == ("あと10日", True)
        assert saved == {"version": 1, "done": 2, "total": 8, "remarks": {}}
        assert 0 < int(answer["Session-Seconds-Left"]) <= 8 * 60 * 60
        assert stored(1) == (1, {"work_done": "書いた", "growth_felt": "4"})

    def test_text_beyond_the_limit_is_saved_with_a_remark(self, signed_in, survey_round):
        body = {"version": "0", "b2_other_name": "長" * 41}

        answer = autosave(signed_in, part_address(survey_round, 4), body)

        assert (answer.status_code, answer.json()["version"]) == (200, 1)
        assert answer.json()["remarks"] == {
            "b2_other_name": "「その他のスキル」は40文字以内にしてください（いま41文字です）。"
        }
        assert stored(4)[1] == {"b2_other_name": "長" * 41}

    @pytest.mark.parametrize("version", ["0", "2", "", "-1", "x", "１", "9" * 30, "1.0", "�"])
    def test_save_from_another_version_is_stale_and_stores_nothing(
        self, signed_in, survey_round, writer, version
    ):
        hope_survey(survey_round, writer, "draft", numbers=[1])
        before = stored(1)

        answer = autosave(
            signed_in, part_address(survey_round, 1), {"version": version, "work_done": "古い"}
        )

        assert answer.status_code == 409
        said = answer.json()
        assert (said["reason"], said["sentence"]) == (
            "stale",
            "別の画面でこのパートが更新されています。この画面の内容はまだ保存されていません。",
        )
        assert stored(1) == before

    def test_save_whose_answer_was_lost_may_come_again(self, signed_in, survey_round):
        body = {"version": "0", "work_done": "届いた"}
        first = autosave(signed_in, part_address(survey_round, 1), body).json()

        again = autosave(signed_in, part_address(survey_round, 1), body)

        assert (again.status_code, again.json()) == (200, first)
        assert stored(1) == (1, {"work_done": "届いた"})

    @pytest.mark.parametrize(
        ("state", "reason"),
        [("submitted", "submitted"), ("closed", "closed"), ("never begun", "closed")],
    )
    def test_save_into_a_closed_form_says_why(self, signed_in, survey_round, writer, state, reason):
        if state != "never begun":
            hope_survey(survey_round, writer, "submitted", numbers=[1])
        if state != "submitted":
            close(survey_round)
        before = stored(1)

        answer = autosave(
            signed_in, part_address(survey_round, 1), {"version": "1", "work_done": "遅い"}
        )

        assert (answer.status_code, answer.json()["reason"]) == (409, reason)
        assert stored(1) == before

    def test_refused_text_names_its_question_and_stores_nothing(self, signed_in, survey_round):
        body = "version=0&work_done=%00&gained=%E8%89%AF%E3%81%84&growth_felt=9"

        answer = autosave(signed_in, part_address(survey_round, 1), body)

        assert answer.status_code == 422
        problems = answer.json()["problems"]
        assert list(problems) == ["work_done", "growth_felt"]
        assert problems["work_done"].startswith("「取り組んだこと」に使えない文字")
        assert not HopeSurvey.objects.exists()

    def test_signed_out_writer_is_told_and_nothing_is_stored(self, client, survey_round):
        answer = autosave(client, part_address(survey_round, 1), {"version": "0"})

        assert (answer.status_code, answer.json()["error"]) == (401, "signed_out")
        assert not HopeSurvey.objects.exists()
