"""What somebody typed, as conditions on the index. Every word must be found; each in any of the ways to write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from postings.search.analysis import PAIR, Word, pairs_of, words_of
from postings.search.folding import fold
from postings.search.suggestions import read_as
from postings.search.thesaurus import Thesaurus

MOST_WORDS = 10
MOST_WAYS = 10
# Fewer than this, and words of two characters are looked for inside other words, too.
FEW = 3
_PART = regex.compile(r'"([^"]*)"?|「([^」]*)」?|([^\s"「]+)')
_QUOTES = str.maketrans({"“": '"', "”": '"', "＂": '"', "『": "「", "』": "」"})
_JAPANESE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}ー々]")
_LETTERS = regex.compile(r"[\p{L}\p{N}ー々]")
_TO_DO = "為る"


@dataclass(frozen=True)
class Way:
    """One way to write a word: its folded text and usual form, what it is among the words and pairs of the index.

    `wide` is what it is among the pairs where little was found; each of the three is a tsquery, or nothing.
    """

    text: str
    form: str = ""
    words: str = ""
    pairs: str = ""
    wide: str = ""
    sequence: tuple[tuple[str, int], ...] = ()
    whole: str = ""


@dataclass(frozen=True)
class Asked:
    """A word that must be found, and what else counts as it."""

    typed: str
    ways: tuple[Way, ...]
    included: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """All that must be found; everything where nothing is asked."""

    asked: tuple[Asked, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.asked)

    @property
    def ways(self) -> list[Way]:
        """All ways to write any of the words."""
        return [way for asked in self.asked for way in asked.ways]

    @property
    def ranking(self) -> str:
        """The tsquery by which closeness is judged: any of the words."""
        return " | ".join(way.words for way in self.ways if way.words)

    def conditions(self, *, wide: bool) -> list[tuple[str, str]]:
        """For each word the tsqueries on words and pairs, of which one must hold."""
        return [
            (
                " | ".join(way.words for way in asked.ways if way.words),
                " | ".join(
                    found for way in asked.ways if (found := way.pairs or (wide and way.wide))
                ),
            )
            for asked in self.asked
        ]


def parse(typed: str) -> Iterator[tuple[str, bool]]:
    """The words typed, and whether each was quoted: in 「」 or "". A quote left open ends with the text."""
    for number, part in enumerate(_PART.finditer(typed.translate(_QUOTES))):
        if number == MOST_WORDS:
            return
        quoted = part[1] if part[1] is not None else part[2]
        yield (part[3] if quoted is None else quoted), quoted is not None


def ask(typed: str, *, only_typed: bool = False, thesaurus: Thesaurus | None = None) -> Query:
    """The query for what somebody typed, with what means the same unless only the typed words are wanted."""
    parts = [(fold(word).strip(), word, quoted) for word, quoted in parse(typed)]
    parts = [part for part in parts if _LETTERS.search(part[0])]
    if not parts:
        return Query()
    free = [folded for folded, _, quoted in parts if not quoted]
    widens = bool(free) and not only_typed
    thesaurus = (thesaurus or Thesaurus.in_use()) if widens else Thesaurus()
    readings = read_as(free) if widens else {}
    found = (_asked(*part, thesaurus=thesaurus, readings=readings) for part in parts)
    return Query(tuple(asked for asked in found if asked.ways))


def _asked(
    folded: str,
    typed: str,
    quoted: bool,
    *,
    thesaurus: Thesaurus,
    readings: Mapping[str, Sequence[str]],
) -> Asked:
    if quoted:
        return Asked(typed, (Way(folded, pairs=pairs_query(folded)),))
    texts, included = [folded], []
    for text, other in thesaurus.others(folded):
        texts.append(text)
        included.append(other)
    for word in readings.get(folded, ()):
        texts.append(fold(word))
        included.append(word)
    ways = [way for text in dict.fromkeys(texts[:MOST_WAYS]) if (way := _way(text))]
    return Asked(typed, tuple(ways), tuple(dict.fromkeys(included[: MOST_WAYS - 1])))


def _way(text: str) -> Way | None:
    """A word as the index knows it; nothing for particles and signs alone."""
    words = words_of(text)
    if not words:
        return None
    letters = len(_LETTERS.findall(text))
    japanese = _JAPANESE.search(text) is not None
    inside = japanese and letters != 2
    sequence, whole = _sequence(words)
    form = "".join(lexeme for lexeme, _ in sequence)
    if japanese:
        # Also in the usual notation: 受付け finds 受け付けます, which is another word to the dictionary.
        texts = [text, form] if inside and len(form) >= FEW and _JAPANESE.search(form) else [text]
        wide = " | ".join(pairs_query(each) for each in dict.fromkeys(texts))
    else:
        wide = f"'{PAIR}{text}':*" if text.isalnum() and letters >= FEW else ""
    return Way(
        text=text,
        words=_chain(sequence, whole),
        pairs=wide if inside else "",
        wide=wide,
        form=form,
        sequence=sequence,
        whole=whole,
    )


def words_query(folded: str) -> str:
    """The tsquery that finds a text among the words: its short units side by side, or the long unit it is."""
    return _chain(*_sequence(words_of(folded)))


def _sequence(words: Sequence[Word]) -> tuple[tuple[tuple[str, int], ...], str]:
    """The short units with their positions, without a する at the end; and the long unit that is the whole of them."""
    short = [word for word in words if word.width == 1]
    if len(short) > 1 and short[-1].lexeme == _TO_DO:
        short.pop()
    whole = next((word.lexeme for word in words if 1 < word.width == len(short)), "")
    return tuple((word.lexeme, word.position) for word in short), whole


def _chain(sequence: Sequence[tuple[str, int]], whole: str) -> str:
    if not sequence:
        return ""
    chain = f"'{sequence[0][0]}'"
    for (_, before), (lexeme, position) in pairwise(sequence):
        chain += f" <{position - before}> '{lexeme}'"
    return f"('{whole}' | ({chain}))" if whole else f"({chain})"


def pairs_query(folded: str) -> str:
    """The tsquery that finds a text among the pairs of characters, letter by letter; nothing without letters."""
    chain = ""
    before = 0
    pairs = list(pairs_of(folded))
    for number, (lexeme, position) in enumerate(pairs):
        follows = number > 0 and pairs[number - 1][1] == position - 1
        is_last_alone = len(lexeme) == 2 and _JAPANESE.match(lexeme[1:]) is not None
        if (
            is_last_alone
            and follows
            and len(pairs[number - 1][0]) == 3
            and pairs[number - 1][0][2] == lexeme[1]
        ):
            continue
        term = f"'{lexeme}':*" if is_last_alone else f"'{lexeme}'"
        chain += f" <{position - before}> {term}" if chain else term
        before = position
    return f"({chain})" if chain else ""
