"""Who changed a tracked row, beside the change itself.

pghistory hands the actor to the database's triggers in front of every writing statement. Most
statements of the portal write rows without a history, drafts above all, every few seconds for
thousands of people; in front of those the handing over is left out.
"""

import re
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache, partial
from typing import Any, Self

import pghistory
from django.apps import apps
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

WRITING_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
WRITTEN_TABLE = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "([^"]+)"')
# Bookkeeping of transactions, and the prepared queries (`common/prepared.py`), which only read.
WRITES_NO_ROW = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "PREPARE", "EXECUTE")

Execute = Callable[..., Any]


@cache
def tracked_tables() -> frozenset[str]:
    """The tables whose changes the database writes down."""
    tracked = {getattr(model, "pgh_tracked_model", None) for model in apps.get_models()}
    return frozenset(model._meta.db_table for model in tracked if model is not None)


def needs_actor(sql: str) -> bool:
    """Whether a statement may change a tracked row; what is not recognised may."""
    written = WRITTEN_TABLE.match(sql)
    if written:
        return written[1] in tracked_tables()
    return not sql.startswith(WRITES_NO_ROW)


def hand_over_where_needed(
    hand_over: Execute, execute: Execute, sql: str, params: Any, many: bool, context: Any
) -> Any:
    """Run one statement, with the actor in front of it if a history may need him."""
    if needs_actor(sql):
        return hand_over(execute, sql, params, many, context)
    return execute(sql, params, many, context)


class ActorContext(pghistory.context):
    """pghistory's context, for the statements that need it."""

    def __enter__(self) -> Self:
        super().__enter__()  # type: ignore[no-untyped-call]  # pghistory leaves it untyped
        wrappers = connection.execute_wrappers
        wrappers[-1] = partial(hand_over_where_needed, wrappers[-1])
        return self


class HistoryMiddleware:
    """Give changes of tracked rows their actor: the person's id and the route, nothing typed.

    The database keeps both once per request, and only when a tracked row really changes. The
    person is known from the sign-in check, which runs before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with ExitStack() as scope:
            request.history_scope = scope  # type: ignore[attr-defined]  # handed to process_view
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *arguments: object) -> None:
        """Open the context once the route is known."""
        match = request.resolver_match
        if request.method not in WRITING_METHODS or match is None:
            return
        if request.user.is_authenticated:
            scope: ExitStack = request.history_scope  # type: ignore[attr-defined]  # set above
            scope.enter_context(ActorContext(user=request.user.pk, route=match.view_name))
