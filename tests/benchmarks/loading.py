"""How long an empty database takes to become a whole ministry."""

import resource
import subprocess
import sys
import time

from career_portal.local.progress import Refusal
from tests.benchmarks.report import Limit, say

WHOLE_MINISTRY = 6000


def load(people, *, is_reported):
    """Migrate and load; return the promise about it where the whole ministry was loaded."""
    found = {}
    for command in (["migrate", "--no-input"], ["load_demo", "--people", str(people)]):
        found[command[0]] = _run(*command)
    _run("collectstatic", "--no-input")
    if not is_reported:
        return []
    say("load")
    for name, (elapsed, processor) in found.items():
        say(f"  {name:<10}{elapsed:7.1f} s  (processor {processor:.1f} s, without the database)")
    total = sum(elapsed for elapsed, _ in found.values())
    if people < WHOLE_MINISTRY:
        return []
    return [Limit(f"migrate and load_demo --people {people}", total, at_most=60, unit=" s")]


def _run(*arguments):
    """Return the seconds on the clock and those of the processor that the command itself used."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    outcome = subprocess.run(
        [sys.executable, "-P", "-m", "django", *arguments, "--verbosity=0"],
        capture_output=True,
        text=True,
        check=False,
    )
    if outcome.returncode != 0:
        raise Refusal(f"{arguments[0]}:\n{outcome.stdout[-2000:]}{outcome.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, used
