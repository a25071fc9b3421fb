"""Who takes part in a round, how far he gets and when he writes."""

from __future__ import annotations

import datetime
import enum
from random import Random

from career_portal.home.demonstration.forms import Answers, Form
from career_portal.home.demonstration.profiles import REFLECTION
from career_portal.home.demonstration.survey_rows import (
    HandedIn,
    RoundInUse,
    SurveyTables,
)

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


# Out of a hundred people, some weeks after the opening.
SHARES = {
    Progress.NOT_OPENED: 35,
    Progress.OPENED: 2,
    Progress.WRITING: 25,
    Progress.SUBMITTED: 33,
    Progress.CORRECTING: 3,
    Progress.WITHDRAWN: 2,
}


def takes_part(diligence: float, section: float, random: Random) -> bool:
    """Whether somebody handed in in a past round; sections differ, from about 78 to 95 in a hundred."""
    chance = USUAL_PARTICIPATION + 0.05 * section + 0.05 * diligence
    return random.random() < min(0.97, max(0.5, chance))


def progress_today(random: Random, *, is_on_leave: bool) -> Progress:
    """How far somebody is in the open round."""
    if is_on_leave and random.random() < 0.8:
        return Progress.NOT_OPENED
    return random.choices(list(SHARES), list(SHARES.values()))[0]


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


def add_today(
    tables: SurveyTables,
    round_: RoundInUse,
    user: int,
    form: Form,
    progress: Progress,
    until: datetime.datetime,
    random: Random,
) -> None:
    """A form of the open round as it stands, with its working copy and what the writer decided about readers."""
    if progress == Progress.NOT_OPENED:
        return
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
