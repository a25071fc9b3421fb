"""The crispy template pack: what a field says, and that its errors can be found."""

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template

from career_portal.design.errors import error_links
from career_portal.design.forms import LongTextField, PortalForm
from career_portal.design.gallery import SampleForm
from tests.design.pages import read_page

REFUSED = {"name": "", "episode": "長" * 301}


def rendered(form):
    return read_page(render_crispy_form(form))


def summary_of(form):
    html = Template("{% load portal %}{% error_summary form %}").render(Context({"form": form}))
    return read_page(html)


def test_form_is_not_validated_by_the_browser():
    page = rendered(SampleForm())

    assert "novalidate" in page.one("form").attributes
    assert [element for element in page.walk() if "required" in element.attributes] == []


def test_label_says_in_words_whether_an_answer_is_needed():
    page = rendered(SampleForm())

    labels = {element.text for element in page.all("label") + page.all("legend")}

    assert {"氏名 ※必須", "表れた場面 ※任意", "勤務地 ※必須", "経験の種類 ※任意"} <= labels


def test_every_label_leads_to_its_control():
    page = rendered(SampleForm())
    ids = {element.attributes["id"] for element in page.walk() if "id" in element.attributes}

    targets = {label.attributes["for"] for label in page.all("label")}

    assert targets - ids == set()


def test_described_by_names_the_error_before_the_support_text():
    page = rendered(SampleForm(REFUSED))

    control = page.one("input", name="name")

    assert control.attributes["aria-describedby"] == "id_name_error id_name_helptext"
    assert control.attributes["aria-invalid"] == "true"
    assert page.one(id="id_name_error").text == "＊氏名を入力してください"


def test_group_is_a_fieldset_described_by_its_error():
    page = rendered(SampleForm(REFUSED))

    fieldset = next(
        element
        for element in page.all("fieldset")
        if element.attributes.get("aria-describedby") == "id_place_error"
    )

    assert [option.attributes["id"] for option in fieldset.all("input")] == [
        "id_place_0",
        "id_place_1",
    ]


def test_summary_and_fields_use_the_same_words():
    form = SampleForm(REFUSED)
    beside = {element.text.removeprefix("＊") for element in rendered(form).all(class_="cp-error")}

    assert {link.message for link in error_links(form)} == beside
    assert beside == {
        "氏名を入力してください",
        "表れた場面は300文字以内で入力してください（現在301文字）",
        "局を選択してください",
        "勤務地を選択してください",
        "「書いた内容を確認しました」に印を付けてください",
    }


def test_every_line_of_the_summary_leads_to_a_control():
    form = SampleForm(REFUSED)
    controls = {
        element.attributes.get("id")
        for element in rendered(form).walk()
        if element.tag in {"input", "select", "textarea"}
    }

    targets = [link.attributes["href"] for link in summary_of(form).all("a")]

    assert len(targets) == 5
    assert {target.removeprefix("#") for target in targets} - controls == set()
    assert "#id_place_0" in targets


def test_summary_counts_and_is_announced_inside_the_box_that_takes_focus():
    page = summary_of(SampleForm(REFUSED))

    box = page.one(id="errors")

    assert "data-focus" in box.attributes
    assert "role" not in box.attributes
    assert box.one(role="alert").one("h2").text == "入力内容に誤りがあります（5件）"


def test_summary_of_a_fresh_form_is_nothing():
    assert summary_of(SampleForm()).children in ([], ["\n"])


def test_error_of_the_whole_form_stands_first_without_a_link():
    form = SampleForm(REFUSED)
    form.add_error(None, "受付は終わりました")

    first = summary_of(form).all("li")[0]

    assert first.text == "受付は終わりました"
    assert first.all("a") == []


def test_long_text_shows_its_length_in_characters_as_people_count_them():
    page = rendered(SampleForm({"episode": "𠮷野家👨‍👩‍👧"}))

    assert page.one(id="id_episode_counter").text == "4 / 300"
    assert page.one("textarea").attributes["data-counter-max"] == "300"
    assert "maxlength" not in page.one("textarea").attributes


def test_long_text_limit_counts_characters_as_people_count_them():
    field = LongTextField(limit=3)

    assert field.clean("葛\U000e0100葛\U000e0100葛\U000e0100") == "葛\U000e0100" * 3
    with pytest.raises(forms.ValidationError):
        field.clean("四文字だ")


def test_long_text_keeps_spaces_and_joins_line_ends():
    assert LongTextField().clean("　一行目\r\n二行目\r") == "　一行目\n二行目\n"


@pytest.mark.parametrize("typed", ["a\x00b", "a\x1bb", "\ud800"])
def test_long_text_answers_an_unreadable_character_with_a_sentence(typed):
    with pytest.raises(forms.ValidationError) as refusal:
        LongTextField().clean(typed)

    assert "使えない文字" in refusal.value.messages[0]


def test_field_with_a_sentence_of_its_own_keeps_it():
    class Form(PortalForm):
        name = forms.CharField(error_messages={"required": "名前がないと探せません"})

    assert Form({}).errors["name"] == ["名前がないと探せません"]


def test_one_form_does_not_change_the_sentences_of_another():
    class First(PortalForm):
        name = forms.CharField(label="氏名")

    class Second(First):
        pass

    second = Second({})
    second.fields["name"].error_messages["required"] = "別の文"

    assert First({}).errors["name"] == ["氏名を入力してください"]


def test_placeholder_is_not_shown():
    class Form(PortalForm):
        login = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "Username"}))

    assert "placeholder" not in rendered(Form()).one("input", name="login").attributes
