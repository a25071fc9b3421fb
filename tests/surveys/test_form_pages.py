"""The pages around a form: check, submit, receipt, correction, taking back, versions, the list of forms."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from surveys import services
from surveys.models import DraftPart, HopeSurvey, Submission
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import AssignmentFactory
from tests.factories.surveys import (
    SurveyRoundFactory,
    close,
    hope_survey,
    require,
    save_parts,
    submit,
)
from tests.surveys.browsing import Page, part_address, post

RECEIPT = re.compile(r"\d{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture
def at(survey_round):
    def address(name, *arguments):
        return reverse(f"surveys:{name}", args=[survey_round.fiscal_year, *arguments])

    return address


class TestCheckPage:
    def test_everything_stands_under_its_part_with_its_readers(
        self, signed_in, survey_round, questionnaire, writer, at
    ):
        AssignmentFactory(
            section=writer.assignments.get().section,
            head=True,
            user__family_name="山﨑",
            user__given_name="葵",
        )
        post_hoped_for = PostDescriptionFactory(title="総括係長")
        hope_survey(survey_round, writer, "draft", mark="確認", post=post_hoped_for)

        page = Page(signed_in.get(at("survey_check")))

        for number in (1, 2, 4, 5, 6, 7, 8):
            assert f"《確認-{number}》" in page.classes["cp-typed"]
        said = "".join(page.classes["cp-summary__value"])
        for words in (
            "総括係長",
            questionnaire.part(1).questions[2].labels["5"],
            questionnaire.part(8).questions[2].labels["listen"],
        ):
            assert words in said
        assert "化学・バイオ・ヘルスケア" in said
        assert "上司は、いま 山﨑 葵 です。" in page.texts["main"]
        readers = [words.removeprefix("読む人：") for words in page.classes["cp-readers"]]
        assert readers == [
            *["本人・上司・人事"] * 4,
            *["本人・人事"] * 2,
            "本人・人事だけ",
            "本人・面談の相手",
        ]

    def test_missing_answers_are_listed_with_the_way_to_them(self, signed_in, at, survey_round):
        require("growth_felt", "meaning_felt", "valued_felt", "mission_sympathy", "career_talk")
        require("future_picture")
        page = Page(signed_in.get(at("survey_check")))

        codes = "growth_felt meaning_felt valued_felt mission_sympathy career_talk future_picture"
        addresses = [f"{at('part_edit', 1)}?open=all#id_{code}_0" for code in codes.split()]
        listed = [address for address in page.links if address in addresses]
        assert listed[:6] == addresses
        assert "① 「成長の実感」に答えてください。" in page.texts["main"]

    def test_every_way_to_change_an_answer_leads_to_a_field(
        self, signed_in, survey_round, writer, at
    ):
        hope_survey(survey_round, writer, "draft", post=PostDescriptionFactory())

        page = Page(signed_in.get(at("survey_check")))

        ways = [link for link in page.links if link and "/parts/" in link and "#" in link]
        assert len(ways) > 30
        shown = {}
        for way in ways:
            address, anchor = way.split("#")
            if address not in shown:
                shown[address] = signed_in.get(address).text
            assert f'id="{anchor}"' in shown[address], way

    def test_submitted_form_offers_no_submit(self, signed_in, survey_round, writer, at):
        hope_survey(survey_round, writer, "submitted", numbers=[1])

        text = Page(signed_in.get(at("survey_check"))).texts["main"]

        assert "いまは提出できません。" in text


class TestSubmitting:
    def test_button_hands_in_and_shows_the_receipt(self, signed_in, survey_round, writer, at):
        hope_survey(survey_round, writer, "draft")
        page = Page(signed_in.get(at("survey_check")))

        answer = post(signed_in, at("survey_submit"), page.sent())

        assert (answer.status_code, answer.headers["Location"]) == (302, at("survey_receipt"))
        receipt = Submission.objects.get().receipt_number
        shown = Page(signed_in.get(at("survey_receipt")))
        assert RECEIPT.findall(shown.texts["main"]) == [receipt]
        assert at("version_pdf", 1) in shown.links
        again = post(signed_in, at("survey_submit"), page.sent())
        assert again.headers["Location"] == at("survey_receipt")
        assert Submission.objects.count() == 1

    def test_empty_form_is_shown_again_with_the_way_to_begin(self, signed_in, survey_round, at):
        answer = post(signed_in, at("survey_submit"), {"seen": ""})

        assert answer.status_code == 409
        page = Page(answer)
        assert page.texts["main"].count(services.NothingWritten.sentence) == 2
        assert at("part_edit", 1) in page.links

    def test_unready_form_is_shown_again_with_what_is_missing(self, signed_in, survey_round, at):
        require("career_talk")
        answer = post(signed_in, at("survey_submit"), {"seen": ""})

        assert answer.status_code == 409
        page = Page(answer)
        assert services.NotReady.sentence in page.texts["main"]
        assert "① 「キャリア" not in page.texts["main"]
        assert "① 「上司とのキャリアの対話」に答えてください。" in page.texts["main"]

    def test_form_changed_since_is_shown_as_it_is_now(self, signed_in, survey_round, writer, at):
        hope_survey(survey_round, writer, "draft")
        page = Page(signed_in.get(at("survey_check")))
        save_parts(survey_round, writer, [5], mark="あとから")

        answer = post(signed_in, at("survey_submit"), page.sent())

        assert answer.status_code == 409
        shown = Page(answer)
        assert services.ChangedSinceCheck.sentence in shown.texts["main"]
        assert "《あとから-5》" in shown.classes["cp-typed"]
        assert post(signed_in, at("survey_submit"), shown.sent()).status_code == 302

    def test_form_changed_while_the_check_page_is_made_is_not_handed_in_unseen(
        self, signed_in, survey_round, writer, at
    ):
        hope_survey(survey_round, writer, "draft", mark="はじめの文")
        saved = []

        def save_after_reading(execute, sql, params, many, context):
            result = execute(sql, params, many, context)
            if 'FROM "surveys_draftpart"' in sql and not saved:
                saved.append(True)
                save_parts(survey_round, writer, [5], mark="その間に")
            return result

        with connection.execute_wrapper(save_after_reading):
            page = Page(signed_in.get(at("survey_check")))

        assert saved
        assert "《はじめの文-5》" in page.classes["cp-typed"]
        assert post(signed_in, at("survey_submit"), page.sent()).status_code == 409
        assert not Submission.objects.exists()

    @pytest.mark.parametrize("seen", [None, "\ufffd", "\x00", "1.1 " * 9999, "<b>"])
    def test_any_fingerprint_but_the_right_one_is_refused(
        self, signed_in, survey_round, writer, at, seen
    ):
        hope_survey(survey_round, writer, "draft", numbers=[1])

        answer = post(signed_in, at("survey_submit"), {} if seen is None else {"seen": seen})

        assert answer.status_code == 409
        assert not Submission.objects.exists()

    def test_closed_round_says_so(self, signed_in, survey_round, writer, at):
        hope_survey(survey_round, writer, "draft", numbers=[1])
        body = Page(signed_in.get(at("survey_check"))).sent()
        close(survey_round)

        answer = post(signed_in, at("survey_submit"), body)

        assert answer.status_code == 409
        assert "提出できませんでした" in answer.text
        assert not Submission.objects.exists()

    @pytest.mark.parametrize("state", [None, "draft", "withdrawn"])
    def test_without_a_submission_there_is_no_receipt(
        self, signed_in, survey_round, writer, at, state
    ):
        if state:
            hope_survey(survey_round, writer, state, numbers=[1])

        assert signed_in.get(at("survey_receipt")).status_code == 404


class TestCorrectingAndTakingBack:
    def test_correction_by_its_buttons(self, signed_in, survey_round, writer, at):
        hope_survey(survey_round, writer, "submitted", mark="初め")

        begun = signed_in.post(at("survey_correct"), follow=True)
        body = Page(signed_in.get(part_address(survey_round, 5))).sent(in_five_years="直した")
        post(signed_in, part_address(survey_round, 5), body)
        during = Page(signed_in.get(at("survey_receipt")))
        checked = Page(signed_in.get(at("survey_check")))
        post(signed_in, at("survey_submit"), checked.sent())

        first, second = Submission.objects.order_by("number")
        assert "訂正を始めました。" in begun.text
        assert first.receipt_number in during.texts["main"]
        assert "直した" in checked.classes["cp-typed"]
        newer, older = (
            Page(signed_in.get(at("version_detail", number))).texts["main"] for number in (2, 1)
        )
        assert ("直した" in newer, "いま有効な版です" in newer) == (True, True)
        assert ("直した" in older, "このあとに提出し直しています" in older) == (False, True)
        assert second.receipt_number in newer

    def test_correction_is_discarded_by_its_button(self, signed_in, survey_round, writer, at):
        hope_survey(survey_round, writer, "correcting", numbers=[1], mark="初め")

        answer = signed_in.post(at("correction_discard"), follow=True)

        assert "訂正をやめました。" in answer.text
        assert DraftPart.objects.get().answers["work_done"] == "《初め-1》"

    def test_taking_back_says_first_what_it_means(self, signed_in, survey_round, writer, at):
        hope_survey(survey_round, writer, "submitted", numbers=[1])

        asked = signed_in.get(at("survey_withdraw"))
        assert "締切までに提出し直さないと、未提出になります" in asked.text
        assert HopeSurvey.objects.get().state == "submitted"

        done = signed_in.post(at("survey_withdraw"), follow=True)
        assert "調書を取り下げました。" in done.text
        assert HopeSurvey.objects.get().state == "withdrawn"
        assert "に取り下げました。" in signed_in.get(at("version_detail", 1)).text

    @pytest.mark.parametrize(
        ("name", "state", "sentence"),
        [
            ("survey_correct", "draft", services.NothingSubmitted.sentence),
            ("correction_discard", "submitted", services.NothingSubmitted.sentence),
            ("survey_withdraw", "withdrawn", services.NothingSubmitted.sentence),
        ],
    )
    def test_button_of_an_older_page_gets_a_sentence(
        self, signed_in, survey_round, writer, at, name, state, sentence
    ):
        hope_survey(survey_round, writer, state, numbers=[1])

        answer = signed_in.post(at(name), follow=True)

        assert (answer.status_code, sentence in answer.text) == (200, True)
        assert HopeSurvey.objects.get().state == state

    def test_late_taking_back_gets_its_own_sentence(self, signed_in, survey_round, writer, at):
        hope_survey(survey_round, writer, "submitted", numbers=[1])
        close(survey_round)

        signed_in.post(at("survey_withdraw"))
        page = signed_in.get(reverse("home:home"))

        assert "締切を過ぎているため、取り下げはできません。" in page.text
        assert HopeSurvey.objects.get().state == "submitted"


class TestListOfForms:
    def test_forms_of_all_years_stand_newest_first(self, signed_in, survey_round, writer):
        this = survey_round.fiscal_year
        earlier = [SurveyRoundFactory(fiscal_year=this - before) for before in (1, 2, 3)]
        years = [survey_round, *earlier]
        hope_survey(years[1], writer, "submitted", numbers=[1])
        hope_survey(years[2], writer, "draft", numbers=[1])
        for year in years[1:]:
            close(year)

        page = Page(signed_in.get(reverse("surveys:survey_index")))

        names = [name.strip()[:4] for name in page.classes["cp-task__title"]]
        assert names == [f"令和{year.fiscal_year - 2018}年" for year in years[:3]]
        assert page.classes["cp-chip"] == ["未着手", "提出済み", "未提出"]

    def test_round_that_has_not_begun_is_not_shown(self, signed_in, db):
        SurveyRoundFactory(future=True)

        answer = signed_in.get(reverse("surveys:survey_index"))

        assert "いま受け付けている希望調書はありません。" in answer.text


def test_hidden_versions_of_others_are_not_listed(signed_in, survey_round, writer, at):
    hope_survey(survey_round, AssignmentFactory().user, "submitted", mark="他人")
    hope_survey(survey_round, writer, "submitted", mark="自分")
    services.open_correction(survey_round, by=writer)
    submit(survey_round, writer)

    page = Page(signed_in.get(at("version_detail", 2)))

    assert "他人" not in page.texts["main"]
    assert [link for link in page.links if link and "/versions/" in link and "pdf" not in link] == [
        at("version_detail", 1)
    ]
