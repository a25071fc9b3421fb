"""What the posts of the demonstration say: authored per section, filled up from a bank of sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from career_portal.home.demonstration.organisation_history import Unit
from career_portal.home.reference_data import fixture_path, read_json
from career_portal.staff.models.assignments import Grade
from postings.content import GAINED, REQUIRED, PostContent, SkillLine

# Where one of a grade comes from, and goes to.
BEFORE = {
    Grade.OFFICIAL: Grade.OFFICIAL,
    Grade.SENIOR_OFFICIAL: Grade.OFFICIAL,
    Grade.UNIT_CHIEF: Grade.SENIOR_OFFICIAL,
    Grade.DEPUTY_DIRECTOR: Grade.UNIT_CHIEF,
}
AFTER = {
    Grade.OFFICIAL: Grade.UNIT_CHIEF,
    Grade.SENIOR_OFFICIAL: Grade.UNIT_CHIEF,
    Grade.UNIT_CHIEF: Grade.DEPUTY_DIRECTOR,
    Grade.DEPUTY_DIRECTOR: Grade.DEPUTY_DIRECTOR,
}
FIRST_EXTENSION = 2001
# Additional rows have a heading before a colon, or stand under one that says nothing.
OF_GRADE = "この職層の仕事：{}"


class Bank:
    """Sentences by purpose, each given out about as often as its neighbours, so that none becomes a refrain."""

    def __init__(self, random: Random) -> None:
        self._sentences: dict[str, Any] = read_json("demo", "posts", "bank.json") | {
            purpose: read_json("demo", "posts", f"{purpose}.json")
            for purpose in (GAINED, REQUIRED, "grade")
        }
        self._random = random
        self._used: Counter[str] = Counter()

    def one(self, *path: str) -> str:
        """A sentence for a purpose."""
        return self.take(*path)[0]

    def take(self, *path: str, number: int = 1) -> list[str]:
        """So many different sentences for a purpose, those given out least."""
        options: Any = self._sentences
        for step in path:
            options = options[step]
        by_use = sorted(options, key=lambda sentence: (self._used[sentence], self._random.random()))
        taken = by_use[:number]
        self._used.update(taken)
        return taken


@dataclass(frozen=True)
class Authored:
    """What was written for one post: its title, grade, duties, and skills by code with their strength."""

    title: str
    grade: Grade
    duties: tuple[str, ...]
    gained: tuple[tuple[str, int], ...]
    required: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class SectionTexts:
    """What was written for one section."""

    mission: str
    posts: tuple[Authored, ...]


class Texts:
    """What was authored for each section."""

    def __init__(self) -> None:
        self._authored: dict[str, SectionTexts] = {}
        for path in sorted(fixture_path("demo", "posts").glob("B*.json")):
            for code, section in read_json("demo", "posts", path.name).items():
                posts = tuple(map(_authored, section["posts"]))
                self._authored[code] = SectionTexts(section["mission"], posts)

    def of(self, unit: Unit) -> SectionTexts:
        """The texts of a section."""
        return self._authored[unit.code]


def _authored(post: dict[str, Any]) -> Authored:
    return Authored(
        title=post["title"],
        grade=Grade(post["grade"]),
        duties=tuple(post["duties"]),
        gained=tuple((code, strength) for code, strength in post["gained"]),
        required=tuple((code, strength) for code, strength in post["required"]),
    )


class Describer:
    """Makes whole descriptions of what was authored."""

    def __init__(self, units: Sequence[Unit], random: Random) -> None:
        self._random = random
        self.bank = Bank(random)
        self._by_field: dict[str, list[Unit]] = {}
        for unit in units:
            if not unit.is_leadership:
                self._by_field.setdefault(unit.field_code, []).append(unit)

    def describe(self, unit: Unit, mission: str, post: Authored) -> PostContent:
        """The description of one post, without the day of its next review."""
        take = self.bank.one
        extension = FIRST_EXTENSION + self._random.randrange(7000)
        return PostContent(
            title=post.title,
            grade=post.grade,
            mission=mission,
            duties="\n".join(post.duties),
            gained=tuple(self.skill(GAINED, *skill) for skill in post.gained),
            required=tuple(self.skill(REQUIRED, *skill) for skill in post.required),
            stay=take("career", "stay"),
            career_before=self._career(unit, "before", BEFORE[post.grade]),
            career_after=self._career(unit, "after", AFTER[post.grade]),
            telework=take("ways", "telework"),
            travel=take("ways", "travel"),
            busy_season=take("ways", "busy_season"),
            team=take("ways", "team"),
            additional=OF_GRADE.format(take("grade", post.grade)),
            place=unit.place,
            contact=f"{unit.plain_name} 総括係（内線 {extension}）",
        )

    def skill(self, relation: str, code: str, strength: int) -> SkillLine:
        """A skill gained or asked for, with a sentence on what that means at this strength."""
        return SkillLine(code, strength, self.bank.one(relation, code, str(strength)))

    def _career(self, unit: Unit, direction: str, grade: Grade) -> str:
        others = [other for other in self._by_field[unit.field_code] if other is not unit]
        other = self._random.choice(others)
        lines = [f"{other.plain_name}　{grade.label}"]
        lines += self.bank.take("career", direction, unit.field_code, number=2)
        return "\n".join(lines)
