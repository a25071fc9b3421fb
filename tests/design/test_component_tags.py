"""What the component tags print, where a mistake would not be seen at once."""

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from career_portal.design.components import Audience, Choice, Option, ReaderChoice, SummaryRow, Task
from tests.design.pages import read_page


def rendered(source, **values):
    return read_page(Template("{% load portal %}" + source).render(Context(values)))


def test_icon_is_silent_without_a_label_and_an_image_with_one():
    silent = rendered('{% icon "eye" %}').one("svg")
    named = rendered('{% icon "warning" "注意" %}').one("svg")

    assert silent.attributes["aria-hidden"] == "true"
    assert (named.attributes["role"], named.attributes["aria-label"]) == ("img", "注意")


def test_parts_bar_says_in_words_what_it_shows():
    page = rendered("{% parts_bar states %}", states=["full", "half", "empty", "full"])

    assert page.one("svg").attributes["aria-label"] == (
        "4つの部分のうち、未着手1、入力中1、入力済み2"
    )
    assert len(page.all("rect")) == 4


def test_task_that_cannot_be_opened_is_no_link():
    tasks = [Task("①", "未着手", "todo", "/1/"), Task("⑧", "まだ入力できません", "waiting")]

    rows = rendered("{% task_list tasks %}", tasks=tasks).all("li")

    assert [len(row.all("a")) for row in rows] == [1, 0]


def test_summary_row_names_what_its_link_changes():
    rows = [SummaryRow("理由", "", "/6/", "第1希望の理由", empty_text="未入力（任意）")]

    page = rendered("{% summary_list rows %}", rows=rows)

    assert page.one("a").text == "第1希望の理由を変更"
    assert page.one(class_="cp-summary__value").text == "未入力（任意）"


def test_typed_text_is_escaped_and_marked_as_typed():
    html = Template("{% load portal %}{% summary_list rows %}").render(
        Context({"rows": [SummaryRow("得たこと", "<b>a</b>", typed=True)]})
    )

    assert "&lt;b&gt;a&lt;/b&gt;" in html
    assert "cp-typed" in html


def test_audience_without_choices_offers_no_form():
    fixed = rendered("{% audience readers %}", readers=Audience(["本人", "人事だけ"]))
    narrowed = rendered(
        "{% audience readers %}",
        readers=Audience(["本人"], choices=[ReaderChoice("supervisor", "上司")], action_url="/r/"),
    )

    assert fixed.all("form") == []
    assert narrowed.one("form").attributes["action"] == "/r/"
    assert "checked" not in narrowed.one("input", type="checkbox").attributes


def test_messages_become_notices_with_the_tone_of_their_level():
    messages = [Message(constants.SUCCESS, "保存しました"), Message(constants.ERROR, "だめでした")]

    notices = rendered("{% banner messages %}", messages=messages).all(class_="cp-notice")

    assert [notice.attributes["data-tone"] for notice in notices] == ["success", "error"]
    assert [notice.attributes["role"] for notice in notices] == ["status", "alert"]


def test_notice_keeps_the_markup_inside_it():
    page = rendered('{% notice tone="warning" title="注意" %}<p>本文</p>{% endnotice %}')

    assert page.one(class_="cp-notice__title").text == "注意"
    assert page.one("svg").attributes["aria-label"] == "注意"
    assert [paragraph.text for paragraph in page.all("p")] == ["注意", "本文"]


@pytest.mark.parametrize(
    ("number", "links"),
    [(1, ["?q=%E7%A8%8E&page=2"]), (2, ["?q=%E7%A8%8E&page=1"])],
)
def test_pager_keeps_the_query_and_leaves_out_what_leads_nowhere(number, links):
    request = RequestFactory().get("/", {"q": "税", "page": number})

    page = rendered("{% pager page %}", page=Paginator("abc", 2).page(number), request=request)

    assert [link.attributes["href"] for link in page.all("a")] == links


def test_pager_of_one_page_is_nothing():
    request = RequestFactory().get("/")

    page = rendered("{% pager page %}", page=Paginator("a", 2).page(1), request=request)

    assert page.all("nav") == []


@pytest.mark.parametrize("tag", ["levels", "pills", "scale", "options"])
def test_choice_is_a_fieldset_whose_first_option_has_the_id_of_the_question(tag):
    choice = Choice(
        "growth",
        "成長",
        [Option("1", "はい", checked=True), Option("2", "いいえ", last_year=True)],
        requirement="required",
        support="一つだけ",
        error="選択してください",
    )

    fieldset = rendered(f"{{% {tag} choice %}}", choice=choice).one("fieldset")

    assert fieldset.attributes["aria-describedby"] == "id_growth_error id_growth_helptext"
    assert [option.attributes["id"] for option in fieldset.all("input")] == [
        choice.id,
        "id_growth_1",
    ]
    assert ["checked" in option.attributes for option in fieldset.all("input")] == [True, False]
    assert "昨年" in fieldset.all("label")[1].text


def test_choice_has_no_default():
    choice = Choice("a1", "人間力", [Option("1", "はい"), Option("2", "いいえ")])

    page = rendered("{% levels choice %}", choice=choice)

    assert [option for option in page.all("input") if "checked" in option.attributes] == []
