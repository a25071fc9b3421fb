"""The writer's copy as a PDF: his own versions as they were handed in, made when asked for."""

import io
import re
import sys
from urllib.parse import unquote

import pytest
from django.urls import reverse
from pypdf import PdfReader

from career_portal.common import pdf
from career_portal.common.text import count_characters
from career_portal.staff.roles import Role
from surveys.models import DraftPart
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, UserFactory
from tests.factories.surveys import choose_supervisor, close, hope_survey, submit
from tests.surveys.hostile import CORPUS

# Drawn as an empty box, whose place in the font this reader of PDFs does not understand, and the text around neither.
NOT_IN_OUR_FONTS = re.compile(
    r"[\u0130\u0131\u0149\u0300-\u036f\u061c\u0900-\u0dff\u0e00-\u0e7f\u180e\u1e9e\u202d\u2061\u2062\u2067\u2068"
    r"\u210c\u2800\u3164\ue000-\uf8ff\ufdfa\ufdfd\ufff9-\ufffc\U0001d573\U0002a6a5\U000f0000-\U0010ffff]"
)


def address(survey_round, number=1):
    return reverse("surveys:version_pdf", args=[survey_round.fiscal_year, number])


def read(answer):
    """The PDF of an answer; its text without the places where lines are broken."""
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    text = "".join(page.extract_text() for page in reader.pages)
    return reader, re.sub(r"\s", "", text)


@pytest.fixture
def without_engine():
    """A machine on which the engine cannot be loaded, as where Pango is missing."""
    engine = sys.modules.pop("career_portal.common.pdf_engine", None)
    library = sys.modules.get("weasyprint")
    pdf._engine.cache_clear()
    sys.modules["weasyprint"] = None
    yield
    del sys.modules["weasyprint"]
    if library is not None:
        sys.modules["weasyprint"] = library
    if engine is not None:
        sys.modules["career_portal.common.pdf_engine"] = engine
    pdf._engine.cache_clear()


def test_copy_holds_everything_that_was_handed_in(signed_in, survey_round, writer):
    post = PostDescriptionFactory(title="髙度化係長", section__name="﨑陽課")
    form = hope_survey(survey_round, writer, "submitted", mark="写し", post=post)
    receipt = form.current_submission.receipt_number

    reader, text = read(signed_in.get(address(survey_round)))

    assert "髙橋𠮷江" in text
    assert receipt in text
    for number in (1, 2, 4, 5, 6, 7, 8):
        assert f"《写し-{number}》" in text
    assert "髙度化係長" in text
    assert "﨑陽課" in text
    for mark in "①②③④⑤⑥⑦⑧":
        assert mark in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
    assert reader.trailer["/Root"]["/Lang"] == "ja"
    assert reader.metadata.title.startswith("希望調書の控え 令和")


def test_readers_stand_at_every_part_of_the_copy(signed_in, survey_round, writer):
    hope_survey(survey_round, writer, "submitted")
    choose_supervisor(survey_round, writer, 2, reads=False)

    _, text = read(signed_in.get(address(survey_round)))

    readers = re.findall(r"読む人：(本人(?:・(?:上司|人事|面談の相手))+(?:だけ)?)", text)
    assert readers == [
        "本人・上司・人事",
        "本人・人事",
        "本人・上司・人事",
        "本人・上司・人事",
        "本人・人事",
        "本人・人事",
        "本人・人事だけ",
        "本人・面談の相手",
    ]
    assert text.count("集計にも使われます（10人以上のまとまりのみ）") == 4


def test_hostile_text_is_written_out(signed_in, survey_round, writer):
    hope_survey(survey_round, writer, "draft", numbers=[1, 5])
    texts = {
        "in_five_years": "<b>太字</b>{typed}{{x}}%s&amp;",
        "in_ten_years": "葛\U000e0100城か\u3099濵",
        "ledger_stock": '<img src="http://127.0.0.1:9/x.png"><link rel=attachment href=file:///etc/passwd>',
        "ledger_flow": "一行目\n\n三行目",
        "ledger_will": "w" * 300,
    }
    draft = DraftPart.objects.get(part__number=5)
    draft.answers |= texts
    draft.save()
    submit(survey_round, writer)

    reader, text = read(signed_in.get(address(survey_round)))

    assert "<b>太字</b>{typed}{{x}}%s&amp;" in text
    assert "濵" in text
    assert "城" in text
    assert "href=file:///etc/passwd>" in text
    assert "一行目三行目" in text
    assert text.count("w") >= 300
    assert not reader.attachments


@pytest.mark.parametrize("in_our_fonts", [True, False])
def test_copy_can_be_made_of_every_hostile_text(
    signed_in, survey_round, questionnaire, writer, in_our_fonts
):
    hope_survey(survey_round, writer, "draft")
    waiting = [text for text in CORPUS if in_our_fonts is not bool(NOT_IN_OUR_FONTS.search(text))]
    for draft in DraftPart.objects.select_related("part"):
        for question in questionnaire.part(draft.part.number).questions:
            text = ""
            while question.is_text and waiting:
                longer = f"{text}\n{waiting[-1]}"
                if count_characters(longer) > question.max_length:
                    break
                text, _ = longer, waiting.pop()
            if text:
                draft.answers[question.code] = text
        draft.save()
    submit(survey_round, writer)

    answer = signed_in.get(address(survey_round))

    assert (answer.status_code, waiting) == (200, [])
    if in_our_fonts:
        _, text = read(answer)
        for typed in ("{{settings.SECRET_KEY}}", "';droptablesurveys_draftpart;--"):
            assert typed in text


def test_each_version_has_its_copy_as_it_was(signed_in, survey_round, writer):
    hope_survey(survey_round, writer, "correcting", mark="初め")
    submit(survey_round, writer)

    _, first = read(signed_in.get(address(survey_round, 1)))
    _, second = read(signed_in.get(address(survey_round, 2)))

    assert ("《初め-1》" in first, "《初め訂正-1》" in first, "第1版" in first) == (
        True,
        False,
        True,
    )
    assert ("《初め-1》" in second, "《初め訂正-1》" in second, "第2版" in second) == (
        False,
        True,
        True,
    )


def test_copy_of_a_withdrawn_version_says_so_and_outlives_the_deadline(
    signed_in, survey_round, writer
):
    hope_survey(survey_round, writer, "withdrawn")
    close(survey_round)

    _, text = read(signed_in.get(address(survey_round)))

    assert "取り下げ）" in text


def test_file_is_named_for_year_and_version_in_both_ways(signed_in, survey_round, writer):
    hope_survey(survey_round, writer, "submitted", numbers=[1])

    header = signed_in.get(address(survey_round)).headers["Content-Disposition"]

    kind, name = header.split("; ")
    assert kind == "attachment"
    encoding, quoted = name.removeprefix("filename*=").split("''")
    assert (encoding, quoted.isascii()) == ("utf-8", True)
    assert unquote(quoted) == f"希望調書の控え_{survey_round.fiscal_year}年度_第1版.pdf"


@pytest.mark.parametrize("reader", ["stranger", "head", "hr"])
def test_nobody_else_gets_the_copy_or_the_page(client, survey_round, writer, reader):
    hope_survey(survey_round, writer, "submitted", numbers=[1])
    people = {
        "stranger": UserFactory,
        "head": lambda: AssignmentFactory(section=writer.assignments.get().section, head=True).user,
        "hr": lambda: RoleGrantFactory(role=Role.HR).user,
    }
    client.force_login(people[reader]())

    assert client.get(address(survey_round)).status_code == 404
    page = reverse("surveys:version_detail", args=[survey_round.fiscal_year, 1])
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("number", [0, 2, 99_999])
def test_version_that_is_not_there_is_not_found(signed_in, survey_round, writer, number):
    hope_survey(survey_round, writer, "submitted", numbers=[1])

    assert signed_in.get(address(survey_round, number)).status_code == 404


def test_draft_has_no_copy(signed_in, survey_round, writer):
    hope_survey(survey_round, writer, "draft")

    assert signed_in.get(address(survey_round)).status_code == 404


def test_machine_without_the_engine_says_so_and_keeps_the_rest_working(
    signed_in, survey_round, writer, without_engine
):
    hope_survey(survey_round, writer, "submitted", numbers=[1])

    answer = signed_in.get(address(survey_round), follow=True)

    page = reverse("surveys:version_detail", args=[survey_round.fiscal_year, 1])
    assert answer.redirect_chain == [(page, 302)]
    assert "いまPDFを作れません。書いた内容は失われていません。" in answer.text
    assert "《本文-1》" in answer.text


def test_engine_comes_back_once_it_can_be_loaded(signed_in, survey_round, writer):
    hope_survey(survey_round, writer, "submitted", numbers=[1])

    read(signed_in.get(address(survey_round)))
