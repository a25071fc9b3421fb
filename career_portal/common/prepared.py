"""Querysets put into SQL once per process and planned once per connection, for the few that every page runs.

Building a queryset with subqueries, and planning it, costs several times what answering it does. The rule stays where it
is, in the queryset; only its translation is kept. It is built with markers in place of its values; where
they ended up become the parameters of a prepared statement.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import count
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.models import Model, QuerySet
from psycopg import sql

M = TypeVar("M", bound=Model)

Value = int | datetime.date

# A day that no period begins or ends on, to stand for a day.
MARKER_DAY = datetime.date(9, 9, 9)

_numbers = count(1)
# The statements that each database connection already knows.
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class PreparedQuery(Generic[M]):
    """A queryset as a function of numbers and days.

    `build` takes the values by name and must put each of them into the query unchanged. A marker is
    a value of the same kind that stands for nothing else in the query, and within the range of its
    column.
    """

    def __init__(self, build: Callable[..., QuerySet[M, Any]], markers: dict[str, Value]) -> None:
        self._build = build
        self._markers = markers
        self._name = f"portal_{next(_numbers)}"

    def rows(self, **values: Value) -> list[tuple[Any, ...]]:
        """The rows as the database gives them (JSON as text), for a queryset of `values_list`."""
        with connection.cursor() as cursor:
            self._prepare(cursor)
            cursor.execute(self._call, self._arguments(values))
            return list(cursor.fetchall())

    def objects(self, **values: Value) -> Iterator[M]:
        """The rows as objects of the model, with their annotations."""
        with connection.cursor() as cursor:
            self._prepare(cursor)
        manager = self._queryset.model._default_manager  # noqa: SLF001  the model is generic
        return iter(manager.raw(self._call, self._arguments(values)))

    @cached_property
    def _queryset(self) -> QuerySet[M, Any]:
        return self._build(**self._markers)

    @cached_property
    def _statement(self) -> str:
        """The queryset as PREPARE takes it. Raises ValueError where a value is not in the query."""
        text, found = self._queryset.query.sql_with_params()
        places = {marker: number for number, marker in enumerate(self._markers.values(), 1)}
        missing = [name for name, marker in self._markers.items() if marker not in found]
        if missing:
            raise ValueError(f"not found in the prepared query: {', '.join(missing)}")
        holes = text.replace("{", "{{").replace("}", "}}").replace("%s", "{}").replace("%%", "%")
        filled = sql.SQL(holes).format(
            *(
                sql.SQL(f"${places[value]}") if _is_marker(value, places) else sql.Literal(value)
                for value in found
            )
        )
        types = ", ".join("date" if _is_day(marker) else "bigint" for marker in places)
        return f"PREPARE {self._name} ({types}) AS {filled.as_string(connection.connection)}"

    @cached_property
    def _call(self) -> str:
        return f"EXECUTE {self._name} ({', '.join(['%s'] * len(self._markers))})"

    def _arguments(self, values: dict[str, Value]) -> list[Value]:
        return [values[name] for name in self._markers]

    def _prepare(self, cursor: Any) -> None:
        known = _known.setdefault(connection.connection, set())
        if self._name not in known:
            # Literals are in place: nothing is left for the driver to fill in.
            cursor.execute(self._statement, None)
            known.add(self._name)


def _is_day(value: object) -> bool:
    return isinstance(value, datetime.date)


def _is_marker(value: object, places: dict[Value, int]) -> bool:
    return isinstance(value, int | datetime.date) and value in places
