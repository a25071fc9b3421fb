"""Writers who let a mentor read something of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from career_portal.home.demonstration.forms import Form
from career_portal.home.demonstration.participation import InForce
from career_portal.home.demonstration.survey_rows import RoundInUse, SurveyTables

# How many of those who want to talk with a mentor have said with whom, and how many show him another part as well.
NAMED = 1 / 3
SHOWN_MORE = 0.3
SHOWN_PARTS = ("competencies", "future", "posts")
INTERVIEW, LISTENER = "interview", "listener"
CHOSEN = "mentor"


@dataclass(frozen=True)
class Mentors:
    """Whom writers can name, by the ids of their accounts: all mentors, and the one among the sign-ins."""

    everybody: list[int]
    sign_in: int

    def release(
        self,
        tables: SurveyTables,
        round_: RoundInUse,
        written: InForce,
        writer: int,
        form: Form,
        random: Random,
        *,
        is_certain: bool,
    ) -> None:
        """Name a mentor in a form that is handed in and asks for one; surely the sign-in's where `is_certain`."""
        if form.parts.get(INTERVIEW, {}).get(LISTENER) != CHOSEN:
            return
        if not is_certain and random.random() >= NAMED:
            return
        others = [mentor for mentor in self.everybody if mentor != writer]
        mentor = self.sign_in if is_certain else random.choice(others)
        shown = [INTERVIEW]
        if random.random() < SHOWN_MORE:
            shown += random.sample(SHOWN_PARTS, random.choice((1, 1, 2)))
        for code in shown:
            if code in form.parts:
                part = round_.part_ids[code]
                tables.releases.add(written.survey, part, mentor, written.since)
