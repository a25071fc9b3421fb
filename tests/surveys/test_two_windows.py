"""One part in two windows: the later save is told, and neither text is lost."""

import pytest

from surveys.models import DraftPart
from tests.factories.postings import PostDescriptionFactory
from tests.factories.surveys import close, hope_survey
from tests.surveys.browsing import Page, part_address, post


def stored(number):
    draft = DraftPart.objects.filter(part__number=number).first()
    return (draft.version, draft.answers) if draft else None


def test_later_save_shows_both_texts_and_stores_nothing(signed_in, survey_round, writer):
    hope_survey(survey_round, writer, "draft", numbers=[5], mark="初め")
    address = part_address(survey_round, 5)
    older = Page(signed_in.get(address))
    post(signed_in, address, older.sent(in_five_years="ほかの窓の文", ledger_will=""))

    answer = post(
        signed_in, address, older.sent(in_five_years="<この窓の文>\r\n二行目", then="next")
    )

    assert answer.status_code == 409
    assert stored(5)[1]["in_five_years"] == "ほかの窓の文"
    page = Page(answer)
    assert page.value("in_five_years") == "<この窓の文>\r\n二行目".replace("\r\n", "\n")
    assert page.value("ledger_will") == "《初め-5》"
    assert page.classes["cp-version__text"] == [
        "<この窓の文>\n二行目",
        "ほかの窓の文",
        "《初め-5》",
        "（空欄）",
    ]
    assert page.classes["cp-versions__title"] == ["5年後のありたい姿", "じぶん決算書（意志）"]


def test_second_save_of_that_page_puts_this_windows_text_in(signed_in, survey_round, writer):
    hope_survey(survey_round, writer, "draft", numbers=[5])
    address = part_address(survey_round, 5)
    older = Page(signed_in.get(address))
    post(signed_in, address, older.sent(in_five_years="ほかの窓の文"))
    refused = Page(post(signed_in, address, older.sent(in_five_years="この窓の文")))

    answer = post(signed_in, address, refused.sent(then="stay"))

    assert answer.status_code == 302
    assert stored(5)[0] == 3
    assert stored(5)[1]["in_five_years"] == "この窓の文"


def test_choices_of_both_windows_stand_side_by_side(signed_in, survey_round, writer):
    first, second = PostDescriptionFactory(title="甲"), PostDescriptionFactory(title="乙")
    hope_survey(survey_round, writer, "draft", numbers=[6], post=first)
    address = part_address(survey_round, 6)
    older = Page(signed_in.get(address))
    post(signed_in, address, older.sent(timing="stay", experiences=["agency", "firm"]))

    answer = post(signed_in, address, older.sent(post_1=str(second.pk), timing="any"))

    page = Page(answer)
    assert page.classes["cp-versions__title"] == ["第1希望", "異動の時期", "経験したいこと"]
    here, there = page.classes["cp-version__text"][:2]
    assert (here[-1], there[-1]) == ("乙", "甲")
    assert page.value("post_1") == str(second.pk)
    assert page.value("timing") == "any"


@pytest.mark.parametrize("state", ["submitted", "closed"])
def test_form_closed_meanwhile_keeps_the_text_on_the_page(signed_in, survey_round, writer, state):
    hope_survey(survey_round, writer, "draft", numbers=[1])
    address = part_address(survey_round, 1)
    older = Page(signed_in.get(address))
    if state == "closed":
        close(survey_round)
    else:
        hope_survey(survey_round, writer, "submitted", numbers=[])
    before = stored(1)

    answer = post(signed_in, address, older.sent(work_done="間に合わなかった文"))

    assert answer.status_code == 409
    assert Page(answer).value("work_done") == "間に合わなかった文"
    assert "まだ保存していません" in answer.text
    assert stored(1) == before
