"""Postgres, broker, worker and beat of their own under supervision, and a process that starts releases of twelve sheets."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psycopg
from django.db import connection

from career_portal.local.bootstrap import PROJECT
from career_portal.local.processes import Child
from career_portal.local.stack import Stack
from career_portal.local.supervisor import Supervisor, Watched
from career_portal.local.up import celery
from tests.waiting import wait_for

SETTINGS = "tests.local.drill_settings"
SHEETS = 12
SOME = 3
PROCESSES = 2
SECONDS = 120
START_RELEASES = """
import sys
import django
django.setup()
from django.db import connection
from tests.factories import feedback
tree = {f"局{b}": {f"課{b}{s}": 20 + s for s in range(3)} for b in range(2)}
tree["大臣官房"] = {"秘書課": 20, "総務課": 30}
for year in sys.stdin:
    made = feedback.freeze(tree, feedback.closed_round(int(year)))
    print(feedback.release(made).pk, flush=True)
    connection.close()
"""
STATES = "select state, count(*) from surveys_feedbacksheet where release_id = %s group by state"
ROWS = (
    "select unit_id, state, attempts, file, digest, size from surveys_feedbacksheet"
    " where release_id = %s order by id"
)


class SheetStack:
    """`data` takes the servers' files, the logs and the sheets."""

    def __init__(self, data, account):
        self.stack = Stack(data, account, settings=SETTINGS)
        self.media = data.path / "media"
        self.children = {}
        self._supervisor = Supervisor()
        self._watch = None
        self._starter = None
        self._year = 2030

    @property
    def postgres(self):
        return self.stack.postgres.child

    @property
    def broker(self):
        return self.stack.broker.child

    @property
    def worker(self):
        return self.children["worker"]

    def start(self):
        self.stack.postgres.start()
        self._fill_database()
        self.stack.broker.start()
        environment = {**self.stack.environment(), **self.stack.marks}
        self._starter = subprocess.Popen(
            [sys.executable, "-P", "-c", START_RELEASES],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._start("worker", environment, f"--concurrency={PROCESSES}")
        schedule = self.stack.data.path / "run" / "beat-schedule"
        self._start("beat", environment, f"--schedule={schedule}", "--max-interval=1")
        servers = (self.stack.postgres, self.stack.broker)
        watched = [Watched(server.child, server.start_again) for server in servers]
        watched += [Watched(child, child.start_again) for child in self.children.values()]
        # As in the portal itself: a worker may end when its broker does, and somebody has to start it again.
        self._watch = threading.Thread(target=self._supervisor.watch, args=[watched])
        self._watch.start()
        return self

    def _fill_database(self):
        """Take the tables of the tests' database over: to make them again would take longer than a drill."""
        programs = self.stack.postgres.binaries()
        source = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}"
        dump = subprocess.run(
            [programs / "pg_dump", "-Fc", source.format_map(connection.settings_dict)],
            capture_output=True,
            check=True,
        )
        subprocess.run(
            [programs / "pg_restore", "--exit-on-error", f"--dbname={self.stack.postgres.url}"],
            input=dump.stdout,
            check=True,
        )

    def _start(self, name, environment, *options):
        child = Child(
            name=name,
            command=[sys.executable, "-P", "-m", *celery(name, *options)],
            environment=environment,
            log=self.stack.data.logs / f"{name}.log",
        )
        child.start()
        self.children[name] = child

    def clean_up(self):
        if self._watch:
            self._supervisor.stop_asked.set()
            self._watch.join()
        if self._starter:
            self._starter.kill()
            self._starter.communicate()
        for child in self.children.values():
            child.kill_group()
            child.process.wait()
        self.stack.broker.stop()
        self.stack.postgres.stop()

    def release(self):
        """Start a release as the feedback admin does; its id."""
        self._year += 1
        print(self._year, file=self._starter.stdin, flush=True)
        return int(self._starter.stdout.readline())

    def rows(self, query, *values):
        """Ask the database, once it answers."""
        with wait_for(self._connected, seconds=SECONDS) as ours:
            return ours.execute(query, values).fetchall()

    def _connected(self):
        with suppress(psycopg.OperationalError):
            return psycopg.connect(self.stack.postgres.url, autocommit=True)

    def states(self, release):
        """How many sheets are in each state."""
        return Counter(dict(self.rows(STATES, release)))

    def wait_until_made(self, release):
        query = "select state from surveys_feedbackrelease where id = %s"
        wait_for(lambda: self.rows(query, release) == [("made",)], seconds=SECONDS)

    def worker_processes(self):
        """The processes of the worker that run tasks."""
        pid = self.worker.process.pid
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]

    def held_in_the_middle(self, release):
        """Hold these processes still at an instant at which each makes a sheet, some sheets are there and some wait."""

        def held():
            if self.states(release)["done"] < SOME:
                return None
            processes = self.worker_processes()
            send(signal.SIGSTOP, processes)
            states = self.states(release)
            if states["working"] == PROCESSES == len(processes) and states["queued"]:
                return processes
            send(signal.SIGCONT, processes)
            return None

        return wait_for(held, seconds=SECONDS)

    def most_attempts(self, release):
        return max(attempts for _, _, attempts, *_ in self.sheets(release))

    def files(self, release):
        """Everything that lies in the folder of a release: names as rows have them, and contents."""
        found = (path for path in (self.media / "feedback" / str(release)).rglob("*"))
        return {str(path.relative_to(self.media)): path.read_bytes() for path in found}

    def sheets(self, release):
        return self.rows(ROWS, release)

    def faults(self, release):
        """What is not as it should be after a release was made: nothing."""
        rows, files = self.sheets(release), self.files(release)
        faults = [f"{row}" for row in rows if row[1] != "done"]
        if len({row[0] for row in rows}) != SHEETS or len(rows) != SHEETS:
            faults.append(f"{len(rows)} rows")
        if sorted(files) != sorted(row[3] for row in rows):
            faults.append(f"{sorted(files)} in the storage")
        for _, _, _, name, digest, size in rows:
            content = files.get(name, b"")
            is_whole = content[:5] == b"%PDF-" and content.rstrip().endswith(b"%%EOF")
            found = hashlib.sha256(content).hexdigest(), len(content)
            if not is_whole or found != (digest, size):
                faults.append(f"{name} is not what was made")
        return faults


def send(number, processes):
    """Send a signal to processes, of which one may have ended meanwhile."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)
