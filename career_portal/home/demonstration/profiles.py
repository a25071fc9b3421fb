"""What stays with a person from year to year: leanings, abilities, habits. Never stored; answers are drawn from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from career_portal.home.demonstration.careers import Person
from career_portal.home.demonstration.catalogue import Post
from career_portal.home.demonstration.seats import Level

COMPETENCIES = ("A1", "A2", "A3", "A4", "A5")
FIELDS = tuple(f"B1-{number:02d}" for number in range(1, 13))
ADMINISTRATIVE = tuple(f"B2-{number:02d}" for number in range(1, 10))

REFLECTION = (
    "growth_felt",
    "meaning_felt",
    "valued_felt",
    "mission_sympathy",
    "career_talk",
    "future_picture",
)
# Where the middle of the ministry stands with each item.
USUAL_MOOD = dict(zip(REFLECTION, (3.7, 3.9, 3.8, 3.6, 3.1, 2.9), strict=True))

USUAL_LEVEL = {
    Level.CLERK: 1.4,
    Level.CHIEF: 2.2,
    Level.DEPUTY: 2.9,
    Level.OFFICE_DIRECTOR: 3.4,
    Level.DIRECTOR: 3.7,
    Level.DEPUTY_GENERAL: 4.1,
    Level.GENERAL: 4.4,
}
CHANCE_OF_A_STEP = 0.19
EXPERIENCES = (
    "ministry",
    "municipality",
    "agency",
    "firm",
    "embassy",
    "international",
    "study_abroad",
    "study_home",
    "project",
    "training",
)
CIRCUMSTANCES = ("childcare", "care", "birth", "health", "disability", "family", "study", "other")
CIRCUMSTANCE_CHANCES = (0.16, 0.08, 0.03, 0.07, 0.02, 0.06, 0.03, 0.03)


@dataclass
class Profile:
    """One person's leanings. `openness` is how readily he writes sentences, `diligence` how readily he hands in."""

    engagement: float
    openness: float
    diligence: float
    levels: dict[str, int]
    competency_wishes: dict[str, str]
    field_wishes: dict[str, str]
    skill_experience: dict[str, int]
    skill_wishes: dict[str, str]
    drawn_to: list[str]
    experiences: list[str]
    circumstances: list[str]
    listener: str
    place: str
    posts: list[Post] = field(default_factory=list)
    five_years: str = ""
    ten_years: str = ""

    def grow(self, level: Level, random: Random) -> None:
        """A year passes: a competency rises by a step now and then, never falls; a leaning changes rarely."""
        ceiling = min(5, int(USUAL_LEVEL[level] + 2))
        for code, reached in self.levels.items():
            if reached < ceiling and random.random() < CHANCE_OF_A_STEP:
                self.levels[code] = reached + 1
        for code, reached in self.skill_experience.items():
            if reached < 4 and random.random() < 0.1:
                self.skill_experience[code] = reached + 1
        if random.random() < 0.3:
            self.field_wishes[random.choice(FIELDS)] = random.choice("223")
        if random.random() < 0.3:
            self.skill_wishes[random.choice(ADMINISTRATIVE)] = random.choice("1223")
        if random.random() < 0.4:
            self.competency_wishes[random.choice(COMPETENCIES)] = random.choice("123")
        if random.random() < 0.15:
            self.circumstances = _circumstances(random)
        self.engagement = 0.85 * self.engagement + random.gauss(0, 0.5)


def new_profile(person: Person, random: Random) -> Profile:
    """The leanings of a person at the start of the history; his fields follow the sections he has held."""
    level = person.stints[0].seat.level
    ability = random.gauss(0, 0.55)
    held = [stint.seat.unit.field_code for stint in person.stints] + person.earlier_fields[-2:]
    drawn_to = list(
        dict.fromkeys([random.choice(held), random.choice(held), random.choice(FIELDS)])
    )
    wishes = {code: random.choice("2333") for code in FIELDS}
    wishes |= {
        code: "1" if place == 0 else random.choice("12") for place, code in enumerate(drawn_to)
    }
    years = person.years_of_service(person.stints[0].since)
    return Profile(
        engagement=random.gauss(0, 1),
        openness=min(1.0, max(0.1, random.gauss(0.6, 0.25))),
        diligence=random.gauss(0, 1),
        levels={code: _level(level, ability, random) for code in COMPETENCIES},
        competency_wishes={code: random.choice("11222333") for code in COMPETENCIES},
        field_wishes=wishes,
        skill_experience={code: _experience(years, random) for code in ADMINISTRATIVE},
        skill_wishes={code: random.choice("122333") for code in ADMINISTRATIVE},
        drawn_to=drawn_to,
        experiences=random.sample(EXPERIENCES, random.choice((0, 1, 1, 2, 2, 3))),
        circumstances=_circumstances(random),
        listener=random.choices(
            ("supervisor", "mentor", "hr", "undecided"), weights=(58, 12, 10, 20)
        )[0],
        place=random.choices(
            ("headquarters", "regional", "overseas", "no_removal", "any"),
            weights=(34, 12, 12, 16, 26),
        )[0],
    )


def _level(level: Level, ability: float, random: Random) -> int:
    return min(5, max(1, round(USUAL_LEVEL[level] + ability + random.gauss(0, 0.45))))


def _experience(years: int, random: Random) -> int:
    return min(4, max(1, round(random.gauss(1.2 + years / 14, 0.9))))


def _circumstances(random: Random) -> list[str]:
    found = [
        code
        for code, chance in zip(CIRCUMSTANCES, CIRCUMSTANCE_CHANCES, strict=True)
        if random.random() < chance
    ]
    return found or ["none"]
