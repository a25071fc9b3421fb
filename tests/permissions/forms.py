"""Forms of others in the world of the matrix, and what a page shows of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from career_portal.staff.models import User
from surveys import services
from surveys.asked import asked
from surveys.models import Submission
from tests.factories.staff import AssignmentFactory, UserFactory
from tests.factories.surveys import (
    ALL_PARTS,
    canary,
    choose_supervisor,
    close,
    field_name,
    hope_survey,
    questionnaire,
    save_parts,
    submit,
)
from tests.permissions.world import World

LISTENERS = ("supervisor", "hr", "mentor", "undecided")
CHOICES = {
    "default": {},
    "narrowed": {2: False},
    "widened": {5: True, 6: True},
}
MARK = "鵺の文"
DETAIL = "/surveys/readable/{}/"
LIST = "/surveys/readable/"


def steady(response) -> bytes:
    """A page without how long the sign-in lasts, which is another number a second later."""
    return re.sub(rb'data-seconds-left="\d+"', b"", response.content)


@dataclass(frozen=True)
class Form:
    """A submission that somebody might read: whose, whose form it is in the matrix, and what it is by now."""

    pk: int
    writer: User
    capacities: str
    submission: str
    listener: str = "supervisor"


def member(world: World) -> User:
    """One more member of section A."""
    person = UserFactory(family_name="書手")
    AssignmentFactory(user=person, section=world.units["here"])
    return person


def fill(world: World) -> dict[str, Form]:
    """Forms in the open round, one for each listener and each fate of a submission, and one of the round before."""
    now, before, post = world.rounds["open"], world.rounds["closed"], world.post
    forms = {}

    def hand_in(name, writer, capacities="member", fate="in_force", state="submitted", **options):
        survey = hope_survey(
            options.pop("survey_round", now), writer, state, mark=MARK, post=post, **options
        )
        pk = Submission.objects.filter(survey=survey).latest("number").pk
        forms[name] = Form(pk, writer, capacities, fate, options.get("listener", "supervisor"))
        return survey

    for listener in LISTENERS:
        hand_in(f"listens_{listener}", member(world), listener=listener)
    hand_in("head", world.people["head"], "head")
    hand_in("hr_ministry", world.people["hr_ministry"], "hr_ministry")
    hand_in("corrected", member(world), fate="beside_a_correction", state="correcting")
    hand_in("withdrawn", member(world), fate="withdrawn", state="withdrawn")
    hand_in("earlier", member(world), fate="earlier_round", survey_round=before)
    survey = hand_in("replaced", member(world), fate="replaced")
    services.open_correction(now, by=survey.user)
    save_parts(now, survey.user, mark=MARK, post=post)
    replacement = submit(now, survey.user)
    forms["replacement"] = Form(replacement.pk, survey.user, "member", "in_force")
    hope_survey(now, member(world), "draft", mark=MARK)
    close(before)
    return forms


def choose(world: World, form: Form, choice: str) -> None:
    """Have the writer decide about his supervisor as a choice of the matrix says."""
    for number, reads in CHOICES[choice].items():
        choose_supervisor(world.rounds["open"], form.writer, number, reads=reads)


def words_of(number: int, mark: str = MARK) -> set[str]:
    """The words by which one part of a form is known on a page."""
    if number == 3:
        return {field_name()}
    return {canary(mark, number)} | ({"企画係長"} if number == 6 else set())


def shown_parts(page: str) -> set[int]:
    """The parts of which a page shows anything; fails where it shows a part in pieces or words of a draft."""
    assert f"{MARK}訂正" not in page
    shown = {number for number in ALL_PARTS if any(word in page for word in words_of(number))}
    for number in shown:
        assert all(word in page for word in words_of(number)), number
    titles = {part.title: part.number for part in asked(questionnaire()).parts}
    assert {titles[heading] for heading in re.findall("<h2>(.+?)</h2>", page)} == shown
    return shown


def listed(page: str) -> set[int]:
    """The submissions that a list leads to."""
    return {int(pk) for pk in re.findall(rf'href="{LIST}(\d+)/"', page)}
