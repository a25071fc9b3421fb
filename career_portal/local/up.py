"""``manage.py up``: the whole portal on this machine, from nothing to a page that answers."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import http.client
import os
import socket
import sys
from dataclasses import dataclass, field

from career_portal.local import data_directory, system_packages
from career_portal.local.bootstrap import PROJECT
from career_portal.local.data_directory import write_private
from career_portal.local.database_account import database_account
from career_portal.local.processes import Child
from career_portal.local.progress import Refusal, step
from career_portal.local.stack import Stack
from career_portal.local.supervisor import Supervisor, Watched, stop_together

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  compared with, not bound to
SERVING_SECONDS = 60
DEMO_PEOPLE = 6000
# The launcher knows no app: a test holds these words to those of the sign-in page.
SIGN_INS = {
    "shokuin": "職員",
    "joushi": "課室長",
    "kounin": "次の課室長",
    "hosa": "課室長の代理",
    "henshu": "編集担当",
    "jinji": "人事当局",
    "jinji2": "人事当局 2",
    "shukei": "集計担当",
    "mentor": "メンター",
    "kansa": "監査",
    "kanri": "システム管理",
}


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data-dir", help="default: PORTAL_DATA_DIR, else .data in the project")
    parser.add_argument("--people", type=int, help=f"size of the demonstration ({DEMO_PEOPLE:,})")
    parser.add_argument("--without-demo", action="store_true", help="leave the portal empty")
    parser.add_argument("--reset", action="store_true", help="delete this data directory first")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    refuse_production()
    account = database_account()
    data = data_directory.choose(options.data_dir, account)
    data.prepare()
    held = data.hold()
    if held is None:
        raise Refusal(f"The portal, or a command of it, already runs on {data.path}.")
    with held:
        stack = Stack(data, account)
        stack.end_leftovers()
        refuse_occupied(options.host, options.port)
        if options.reset:
            with step("deleting the data directory"):
                data.empty()
                data.prepare()
        return Portal(stack, options).run()


def refuse_production() -> None:
    settings = os.environ.get("DJANGO_SETTINGS_MODULE", "")
    if settings.endswith(".production"):
        raise Refusal("`up` serves a demonstration and never runs over production settings.")


def refuse_occupied(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refusal(
                f"Port {port} of {host} cannot be used ({error.strerror}). Choose another --port."
            ) from error


@dataclass
class Portal:
    """The servers of the data directory, and on them the web, worker and beat processes."""

    stack: Stack
    options: argparse.Namespace
    supervisor: Supervisor = field(default_factory=Supervisor)
    children: list[Child] = field(default_factory=list)

    def run(self) -> int:
        self.supervisor.listen()
        print(f"Career portal in {self.stack.data.path}", flush=True)
        self._check_system_libraries()
        with contextlib.ExitStack() as stack:
            with step("database and broker"):
                environment = stack.enter_context(self.stack.running())
            environment |= self.stack.marks | {
                "PORTAL_ALLOWED_HOSTS": self._allowed_hosts(),
                "PORTAL_PUBLIC_ADDRESS": f"http://{self.address}",
            }
            stack.callback(lambda: stop_together(self.children))
            self._prepare(environment)
            if self.supervisor.stop_asked.is_set():
                return 0
            with step("web, worker and beat"):
                self._start(environment)
            self._announce()
            self.supervisor.watch(self._watched())
            print("Stopping.", flush=True)
        return 0

    @property
    def address(self) -> str:
        host = EVERYWHERE.get(self.options.host, self.options.host)
        return f"[{host}]:{self.options.port}" if ":" in host else f"{host}:{self.options.port}"

    def _check_system_libraries(self) -> None:
        missing = system_packages.missing_for_pdf()
        try:
            system_packages.install_or_refuse(missing)
        except Refusal as refusal:
            print(f"{refusal}\nEverything but PDFs works without it.", flush=True)

    def _allowed_hosts(self) -> str:
        if given := os.environ.get("PORTAL_ALLOWED_HOSTS"):
            return given
        everywhere = self.options.host in EVERYWHERE
        return "*" if everywhere else f"127.0.0.1,localhost,[::1],{self.options.host}"

    def _prepare(self, environment: dict[str, str]) -> None:
        data = self.stack.data
        with step("migrations"):
            self._django(environment, "migrate", "--no-input", "--verbosity=0")
            self._django(environment, "reindex_posts")
        fingerprint = fingerprint_of_static_files()
        collected = data.path / "static-collected"
        if not collected.exists() or collected.read_text() != fingerprint:
            with step("static files"):
                self._django(environment, "collectstatic", "--no-input", "--verbosity=0", "--clear")
            collected.write_text(fingerprint)
        self._prepare_demo(environment)

    def _prepare_demo(self, environment: dict[str, str]) -> None:
        """Load the ministry once; give its sign-ins another password when another one is given."""
        mark = self.stack.data.demo_mark
        password = hashlib.sha256(environment["PORTAL_DEMO_PASSWORD"].encode()).hexdigest()
        if mark.exists() and self.options.people:
            print("  The demonstration is loaded already: --people counts only with --reset.")
        if mark.exists() and mark.read_text() != password:
            with step("password of the sign-ins"):
                self._django(environment, "set_demo_password")
        elif not mark.exists() and not self.options.without_demo:
            people = self.options.people or DEMO_PEOPLE
            with step(f"demonstration ministry ({people:,} people)"):
                self._django(environment, "load_demo", "--people", str(people))
        else:
            return
        if not self.supervisor.stop_asked.is_set():
            write_private(mark, password)

    def _django(self, environment: dict[str, str], *arguments: str) -> None:
        """Run one management command; a stop asked for meanwhile ends it."""
        if self.supervisor.stop_asked.is_set():
            return
        command = Child(
            name=arguments[0],
            command=[sys.executable, "-P", "-m", "django", *arguments],
            environment=environment,
            log=self.stack.data.logs / f"{arguments[0]}.log",
        )
        command.start()
        while command.is_running and not self.supervisor.stop_asked.wait(0.05):
            pass
        if self.supervisor.stop_asked.is_set():
            command.stop()
        elif command.process and command.process.returncode != 0:
            raise Refusal(f"{' '.join(arguments)} failed:\n{command.last_lines()}")

    def _start(self, environment: dict[str, str]) -> None:
        web = self._child("web", environment, gunicorn(self.options.host, self.options.port))
        worker = self._child("worker", environment, celery("worker", "--concurrency=2"))
        schedule = self.stack.data.path / "run" / "beat-schedule"
        beat = self._child("beat", environment, celery("beat", f"--schedule={schedule}"))
        self.children = [beat, worker, web]
        for child in self.children:
            child.start()
        web.wait_until(lambda: self._serves(web), seconds=SERVING_SECONDS, every=0.2)

    def _child(self, name: str, environment: dict[str, str], arguments: list[str]) -> Child:
        return Child(
            name=name,
            command=[sys.executable, "-P", "-m", *arguments],
            environment=environment,
            log=self.stack.data.logs / f"{name}.log",
        )

    def _serves(self, web: Child) -> bool:
        if self.supervisor.stop_asked.is_set():
            return True
        connection = http.client.HTTPConnection(self.address, timeout=30)
        try:
            connection.request("GET", "/accounts/login/", headers={"Host": self.address})
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Refusal(f"The first page fails. The end of {web.log}:\n{web.last_lines()}")
        return True

    def _watched(self) -> list[Watched]:
        servers = [
            Watched(server.child, server.start_again)
            for server in (self.stack.postgres, self.stack.broker)
            if server.child
        ]
        return [*servers, *(Watched(child, child.start_again) for child in self.children)]

    def _announce(self) -> None:
        if self.stack.data.demo_mark.exists():
            password = self.stack.environment()["PORTAL_DEMO_PASSWORD"]
            print("\nSign-ins of the demonstration:")
            for name, role in SIGN_INS.items():
                print(f"  {name:<10}{role}")
            print(f"Password: {password}\n")
        print(f"ready: http://{self.address}/", flush=True)


def gunicorn(host: str, port: int) -> list[str]:
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        "gunicorn",
        "career_portal.wsgi:application",
        f"--bind={bind}",
        "--worker-class=gthread",
        "--workers=2",
        "--threads=4",
        "--timeout=60",
        "--graceful-timeout=8",
        "--no-control-socket",
    ]


def celery(kind: str, *options: str) -> list[str]:
    return ["celery", "--app=career_portal", kind, "--loglevel=INFO", *options]


def fingerprint_of_static_files() -> str:
    """Return a digest of names, sizes and times, so that a second start collects nothing."""
    digest = hashlib.sha256()
    folders = [PROJECT / "static", *(PROJECT / "career_portal").glob("*/static")]
    for folder in folders:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            facts = file.stat()
            digest.update(f"{file} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
