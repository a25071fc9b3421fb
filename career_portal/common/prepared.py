"""Querysets put into SQL once per process, for the few that every page runs.

Building a queryset with subqueries costs the web process several times what Postgres needs to answer it. The rule stays where
it is, in the queryset; only its translation is kept. A prepared query is built with markers in place of its values, and
run with the values put where the markers ended up.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

Value = int | datetime.date


class PreparedQuery(Generic[M]):
    """A queryset as a function of numbers and days, translated when it is first run.

    `build` takes the values by name and must put each of them into the query unchanged. A marker is a value of the same kind that stands for
    nothing else in the query, and within the range of its column.
    """

    def __init__(self, build: Callable[..., QuerySet[M, Any]], markers: dict[str, Value]) -> None:
        self._build = build
        self._markers = markers

    @cached_property
    def _statement(self) -> tuple[type[M], str, tuple[Any, ...]]:
        queryset = self._build(**self._markers)
        text, parameters = queryset.query.sql_with_params()
        missing = [name for name, marker in self._markers.items() if marker not in parameters]
        if missing:
            raise ValueError(f"not found in the prepared query: {', '.join(missing)}")
        return queryset.model, text, parameters

    def _parameters(self, values: dict[str, Value]) -> tuple[Any, ...]:
        given = {marker: values[name] for name, marker in self._markers.items()}
        return tuple(
            given.get(parameter, parameter)
            if isinstance(parameter, int | datetime.date)
            else parameter
            for parameter in self._statement[2]
        )

    def rows(self, **values: Value) -> list[tuple[Any, ...]]:
        """The rows as the database gives them (JSON as text), for a queryset of `values_list`."""
        with connection.cursor() as cursor:
            cursor.execute(self._statement[1], self._parameters(values))
            return list(cursor.fetchall())

    def objects(self, **values: Value) -> Iterator[M]:
        """The rows as objects of the model, with their annotations."""
        model, text, _ = self._statement
        return iter(model._default_manager.raw(text, self._parameters(values)))  # noqa: SLF001  the model is generic


# A day that no period begins or ends on, to stand for a day.
MARKER_DAY = datetime.date(9, 9, 9)
