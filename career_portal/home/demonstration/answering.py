"""Everybody's forms in four rounds, written from profiles that change slowly."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from career_portal.home.demonstration.careers import Person
from career_portal.home.demonstration.forms import FILLED_IN, Author, Form, Situation
from career_portal.home.demonstration.mentoring import CHOSEN, INTERVIEW, Mentors
from career_portal.home.demonstration.organisation_history import Unit
from career_portal.home.demonstration.participation import (
    Pace,
    Progress,
    add_past,
    add_reopened,
    add_today,
    progress_today,
    takes_part,
)
from career_portal.home.demonstration.profiles import REFLECTION, Profile, new_profile
from career_portal.home.demonstration.survey_rows import RoundInUse, SurveyTables
from career_portal.home.demonstration.timeline import Reopening

DAYS_PER_MONTH = 30.4
MONTHS_PER_EARLIER_POST = 24
SECOND_FIELD_SHARE = 0.3


class Moods:
    """How each section feels about each reflection item, year by year; a mood lasts for a while."""

    def __init__(self, units: list[Unit], years: list[int], random: Random) -> None:
        self._moods: dict[tuple[int, int], dict[str, float]] = {}
        for unit in units:
            general = random.gauss(0, 0.6)
            items = {item: random.gauss(0, 0.5) for item in REFLECTION}
            for year in years:
                self._moods[unit.pk, year] = {item: general + items[item] for item in REFLECTION}
                general = 0.7 * general + random.gauss(0, 0.35)
                items = {item: 0.7 * mood + random.gauss(0, 0.3) for item, mood in items.items()}

    def of(self, unit: Unit, year: int) -> dict[str, float]:
        """The section's mood of a year by item."""
        return self._moods[unit.pk, year]


@dataclass(frozen=True)
class Respondent:
    """A person as the survey knows him. `seeks_mentor`: has handed in and named the mentor among the sign-ins."""

    person: Person
    user: int
    is_on_leave: bool
    seeks_mentor: bool
    is_reopened: bool


@dataclass(frozen=True)
class Course:
    """How the open round goes: the pace of each section, whom writers name as mentor, the last instant of writing.

    `reopening` is about the round of last year.
    """

    paces: dict[Unit, Pace]
    mentors: Mentors
    until: datetime.datetime
    reopening: Reopening


class Survey:
    """Four rounds of the hope survey."""

    def __init__(
        self,
        rounds: list[RoundInUse],
        author: Author,
        moods: Moods,
        tables: SurveyTables,
        course: Course,
        chance: Callable[[str], Random],
    ) -> None:
        self._rounds = rounds
        self._author = author
        self._moods = moods
        self._tables = tables
        self._course = course
        self._chance = chance

    def answer(self, respondent: Respondent) -> None:
        """One person's forms of all rounds in which he served, as chance would have it."""
        person, reopening = respondent.person, self._course.reopening
        random = self._chance(f"person {person.number}")
        profile = new_profile(person, random)
        if respondent.seeks_mentor:
            profile.listener = CHOSEN
        for round_ in self._rounds:
            here = self._situation(person, round_)
            if here is None:
                continue
            profile.grow(here.level, random)
            if round_.dates.is_open:
                self._answer_today(respondent, round_, profile, here, random)
            elif respondent.is_reopened and round_.dates.fiscal_year == reopening.fiscal_year:
                form = self._author.write(profile, here, random)
                add_reopened(self._tables, round_, respondent.user, form, reopening, random)
            elif takes_part(profile.diligence, here.mood["valued_felt"], random):
                form = self._author.write(profile, here, random)
                add_past(self._tables, round_, respondent.user, form, random)

    def _answer_today(
        self,
        respondent: Respondent,
        round_: RoundInUse,
        profile: Profile,
        here: Situation,
        random: Random,
    ) -> None:
        pace = self._course.paces[respondent.person.current.seat.unit]
        progress = progress_today(pace, random, is_on_leave=respondent.is_on_leave)
        if respondent.seeks_mentor:
            progress = Progress.SUBMITTED
        if progress == Progress.NOT_OPENED:
            return
        form = self._author.write(profile, here, random)
        while respondent.seeks_mentor and INTERVIEW not in form.parts:
            form = self._author.write(profile, here, random)
        user, until = respondent.user, self._course.until
        written = add_today(self._tables, round_, user, form, progress, until, random)
        if written is not None:
            self._course.mentors.release(
                self._tables,
                round_,
                written,
                user,
                form,
                random,
                is_certain=respondent.seeks_mentor,
            )

    def answer_as_shown(self, respondent: Respondent) -> None:
        """The forms of the person whose sign-in shows the writer's pages.

        Handed in in full in every past round; this autumn half written, two of the five competencies answered.
        """
        person = respondent.person
        random = self._chance("person shown")
        profile = new_profile(person, random)
        profile.openness = 1.0
        for round_ in self._rounds:
            here = self._situation(person, round_)
            if here is None:
                continue
            profile.grow(here.level, random)
            form = self._whole_form(profile, here, random)
            if round_.dates.is_open:
                self._add_half_written(round_, respondent.user, form, random)
            else:
                add_past(self._tables, round_, respondent.user, form, random)

    def _whole_form(self, profile: Profile, here: Situation, random: Random) -> Form:
        while True:
            form = self._author.write(profile, here, random)
            competencies = form.parts.get("competencies", {})
            levels = [code for code in competencies if code.endswith("_level")]
            told = {"a1_episode", "a1_wish", "a2_episode", "a2_wish"} <= competencies.keys()
            if len(form.parts) == len(FILLED_IN) and form.posts and len(levels) == 5 and told:
                return form

    def _add_half_written(self, round_: RoundInUse, user: int, form: Form, random: Random) -> None:
        competencies = form.parts["competencies"]
        form.parts["competencies"] = {
            code: answer for code, answer in competencies.items() if code[:2] in {"a1", "a2"}
        }
        first = dict(list(form.parts["expertise"].items())[:7])
        kept = {code: form.parts[code] for code in ("reflection", "competencies")}
        half = Form({**kept, "expertise": first, "posts": form.parts["posts"]}, form.posts)
        began_at = round_.dates.opens_at + datetime.timedelta(days=9, hours=3, minutes=12)
        saved = {
            code: began_at + datetime.timedelta(days=place, minutes=random.randint(3, 50))
            for place, code in enumerate(round_.part_ids)
        }
        survey = self._tables.add_survey(round_, user, began_at, [])
        self._tables.add_drafts(round_, survey, half, saved)

    def _situation(self, person: Person, round_: RoundInUse) -> Situation | None:
        day = round_.dates.reference_date
        stint = person.stint_on(day)
        if stint is None or (round_.dates.is_open and person.left_on is not None):
            return None
        unit = stint.seat.unit
        return Situation(
            unit=unit,
            level=stint.seat.level,
            is_head=stint.seat.is_head,
            years_on_seat=(day - stint.since).days / 365,
            months=months_by_field(person, day),
            mood=self._moods.of(unit, round_.dates.fiscal_year),
        )


def months_by_field(person: Person, day: datetime.date) -> dict[str, float]:
    """How long a person has worked in each field up to a day; a section's second field counts in part."""
    months: dict[str, float] = {}
    for code in person.earlier_fields:
        months[code] = months.get(code, 0) + MONTHS_PER_EARLIER_POST
    for stint in person.stints:
        end = min(day, stint.until or day)
        if end <= stint.since:
            continue
        held = (end - stint.since).days / DAYS_PER_MONTH
        unit = stint.seat.unit
        months[unit.field_code] = months.get(unit.field_code, 0) + held
        if second := unit.second_field_code:
            months[second] = months.get(second, 0) + held * SECOND_FIELD_SHARE
    return months
