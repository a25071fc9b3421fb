"""Who takes part in a round, how far he gets and when he writes."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from career_portal.home.demonstration.forms import Answers, Form
from career_portal.home.demonstration.organisation_history import Unit
from career_portal.home.demonstration.profiles import REFLECTION
from career_portal.home.demonstration.seats import (
    HOME_SECTION,
    NEIGHBOUR_SECTION,
    PERSONNEL_SECTION,
    Seat,
)
from career_portal.home.demonstration.survey_rows import (
    HandedIn,
    RoundInUse,
    SurveyTables,
)
from career_portal.home.demonstration.timeline import Reopening

USUAL_PARTICIPATION = 0.865
HANDED_IN_TWICE = 0.05
TAKEN_BACK_FOR_GOOD = 0.004
# In JST, as often as people write then.
WRITING_HOURS = (8, 9, 10, 10, 11, 12, 13, 14, 15, 16, 17, 17, 18, 18, 19, 20, 21)
NARROWED, WIDENED = 0.06, 0.05
NARROWABLE = ("reflection", "competencies", "expertise", "skills")
WIDENABLE = ("future", "posts")


class Progress(enum.Enum):
    """How far somebody is in the open round."""

    NOT_OPENED = "not opened"
    OPENED = "opened"
    WRITING = "writing"
    SUBMITTED = "submitted"
    CORRECTING = "correcting"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class InForce:
    """A form, by id, of which a version is in force, and since when."""

    survey: int
    since: datetime.datetime


class Pace(enum.Enum):
    """How far a section is in the open round, beside others."""

    COMPLETE = "complete"
    BRISK = "brisk"
    USUAL = "usual"
    SLOW = "slow"
    UNTOUCHED = "untouched"


# Out of a hundred people of a usual section, some weeks after the opening.
SHARES = {
    Progress.NOT_OPENED: 35,
    Progress.OPENED: 2,
    Progress.WRITING: 25,
    Progress.SUBMITTED: 33,
    Progress.CORRECTING: 3,
    Progress.WITHDRAWN: 2,
}
# How many times as many have handed in, and have not begun.
PACES = {Pace.BRISK: (1.7, 0.6), Pace.USUAL: (1.0, 1.0), Pace.SLOW: (0.5, 1.9)}
EVERYBODY = {Progress.SUBMITTED: 92, Progress.CORRECTING: 8}
NOBODY = {Progress.NOT_OPENED: 60, Progress.OPENED: 8, Progress.WRITING: 32}
EXTREMES = 0.04
ORDINARY_SECTIONS = {HOME_SECTION, NEIGHBOUR_SECTION, PERSONNEL_SECTION}


def takes_part(diligence: float, section: float, random: Random) -> bool:
    """Whether somebody handed in in a past round; sections differ, from about 78 to 95 in a hundred."""
    chance = USUAL_PARTICIPATION + 0.05 * section + 0.05 * diligence
    return random.random() < min(0.97, max(0.5, chance))


def choose_paces(seats: list[Seat], random: Random) -> dict[Unit, Pace]:
    """The pace of every staffed section: some small ones are through, some have not handed in at all."""
    sizes: dict[Unit, int] = {}
    for seat in seats:
        sizes[seat.unit] = sizes.get(seat.unit, 0) + 1
    paces = {
        unit: random.choices((Pace.BRISK, Pace.USUAL, Pace.SLOW), weights=(1, 2, 1))[0]
        for unit in sizes
    }
    small = sorted(
        (unit for unit in sizes if not unit.is_leadership and unit.code not in ORDINARY_SECTIONS),
        key=lambda unit: sizes[unit],
    )
    small = small[: (len(small) + 1) // 2]
    random.shuffle(small)
    wanted = max(1, round(len(sizes) * EXTREMES))
    paces |= dict.fromkeys(small[:wanted], Pace.COMPLETE)
    paces |= dict.fromkeys(small[wanted : 2 * wanted], Pace.UNTOUCHED)
    return paces | {unit: Pace.USUAL for unit in sizes if unit.code in ORDINARY_SECTIONS}


def progress_today(pace: Pace, random: Random, *, is_on_leave: bool) -> Progress:
    """How far somebody is in the open round, in a section of that pace."""
    if is_on_leave and random.random() < 0.8:
        return Progress.NOT_OPENED
    shares = _shares(pace)
    return random.choices(list(shares), list(shares.values()))[0]


def _shares(pace: Pace) -> Mapping[Progress, float]:
    if pace == Pace.COMPLETE:
        return EVERYBODY
    if pace == Pace.UNTOUCHED:
        return NOBODY
    handed_in, not_begun = PACES[pace]
    return SHARES | {
        Progress.SUBMITTED: SHARES[Progress.SUBMITTED] * handed_in,
        Progress.NOT_OPENED: SHARES[Progress.NOT_OPENED] * not_begun,
    }


def add_past(
    tables: SurveyTables, round_: RoundInUse, user: int, form: Form, random: Random
) -> None:
    """A form of a closed round: handed in, now and then twice, rarely taken back."""
    dates = round_.dates
    last = _instant(dates.opens_at, dates.deadline_at, random)
    versions = [HandedIn(form, last)]
    chance = random.random()
    if chance < HANDED_IN_TWICE:
        first = _instant(dates.opens_at, last, random)
        versions.insert(0, HandedIn(shortened(form, random), first))
    elif chance > 1 - TAKEN_BACK_FOR_GOOD:
        versions = [HandedIn(form, last, _instant(last, dates.deadline_at, random))]
    tables.add_survey(round_, user, _instant(dates.opens_at, versions[0].at, random), versions)


def add_reopened(
    tables: SurveyTables,
    round_: RoundInUse,
    user: int,
    form: Form,
    reopening: Reopening,
    random: Random,
) -> None:
    """A form of a closed round that was handed in with a part missing, and again when it could be written once more."""
    dates = round_.dates
    first = _instant(dates.opens_at, dates.deadline_at, random)
    again = _instant(reopening.granted_at, reopening.until, random)
    versions = [HandedIn(shortened(form, random), first), HandedIn(form, again)]
    tables.add_survey(round_, user, _instant(dates.opens_at, first, random), versions)


def add_today(
    tables: SurveyTables,
    round_: RoundInUse,
    user: int,
    form: Form,
    progress: Progress,
    until: datetime.datetime,
    random: Random,
) -> InForce | None:
    """A form of the open round as it stands, with its working copy and what the writer decided about his supervisor.

    Gives the form where a version of it is in force.
    """
    if progress == Progress.NOT_OPENED:
        return None
    opens_at = round_.dates.opens_at
    submitted_at = _instant(opens_at, until, random)
    began_at = _instant(opens_at, submitted_at, random)
    saved = {code: _instant(began_at, submitted_at, random) for code in round_.part_ids}
    versions: list[HandedIn] = []
    if progress == Progress.OPENED:
        form = Form()
    elif progress == Progress.WRITING:
        form = unfinished(form, random)
    elif progress == Progress.WITHDRAWN:
        taken_back = _instant(submitted_at, until, random)
        versions = [HandedIn(form, submitted_at, taken_back)]
    else:
        versions = [HandedIn(form, submitted_at)]
        if progress == Progress.CORRECTING:
            code, form = corrected(form, random)
            saved[code] = _instant(submitted_at, until, random)
    survey = tables.add_survey(
        round_, user, began_at, versions, is_correcting=progress == Progress.CORRECTING
    )
    tables.add_drafts(round_, survey, form, saved)
    _choose_readers(tables, round_, survey, random)
    is_in_force = progress in {Progress.SUBMITTED, Progress.CORRECTING}
    return InForce(survey, submitted_at) if is_in_force else None


def _choose_readers(tables: SurveyTables, round_: RoundInUse, survey: int, random: Random) -> None:
    if random.random() < NARROWED:
        for code in random.sample(NARROWABLE, random.choice((1, 1, 2, 4))):
            tables.readers.add(survey, round_.part_ids[code], False)
    if random.random() < WIDENED:
        for code in random.sample(WIDENABLE, random.choice((1, 2))):
            tables.readers.add(survey, round_.part_ids[code], True)


def shortened(form: Form, random: Random) -> Form:
    """An earlier version of a form: without one of the parts that came later."""
    optional = [code for code in form.parts if code != "reflection"]
    if not optional:
        return form
    dropped = random.choice(optional)
    return Form(
        {code: answers for code, answers in form.parts.items() if code != dropped},
        {} if dropped == "posts" else dict(form.posts),
    )


def corrected(form: Form, random: Random) -> tuple[str, Form]:
    """A form in which one of the reflection items is being changed, with the part that it lies in."""
    item = random.choice(REFLECTION)
    answers = dict(form.parts["reflection"])
    answers[item] = "4" if answers[item] != "4" else "3"
    return "reflection", Form({**form.parts, "reflection": answers}, dict(form.posts))


def unfinished(form: Form, random: Random) -> Form:
    """A form on the way: one to seven of its parts, the last one perhaps only begun."""
    codes = list(form.parts)
    if random.random() < 0.25:
        random.shuffle(codes)
    kept = codes[: random.randint(1, min(7, len(codes)))]
    parts = {code: form.parts[code] for code in kept}
    if random.random() < 0.6:
        parts[kept[-1]] = _begun(parts[kept[-1]], random)
    posts = dict(form.posts) if "posts" in kept else {}
    return Form(parts, posts)


def _begun(answers: Answers, random: Random) -> Answers:
    count = random.randint(1, max(1, len(answers) - 1))
    return dict(list(answers.items())[:count])


def _instant(start: datetime.datetime, end: datetime.datetime, random: Random) -> datetime.datetime:
    """An instant between two others, to the second; rather late than early, and by day where there is room."""
    moment = start + (end - start) * max(random.random(), random.random())
    by_day = moment.replace(hour=random.choice(WRITING_HOURS), microsecond=0)
    return by_day if start <= by_day <= end else max(start, moment.replace(microsecond=0))
