"""Who read about oneself (誰が読んだか): the log of reads in words, one entry for each time that somebody opened a form."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from career_portal.audit.models import AccessEvent
from career_portal.common.era import clock_time, date_in_words, fiscal_year_full
from career_portal.common.own_data import OwnFile, json_file
from career_portal.staff.models import User
from surveys.asked import asked
from surveys.models import Submission
from surveys.models.reading import EXPORTED, HOPE_SURVEY

ENTRIES_PER_PAGE = 25
LATELY = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Opening:
    """Somebody opened a record: who, in which capacity, when and what of it; `url` leads there if the person has a page."""

    opened_at: datetime.datetime
    reader: str
    capacity: str
    record: str
    url: str
    parts: tuple[str, ...]

    @property
    def is_export(self) -> bool:
        """Whether the record was put into a file, not looked at on a page."""
        return self.capacity == EXPORTED

    @property
    def parts_in_line(self) -> str:
        """The parts one after the other; a line never ends between a number and its title."""
        return "、".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in self.parts)

    @property
    def at(self) -> str:
        """令和8年（2026年）10月16日（金）14:32."""
        return f"{date_in_words(timezone.localdate(self.opened_at))}{clock_time(self.opened_at)}"


def page_of_openings(user: User, number: str | None) -> tuple[Page[Any], list[Opening]]:
    """One page of who read about the person, newest first: the page, and its entries in words."""
    found = AccessEvent.objects.visible_to(user).openings()
    page = Paginator(found, ENTRIES_PER_PAGE).get_page(number)
    return page, _in_words(user, list(page))


def readers_lately(user: User) -> int:
    """How many people read about the person in the last thirty days, by the database clock."""
    lately = Q(read_at__gt=Now() - LATELY)
    found = AccessEvent.objects.visible_to(user).aggregate(
        people=Count("reader_id", distinct=True, filter=lately)
    )
    return int(found["people"])


def files(user: User) -> Iterator[OwnFile]:
    """Everything that was read about the person, for what he takes along."""
    openings = _in_words(user, AccessEvent.objects.visible_to(user).openings())
    yield json_file(
        "自分の記録を読んだ人.json",
        "あなたの調書を、だれが、いつ、どの立場で開いたか。",
        [
            {
                "日時": opening.opened_at,
                "読んだ人": opening.reader,
                "立場": opening.capacity,
                "読んだもの": opening.record,
                "パート": list(opening.parts),
            }
            for opening in openings
        ],
    )


def _in_words(user: User, rows: Iterable[dict[str, Any]]) -> list[Opening]:
    rows = list(rows)
    pks = {row["object_id"] for row in rows if row["object_kind"] == HOPE_SURVEY}
    versions = (
        Submission.objects.own(user)
        .select_related("survey__round__questionnaire")
        .in_bulk(sorted(pks))
    )
    return [
        _opening(row, versions.get(row["object_id"]))
        if row["object_kind"] == HOPE_SURVEY
        else _opening(row, None)
        for row in rows
    ]


def _opening(row: dict[str, Any], version: Submission | None) -> Opening:
    record, url, parts = "そのほかの記録", "", tuple(row["parts"])
    if version is not None:
        survey_round = version.survey.round
        record = f"{fiscal_year_full(survey_round.fiscal_year)} 希望調書（第{version.number}版）"
        url = reverse("surveys:version_detail", args=[survey_round.fiscal_year, version.number])
        shown = [part for part in asked(survey_round.questionnaire).parts if part.code in parts]
        parts = tuple(part.name for part in shown)
    return Opening(
        opened_at=row["opened_at"],
        reader=row["reader_name"],
        capacity=row["capacity"],
        record=record,
        url=url,
        parts=parts,
    )
