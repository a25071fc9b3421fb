"""Where one local stack keeps its database, secrets, logs and files, and who holds it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from career_portal.local.bootstrap import PROJECT
from career_portal.local.database_account import Account, can_enter
from career_portal.local.progress import Refusal

DEFAULT = PROJECT / ".data"
ELSEWHERE = Path("/var/lib/career-portal")
MARK = "career-portal-data"


@dataclass(frozen=True)
class DataDirectory:
    path: Path

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def demo_mark(self) -> Path:
        """Exists once the demonstration is loaded; holds a digest of its sign-ins' password."""
        return self.path / "demonstration-loaded"

    @property
    def environment_file(self) -> Path:
        """Addresses of the running servers, for commands started beside them."""
        return self.path / "environment.json"

    def prepare(self) -> None:
        """Make the directory, or refuse one that holds something else."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if not (self.path / MARK).exists():
                if any(self.path.iterdir()):
                    raise Refusal(f"{self.path} holds other files: choose an empty --data-dir.")
                # The database account passes through here to its own directory.
                self.path.chmod(0o711)
                (self.path / MARK).touch(mode=0o600)
            for name in ("logs", "media", "secrets", "run"):
                (self.path / name).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Refusal(f"The data directory {self.path}: {error.strerror}.") from error

    def hold(self) -> IO[str] | None:
        """Return a lock that lasts as long as the process, or ``None`` if another one has it."""
        return _lock(self.path / "held", fcntl.LOCK_EX | fcntl.LOCK_NB)

    def join(self) -> IO[str]:
        """Return a lock that keeps the servers up which another process started."""
        handle = _lock(self.path / "joined", fcntl.LOCK_SH | fcntl.LOCK_NB)
        if handle is None:
            raise Refusal("Another command is just stopping the servers: try again in a moment.")
        return handle

    @contextmanager
    def until_nobody_joins(self) -> Iterator[None]:
        """Wait, at the end, for the commands that use our servers."""
        try:
            yield
        finally:
            handle = _lock(self.path / "joined", fcntl.LOCK_EX)
            if handle:
                handle.close()

    def secret(self, name: str, make: Callable[[], str] = secrets.token_hex) -> str:
        """Return a random secret that is made on first use."""
        file = self.path / "secrets" / name
        if not file.exists():
            self.keep_secret(name, make())
        return file.read_text(encoding="utf-8")

    def keep_secret(self, name: str, value: str) -> None:
        file = self.path / "secrets" / name
        write_private(file, value)

    def empty(self) -> None:
        """Delete everything but the mark and the locks of whoever is running."""
        for entry in self.path.iterdir():
            if entry.name in {MARK, "held", "joined"}:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()


def choose(explicit: str | None, account: Account | None) -> DataDirectory:
    """Find the directory: option, then ``PORTAL_DATA_DIR``, then the default."""
    wanted = explicit or os.environ.get("PORTAL_DATA_DIR")
    path = Path(wanted).expanduser().resolve() if wanted else DEFAULT
    if can_enter(path, account):
        return DataDirectory(path)
    if wanted:
        name = account.name if account else ""
        raise Refusal(
            f"The database runs as {name}, who cannot enter {path}. Choose another --data-dir, "
            "or allow others to pass through the directories above it (chmod o+x)."
        )
    checkout = hashlib.sha256(os.fsencode(PROJECT)).hexdigest()[:12]
    return DataDirectory(ELSEWHERE / checkout)


def write_private(file: Path, value: str) -> None:
    """Write whole or not at all, readable by the owner only."""
    temporary = file.with_name(f"{file.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(value)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(file)


def _lock(file: Path, kind: int) -> IO[str] | None:
    handle = file.open("a")
    try:
        fcntl.flock(handle, kind)
    except BlockingIOError:
        handle.close()
        return None
    return handle
