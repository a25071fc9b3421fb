"""Keeps the children of ``up`` alive until it is told to stop."""

from __future__ import annotations

import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from career_portal.local.processes import Child
from career_portal.local.progress import Refusal

LOOK_EVERY = 0.25  # seconds
MOST_RESTARTS = 5
WITHIN = 60.0  # seconds


class Watched(NamedTuple):
    child: Child
    start_again: Callable[[], None]


@dataclass
class Supervisor:
    """Restarts what dies; gives up when one child dies too often."""

    stop_asked: threading.Event = field(default_factory=threading.Event)
    deaths: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def listen(self) -> None:
        """Turn Ctrl-C, SIGTERM and a closed terminal into a clean stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop_asked.set())

    def watch(self, everything: Sequence[Watched]) -> None:
        while not self.stop_asked.wait(LOOK_EVERY):
            for watched in everything:
                if not watched.child.is_running:
                    self.note_death(watched.child)
                    watched.start_again()

    def note_death(self, child: Child) -> None:
        now = time.monotonic()
        recent = [each for each in self.deaths[child.name] if now - each < WITHIN]
        self.deaths[child.name] = [*recent, now]
        if len(recent) >= MOST_RESTARTS:
            raise Refusal(
                f"{child.name} ended {len(recent) + 1} times within a minute, so everything stops. "
                f"The end of {child.log}:\n{child.last_lines()}"
            )
        print(f"{child.name} ended unexpectedly; starting it again.", flush=True)


def stop_together(children: Sequence[Child]) -> None:
    """Ask all first and wait afterwards: the longest one decides how long it takes."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop()
