"""What the bench prints."""

import sys
from dataclasses import dataclass


def say(text=""):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@dataclass
class Limit:
    """A promise of the portal and what was measured."""

    name: str
    found: float
    at_least: float | None = None
    at_most: float | None = None
    aim: float | None = None
    unit: str = ""

    @property
    def holds(self):
        return (self.at_least is None or self.found >= self.at_least) and (
            self.at_most is None or self.found <= self.at_most
        )

    def __str__(self):
        bounds = [
            f"{word} {bound:g}"
            for word, bound in (
                ("at least", self.at_least),
                ("at most", self.at_most),
                ("aim", self.aim),
            )
            if bound is not None
        ]
        verdict = "PASS" if self.holds else "FAIL"
        return f"{verdict}  {self.name}: {self.found:.2f}{self.unit} ({', '.join(bounds)})"
