"""The two servers of one data directory, started for whoever holds it."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from career_portal.local.broker import Broker
from career_portal.local.data_directory import DataDirectory, write_private
from career_portal.local.database_account import Account
from career_portal.local.postgres import Postgres
from career_portal.local.processes import MARK, clean_environment, end, marked, servers_in
from career_portal.local.progress import Refusal

SETTINGS = "career_portal.settings.local"
TYPABLE = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass
class Stack:
    data: DataDirectory
    account: Account | None
    settings: str = SETTINGS
    careless: bool = False
    postgres: Postgres = field(init=False)
    broker: Broker = field(init=False)

    def __post_init__(self) -> None:
        self.postgres = Postgres(self.data, self.account, careless=self.careless)
        self.broker = Broker(self.data)

    @property
    def marks(self) -> dict[str, str]:
        return {MARK: str(self.data.path)}

    def environment(self) -> dict[str, str]:
        """Return what Django needs to work on this stack."""
        inherited = clean_environment()
        return {
            **inherited,
            # `manage.py dbshell` finds the client that fits the server.
            "PATH": f"{self.postgres.binaries()}{os.pathsep}{inherited.get('PATH', '')}",
            "DJANGO_SETTINGS_MODULE": self.settings,
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.broker.url,
            "PORTAL_DATA_DIR": str(self.data.path),
            "PORTAL_SECRET_KEY": self.data.secret("secret-key"),
            "PORTAL_DEMO_PASSWORD": demo_password(self.data),
        }

    def end_leftovers(self) -> None:
        """End what a killed start left behind, the clients before their database."""
        end(lambda: marked(self.data.path))
        if not self.broker.given_url:
            end(lambda: servers_in(self.broker.directory))
        end(lambda: servers_in(self.postgres.cluster))

    @contextmanager
    def running(self) -> Iterator[dict[str, str]]:
        """Start both servers and stop them at the end, whatever happens in between."""
        self.end_leftovers()
        try:
            self.postgres.start()
            self.broker.start()
            environment = self.environment()
            shared = {name: environment[name] for name in ("DATABASE_URL", "REDIS_URL")}
            write_private(self.data.environment_file, json.dumps(shared))
            yield environment
        finally:
            self.data.environment_file.unlink(missing_ok=True)
            self.broker.stop()
            self.postgres.stop()


def join(stack: Stack) -> dict[str, str]:
    """Return the environment of servers that another process of this data directory runs."""
    if not stack.data.environment_file.exists():
        raise Refusal("Another command is just starting the servers: try again in a moment.")
    shared = json.loads(stack.data.environment_file.read_text(encoding="utf-8"))
    return {**stack.environment(), **shared}


def demo_password(data: DataDirectory) -> str:
    """Return the password of the demonstration sign-ins; a given one is kept for later starts."""
    given = os.environ.get("PORTAL_DEMO_PASSWORD")
    if given:
        data.keep_secret("demo-password", given)
        return given
    return data.secret("demo-password", make=typable_password)


def typable_password() -> str:
    """Return 16 characters in groups, none of which looks like another."""
    groups = ("".join(secrets.choice(TYPABLE) for _ in range(4)) for _ in range(4))
    return "-".join(groups)
