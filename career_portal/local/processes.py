"""Child processes of the local stack, and those that an earlier start left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from career_portal.local.bootstrap import PROJECT
from career_portal.local.database_account import Account
from career_portal.local.progress import Refusal

# Every child of ``up`` carries the data directory under this name in its environment.
MARK = "CAREER_PORTAL_STACK"
PROC = Path("/proc")
SERVER_PROGRAMS = ("postgres", "valkey-", "redis-")
LONGEST_LOG = 5_000_000  # bytes; a longer one is moved aside at the next start


@dataclass
class Child:
    """One process in a session of its own: a Ctrl-C at the terminal reaches only its parent."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    directory: Path = PROJECT
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0  # seconds until a stop becomes a kill
    text_on_stdin: str = ""
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=self.directory,
                stdin=subprocess.PIPE if self.text_on_stdin else subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
            )
        if self.process.stdin:
            with self.process.stdin as stdin:
                stdin.write(self.text_on_stdin.encode())

    def start_again(self) -> None:
        """Start after a death, when parts of the old session may still hold a port."""
        self.kill_group()
        self.start()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        self.ask_to_stop()
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience)
        self.kill_group()
        self.process.wait()

    def kill_group(self) -> None:
        """Kill what is left of the session, whose number is the first process's."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def wait_until(self, ready: Callable[[], bool], *, seconds: float, every: float = 0.03) -> None:
        """Raise ``Refusal`` with the end of the log if it dies or takes too long."""
        deadline = time.monotonic() + seconds
        while self.is_running and time.monotonic() < deadline:
            if ready():
                return
            time.sleep(every)
        trouble = "did not answer in time" if self.is_running else "ended at once"
        self.stop()
        raise Refusal(f"{self.name} {trouble}. The end of {self.log}:\n{self.last_lines()}")

    def last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def clean_environment() -> dict[str, str]:
    """Return the environment without what would point database clients elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "PYTHONPATH": str(PROJECT), "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


def marked(data_directory: Path) -> list[int]:
    """Return what a killed ``up`` left running on this data directory, the servers excepted."""
    mark = os.fsencode(f"{MARK}={data_directory}")
    return [pid for pid in _process_ids() if pid != os.getpid() and _has_mark(pid, mark)]


def servers_in(directory: Path) -> list[int]:
    """Return the database or broker processes that stand in this directory.

    They write their titles over their environment, so that no mark can be read.
    """
    return [pid for pid in _process_ids() if _is_server_in(pid, directory)]


def end(found: Callable[[], list[int]], *, patience: float = 5.0) -> None:
    """Ask the processes to leave, kill those that stay. Without /proc none are ever found."""
    for pid in found():
        _send(pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while left := found():
        if time.monotonic() > deadline:
            for pid in left:
                _send(pid, signal.SIGKILL)
        time.sleep(0.05)


def _process_ids() -> Iterable[int]:
    return [int(entry.name) for entry in PROC.glob("[0-9]*")] if PROC.is_dir() else []


def _has_mark(pid: int, mark: bytes) -> bool:
    try:
        return mark in (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _is_server_in(pid: int, directory: Path) -> bool:
    try:
        here = (PROC / str(pid) / "cwd").readlink()
        program = (PROC / str(pid) / "exe").readlink()
    except OSError:
        return False
    return here == directory and program.name.startswith(SERVER_PROGRAMS)


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
