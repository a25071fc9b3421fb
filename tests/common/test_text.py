"""Nothing typed is changed or dropped silently; what cannot be stored is refused; readers' characters are counted."""

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from career_portal.common.text import UnreadableText, count_characters, exceeds, readable

REFUSED = [
    *(chr(code) for code in range(0x20) if chr(code) not in "\t\n\r"),
    *(chr(code) for code in range(0x7F, 0xA0)),
    "\ud800",
    "\udbff",
    "\udc00",
    "\udfff",
    "\ufffd",
    "\ufdd0",
    "\ufdef",
    "\ufffe",
    "\uffff",
]
# Characters that people type and that a careless cleaner would take away or fold.
KEPT = {
    "tab": "\t",
    "line feed": "\n",
    "ideographic space": "\u3000",
    "no-break space": "\u00a0",
    "soft hyphen": "\u00ad",
    "zero-width joiner": "👩\u200d💻",
    "zero-width space": "\u200b",
    "byte order mark": "\ufeff",
    "line separator": "\u2028",
    "right-to-left override": "\u202e",
    "private use": "\ue000",
    "private use of plane 15": "\U000f0000",
    "variation sequence": "葛\U000e0100",
    "compatibility ideograph": "\ufa11",
    "half-width kana with its mark": "ｶﾞ",
    "decomposed kana": "か\u3099",
    "full-width": "Ａ１",
    "circled": "①",
    "rare": "𠮷",
    "combining alone": "\u0301",
}


def stored(text):
    """What a database column would give back."""
    return text.encode("utf-8").decode("utf-8")


@pytest.mark.parametrize("character", REFUSED, ids=lambda character: f"U+{ord(character):04X}")
def test_character_that_no_keyboard_means_is_refused_with_a_sentence(character):
    with pytest.raises(UnreadableText) as refused:
        readable(f"前{character}後")

    assert refused.value.sentence.endswith("もう一度保存してください。")


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_character_that_people_type_is_kept(text):
    assert readable(f"前{text}後") == f"前{text}後"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("一\r\n二", "一\n二"),
        ("一\r二", "一\n二"),
        ("一\n\r二", "一\n\n二"),
        ("一\r\r\n二", "一\n\n二"),
        ("\r\n\r\n", "\n\n"),
        ("\n一\n", "\n一\n"),
        (" 一 ", " 一 "),
    ],
)
def test_line_ends_become_one_line_feed_and_nothing_else_is_trimmed(typed, expected):
    assert readable(typed) == expected


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_readable_text_is_what_was_typed_or_an_exception(typed):
    try:
        text = readable(typed)
    except UnreadableText:
        assert any(character in typed for character in REFUSED)
        return

    assert text == typed.replace("\r\n", "\n").replace("\r", "\n")
    assert stored(text) == text
    assert "\x00" not in text
    assert readable(text) == text


@given(st.text(alphabet=st.characters()))
def test_any_string_at_all_can_be_stored_once_it_was_read(typed):
    try:
        text = readable(typed)
    except UnreadableText:
        return

    assert stored(text) == text


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 3),
        ("a\nb", 3),
        ("希望調書", 4),
        ("𠮷野家", 3),
        ("葛\U000e0100城", 2),
        ("髙\ufe00", 1),
        ("が", 1),
        ("か\u3099", 1),
        ("👩\u200d👩\u200d👧\u200d👦", 1),
        ("👍🏽", 1),
        ("🇯🇵🇫🇷", 2),
        ("e\u0301\u0302", 1),
        ("ｶﾞ", 1),
        ("각", 1),
    ],
)
def test_characters_are_counted_as_a_reader_counts_them(text, count):
    assert count_characters(text) == count


@given(st.text(alphabet=st.characters(codec="utf-8")), st.integers(min_value=0, max_value=30))
def test_limit_agrees_with_the_count(text, limit):
    assert exceeds(text, limit) == (count_characters(text) > limit)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_count_is_the_number_of_clusters_and_never_above_code_points(text):
    count = count_characters(readable_or_empty(text))

    assert count == len(regex.findall(r"\X", readable_or_empty(text)))
    assert count <= len(text)


@given(st.text(alphabet="かきくけこはひふへほ"))
def test_composed_and_decomposed_kana_count_the_same(kana):
    voiced = "".join(character + "\u3099" for character in kana)

    assert count_characters(voiced) == len(kana)
    assert count_characters(unicodedata.normalize("NFC", voiced)) == len(kana)


def readable_or_empty(text):
    try:
        return readable(text)
    except UnreadableText:
        return ""


@pytest.mark.parametrize("limit", [1, 300])
def test_text_of_exactly_the_limit_fits_and_one_more_does_not(limit):
    family = "👨\u200d👩\u200d👧"

    assert not exceeds(family * limit, limit)
    assert exceeds(family * limit + "。", limit)
