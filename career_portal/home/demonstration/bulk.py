"""Rows written by COPY, with ids given out beforehand."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max
from psycopg import sql

ROWS_AT_ONCE = 20_000


class BulkTable:
    """The rows of one model on their way into its table.

    Ids follow the highest id in the table. Rows may refer to rows of other tables that are not written yet: foreign
    keys are checked at the end of the transaction.
    """

    def __init__(self, model: type[models.Model], *fields: str) -> None:
        self.model = model
        options = model._meta
        columns = [str(options.get_field(name).column) for name in ("id", *fields)]  # type: ignore[union-attr]  # concrete fields only
        self._statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(options.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        highest = models.QuerySet(model).aggregate(highest=Max("id"))["highest"]
        self.next_id = int(highest or 0) + 1
        self._rows: list[tuple[Any, ...]] = []

    def add(self, *values: Any) -> int:
        """Take in a row and give its id."""
        row_id = self.next_id
        self.next_id += 1
        self._rows.append((row_id, *values))
        if len(self._rows) >= ROWS_AT_ONCE:
            self.flush()
        return row_id

    def flush(self) -> None:
        """Write what has been taken in."""
        with (
            connection.wrap_database_errors,
            connection.cursor() as cursor,
            cursor.copy(self._statement) as copy,
        ):
            for row in self._rows:
                copy.write_row(row)
        self._rows.clear()


def history_triggers() -> list[str]:
    """The triggers that keep the change history, by the names under which they can be switched off."""
    return [
        f"{model._meta.label}:{trigger.name}"
        for model, trigger in pgtrigger.registered()
        if trigger.name in {"insert_insert", "update_update"}
    ]


def silence_history_for_copy() -> None:
    """Carry the switched-off history over to COPY, which does not pass through Django's statements.

    To be called inside `pgtrigger.ignore` and the transaction: any statement sets the transaction's variable.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def settle(tables: list[type[models.Model]]) -> None:
    """Let sequences go on behind the ids given out, and let the planner know the new sizes."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
