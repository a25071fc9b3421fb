"""What the templates print of a sheet, the same on paper and on screen."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.safestring import SafeString

from career_portal.common.era import era_year, fiscal_year_full
from surveys.feedback_sheets.disclosure.rounding import in_words
from surveys.feedback_sheets.discussion import questions
from surveys.feedback_sheets.dumbbells import axis
from surveys.feedback_sheets.figures import Action, Asked, Kind, Level, Measure, Released, Sheet
from surveys.feedback_sheets.gap import GapMap, gap_map, name_of
from surveys.feedback_sheets.glance import Glance, glance
from surveys.feedback_sheets.rows import LONGEST_LABEL, Item, Power, items, powers, scale
from surveys.feedback_sheets.wording import ACTION_STATUS, MARK, Wording, wording_of
from surveys.feedback_sheets.words import Cell, Difference, clip, difference, people

RULE_EDITION = 1
LONGEST_UNIT, LONGEST_RUNNING, LONGEST_MEMBERS, LONGEST_ACTION = 76, 32, 130, 120
# Names up to these lengths stand in the largest and the middle size.
SHORT_NAME, MIDDLE_NAME = 17, 50
ONE_LINE_ACTION = 36


@dataclass(frozen=True)
class ShownAction:
    """An action of last year, its state and how the item that it aimed at moved."""

    text: str
    sign: str
    state: str
    item: str
    moved: Difference | None


@dataclass(frozen=True)
class Contents:
    """A whole sheet, ready to print."""

    wording: Wording
    mark: str
    year: str
    unit: str
    unit_size: str
    parent: str
    members: str
    level: Level
    minimum: int
    release: str
    published: str
    reference: str
    edition: int
    response: Cell
    response_unit: str
    people: Cell
    people_unit: str
    glance: Glance
    actions: tuple[ShownAction, ...]
    actions_are_long: bool
    items: tuple[Item, ...]
    powers: tuple[Power, ...]
    axis: SafeString
    gaps: GapMap
    questions: tuple[str, ...]
    is_first_year: bool

    @property
    def title(self) -> str:
        """The name of the document."""
        return f"{self.wording.kind} {self.year} {self.place}"

    @property
    def place(self) -> str:
        """The unit with the one above."""
        return f"{self.parent} {self.unit}".strip()

    @property
    def items_title(self) -> str:
        """The heading of the items: 振り返りの6項目."""
        return f"振り返りの{len(self.items)}項目" if self.items else "振り返りの項目"

    @property
    def powers_title(self) -> str:
        """The heading of the means: 5つの力の自己評価."""
        number = len(self.powers)
        counted = f"{number}{'つ' if number < 10 else ''}の力" if number else "力"
        return f"{counted}の自己評価"

    @property
    def is_roomy(self) -> bool:
        """Whether the first page has room to spare: no long actions and no members."""
        return not (self.actions_are_long or self.members or self.unit_size == "sm")

    @property
    def parent_label(self) -> str:
        """The unit above in a legend."""
        return clip(self.parent, LONGEST_LABEL) or "局"

    @property
    def running(self) -> str:
        """The head of the pages after the first."""
        place = self.place if len(self.place) <= LONGEST_RUNNING else self.unit
        return f"{clip(place, LONGEST_RUNNING)}　{self.year}"


def contents(sheet: Sheet) -> Contents:
    """Everything that the sheet prints."""
    wording, unit = wording_of(sheet.unit), clip(sheet.unit.name, LONGEST_UNIT)
    gaps = gap_map(sheet)
    found = glance(sheet, gaps)
    number, number_unit = people(sheet.count_band)
    rate = in_words(sheet.response.value)
    actions = tuple(_action(sheet, action) for action in sheet.actions[:3])
    return Contents(
        wording=wording,
        mark=MARK,
        year=fiscal_year_full(sheet.fiscal_year),
        unit=unit,
        unit_size=_size(unit),
        parent=clip(sheet.unit.parent_name, 30),
        members=clip("、".join(clip(name, 40) for name in sheet.unit.members), LONGEST_MEMBERS),
        level=sheet.unit.level,
        minimum=sheet.minimum,
        release=f"{sheet.fiscal_year}-{sheet.release_number}",
        published=_day(sheet.published_on),
        reference=_day(sheet.reference_date),
        edition=RULE_EDITION,
        response=Cell(rate.removesuffix("%")),
        response_unit="%" if rate.endswith("%") else "",
        people=Cell(number),
        people_unit=number_unit,
        glance=found,
        actions=actions,
        actions_are_long=any(len(action.text) > ONE_LINE_ACTION for action in actions),
        items=items(sheet),
        powers=powers(sheet),
        axis=axis(scale(sheet)),
        gaps=gaps,
        questions=questions(sheet, found),
        is_first_year=sheet.last_year is None,
    )


def _size(name: str) -> str:
    if len(name) <= SHORT_NAME:
        return "lg"
    return "md" if len(name) <= MIDDLE_NAME else "sm"


def _day(day: datetime.date | None) -> str:
    return (
        f"{era_year(day.year, month=day.month, day=day.day)}{day.month}月{day.day}日" if day else ""
    )


def _action(sheet: Sheet, action: Action) -> ShownAction:
    sign, state = ACTION_STATUS.get(action.status, ("", clip(action.status, 8)))
    asked = next((one for one in sheet.questions if one.code == action.question), None)
    text = clip(action.text, LONGEST_ACTION)
    if asked is None:
        return ShownAction(text, sign, state, "", None)
    name = name_of(asked, sheet.skill_names, 16)
    return ShownAction(text, sign, state, name, _moved(sheet, asked))


def _moved(sheet: Sheet, asked: Asked) -> Difference | None:
    """How an item moved; wishes stand in bands and have no difference."""
    if asked.kind is Kind.WISH:
        return None
    measure = Measure.MEAN if asked.kind is Kind.COMPETENCY else Measure.FAVOURABLE
    now = sheet.figures.get((asked.code, measure), Released())
    return difference(asked.code, measure, now, sheet.last_year)
