"""Hygiene of what people type. Nothing is normalised: names and rare characters come out as they went in."""

import regex

# Characters that cannot be stored (NUL, surrogates), that no keyboard means (controls), or that say that the browser
# sent bytes that are no text (U+FFFD). Tab and line feed are allowed.
_UNREADABLE = regex.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufdd0-\ufdef\ufffe\uffff]"
)
_CLUSTER = regex.compile(r"\X")
LONGEST_SEARCH = 100


class UnreadableText(ValueError):
    """Text holds characters that cannot be stored or read back; `sentence` says so in Japanese."""

    sentence = "使えない文字（制御文字など）が含まれています。その文字を消してから、もう一度保存してください。"


def readable(typed: str) -> str:
    """What was typed, with line ends as a single line feed.

    Raises UnreadableText where a character cannot be stored, instead of dropping it silently.
    """
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    if _UNREADABLE.search(text):
        raise UnreadableText
    return text


def search_words(typed: object) -> str:
    """Words that somebody looks for, one space between them, of at most 100 characters.

    Nothing where they cannot be read: what is in an address finds all rather than an error.
    """
    if not isinstance(typed, str):
        return ""
    try:
        return " ".join(readable(typed)[:LONGEST_SEARCH].split())
    except UnreadableText:
        return ""


def count_characters(text: str) -> int:
    """The number of characters as a reader counts them: grapheme clusters, so 𠮷 and 葛󠄀 count as one each."""
    if text.isascii():
        return len(text)
    return sum(1 for _ in _CLUSTER.finditer(text))


def exceeds(text: str, limit: int) -> bool:
    """Whether text has more characters than the limit; a cluster is never longer than its code points."""
    return len(text) > limit and count_characters(text) > limit
