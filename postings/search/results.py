"""One statement gives what a search finds: how many, one page of them, and how many each narrowing would leave."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from postings.search.query import FEW, Query

PER_PAGE = 20
# Of weights D, C, B, A.
WEIGHTS = "{0.1, 0.3, 0.6, 1.0}"


@dataclass(frozen=True)
class Narrowing:
    """What results are narrowed to: any of the values of a kind, in each kind that has some."""

    bureau: tuple[int, ...] = ()
    gained: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    grade: tuple[str, ...] = ()
    place: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a search found. `before` is how many it would be without narrowing; `counts` says for each kind how many posts a value leaves, the kind's own choice apart.

    `is_wide` says that words of two characters were looked for inside other words, too.
    """

    total: int = 0
    posts: tuple[int, ...] = ()
    page: int = 1
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    is_wide: bool = False
    before: int = 0

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PER_PAGE))


KINDS = ("bureau", "gained", "required", "grade", "place")
_HOLDS = {
    "bureau": "bureau_id = ANY(%s::bigint[])",
    "gained": "gained && %s::varchar[]",
    "required": "required && %s::varchar[]",
    "grade": "grade = ANY(%s::varchar[])",
    "place": "place = ANY(%s::varchar[])",
}
_VALUE = {
    "bureau": "bureau_id",
    "gained": "unnest(gained)",
    "required": "unnest(required)",
    "grade": "grade",
    "place": "place",
}
_ORDER = {
    "near": "rank DESC, released_on DESC, post_id",
    "new": "released_on DESC, rank DESC, post_id",
}


def find(query: Query, narrowing: Narrowing, *, order: str = "near", page: int = 1) -> Found:
    """The page of published posts that a query finds; looks inside longer words, too, where it finds few."""
    found = _find(query, narrowing, order, page, wide=False)
    if found.before < FEW and _is_widened(query):
        found = _find(query, narrowing, order, page, wide=True)
    return found


def all_found(query: Query) -> set[int]:
    """The ids of all published posts that a query finds, as `find` does."""
    found: set[int] = set()
    for wide in (False, True):
        parameters: list[Any] = []
        where = _conditions(query, parameters, wide=wide)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT post_id FROM postings_searchentry WHERE {where}", parameters)  # noqa: S608  fixed fragments
            found = {pk for (pk,) in cursor.fetchall()}
        if len(found) >= FEW or not _is_widened(query):
            break
    return found


def _is_widened(query: Query) -> bool:
    """Whether looking inside longer words adds something."""
    return any(way.wide and not way.pairs for way in query.ways)


def _find(query: Query, narrowing: Narrowing, order: str, page: int, *, wide: bool) -> Found:
    statement, parameters = _statement(query, narrowing, order, page, wide=wide)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        before, total, shown, posts, *counts = cursor.fetchone()
    left = {kind: json.loads(each or "{}") for kind, each in zip(KINDS, counts, strict=True)}
    return Found(total, tuple(posts or ()), shown, left, wide, before)


def _statement(
    query: Query, narrowing: Narrowing, order: str, page: int, *, wide: bool
) -> tuple[str, list[Any]]:
    parameters: list[Any] = []
    rank = _rank(query, parameters)
    flags = [
        f"{_HOLDS[kind]} AS is_{kind}" for kind in KINDS if _chosen(narrowing, kind, parameters)
    ]
    where = _conditions(query, parameters, wide=wide)
    chosen = [kind for kind in KINDS if getattr(narrowing, kind)]
    kept = " AND ".join(f"is_{kind}" for kind in chosen) or "TRUE"
    counts = [_count(kind, [other for other in chosen if other != kind]) for kind in KINDS]
    parameters += [page, PER_PAGE, PER_PAGE, PER_PAGE]
    columns = ", ".join(
        [
            "post_id",
            "bureau_id",
            "gained",
            "required",
            "grade",
            "place",
            "released_on",
            rank,
            *flags,
        ]
    )
    statement = f"""
        WITH hit AS MATERIALIZED (SELECT {columns} FROM postings_searchentry WHERE {where}),
        kept AS (SELECT post_id, rank, released_on FROM hit WHERE {kept}),
        total AS (SELECT count(*) AS number FROM kept),
        turned AS (SELECT greatest(1, least(%s, (number + %s - 1) / %s)) AS page FROM total)
        SELECT (SELECT count(*) FROM hit), (SELECT number FROM total), (SELECT page FROM turned),
            (SELECT array_agg(post_id ORDER BY {_ORDER[order]}) FROM (
                SELECT * FROM kept ORDER BY {_ORDER[order]}
                LIMIT {PER_PAGE} OFFSET (SELECT (page - 1) * %s FROM turned)
            ) page),
            {", ".join(counts)}
    """  # noqa: S608  only names and fixed fragments of this module are put together here
    return statement, parameters


def _rank(query: Query, parameters: list[Any]) -> str:
    """How close a post is: by the weights of the words it holds, above all by whether title or section say them."""
    if not query:
        return "0 AS rank"
    said = []
    for asked in query.asked:
        parameters.append([f"%{_literally(way.text)}%" for way in asked.ways])
        said.append("(heading LIKE ANY(%s))::int")
    parts = [" + ".join(said)]
    if query.ranking:
        parameters += [WEIGHTS, query.ranking]
        parts.append("ts_rank(%s::real[], words, %s::tsquery, 1)")
    return f"{' + '.join(parts)} AS rank"


def _literally(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _chosen(narrowing: Narrowing, kind: str, parameters: list[Any]) -> bool:
    values: Sequence[Any] = getattr(narrowing, kind)
    if values:
        parameters.append(list(values))
    return bool(values)


def _conditions(query: Query, parameters: list[Any], *, wide: bool) -> str:
    conditions = []
    for words, pairs in query.conditions(wide=wide):
        either = []
        for column, tsquery in (("words", words), ("pairs", pairs)):
            if tsquery:
                parameters.append(tsquery)
                either.append(f"{column} @@ %s::tsquery")
        conditions.append(f"({' OR '.join(either)})")
    return " AND ".join(conditions) or "TRUE"


def _count(kind: str, others: Sequence[str]) -> str:
    where = " AND ".join(f"is_{other}" for other in others) or "TRUE"
    return f"""(SELECT jsonb_object_agg(value, number) FROM (
        SELECT {_VALUE[kind]} AS value, count(*) AS number FROM hit WHERE {where} GROUP BY 1
    ) counted)"""  # noqa: S608  see above
