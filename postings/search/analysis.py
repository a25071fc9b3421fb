"""The words of a text, by the dictionary Sudachi, and its pairs of characters.

Words come in the short unit A; a longer unit C stands in addition where its first part does. So 貿易管理 finds
貿易管理部, and whoever searches for exactly 管理部 finds that first. Pairs of characters find what no dictionary has.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from sudachipy import Dictionary, Morpheme, Tokenizer

# Another dictionary, folding or way of indexing takes another number: entries of an older one are made anew.
INDEX_VERSION = 1

_PASSED_OVER = frozenset({"助詞", "助動詞", "補助記号", "記号", "空白"})
_JOINING = "・"
_NO_LETTER = regex.compile(r"\W+")
_RUN = regex.compile(
    r"([\p{Han}\p{Hiragana}\p{Katakana}ー々]+)|([\p{L}\p{N}_]+)|・|(.)", regex.DOTALL
)
_FRAGMENT = 8000
PAIR = "z"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its dictionary form, where it stands among the words, and in the text.

    `width` is the number of short units it spans: 1 for those themselves.
    """

    lexeme: str
    position: int
    begin: int
    end: int
    width: int = 1
    reading: str = ""
    is_noun: bool = False


@cache
def _dictionary() -> Dictionary:
    """The dictionary, opened when somebody first searches or shows a post: it is mapped, not read."""
    from sudachipy import Dictionary  # noqa: PLC0415  commands that never search do without it

    return Dictionary(dict="core")


_own = threading.local()


def _tokenizer() -> Tokenizer:
    """The tokenizer of this thread; one cannot be used by two."""
    found: Tokenizer | None = getattr(_own, "tokenizer", None)
    if found is None:
        from sudachipy import SplitMode  # noqa: PLC0415  see above

        found = _dictionary().tokenizer(mode=SplitMode.C)
        _own.tokenizer = found
        _own.short = SplitMode.A
    return found


def words_of(folded: str) -> list[Word]:
    """The words of a folded text in their order, a long unit right after its first part."""
    tokenizer = _tokenizer()
    found: list[Word] = []
    position = 1
    for offset in range(0, len(folded), _FRAGMENT):
        for morpheme in tokenizer.tokenize(folded[offset : offset + _FRAGMENT]):
            if morpheme.part_of_speech()[0] in _PASSED_OVER:
                position += morpheme.surface() != _JOINING
                continue
            position = _take(morpheme, position, offset + morpheme.begin(), found)
    return found


def _take(morpheme: Morpheme, position: int, begin: int, found: list[Word]) -> int:
    """Put the words of a morpheme down; the next position."""
    # Without parts `split` gives nothing: asked for the morpheme itself, it gives one that does not know its place.
    parts = list(morpheme.split(_own.short, add_single=False)) or [morpheme]
    whole = len(found)
    start = position
    for part in parts:
        if (word := _word(part, position, begin)) is not None:
            found.append(word)
            position += 1
        begin += len(part.surface())
    width = position - start
    if width > 1 and (word := _word(morpheme, start, begin - len(morpheme.surface()), width)):
        found.insert(whole + 1, word)
    return max(position, start + 1)


def _word(morpheme: Morpheme, position: int, begin: int, width: int = 1) -> Word | None:
    """A word as it stands in the text; nothing where only signs are left of it."""
    lexeme = _NO_LETTER.sub("", morpheme.normalized_form().lower())
    if not lexeme:
        return None
    return Word(
        lexeme=lexeme,
        position=position,
        begin=begin,
        end=begin + len(morpheme.surface()),
        width=width,
        reading=morpheme.reading_form(),
        is_noun=morpheme.part_of_speech()[0] == "名詞",
    )


def pairs_of(folded: str) -> Iterator[tuple[str, int]]:
    """Pairs of neighbouring characters with their positions, and the last character of each run alone.

    Letters and figures of other scripts stay whole.
    """
    position = 1
    for run in _RUN.finditer(folded):
        japanese, other, sign = run.groups()
        if japanese:
            for start in range(len(japanese)):
                yield f"{PAIR}{japanese[start : start + 2]}", position + start
            position += len(japanese)
        elif other:
            yield f"{PAIR}{other}", position
            position += 1
        elif sign:
            position += 1
