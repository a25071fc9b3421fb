"""Waiting for something that happens elsewhere, with a deadline."""

import threading
import time
from collections.abc import Callable


def wait_for(
    condition: Callable[[], object], *, seconds: float = 15, every: float = 0.05
) -> object:
    """Return the first true value of the condition; fail after the deadline."""
    never = threading.Event()
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"Nothing within {seconds} s: {condition}")
        never.wait(every)
    return value
