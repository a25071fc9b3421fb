"""The organisation of the last years: today's sections, and those that were renamed, split, merged or moved.

Careers are told in today's sections. `OrganisationHistory.section_on` says which section that was on an earlier day.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from career_portal.home.demonstration.timeline import Timeline
from career_portal.home.reference_data import FOUNDED_ON, read_rows
from career_portal.staff.models import Bureau, Section, SectionSuccession

Kind = SectionSuccession.Kind


@dataclass(frozen=True)
class Former:
    """A section that no longer exists in this shape: under another name or in another bureau."""

    code: str
    name: str
    bureau_code: str = ""


@dataclass(frozen=True)
class Reorganisation:
    """What became of former sections, so many fiscal years ago, in today's sections (by code)."""

    kind: Kind
    years_ago: int
    before: tuple[Former, ...]
    after: tuple[str, ...]


REORGANISATIONS = (
    Reorganisation(
        Kind.RENAME, 2, (Former("S133", "ソフトウェア・情報サービス戦略室"),), ("S133",)
    ),
    Reorganisation(Kind.SPLIT, 2, (Former("S166", "再生可能エネルギー政策室"),), ("S166", "S167")),
    Reorganisation(
        Kind.MERGER,
        2,
        (Former("S089", "基準認証企画課"), Former("S089-2", "知的基盤課")),
        ("S089",),
    ),
    Reorganisation(Kind.MOVE, 2, (Former("S152", "博覧会推進室", "B02"),), ("S152",)),
    Reorganisation(Kind.RENAME, 1, (Former("S010", "情報化推進室"),), ("S010",)),
    Reorganisation(Kind.SPLIT, 1, (Former("S172", "新資源開発室"),), ("S172", "S175")),
    Reorganisation(
        Kind.MERGER,
        1,
        (Former("S226", "国際展開推進室"), Former("S226-2", "販路開拓支援室")),
        ("S226",),
    ),
    Reorganisation(Kind.MOVE, 1, (Former("S073", "技術調査・流出対策室", "B05"),), ("S073",)),
)


@dataclass(frozen=True, eq=False)
class Unit:
    """One of today's sections, as careers and answers need it."""

    pk: int
    code: str
    bureau_pk: int
    bureau_code: str
    bureau_name: str
    name: str
    is_leadership: bool
    field_code: str
    second_field_code: str
    work: str
    place: str
    topics: tuple[str, ...]

    @property
    def plain_name(self) -> str:
        """The name without what stands in brackets."""
        return re.sub(r"（.*）", "", self.name)

    @property
    def is_section_proper(self) -> bool:
        """Whether it is a 課, led by a director, not a 室 or the like."""
        return self.plain_name.endswith("課")


@dataclass(frozen=True)
class Past:
    """What a section of today was until a day: one section, or two between which its people were divided."""

    until: datetime.date
    sections: tuple[int, ...]
    keeps_head: bool


class OrganisationHistory:
    """Today's sections and their past."""

    def __init__(self, timeline: Timeline) -> None:
        self.units = _today()
        self._by_code = {unit.code: unit for unit in self.units}
        self._past: dict[int, Past] = {}
        bureaus = {bureau.code: bureau for bureau in Bureau.objects.all()}
        for change in REORGANISATIONS:
            self._write(change, timeline.reorganised_on(change.years_ago), bureaus)

    def unit(self, code: str) -> Unit:
        """Today's section with that code."""
        return self._by_code[code]

    def past_of(self, unit: Unit) -> Past | None:
        """What the section was before it got its present shape, if it ever had another."""
        return self._past.get(unit.pk)

    def section_on(self, unit: Unit, seat: int, day: datetime.date) -> int:
        """The id of the section that a seat of today's section belonged to on a day."""
        past = self._past.get(unit.pk)
        if past is None or day >= past.until:
            return unit.pk
        return past.sections[seat % len(past.sections)]

    def _write(
        self, change: Reorganisation, day: datetime.date, bureaus: dict[str, Bureau]
    ) -> None:
        successors = list(Section.objects.filter(code__in=change.after).order_by("code"))
        Section.objects.filter(code__in=change.after).update(valid_from=day)
        former = [_former(row, successors[0], day, bureaus) for row in change.before]
        SectionSuccession.objects.bulk_create(
            SectionSuccession(
                predecessor=before, successor=after, kind=change.kind, effective_on=day
            )
            for before in former
            for after in successors
        )
        for number, after in enumerate(successors):
            ids = tuple(section.pk for section in former)
            self._past[after.pk] = Past(until=day, sections=ids, keeps_head=number == 0)


def _former(
    former: Former, successor: Section, day: datetime.date, bureaus: dict[str, Bureau]
) -> Section:
    bureau = bureaus[former.bureau_code] if former.bureau_code else successor.bureau
    return Section.objects.create(
        bureau=bureau,
        code=former.code,
        division="" if former.bureau_code else successor.division,
        name=former.name,
        kind=successor.kind,
        duties=successor.duties,
        topics=successor.topics,
        field_code=successor.field_code,
        second_field_code=successor.second_field_code,
        place=successor.place,
        sort_order=successor.sort_order,
        valid_from=FOUNDED_ON,
        valid_until=day,
    )


def _today() -> list[Unit]:
    work = {row["code"]: row["work"] for row in read_rows("organisation", "sections.csv")}
    sections = (
        Section.objects.filter(code__in=work, valid_until=None)
        .select_related("bureau")
        .order_by("sort_order")
    )
    return [
        Unit(
            pk=section.pk,
            code=section.code,
            bureau_pk=section.bureau_id,
            bureau_code=section.bureau.code,
            bureau_name=section.bureau.name,
            name=section.name,
            is_leadership=section.kind == Section.Kind.LEADERSHIP,
            field_code=section.field_code,
            second_field_code=section.second_field_code,
            work=work[section.code],
            place=section.place,
            topics=tuple(word for word in section.topics.split("、") if word),
        )
        for section in sections
    ]
