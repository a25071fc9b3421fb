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
    with tempfile.TemporaryFile("w+") as said:
        started = time.perf_counter()
        outcome = subprocess.run(
            [sys.executable, "-P", "-c", WORKER.format(work=work), str(argument)],
            stdout=said,
            stderr=subprocess.STDOUT,
            env=os.environ,
            check=False,
        )
        elapsed = time.perf_counter() - started
        said.seek(0)
        words = said.read()
    if outcome.returncode != 0:
        raise Refusal(f"a worker:\n{words[-2000:]}")
    return elapsed, int(words.split()[-1]) / 1024
