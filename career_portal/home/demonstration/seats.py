"""The seats of the ministry: how many each section has, and at which level."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from random import Random

from career_portal.home.demonstration.organisation_history import REORGANISATIONS, Unit
from career_portal.staff.models.assignments import Assignment, Grade

# The sections of the fixed sign-ins; they have people at any size of the demonstration.
HOME_SECTION = "S124"
NEIGHBOUR_SECTION = "S127"
PERSONNEL_SECTION = "S001"
SMALLEST_MINISTRY = 60
PEOPLE_PER_SECTION = 17
FEWEST, MOST = 8, 45
TINY_SIZES = (3, 4, 5, 6)
TINY_SHARE = 0.05
HOME_SIZE = 20
SECTIONS_PER_TURN = 4


class Level(enum.IntEnum):
    """Steps of a career, from the bottom to the top. Clerk covers 係員 and 主任."""

    CLERK = 0
    CHIEF = 1
    DEPUTY = 2
    OFFICE_DIRECTOR = 3
    DIRECTOR = 4
    DEPUTY_GENERAL = 5
    GENERAL = 6


GRADES = {
    Level.CLERK: Grade.OFFICIAL,
    Level.CHIEF: Grade.UNIT_CHIEF,
    Level.DEPUTY: Grade.DEPUTY_DIRECTOR,
    Level.OFFICE_DIRECTOR: Grade.OFFICE_DIRECTOR,
    Level.DIRECTOR: Grade.DIRECTOR,
    Level.DEPUTY_GENERAL: Grade.DEPUTY_DIRECTOR_GENERAL,
    Level.GENERAL: Grade.DIRECTOR_GENERAL,
}
# Shares of the seats below the head, of a 課 and of a 室.
SHARES = {Level.DEPUTY: 0.25, Level.CHIEF: 0.4}
DESKS = ("総括", "企画", "調整", "調査", "国際", "制度", "推進", "支援")


@dataclass(frozen=True, eq=False)
class Seat:
    """One post in one of today's sections. `number` counts the seats of the section, the head's being 0."""

    unit: Unit
    number: int
    level: Level
    title: str

    @property
    def is_head(self) -> bool:
        """Whether its holder leads the section."""
        return self.number == 0

    @property
    def position(self) -> str:
        """What the holder is in the section."""
        return Assignment.Position.HEAD if self.is_head else Assignment.Position.MEMBER


def make_seats(units: list[Unit], people: int, random: Random) -> list[Seat]:
    """As many seats as people, spread over the sections; a small ministry fills only some of them."""
    sizes = section_sizes(units, people, random)
    by_pk = {unit.pk: unit for unit in units}
    return [seat for pk, size in sizes.items() for seat in _seats_of(by_pk[pk], size)]


def section_sizes(units: list[Unit], people: int, random: Random) -> dict[int, int]:
    """How many people each staffed section has, by its id; together exactly `people`."""
    staffed = _staffed(units, people, random)
    leaves = [unit for unit in units if unit.is_leadership]
    bureaus = {unit.bureau_pk for unit in staffed}
    sizes = {
        leaf.pk: min(4, 1 + sum(unit.bureau_pk == leaf.bureau_pk for unit in staffed) // 8 + 1)
        for leaf in leaves
        if leaf.bureau_pk in bureaus
    }
    weights: dict[int, float] = {}
    for place, unit in enumerate(staffed):
        if unit.code == HOME_SECTION:
            sizes[unit.pk] = HOME_SIZE
        elif (place > 2 and random.random() < TINY_SHARE) or place == 3:
            sizes[unit.pk] = random.choice(TINY_SIZES)
        else:
            weights[unit.pk] = (
                random.uniform(0.9, 1.8) if unit.is_section_proper else random.uniform(0.4, 1.2)
            )
    return sizes | _share_out(weights, people - sum(sizes.values()))


def _staffed(units: list[Unit], people: int, random: Random) -> list[Unit]:
    """The sections that have people, the most needed first: sign-ins, reorganised ones, then some of each bureau."""
    first = [HOME_SECTION, NEIGHBOUR_SECTION, PERSONNEL_SECTION]
    first += [code for change in REORGANISATIONS for code in change.after]
    by_code = {unit.code: unit for unit in units}
    order = [by_code[code] for code in first]
    waiting: dict[int, list[Unit]] = {}
    for unit in units:
        if not unit.is_leadership and unit.code not in first:
            waiting.setdefault(unit.bureau_pk, []).append(unit)
    for sections in waiting.values():
        random.shuffle(sections)
    while any(waiting.values()):
        for sections in waiting.values():
            order += sections[:SECTIONS_PER_TURN]
            del sections[:SECTIONS_PER_TURN]
    return order[: max(4, people // PEOPLE_PER_SECTION)]


def _share_out(weights: dict[int, float], people: int) -> dict[int, int]:
    """Whole numbers in proportion to the weights, within the usual bounds as far as the total allows."""
    average = people / len(weights)
    lowest = min(FEWEST, int(average))
    highest = max(MOST, int(average * 2))
    scale = people / sum(weights.values())
    sizes = {pk: min(highest, max(lowest, round(weight * scale))) for pk, weight in weights.items()}
    order = sorted(sizes, key=lambda pk: -weights[pk])
    surplus = sum(sizes.values()) - people
    while surplus:
        step = -1 if surplus > 0 else 1
        for pk in order:
            if surplus and lowest <= sizes[pk] + step <= highest:
                sizes[pk] += step
                surplus += step
    return sizes


def _seats_of(unit: Unit, size: int) -> list[Seat]:
    if unit.is_leadership:
        return _leadership(unit, size)
    head = Level.DIRECTOR if unit.is_section_proper else Level.OFFICE_DIRECTOR
    levels = [head]
    if unit.is_section_proper and size >= 24:
        levels.append(Level.OFFICE_DIRECTOR)
    below = size - len(levels)
    for level, share in SHARES.items():
        levels += [level] * max(1 if below > 2 else 0, round(below * share))
    levels += [Level.CLERK] * (size - len(levels))
    counts: dict[Level, int] = {}
    seats = []
    for number, level in enumerate(levels[:size]):
        place = counts[level] = counts.get(level, -1) + 1
        title = head_title(unit) if number == 0 else _title(unit, level, place)
        seats.append(Seat(unit, number, level, title))
    return seats


def _leadership(unit: Unit, size: int) -> list[Seat]:
    leader = Seat(unit, 0, Level.GENERAL, leader_title(unit))
    is_regional = unit.place != "霞が関"
    title = "部長" if is_regional else "審議官"
    return [leader, *(Seat(unit, n, Level.DEPUTY_GENERAL, title) for n in range(1, size))]


def leader_title(unit: Unit) -> str:
    """What the head of a bureau is called."""
    for ending, title in (
        ("事務局", "事務局長"),
        ("局", "局長"),
        ("庁", "長官"),
        ("官房", "官房長"),
    ):
        if unit.bureau_name.endswith(ending):
            return title
    return "所長"


def head_title(unit: Unit) -> str:
    """What the head of a section is called; sections named after their officer give him their name."""
    name = unit.plain_name
    return {"課": "課長", "室": "室長"}.get(name[-1], name)[:80]


def _title(unit: Unit, level: Level, place: int) -> str:
    desk = DESKS[place % len(DESKS)]
    if level == Level.OFFICE_DIRECTOR:
        return "企画官"
    if level == Level.DEPUTY:
        deputy = "課長補佐" if unit.is_section_proper else "室長補佐"
        return f"{deputy}（{desk}担当）"
    if level == Level.CHIEF:
        return f"{desk}係長"
    return "係員"
