"""Words that mean the same, which a search includes beyond what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import regex

from postings.models import Synonym
from postings.search.analysis import words_of
from postings.search.folding import fold

_LETTER_OR_FIGURE = regex.compile(r"[a-z0-9]")


class Thesaurus:
    """Groups of words that mean the same, each in the order in which HR wrote it."""

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        self._groups = [tuple(group) for group in groups]
        self._by_text = {fold(term): group for group in self._groups for term in group}
        self._longest_first = sorted(self._by_text, key=len, reverse=True)

    @classmethod
    def in_use(cls) -> Thesaurus:
        """The groups that the search uses now."""
        return cls(used_groups().values())

    def others(self, folded: str) -> list[tuple[str, str]]:
        """What a folded word may be replaced by, and the term that this is for.

        The whole word where it stands in a group, in whatever notation; else the longest term within it.
        """
        key = folded if folded in self._by_text else _key_in(self._by_text, folded)
        if key is not None:
            return [(fold(other), other) for other in self._by_text[key] if fold(other) != key]
        key = next((term for term in self._longest_first if _holds(folded, term)), None)
        if key is None:
            return []
        others = [other for other in self._by_text[key] if fold(other) != key]
        return [(folded.replace(key, fold(other)), other) for other in others]


def used_groups(*, without: int | None = None) -> dict[int, list[str]]:
    """The terms of the groups in use, by group; all but one where it is to be tried differently."""
    groups: dict[int, list[str]] = {}
    rows = Synonym.objects.filter(group__is_used=True).exclude(group=without)
    for group, term in rows.order_by("group", "sort_order").values_list("group", "term"):
        groups.setdefault(group, []).append(term)
    return groups


def key_of(term: str) -> str:
    """The one notation of a term, by which a group holds it once: its dictionary forms."""
    folded = fold(term).strip()
    forms = "".join(word.lexeme for word in words_of(folded) if word.width == 1)
    return forms or folded


def _key_in(by_text: dict[str, tuple[str, ...]], folded: str) -> str | None:
    """The term that differs from a word in notation only: サーバ and サーバー."""
    wanted = key_of(folded)
    return next(
        (term for term in by_text if term[:1] == folded[:1] and key_of(term) == wanted), None
    )


def _holds(folded: str, term: str) -> bool:
    """Whether a longer word has a term in it, one of letters not as a part of another: the AI of AI活用, not of AID."""
    begin = folded.find(term)
    if begin < 0 or len(term) < 2:
        return False
    before, after = folded[:begin][-1:], folded[begin + len(term) :][:1]
    starts_inside = _LETTER_OR_FIGURE.match(term) and _LETTER_OR_FIGURE.match(before)
    ends_inside = _LETTER_OR_FIGURE.match(term[-1]) and _LETTER_OR_FIGURE.match(after)
    return not starts_inside and not ends_inside
