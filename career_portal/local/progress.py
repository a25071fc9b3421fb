"""What the person at the terminal reads: steps with their times, and refusals."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Refusal(Exception):
    """Ends the command with one sentence instead of a traceback."""


@contextmanager
def step(title: str) -> Iterator[None]:
    print(f"  {title:<44}", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print(" stopped", flush=True)
        raise
    print(f"{time.monotonic() - started:6.1f} s", flush=True)
