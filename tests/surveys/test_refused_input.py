"""What cannot be stored is answered with a Japanese sentence and everything typed still on the page."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from surveys.models import DraftPart, DraftPostWish, HopeSurvey
from tests.factories.postings import PostDescriptionFactory
from tests.factories.surveys import hope_survey
from tests.surveys.browsing import Page, autosave, part_address, post

OTHER = "ここまで書いた文"
UNREADABLE = {
    "NUL": "%00",
    "lone high surrogate": "%ED%A0%80",
    "lone low surrogate": "%ED%B0%80",
    "surrogate pair in bytes": "%ED%A0%BD%ED%B8%80",
    "bytes that are no text": "%FF%FE",
    "cut character": "%E3%81",
    "overlong slash": "%C0%AF",
    "replacement character": "%EF%BF%BD",
    "noncharacter": "%EF%BF%BF",
    **{f"C0 {code:02X}": f"%{code:02X}" for code in (*range(1, 9), 11, 12, *range(14, 32), 127)},
    **{f"C1 {code:02X}": f"%C2%{code:02X}" for code in (0x80, 0x85, 0x9B, 0x9F)},
}
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


@pytest.fixture
def refused(signed_in, survey_round):
    """Send a body to a part and read the page that refuses it."""

    def send(number, body):
        answer = post(signed_in, part_address(survey_round, number), body)
        assert answer.status_code == 422
        assert not HopeSurvey.objects.exists()
        return Page(answer)

    return send


@pytest.mark.parametrize("code", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable_character_is_named_by_its_question(refused, code):
    body = f"version=0&work_done=前{code}後&{urlencode({'gained': OTHER, 'growth_felt': '4'})}"

    page = refused(1, body)

    assert page.texts["id_work_done_error"].startswith("＊「取り組んだこと」に使えない文字")
    assert "#id_work_done" in page.links
    assert page.value("work_done")[0] == "前"
    assert page.value("work_done")[-1] == "後"
    assert (page.value("gained"), page.value("growth_felt")) == (OTHER, "4")


@pytest.mark.parametrize(
    ("number", "field", "value"),
    [
        (1, "growth_felt", "6"),
        (1, "growth_felt", "0"),
        (1, "growth_felt", "３"),
        (1, "growth_felt", " 3"),
        (1, "growth_felt", "<b>"),
        (1, "growth_felt", "\x00"),
        (2, "a1_level", "6"),
        (3, "b1_07_experience", "5"),
        (4, "b2_other_wish", "x"),
        (6, "timing", "never"),
        (6, "experiences", ["agency", "moon"]),
        (7, "circumstances", ["care", ""]),
        (7, "circumstances", "\ufffd"),
        (8, "listener", "minister"),
    ],
)
def test_option_that_is_not_offered_is_refused_and_the_rest_stays(refused, number, field, value):
    first = {1: "gained", 2: "a1_episode", 4: "b2_other_name", 6: "place_note", 8: "topic"}
    text = {first[number]: OTHER} if number in first else {}

    page = refused(number, {"version": "0", field: value, **text})

    assert page.texts[f"id_{field}_error"].endswith("は、画面にある選択肢から選んでください。")
    assert f"#id_{field}_0" in page.links
    for name in text:
        assert page.value(name) == OTHER


@pytest.mark.parametrize("value", ["x", "", "１２x", "1.5", "1e9", "0x10", "\x00", "9" * 5000])
def test_post_that_is_no_number_is_refused_or_nothing(signed_in, survey_round, value):
    body = {"version": "0", "post_1": value, "place_note": OTHER}

    answer = post(signed_in, part_address(survey_round, 6), body)

    if value == "":
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    page = Page(answer)
    assert "画面にある選択肢から選んでください" in page.texts["id_post_1_error"]
    assert page.value("place_note") == OTHER


@pytest.mark.parametrize("kind", ["draft", "archived", "0", "-5", str(2**31), str(2**64), "9" * 99])
@pytest.mark.parametrize("script", [False, True])
def test_post_that_cannot_be_hoped_for_is_refused_with_a_sentence(
    signed_in, survey_round, kind, script
):
    value = PostDescriptionFactory(**{kind: True}).pk if kind.isalpha() else kind
    body = {"version": "0", "post_1": value, "place_note": OTHER}

    answer = (autosave if script else post)(signed_in, part_address(survey_round, 6), body)

    sentence = "選んだポストは、いま公開されていません。もう一度選んでください。"
    assert answer.status_code == 422
    if script:
        assert answer.json()["problems"] == {"post_1": sentence}
    else:
        assert Page(answer).texts["id_post_1_error"] == f"＊{sentence}"
        assert Page(answer).value("place_note") == OTHER
    assert not DraftPostWish.objects.exists()
    assert not DraftPart.objects.exists()


@pytest.mark.parametrize("size", [20_001, 1_000_000])
def test_text_without_end_is_refused_and_stays_on_the_page(refused, size):
    page = refused(1, {"version": "0", "work_done": "長" * size if size < 10**6 else "w" * size})

    assert "は長すぎて保存できません。400文字以内" in page.texts["id_work_done_error"]
    assert len(page.value("work_done")) == size


@pytest.mark.parametrize(
    "body",
    [
        "&".join(f"f{n}=1" for n in range(10_000)),
        "work_done=" + "w" * 3_000_000,
        "&".join("growth_felt=3" for _ in range(10_000)),
    ],
    ids=["10,000 fields", "3 MB", "one field 10,000 times"],
)
@pytest.mark.parametrize("checks", [False, True], ids=["without token check", "with token check"])
def test_flood_gets_a_page_that_says_what_to_do(survey_round, writer, body, checks):
    client = Client(enforce_csrf_checks=checks)
    client.force_login(writer)
    client.get(part_address(survey_round, 1))

    answer = post(client, part_address(survey_round, 1), body)

    assert answer.status_code == 400
    assert JAPANESE.search(Page(answer).texts["main"])
    assert not HopeSurvey.objects.exists()


@pytest.mark.parametrize("header", ["application/json", "text/plain", "multipart/form-data"])
def test_body_of_another_kind_is_not_a_save(signed_in, survey_round, header):
    address = part_address(survey_round, 1)

    answer = signed_in.post(address, '{"version": 0, "work_done": "\\ud800"}', content_type=header)

    assert answer.status_code in (400, 409)
    assert not DraftPart.objects.exists()


def test_broken_multipart_is_refused(signed_in, survey_round):
    answer = signed_in.post(
        part_address(survey_round, 1),
        b'--x\r\nContent-Disposition: form-data; name="work_done"\r\n\r\n\xed\xa0\x80',
        content_type="multipart/form-data; boundary=x",
    )

    assert answer.status_code in (400, 409, 422)
    assert not DraftPart.objects.exists()


def test_fields_that_nobody_asked_for_are_ignored(signed_in, survey_round):
    body = {"version": "0", "work_done": OTHER, "a1_level": "3", "user": "1", "survey": "1"}

    assert post(signed_in, part_address(survey_round, 1), body).status_code == 302

    assert DraftPart.objects.get().answers == {"work_done": OTHER}


@pytest.mark.parametrize("opened", ["all", "a3", "nonsense", "\x00", "\ufffd", "<b>", "あ" * 3000])
def test_any_wish_to_open_a_competency_shows_the_part(signed_in, survey_round, opened):
    assert signed_in.get(part_address(survey_round, 2), {"open": opened}).status_code == 200


def test_refusal_does_not_touch_what_is_stored(signed_in, survey_round, writer):
    hope_survey(survey_round, writer, "draft", numbers=[1])
    before = list(DraftPart.objects.values())

    answer = post(signed_in, part_address(survey_round, 1), "version=1&work_done=%00")

    assert answer.status_code == 422
    assert Page(answer).value("version") == "1"
    assert list(DraftPart.objects.values()) == before
