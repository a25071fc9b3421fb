"""How far a release is, in numbers and words."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from surveys.models import FeedbackRelease, FeedbackSheet

State = FeedbackSheet.State
# The pace is that of the last sheets, so that a pause is soon forgotten.
LAST_SHEETS = 20


@dataclass(frozen=True)
class Progress:
    """Sheets by their state, and the time left in words."""

    done: int
    working: int
    queued: int
    failed: int
    time_left: str

    @property
    def total(self) -> int:
        """All sheets."""
        return self.done + self.working + self.queued + self.failed

    @property
    def rate(self) -> int:
        """How many of a hundred are there."""
        return 100 * self.done // self.total if self.total else 0


def progress_of(release: FeedbackRelease) -> Progress:
    """How far a release is now."""
    counted = dict(release.sheets.order_by().values_list("state").annotate(number=Count("pk")))
    waiting = counted.get(State.WORKING, 0) + counted.get(State.QUEUED, 0)
    return Progress(
        done=counted.get(State.DONE, 0),
        working=counted.get(State.WORKING, 0),
        queued=counted.get(State.QUEUED, 0),
        failed=counted.get(State.FAILED, 0),
        time_left=_time_left(release, waiting),
    )


def _time_left(release: FeedbackRelease, waiting: int) -> str:
    made = release.sheets.filter(made_at__isnull=False).order_by("-made_at")
    last = made.values_list("made_at", flat=True)[:LAST_SHEETS]
    instants = [instant for instant in last if instant is not None]
    if len(instants) < 2:
        return "残りの時間をはかっています"
    pace = (instants[0] - instants[-1]).total_seconds() / (len(instants) - 1)
    minutes = round(pace * waiting / 60)
    return f"残り およそ{minutes}分です" if minutes else "残り 1分ほどです"
