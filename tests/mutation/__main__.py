"""``manage.py test --mutate``: breaks one rule after another and tells which of them no test notices.

Every reading rule and every permission becomes "always" and "never", a reading rule also "staff" (all rows for every account
that has not ended); each mutant is a run of the tests up to the first that fails. Exit status 1 when one passes them all.
"""

import argparse
import logging
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from queue import SimpleQueue
from urllib.parse import urlsplit

import django

from tests.mutation.plugin import MUTANT
from tests.mutation.rules import ROOT, mutants

# Those first that notice most mutants soonest.
TESTS = [
    "tests/test_architecture.py",
    "tests/permissions",
    "tests/surveys",
    "tests/interviews",
    "tests/staff",
    "tests/home",
    "tests/audit",
    "tests/mail",
]
PYTEST = [sys.executable, "-P", "-m", "pytest", "-p", "tests.mutation.plugin", "-q"]
# Drills start processes of their own, which no mutant reaches.
PYTEST += ["--ignore-glob=*_drill*.py"]
QUIET = ["-p", "no:cacheprovider", "--no-header", "--tb=no"]
WORKERS = min(os.cpu_count() or 1, 4)
PASSED, FAILED = 0, 1
FAILURE = re.compile(r"^(?:FAILED|ERROR) (?:tests/)?([^\[\s]+)", re.MULTILINE)


@dataclass
class Outcome:
    """What became of a mutant: pytest's exit status and output."""

    mutant: str
    status: int
    output: str
    seconds: float

    @property
    def is_caught(self):
        return self.status == FAILED

    def __str__(self):
        rule, _, verdict = self.mutant.partition(":")[2].partition("=")
        fate = {PASSED: "SURVIVED", FAILED: "caught"}.get(self.status, "BROKEN")
        found = FAILURE.search(self.output)
        catcher = found[1] if found and self.is_caught else ""
        return f"  {rule:<40} {verdict:<7} {fate:<9} {self.seconds:5.1f} s  {catcher}".rstrip()


class Databases:
    """The test databases that a run of several processes has made, lent to one run at a time."""

    def __init__(self, url, number):
        self._url = urlsplit(url)
        self._free = SimpleQueue()
        self._running = set()
        for each in range(number):
            self._free.put(f"gw{each}")

    def run(self, mutant):
        worker = self._free.get()
        # So that it takes the database of that process for its own.
        url = self._url._replace(path=f"{self._url.path}_{worker}").geturl()
        environment = {**os.environ, "DATABASE_URL": url, MUTANT: mutant}
        started = time.monotonic()
        with subprocess.Popen(
            [*PYTEST, *QUIET, "-x", *TESTS],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            self._running.add(process)
            output, _ = process.communicate()
            self._running.discard(process)
        self._free.put(worker)
        return Outcome(mutant, process.returncode, output, time.monotonic() - started)

    def stop(self):
        for process in list(self._running):
            process.send_signal(signal.SIGINT)


def main(arguments):
    options = parse(arguments)
    django.setup()
    patterns = options.patterns or [""]
    wanted = [name for name in mutants() if any(pattern in name for pattern in patterns)]
    if options.list or not wanted:
        say("\n".join(wanted) or "No mutant has this in its name; --list shows all.")
        return 0 if wanted else 1
    say("Without a mutant:")
    unbroken = [*PYTEST, "-n", str(WORKERS), "--dist", "loadfile", *TESTS]
    if subprocess.run(unbroken, cwd=ROOT, check=False).returncode != PASSED:
        say("The tests fail without any mutant: the rest would mean nothing.")
        return 1
    return report(outcomes(wanted))


def parse(arguments):
    parser = argparse.ArgumentParser(prog="manage.py test --mutate", description=__doc__)
    parser.add_argument(
        "patterns", nargs="*", metavar="pattern", help="part of the names of mutants to try"
    )
    parser.add_argument("--list", action="store_true", help="only show the names")
    return parser.parse_args(arguments)


def outcomes(wanted):
    """The outcome of each mutant, in their order."""
    databases = Databases(os.environ["DATABASE_URL"], WORKERS)
    with ThreadPoolExecutor(WORKERS) as pool:
        try:
            yield from pool.map(databases.run, wanted)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            databases.stop()
            raise


def report(found):
    """Show the outcomes by module as they come, then those that matter; return the exit status."""
    started = time.monotonic()
    every = []
    for module, group in groupby(found, key=lambda outcome: outcome.mutant.partition(":")[0]):
        say(f"\n{module}")
        for outcome in group:
            every.append(outcome)
            say(str(outcome))
    missed = [outcome for outcome in every if not outcome.is_caught]
    say(f"\n{len(every)} mutants in {time.monotonic() - started:.0f} s, {len(missed)} not caught")
    for outcome in missed:
        say(f"  {outcome.mutant}")
        if outcome.status != PASSED:
            say(outcome.output)
    return 1 if missed else 0


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # A shell that starts commands in the background lets them ignore this.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Modules that prepare PDFs tell of it.
    logging.disable(logging.INFO)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
