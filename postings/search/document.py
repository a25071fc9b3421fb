"""What of a post the search knows: its texts by weight, as words and pairs, and the words worth suggesting.

Lines about careers speak of other posts, and the contact of nobody's work: neither is searched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import regex

from career_portal.common.clock import today
from postings.models import PostDescription, PostVersion, SearchEntry, SearchTerm
from postings.models.posts import lines
from postings.models.skills import PostSkill
from postings.search.analysis import INDEX_VERSION, Word, pairs_of, words_of
from postings.search.folding import as_reading, fold, fold_with_places
from postings.search.query import words_query

# Between two lines, so that no phrase reaches from one into the other.
GAP = 10
# Postgres knows no position beyond 16,383; what stands later is found as well, but not side by side.
LAST_POSITION = 16_000
_WORTH = regex.compile(r"[\p{Han}\p{Katakana}ー々]{2,}|[A-Za-z]{2,}")
_FIGURES_ONLY = regex.compile(r"[\d０-９一二三四五六七八九十百千万数第年月日回件名人]+")
_UNIT = regex.compile(r"(?<=..)[課室班]$")
LONGEST_TERM = 40


@dataclass
class Vectors:
    """Words and pairs on their way into two tsvectors."""

    words: dict[str, list[str]] = field(default_factory=dict)
    pairs: dict[str, list[str]] = field(default_factory=dict)
    _word: int = 0
    _pair: int = 0

    def take(self, folded: str, weight: str, words: list[Word]) -> None:
        """Take in one line."""
        for word in words:
            _put(self.words, word.lexeme, self._word + word.position, weight)
        position = 0
        for lexeme, position in pairs_of(folded):
            _put(self.pairs, lexeme, self._pair + position, weight)
        self._word += (words[-1].position if words else 0) + GAP
        self._pair += position + GAP


def _put(vector: dict[str, list[str]], lexeme: str, position: int, weight: str) -> None:
    vector.setdefault(lexeme, []).append(f"{min(position, LAST_POSITION)}{weight}")


def _written(vector: dict[str, list[str]]) -> str:
    """A tsvector as Postgres reads it; lexemes are letters and figures, so nothing needs to be escaped."""
    return " ".join(f"'{lexeme}':{','.join(places)}" for lexeme, places in vector.items())


def texts_of(post: PostDescription, shown: PostVersion) -> Iterator[tuple[str, str]]:
    """The lines of a published post, each with its weight."""
    section, bureau = post.section, post.section.bureau
    yield shown.title, "A"
    yield section.name, "A"
    yield from ((text, "B") for text in (section.division, bureau.name, bureau.short_name) if text)
    yield from ((text, "B") for text in (section.english_name, shown.place) if text)
    yield shown.get_grade_display(), "B"
    skills = list(shown.skills.all())
    yield from ((row.skill.name, "B") for row in skills)
    yield from ((line, "C") for text in (shown.mission, shown.duties) for line in lines(text))
    rest = (
        shown.stay,
        shown.telework,
        shown.travel,
        shown.busy_season,
        shown.team,
        shown.additional,
    )
    yield from ((line, "D") for text in rest for line in lines(text))
    yield from ((row.sentence, "D") for row in skills if row.sentence)


def document_of(
    post: PostDescription, shown: PostVersion
) -> tuple[SearchEntry, dict[str, SearchTerm]]:
    """The entry of a published post, and the words to suggest that it holds."""
    vectors, terms = Vectors(), dict(_names(post, shown))
    for text, weight in texts_of(post, shown):
        folded, places = fold_with_places(text)
        words = words_of(folded)
        vectors.take(folded, weight, words)
        if weight != "D":
            for word in words:
                written = text[places[word.begin] : places[word.end]]
                if written not in terms and _is_worth(word, written):
                    terms[written] = _term(written, SearchTerm.Kind.WORD, word.reading)
    rows = shown.skills.all()
    entry = SearchEntry(
        post=post,
        words=_written(vectors.words),
        pairs=_written(vectors.pairs),
        heading=f"{fold(shown.title)} {fold(post.section.name_in_bureau)}",
        bureau_id=post.section.bureau_id,
        grade=shown.grade,
        place=shown.place,
        gained=[row.skill.code for row in rows if row.relation == PostSkill.Relation.GAINED],
        required=[row.skill.code for row in rows if row.relation == PostSkill.Relation.REQUIRED],
        released_on=shown.released_on or today(),
        index_version=INDEX_VERSION,
    )
    return entry, terms


def _names(post: PostDescription, shown: PostVersion) -> Iterator[tuple[str, SearchTerm]]:
    """Names by which one looks for a post: its section with and without 課, bureau, skills, title."""
    section, bureau, kinds = post.section, post.section.bureau, SearchTerm.Kind
    sections = (
        section.name,
        _UNIT.sub("", section.name),
        section.division,
        bureau.name,
        bureau.short_name,
    )
    yield from ((name, _term(name, kinds.SECTION)) for name in sections if name)
    for row in shown.skills.all():
        yield row.skill.name, _term(row.skill.name, kinds.SKILL)
    if len(shown.title) <= LONGEST_TERM:
        yield shown.title, _term(shown.title, kinds.TITLE)


def _is_worth(word: Word, written: str) -> bool:
    return (
        word.is_noun
        and len(written) <= LONGEST_TERM
        and _WORTH.fullmatch(written) is not None
        and _FIGURES_ONLY.fullmatch(written) is None
    )


def _term(written: str, kind: SearchTerm.Kind, reading: str = "") -> SearchTerm:
    folded = fold(written)
    if not reading:
        reading = "".join(word.reading for word in words_of(folded) if word.width == 1)
    return SearchTerm(
        word=written, reading=as_reading(reading)[:120], kind=kind, lookup=words_query(folded)
    )
