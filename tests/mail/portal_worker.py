"""A real Celery worker on a database and a broker of its own, with mails in its outbox."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from psycopg import sql

from career_portal.celery import app
from career_portal.local.bootstrap import PROJECT
from career_portal.local.up import celery
from tests.waiting import wait_for

QUEUE = """
import django
django.setup()
from django.db import transaction
from career_portal.mail.services import queue_mails
from tests.mail.drafts import drafts
with transaction.atomic():
    queue_mails(drafts({count}))
"""
BLOCKED = """
    select count(*) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'
"""
DEAD_BROKER = "redis://127.0.0.1:1/0"
SECONDS = 60


class PortalWorker:
    """`directory` takes its log."""

    def __init__(self, directory):
        database = settings.DATABASES["default"]
        self.server = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/postgres".format_map(database)
        self.name = f"mail_{os.getpid()}"
        self.database_url = urlunsplit(urlsplit(self.server)._replace(path=f"/{self.name}"))
        self.broker_url = urlsplit(settings.CELERY_BROKER_URL)._replace(path="/9").geturl()
        self.log = Path(directory) / "worker.log"
        self.process = None
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "career_portal.settings.local",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.broker_url,
            "PORTAL_DATA_DIR": str(directory),
            "PORTAL_SECRET_KEY": "only for workers in tests, and long enough for that",
            "PYTHONPATH": str(PROJECT),
        }

    def prepare(self):
        """Make the database; whatever it held before is gone."""
        self._on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._on_server("CREATE DATABASE {}")
        self.run("-m", "django", "migrate", "--verbosity=0")

    def empty(self):
        """An outbox, a mailbox, a broker and a log with nothing in them."""
        self.log.write_text("")
        self.run("-m", "celery", "--app=career_portal", "purge", "--force")
        with psycopg.connect(self.database_url) as connection:
            connection.execute("truncate mail_outgoingmail, mail_localmail cascade")

    def clean_up(self):
        if self.process:
            self.kill()
        self._on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)")

    def _on_server(self, statement):
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(self.name)))

    def run(self, *arguments, **variables):
        """Run Python to its end, and return what it logged."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stderr

    def queue(self, count, **variables):
        """Queue so many mails, as a service of the portal does."""
        return self.run("-c", QUEUE.format(count=count), **variables)

    def start(self):
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *celery("worker", "--concurrency=1")],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def nudge(self):
        """Start a delivery, as the schedule does every minute."""
        with app.connection_for_write(self.broker_url) as connection:
            app.send_task("career_portal.mail.tasks.deliver_mails", connection=connection)

    def kill(self):
        """End the worker and its children at once, wherever they are."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def child(self):
        """The process of the worker that runs the tasks."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(children[0])

    def rows(self, query, *values):
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(query, values).fetchall()

    @contextmanager
    def stuck_at(self, number):
        """Whoever delivers the mail of that number waits in the middle of it; until the block ends."""
        with psycopg.connect(self.database_url) as connection:
            # The same message id, not yet committed: the database lets the other one wait for our decision.
            connection.execute(
                "insert into mail_localmail (message_id, sender, recipient, subject, body)"
                " select message_id, '', '', '', '' from mail_outgoingmail where recipient_id = %s",
                [number],
            )
            yield lambda: wait_for(lambda: self.rows(BLOCKED) == [(1,)], seconds=SECONDS)
            connection.rollback()

    def sent(self):
        """The persons whose mail counts as sent, and those whose mail arrived, as often as it did."""
        return tuple(
            sorted(number for (number,) in self.rows(query))
            for query in (
                "select recipient_id from mail_outgoingmail where state = 'sent'",
                "select substring(recipient from '[0-9]+')::int from mail_localmail",
            )
        )

    def wait_until_sent(self, count):
        wait_for(lambda: len(self.sent()[0]) == count, seconds=SECONDS)

    def faults(self):
        """Lines of the worker's log about something that went wrong in a task."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line[:1] == "{"]
        return [line for line in lines if "fault" in line]
