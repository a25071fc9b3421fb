"""One person's answers of one year, part by part, as the questionnaire asks them.

A form maps part codes to answers by question code; posts hoped for are kept apart. Nobody answers everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from career_portal.home.demonstration.catalogue import Catalogue, Post
from career_portal.home.demonstration.organisation_history import Unit
from career_portal.home.demonstration.profiles import (
    ADMINISTRATIVE,
    COMPETENCIES,
    FIELDS,
    REFLECTION,
    USUAL_MOOD,
    Profile,
)
from career_portal.home.demonstration.seats import Level
from career_portal.home.demonstration.wording import Wording

Answers = dict[str, str | list[str]]

MONTHS_IN_CHARGE = 12
MONTHS_TO_LEAD = 33
OTHER_SKILLS = (
    "データ分析",
    "動画の編集",
    "手話",
    "簿記",
    "中国語",
    "ファシリテーション",
    "外国法令の調査",
    "測量",
)
# How many fill in a part before handing in.
FILLED_IN = {
    "reflection": 1.0,
    "competencies": 0.95,
    "expertise": 0.9,
    "skills": 0.87,
    "future": 0.8,
    "posts": 0.78,
    "circumstances": 0.7,
    "interview": 0.68,
}


@dataclass(frozen=True)
class Situation:
    """Where somebody stands when he writes: section, level, years on the seat, months in each field, the mood there."""

    unit: Unit
    level: Level
    is_head: bool
    years_on_seat: float
    months: dict[str, float]
    mood: dict[str, float]


@dataclass
class Form:
    """What somebody writes in one year."""

    parts: dict[str, Answers] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)


class Author:
    """Writes forms: knows the sentences and the posts that can be hoped for."""

    def __init__(self, wording: Wording, catalogue: Catalogue) -> None:
        self._wording = wording
        self._catalogue = catalogue

    def write(self, profile: Profile, situation: Situation, random: Random) -> Form:
        """A whole form with the usual gaps."""
        form = Form()
        writers = (
            ("reflection", self._reflection),
            ("competencies", self._competencies),
            ("expertise", _expertise),
            ("skills", _skills),
            ("future", self._future),
            ("circumstances", self._circumstances),
            ("interview", self._interview),
        )
        for code, writer in writers:
            if random.random() < FILLED_IN[code] and (
                answers := writer(profile, situation, random)
            ):
                form.parts[code] = answers
        if random.random() < FILLED_IN["posts"]:
            self._hope_for_posts(form, profile, situation, random)
        return form

    def _reflection(self, profile: Profile, here: Situation, random: Random) -> Answers:
        answers: Answers = {}
        if random.random() < 0.5 + profile.openness / 2:
            answers["work_done"] = self._wording.work_done(here.unit, random, is_head=here.is_head)
        if random.random() < 0.2 + profile.openness / 2:
            answers["gained"] = self._wording.gained(here.unit, random)
        for item in REFLECTION:
            felt = USUAL_MOOD[item] + 0.6 * profile.engagement + 0.5 * here.mood[item]
            answers[item] = str(min(5, max(1, round(felt + random.gauss(0, 0.5)))))
        return answers

    def _competencies(self, profile: Profile, here: Situation, random: Random) -> Answers:
        answers: Answers = {}
        for code in COMPETENCIES:
            name = code.lower()
            if random.random() < 0.04:
                continue
            level = profile.levels[code]
            answers[f"{name}_level"] = str(level)
            if random.random() < profile.openness * 0.7:
                answers[f"{name}_episode"] = self._wording.episode(code, level, here.unit, random)
            if random.random() < 0.9:
                answers[f"{name}_wish"] = profile.competency_wishes[code]
        return answers

    def _future(self, profile: Profile, here: Situation, random: Random) -> Answers:
        if not profile.five_years or random.random() < 0.45:
            field_code = random.choice(profile.drawn_to)
            profile.five_years = self._wording.in_five_years(
                field_code, random, is_head=here.is_head
            )
        if not profile.ten_years or random.random() < 0.3:
            profile.ten_years = self._wording.in_ten_years(random)
        answers: Answers = {"in_five_years": profile.five_years}
        if random.random() < 0.75:
            answers["in_ten_years"] = profile.ten_years
        if random.random() < profile.openness * 0.5:
            for code in ("ledger_stock", "ledger_flow", "ledger_will"):
                if random.random() < 0.85:
                    answers[code] = self._wording.ledger(code, here.unit, random)
        return answers

    def _hope_for_posts(
        self, form: Form, profile: Profile, here: Situation, random: Random
    ) -> None:
        answers: Answers = {}
        is_manager = here.level >= Level.OFFICE_DIRECTOR
        for rank in range(0 if is_manager else random.choice((0, 1, 1, 2, 2, 3))):
            field_code = profile.drawn_to[rank % len(profile.drawn_to)]
            post = self._post(profile, rank, field_code, here.level, random)
            if post in form.posts.values():
                continue
            code = f"post_{len(form.posts) + 1}"
            form.posts[code] = post
            if random.random() < 0.3 + profile.openness / 2:
                reason = f"{code}_reason"
                answers[reason] = self._wording.post_reason(reason, post.unit, here.unit, random)
        answers["timing"] = _timing(here.years_on_seat, random)
        if random.random() < 0.85:
            answers["place"] = profile.place
            if random.random() < 0.25:
                answers["place_note"] = self._wording.place_note(profile.place, random)
        if profile.experiences and random.random() < 0.85:
            answers["experiences"] = list(profile.experiences)
            if random.random() < 0.3:
                note = self._wording.experiences_note(profile.experiences, random)
                answers["experiences_note"] = note
        form.parts["posts"] = answers

    def _post(
        self, profile: Profile, rank: int, field_code: str, level: Level, random: Random
    ) -> Post:
        """Last year's wish of that rank, mostly; otherwise a post in a field that draws the person."""
        if rank < len(profile.posts) and random.random() < 0.65:
            return profile.posts[rank]
        post = self._catalogue.draw(field_code, level, random)
        profile.posts[rank : rank + 1] = [post]
        return post

    def _circumstances(self, profile: Profile, here: Situation, random: Random) -> Answers:
        answers: Answers = {"circumstances": list(profile.circumstances)}
        if random.random() < 0.4 + profile.openness / 2:
            note = self._wording.circumstances_note(profile.circumstances, random)
            if note:
                answers["circumstances_note"] = note
        return answers

    def _interview(self, profile: Profile, here: Situation, random: Random) -> Answers:
        answers: Answers = {"listener": profile.listener}
        if random.random() < 0.2 + profile.openness / 2:
            answers["topic"] = self._wording.interview_topic(random, is_head=here.is_head)
        if random.random() < 0.85:
            answers["response"] = random.choices(
                ("listen", "think", "advise", "connect"), weights=(35, 30, 25, 10)
            )[0]
        return answers


def _expertise(profile: Profile, here: Situation, random: Random) -> Answers:
    answers: Answers = {}
    gap = random.random() < 0.12
    for code in FIELDS:
        if gap and random.random() < 0.3:
            continue
        name = code.lower().replace("-", "_")
        answers[f"{name}_experience"] = _field_experience(here.months.get(code, 0), here.level)
        if random.random() < 0.93:
            answers[f"{name}_wish"] = profile.field_wishes[code]
    return answers


def _skills(profile: Profile, here: Situation, random: Random) -> Answers:
    answers: Answers = {}
    for code in ADMINISTRATIVE:
        name = code.lower().replace("-", "_")
        answers[f"{name}_experience"] = str(profile.skill_experience[code])
        if random.random() < 0.92:
            answers[f"{name}_wish"] = profile.skill_wishes[code]
    if random.random() < 0.06 * profile.openness:
        answers["b2_other_name"] = random.choice(OTHER_SKILLS)
        answers["b2_other_experience"] = random.choice("234")
        answers["b2_other_wish"] = random.choice("12")
    return answers


def _field_experience(months: float, level: Level) -> str:
    if months >= MONTHS_TO_LEAD and level >= Level.CHIEF:
        return "4"
    if months >= MONTHS_IN_CHARGE:
        return "3"
    return "2" if months > 0 else "1"


def _timing(years_on_seat: float, random: Random) -> str:
    """The longer on a seat, the likelier the wish to move in the next summer."""
    soon = min(6.0, 0.5 + 2 * years_on_seat)
    return random.choices(
        ("next_summer", "within_two_years", "stay", "any"), weights=(soon, 3, max(0.7, 5 - soon), 2)
    )[0]
