"""Who reads a part, in the words that stand above it before anything is typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from career_portal.staff.models import User
from surveys.asked import AskedPart
from surveys.models import Part


@dataclass(frozen=True)
class Audience:
    """The readers of one part of one form, as its writer sees them."""

    readers: tuple[str, ...]
    short: str
    can_choose: bool
    supervisor_reads: bool
    supervisor: str
    is_aggregated: bool


def supervisor_reads(part: AskedPart, choice: bool | None) -> bool:
    """Whether the supervisor reads a part: the writer's choice, else the part's rule."""
    if not part.is_supervisor_optional:
        return False
    return part.supervisor_access == Part.SupervisorAccess.DEFAULT if choice is None else choice


def audience(part: AskedPart, choice: bool | None, supervisors: Iterable[User] = ()) -> Audience:
    """The readers of a part under the writer's choice; supervisors are named where they are given."""
    reads = supervisor_reads(part, choice)
    people = tuple(supervisors)
    names = "・".join(person.family_name for person in people)
    readers, short = ["本人"], ["本人"]
    if reads:
        readers.append(f"上司（{names}）" if names else "上司")
        short.append("上司")
    if part.hr_reads:
        readers.append("人事")
        short.append("人事")
    if part.listener_reads:
        readers.append("⑧で選ぶ面談の相手")
        short.append("面談の相手")
    only = part.hr_reads and not part.is_supervisor_optional
    return Audience(
        readers=tuple(readers),
        short="・".join(short) + ("だけ" if only else ""),
        can_choose=part.is_supervisor_optional,
        supervisor_reads=reads,
        supervisor="、".join(person.display_name for person in people),
        is_aggregated=part.is_aggregated,
    )


def audiences(parts: Iterable[AskedPart], choices: Mapping[int, bool]) -> dict[int, Audience]:
    """The audience of every part by its number; `choices` are the writer's, by the part's id."""
    return {part.number: audience(part, choices.get(part.pk)) for part in parts}
