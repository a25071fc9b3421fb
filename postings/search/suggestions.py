"""Words offered while somebody types, words read as he typed, and words that he may have meant.

All of them still find a published post.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from postings.models import SearchTerm
from postings.search.analysis import words_of
from postings.search.folding import as_reading, fold, is_kana

MOST = 8
# So many are proven to find something, so that a few that do not leave enough.
CANDIDATES = 16
SHORTEST_MISTAKE = 3
_PROVEN = """
    SELECT term.word, term.kind, term.reading, found.posts
    FROM postings_searchterm term
    CROSS JOIN LATERAL (
        SELECT count(*) AS posts FROM postings_searchentry entry
        WHERE entry.words @@ term.lookup::tsquery
    ) found
    WHERE term.id = ANY(%s) AND found.posts > 0
    ORDER BY array_position(%s, term.id)
    LIMIT %s
"""
# The distance to a word, or to its beginning of the length typed: 半導 is near 半導体.
_NEAR = """
    SELECT id FROM (
        SELECT id, posts, least(
            levenshtein(lower(word), %(typed)s),
            levenshtein(left(lower(word), %(length)s), %(typed)s),
            CASE WHEN reading = %(reading)s THEN 0 ELSE 99 END
        ) AS distance
        FROM postings_searchterm WHERE lookup <> '' AND kind <> 'title'
    ) term
    WHERE distance <= %(most)s
    ORDER BY distance, posts DESC, id
    LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Suggestion:
    """A word, how it is read, of what kind it is, and how many posts it finds now."""

    word: str
    kind: str
    reading: str
    posts: int


def complete(typed: str) -> list[Suggestion]:
    """Words that begin with what was typed, or are read so, those in most posts first."""
    folded = fold(typed).strip()
    if not folded:
        return []
    beginning = Q(word__startswith=typed.strip()) | Q(word__startswith=folded)
    if folded.isascii():
        beginning |= Q(word__startswith=folded.upper())
    beginning |= Q(reading__startswith=as_reading(folded))
    terms = SearchTerm.objects.filter(beginning).exclude(lookup="")
    found = terms.order_by("-posts", "pk").values_list("pk", flat=True)[:CANDIDATES]
    return _proven(list(found))


def read_as(typed: Iterable[str]) -> dict[str, list[str]]:
    """Words that are read as somebody typed in kana, by what was typed; those in most posts first."""
    readings = {as_reading(word): word for word in typed if is_kana(word)}
    if not readings:
        return {}
    terms = SearchTerm.objects.filter(reading__in=readings).exclude(lookup="")
    ids = terms.order_by("-posts", "pk").values_list("pk", flat=True)[:CANDIDATES]
    found: dict[str, list[str]] = {}
    for each in _proven(list(ids)):
        found.setdefault(readings[each.reading], []).append(each.word)
    return found


def meant(typed: str) -> list[Suggestion]:
    """Words near to one of three or more characters that found nothing: a slip of the finger or a wrong conversion."""
    folded = fold(typed).strip()
    if not SHORTEST_MISTAKE <= len(folded) <= 40:
        return []
    reading = as_reading("".join(word.reading for word in words_of(folded) if word.width == 1))
    with connection.cursor() as cursor:
        cursor.execute(
            _NEAR,
            {
                "typed": folded,
                "length": len(folded),
                "reading": reading or folded,
                "most": max(1, len(folded) // 3),
                "limit": CANDIDATES,
            },
        )
        found = [pk for (pk,) in cursor.fetchall()]
    return [each for each in _proven(found) if fold(each.word) != folded][:MOST]


def _proven(ids: list[int]) -> list[Suggestion]:
    with connection.cursor() as cursor:
        cursor.execute(_PROVEN, [ids, ids, MOST])
        return [Suggestion(*row) for row in cursor.fetchall()]
