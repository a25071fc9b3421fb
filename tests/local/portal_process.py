"""A whole portal, started by the command that people use."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import urllib.request
from contextlib import suppress
from itertools import chain
from pathlib import Path

from career_portal.local.bootstrap import PROJECT
from career_portal.local.broker import Broker
from career_portal.local.data_directory import DataDirectory
from career_portal.local.postgres import Postgres, free_port
from career_portal.local.processes import marked, servers_in

# What ``manage.py test`` sets for its own servers must not reach the portal under test.
SET_BY_TESTS = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "PORTAL_DATA_DIR"}
SECONDS_TO_START = 120
SECONDS_TO_STOP = 40


class PortalProcess:
    def __init__(self, directory):
        self.data = DataDirectory(directory)
        self.port = free_port()
        self.process = None
        self.printed = []
        self._lines = None

    def start(self, *options, **variables):
        self._lines = queue.SimpleQueue()
        self.process = subprocess.Popen(
            [*self.command("up"), f"--port={self.port}", *options],
            env={**self.environment(), **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        reading = [self.process.stdout, self._lines]
        threading.Thread(target=self._read, args=reading, daemon=True).start()
        self.wait_for_line("ready: ")
        return self

    def command(self, *arguments):
        return [
            sys.executable,
            str(PROJECT / "manage.py"),
            *arguments,
            f"--data-dir={self.data.path}",
        ]

    def run(self, *arguments, **variables):
        """Run another command on the same data directory to its end."""
        return subprocess.run(
            self.command(*arguments),
            env={**self.environment(), **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def environment(self):
        return {name: value for name, value in os.environ.items() if name not in SET_BY_TESTS}

    def _read(self, stream, lines):
        with stream:
            for line in stream:
                lines.put(line.rstrip("\n"))
        lines.put(None)

    def wait_for_line(self, start):
        while True:
            line = self._lines.get(timeout=SECONDS_TO_START)
            if line is None:
                raise AssertionError("The portal ended:\n" + "\n".join(self.printed))
            self.printed.append(line)
            if line.startswith(start):
                return line

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self):
        return json.loads(self.data.environment_file.read_text())["DATABASE_URL"]

    def answers(self):
        try:
            with urllib.request.urlopen(f"{self.address}/health/", timeout=5) as response:  # noqa: S310  own address
                return response.status == 200
        except OSError:
            return False

    def processes(self):
        """Return the command line of every process of this portal by its number, but ``up``."""
        found = {}
        servers = (Postgres(self.data, None).cluster, Broker(self.data).directory)
        for pid in chain(marked(self.data.path), *map(servers_in, servers)):
            with suppress(OSError):
                found[pid] = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        return found

    def first(self, part):
        """Return the oldest process whose command line has this part: the parent of its kind."""
        return min((pid for pid, line in self.processes().items() if part in line), default=None)

    def stop(self, number=signal.SIGTERM):
        if self.process is None:
            return None
        self.process.send_signal(number)
        return self.process.wait(SECONDS_TO_STOP)

    def clean_up(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(SECONDS_TO_STOP)
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
