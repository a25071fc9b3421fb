"""The files `figures.csv` and `units.csv`: what was released, and the tree that it was released for; nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import IO

from surveys.feedback_sheets.figures import HIDDEN
from surveys.models import FeedbackRelease
from surveys.models.releases import FeedbackReleaseQuerySet

FIGURES = (
    "release",
    "fiscal_year",
    "unit_level",
    "unit_code",
    "parent_code",
    "unit_name",
    "question_code",
    "measure",
    "value",
    "count_band",
    "shown",
)
UNITS = ("fiscal_year", "unit_level", "unit_code", "parent_code", "unit_name", "headcount")
# A spreadsheet program would take a name that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Row = tuple[str | int, ...]


def with_earlier_years(
    release: FeedbackRelease, readable: FeedbackReleaseQuerySet
) -> list[FeedbackRelease]:
    """The release, after the last one of every earlier year whose figures are out."""
    year = release.freeze.round.fiscal_year
    earlier = readable.released().filter(freeze__round__fiscal_year__lt=year).last_of_each_year()
    return [*earlier.select_related("freeze__round"), release]


def figure_rows(releases: Iterable[FeedbackRelease]) -> Iterator[Row]:
    """The rows of `figures.csv`: every released value, hidden or not."""
    for release in releases:
        rows = release.figures.order_by("unit__sort_order", "unit", "pk").values_list(
            "unit__level",
            "unit__code",
            "unit__parent__code",
            "unit__name",
            "question_code",
            "measure",
            "value",
            "count_band",
        )
        year = release.freeze.round.fiscal_year
        for level, code, parent, name, *rest in rows.iterator(chunk_size=5_000):
            shown = 0 if rest[2] == HIDDEN else 1
            place = (release.number, year, level, code, parent or "", _as_text(name))
            yield (*place, *rest, shown)


def unit_rows(releases: Iterable[FeedbackRelease]) -> Iterator[Row]:
    """The rows of `units.csv`: every unit of the frozen trees, the sections of a joint unit below it."""
    for release in releases:
        units = release.freeze.units.order_by("sort_order", "pk")
        year = release.freeze.round.fiscal_year
        for level, code, parent, name, headcount in units.values_list(
            "level", "code", "parent__code", "name", "headcount"
        ):
            yield (year, level, code, parent or "", _as_text(name), headcount)


def _as_text(name: str) -> str:
    return f"'{name}" if name.startswith(_FORMULA) else name


def write(
    target: IO[bytes], header: Iterable[str], rows: Iterable[Row], *, marked: bool = False
) -> None:
    """Write CSV in UTF-8 with CRLF between rows; `marked` with the byte order mark by which Excel knows it.

    Values stand exactly as they were released: 「－」 gets no apostrophe in front.
    """
    encoding = "utf-8-sig" if marked else "utf-8"
    text = io.TextIOWrapper(target, encoding=encoding, newline="")
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)
    finally:
        text.detach()
