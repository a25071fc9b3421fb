"""What of a post the search knows: its texts by weight, as words and pairs, and the words worth suggesting.

Lines about careers speak of other posts, and the contact of nobody's work: neither is searched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import regex

from career_portal.common.clock import today
from postings.models import PostDescription, PostVersion, SearchTerm
from postings.models.posts import lines
from postings.models.skills import PostSkill
from postings.search.analysis import INDEX_VERSION, Line, Word, line_of, pairs_of
from postings.search.folding import as_reading, fold
from postings.search.query import words_query

# Between two lines, so that no phrase reaches from one into the other.
GAP = 10
# Postgres knows no position beyond 16,383; what stands later is found as well, but not side by side.
LAST_POSITION = 16_000
_WORTH = regex.compile(r"[\p{Han}\p{Katakana}ー々]{2,}|[A-Za-z]{2,}")
_FIGURES_ONLY = regex.compile(r"[\d０-９一二三四五六七八九十百千万数第年月日回件名人]+")
_UNIT = regex.compile(r"(?<=..)[課室班]$")
LONGEST_TERM = 40
GAINED, REQUIRED = PostSkill.Relation.GAINED, PostSkill.Relation.REQUIRED


@dataclass(frozen=True)
class Found:
    """Of what kind a word is, and how it is read where the text told."""

    kind: SearchTerm.Kind
    reading: str = ""


@dataclass
class Vectors:
    """Words and pairs on their way into tsvectors; `front` are the words of weights A and B alone."""

    words: dict[str, list[str]] = field(default_factory=dict)
    front: dict[str, list[str]] = field(default_factory=dict)
    pairs: dict[str, list[str]] = field(default_factory=dict)
    _word: int = 0
    _pair: int = 0

    def take(self, line: Line, weight: str) -> None:
        """Take in one line."""
        is_front = weight in "AB"
        last = 0
        for word in line.words:
            last = word.position
            place = f"{min(self._word + last, LAST_POSITION)}{weight}"
            self.words.setdefault(word.lexeme, []).append(place)
            if is_front:
                self.front.setdefault(word.lexeme, []).append(place)
        self._word += last + GAP
        position = 0
        for lexeme, position in pairs_of(line.folded):
            place = f"{min(self._pair + position, LAST_POSITION)}{weight}"
            self.pairs.setdefault(lexeme, []).append(place)
        self._pair += position + GAP


def _written(vector: dict[str, list[str]]) -> str:
    """A tsvector as Postgres reads it; lexemes are letters and figures, so nothing needs to be escaped."""
    return " ".join(f"'{lexeme}':{','.join(places)}" for lexeme, places in vector.items())


def texts_of(
    post: PostDescription, shown: PostVersion, skills: Sequence[PostSkill]
) -> Iterator[tuple[str, str]]:
    """The lines of a published post, each with its weight."""
    section, bureau = post.section, post.section.bureau
    yield shown.title, "A"
    yield section.name, "A"
    beside = (section.division, bureau.name, bureau.short_name, section.english_name, shown.place)
    yield from ((text, "B") for text in beside if text)
    yield shown.get_grade_display(), "B"
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


@dataclass(frozen=True)
class Document:
    """The entry of a post by column, and the words to suggest that the post holds."""

    entry: Mapping[str, Any]
    terms: Mapping[str, Found]


def document_of(post: PostDescription, shown: PostVersion, skills: Sequence[PostSkill]) -> Document:
    """What the search knows of a published post."""
    vectors, terms = Vectors(), dict(_names(post, shown, skills))
    for text, weight in texts_of(post, shown, skills):
        line = line_of(text)
        vectors.take(line, weight)
        if weight != "D":
            terms = dict(_worthy(text, line)) | terms
    strongest = sorted(skills, key=lambda row: -row.strength)
    entry = {
        "post_id": post.pk,
        "words": _written(vectors.words),
        "front": _written(vectors.front),
        "pairs": _written(vectors.pairs),
        "heading": f"{fold(shown.title)} {fold(post.section.name_in_bureau)}",
        "bureau_id": post.section.bureau_id,
        "grade": shown.grade,
        "place": shown.place,
        "gained": [row.skill.code for row in strongest if row.relation == GAINED],
        "required": [row.skill.code for row in strongest if row.relation == REQUIRED],
        "released_on": shown.released_on or today(),
        "index_version": INDEX_VERSION,
    }
    return Document(entry, terms)


def _names(
    post: PostDescription, shown: PostVersion, skills: Sequence[PostSkill]
) -> Iterator[tuple[str, Found]]:
    """Names by which one looks for a post: its section with and without 課, bureau, skills, title."""
    section, bureau, kinds = post.section, post.section.bureau, SearchTerm.Kind
    sections = (
        section.name,
        _UNIT.sub("", section.name),
        section.division,
        bureau.name,
        bureau.short_name,
    )
    yield from ((name, Found(kinds.SECTION)) for name in sections if name)
    yield from ((row.skill.name, Found(kinds.SKILL)) for row in skills)
    if len(shown.title) <= LONGEST_TERM:
        yield shown.title, Found(kinds.TITLE)


def _worthy(text: str, line: Line) -> Iterator[tuple[str, Found]]:
    """The nouns of a line, as they are written."""
    for word in line.words:
        written = text[line.places[word.begin] : line.places[word.end]]
        if _is_worth(word, written):
            yield written, Found(SearchTerm.Kind.WORD, word.reading)


def _is_worth(word: Word, written: str) -> bool:
    return (
        word.is_noun
        and len(written) <= LONGEST_TERM
        and _WORTH.fullmatch(written) is not None
        and _FIGURES_ONLY.fullmatch(written) is None
    )


def term_of(written: str, found: Found) -> SearchTerm:
    """A word to suggest, as it is stored."""
    line = line_of(written)
    reading = found.reading or "".join(word.reading for word in line.words if word.width == 1)
    return SearchTerm(
        word=written,
        reading=as_reading(reading)[:120],
        kind=found.kind,
        lookup=words_query(line.folded),
    )
