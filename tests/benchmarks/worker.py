"""Work of a worker, done in a process of its own: how long it takes and how much memory it needs."""

import os
import subprocess
import sys
import tempfile
import time

from career_portal.local.progress import Refusal

# Says on its last line how much memory the process has needed at most.
WORKER = """
import resource, sys, django
django.setup()
{work}
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def run(work, argument):
    """Return the seconds on the clock and the megabytes that statements need, start of the process included.

    They find the argument in `sys.argv[1]`.
    """
    started = time.perf_counter()
    said = said_by(WORKER.format(work=work), argument)
    return time.perf_counter() - started, int(said[-1]) / 1024


def said_by(program, *arguments):
    """Return the words that a program of Python has said."""
    with tempfile.TemporaryFile("w+") as said:
        outcome = subprocess.run(
            [sys.executable, "-P", "-c", program, *map(str, arguments)],
            stdout=said,
            stderr=subprocess.STDOUT,
            env=os.environ,
            check=False,
        )
        said.seek(0)
        words = said.read()
    if outcome.returncode != 0:
        raise Refusal(f"a worker:\n{words[-2000:]}")
    return words.split()
