"""System checks that look into the database: `check --database default`, and every `migrate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from career_portal.staff.models import User


@register(Tags.database)
def no_demonstration_accounts(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a database with demonstration accounts where the settings do not allow them."""
    if settings.DEMO_ACCOUNTS_ALLOWED:
        return []
    return [
        Error(
            "The database holds demonstration accounts, whose password is known.",
            hint="Production starts on a database of its own; nothing turns a demonstration into it.",
            id="staff.E001",
        )
        for alias in databases or ()
        if holds_demonstration_accounts(alias)
    ]


def holds_demonstration_accounts(alias: str) -> bool:
    """Whether the database has such an account; an empty one, before its migrations, has none."""
    connection = connections[alias]
    if User._meta.db_table not in connection.introspection.table_names():
        return False
    found: bool = User.objects.using(alias).filter(is_demonstration=True).exists()
    return found
