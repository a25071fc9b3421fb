"""How many agreed actions there are, for HR: never fewer people behind a number than ten, and no talk outside the line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from career_portal.common.clock import today
from career_portal.staff.models import Assignment, Bureau
from interviews.kinds import LINE_KINDS
from interviews.models import AgreedAction
from interviews.records.action_services import SAYABLE

LEAST_PEOPLE = 10


@dataclass(frozen=True)
class ActionNumbers:
    """A unit's actions: how many people they come from, and how many there are by state."""

    unit: str
    by_status: tuple[int, ...]
    people: int

    @property
    def labelled(self) -> list[tuple[str, int]]:
        """The numbers with the states that they are of."""
        return [
            (status.label, number) for status, number in zip(SAYABLE, self.by_status, strict=True)
        ]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_status)


def action_numbers() -> list[ActionNumbers]:
    """The ministry, then its bureaus in their order, then those of too few people together; nothing below ten people.

    Bureaus are those of the interviewees' main posts today. Where the ones left out would still be few, the smallest
    bureau joins them: else they followed from the ministry's numbers.
    """
    units = _by_bureau()
    ministry = _together("全省", units)
    if ministry.people < LEAST_PEOPLE:
        return []
    shown = [unit for unit in units if unit.unit and unit.people >= LEAST_PEOPLE]
    rest = [unit for unit in units if unit not in shown]
    while rest and shown and _together("", rest).people < LEAST_PEOPLE:
        smallest = min(shown, key=lambda unit: unit.people)
        shown.remove(smallest)
        rest.append(smallest)
    others = [_together("そのほかの局・庁", rest)] if rest and shown else []
    return [ministry, *shown, *others]


def _by_bureau() -> list[ActionNumbers]:
    names = dict(Bureau.objects.order_by("sort_order").values_list("pk", "name"))
    counts: dict[int | None, Counter[str]] = {bureau: Counter() for bureau in [*names, None]}
    people: dict[int | None, set[int]] = {bureau: set() for bureau in counts}
    line = AgreedAction.objects.standing().filter(
        interview__kind__in=[kind.value for kind in LINE_KINDS]
    )
    posts = Assignment.objects.on(today()).main()
    posts = posts.filter(user__in=line.values("interview__interviewee"))
    bureaus = dict(posts.values_list("user", "section__bureau"))
    by_person = line.values("interview__interviewee", "status").annotate(number=Count("pk"))
    for person, status, number in by_person.values_list(
        "interview__interviewee", "status", "number"
    ):
        bureau = bureaus.get(person)
        counts[bureau][status] += number
        people[bureau].add(person)
    return [
        ActionNumbers(
            names.get(bureau, "") if bureau else "",
            tuple(counts[bureau][status] for status in SAYABLE),
            len(people[bureau]),
        )
        for bureau in counts
        if people[bureau]
    ]


def _together(unit: str, units: list[ActionNumbers]) -> ActionNumbers:
    columns = range(len(SAYABLE))
    sums = tuple(sum(each.by_status[column] for each in units) for column in columns)
    return ActionNumbers(unit, sums, sum(each.people for each in units))
