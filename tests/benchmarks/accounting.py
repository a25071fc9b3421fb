"""What processes have used, from the kernel's own books."""

import os
import re
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


def _facts(pid):
    """Return the fields of a process behind its name, which may hold blanks: state first."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def parent_of(pid):
    return int(_facts(pid)[1])


def family(root):
    """Return the facts of a process and everything below it, by number."""
    everybody = {}
    for entry in PROC.glob("[0-9]*"):
        try:
            everybody[int(entry.name)] = _facts(entry.name)
        except (FileNotFoundError, ProcessLookupError):
            continue
    found = {root: everybody[root]}
    added = True
    while added:
        below = {
            pid: facts
            for pid, facts in everybody.items()
            if pid not in found and int(facts[1]) in found
        }
        found |= below
        added = bool(below)
    return found


def cpu_seconds(root):
    """Return the processor time of a family so far, that of its ended and reaped members included."""
    return sum(sum(map(int, facts[11:15])) for facts in family(root).values()) / TICKS


def peak_memory(root):
    """Return the largest resident set that a child of a process has had so far, in MB."""
    return max(peaks(root))


def peaks(root):
    """Return the largest resident set that each child of a process has had so far, in MB."""
    reports = [(PROC / str(pid) / "status").read_text() for pid in family(root).keys() - {root}]
    return [int(re.search(r"VmHWM:\s+(\d+) kB", report)[1]) / 1024 for report in reports]
