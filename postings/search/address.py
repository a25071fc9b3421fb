"""The address of a search: everything that was asked, so that it can be shared and opened again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict

from career_portal.common.text import search_words
from postings.search.results import KINDS, Narrowing

MOST_VALUES = 40


@dataclass(frozen=True)
class Address:
    """What a search's address asks for; what cannot be read in it counts for nothing."""

    words: str = ""
    narrowing: Narrowing = field(default_factory=Narrowing)
    newest_first: bool = False
    only_typed: bool = False
    page: int = 1

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """The address that somebody opened."""
        page = query.get("page", "")
        return cls(
            words=search_words(query.get("q", "")),
            narrowing=Narrowing(
                bureau=tuple(int(value) for value in _values(query, "bureau") if _is_id(value)),
                **{kind: _values(query, kind) for kind in KINDS if kind != "bureau"},
            ),
            newest_first=query.get("sort") == "new",
            only_typed=query.get("only") == "1",
            page=int(page) if _is_id(page) else 1,
        )

    @property
    def order(self) -> str:
        """How the results are ordered: by closeness, or the newest first; always the latter without words."""
        return "new" if self.newest_first or not self.words else "near"

    def link(self, **changes: Any) -> str:
        """The address with something changed, on its first page unless that is what changes."""
        return replace(self, **{"page": 1, **changes}).written()

    def without(self, kind: str, value: str | int) -> str:
        """The address without one of the values it is narrowed to."""
        values = tuple(each for each in getattr(self.narrowing, kind) if each != value)
        return self.link(narrowing=replace(self.narrowing, **{kind: values}))

    def written(self) -> str:
        """The query of the address, without what asks for nothing."""
        asked: list[tuple[str, Any]] = [("q", self.words)] if self.words else []
        asked += [(kind, value) for kind in KINDS for value in getattr(self.narrowing, kind)]
        asked += [("sort", "new")] if self.newest_first else []
        asked += [("only", "1")] if self.only_typed else []
        asked += [("page", self.page)] if self.page > 1 else []
        return f"?{urlencode(asked)}"


def _values(query: QueryDict, kind: str) -> tuple[str, ...]:
    values = (search_words(value) for value in query.getlist(kind)[:MOST_VALUES])
    return tuple(dict.fromkeys(value for value in values if value))


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 10
