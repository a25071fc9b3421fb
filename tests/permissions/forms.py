"""Forms of others in the world of the matrix, and what a page shows of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from career_portal.staff.models import User
from surveys import reader_services, services
from surveys.asked import asked
from surveys.models import MentorRelease, Submission, SurveyRound
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
    "shut": {1: False, 2: False, 3: False, 4: False},
    "widened": {5: True, 6: True},
}
MARK = "鵺の文"
MEMBERS = "書手"
DETAIL = "/surveys/readable/{}/"
LIST = "/surveys/readable/"
STAFF = "/surveys/staff/"
RELEASED = "/surveys/released/"
PERSON = "/surveys/readable/people/{}/"


def steady(response) -> bytes:
    """A page without how long the sign-in lasts, which is another number a second later."""
    return re.sub(rb'data-seconds-left="\d+"', b"", response.content)


@dataclass(frozen=True)
class Form:
    """A submission that somebody might read: whose, whose form it is in the matrix, and what it is by now.

    `released`: the parts that the mentor of the matrix was let read when the world was built.
    """

    pk: int
    writer: User
    capacities: str
    submission: str
    listener: str = "supervisor"
    released: tuple[int, ...] = ()


def member(world: World) -> User:
    """One more member of section A."""
    person = UserFactory(family_name=MEMBERS)
    AssignmentFactory(user=person, section=world.units["here"])
    return person


def fill(world: World) -> dict[str, Form]:
    """Forms in the open round, one for each listener and each fate of a submission, and one of the round before."""
    now, before, post = world.rounds["open"], world.rounds["closed"], world.post
    forms = {}

    def hand_in(name, writer, capacities="member", fate="in_force", state="submitted", **options):
        survey_round = options.pop("survey_round", now)
        survey = hope_survey(survey_round, writer, state, mark=MARK, post=post, **options)
        released = ()
        if not name.startswith("listens_"):
            released = (5,)
            release(survey_round, writer, world.people["mentor"], *released)
        pk = Submission.objects.filter(survey=survey).latest("number").pk
        listener = options.get("listener", "supervisor")
        forms[name] = Form(pk, writer, capacities, fate, listener, released)
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
    forms["replacement"] = Form(replacement.pk, survey.user, "member", "in_force", released=(5,))
    hope_survey(now, member(world), "draft", mark=MARK)
    close(before)
    return forms


def choose(world: World, form: Form, choice: str) -> None:
    """Have the writer decide about his supervisor as a choice of the matrix says."""
    for number, reads in CHOICES[choice].items():
        choose_supervisor(world.rounds["open"], form.writer, number, reads=reads)


def name_mentor(survey_round: SurveyRound, writer: User, mentor: User | None) -> None:
    """Have the writer name the mentor who reads ⑧, or nobody any more."""
    part = asked(survey_round.questionnaire).part(8)
    reader_services.name_mentor(survey_round, part, mentor, by=writer)


def release(survey_round: SurveyRound, writer: User, mentor: User, *numbers: int) -> None:
    """Have the writer name the mentor and add him to other parts."""
    name_mentor(survey_round, writer, mentor)
    for number in numbers:
        let_mentor_read(survey_round, writer, number, reads=True)


def let_mentor_read(survey_round: SurveyRound, writer: User, number: int, *, reads: bool) -> None:
    """Have the writer add the mentor whom he named to another part, or take it back."""
    part = asked(survey_round.questionnaire).part(number)
    reader_services.choose_mentor_reader(survey_round, part, mentor_reads=reads, by=writer)


def release_as(world: World, form: Form, choice: str) -> None:
    """Have the writer release to mentors as a choice of the matrix says."""
    now, writer, mentor = world.rounds["open"], form.writer, world.people["mentor"]
    if choice == "nobody":
        return
    if choice == "to_a_former_mentor":
        put_release(form, world.people["former_mentor"], 1, 5, 8)
        return
    release(now, writer, mentor, *{"named": ()}.get(choice, (1, 5)))
    if choice == "named_with_all_parts":
        release(now, writer, mentor, 2, 3, 4, 6)
    if choice == "part_taken_back":
        let_mentor_read(now, writer, 5, reads=False)
    if choice == "name_taken_back":
        name_mentor(now, writer, None)
    if choice == "replaced_by_another":
        name_mentor(now, writer, world.people["other_mentor"])


def put_release(form: Form, mentor: User, *numbers: int) -> None:
    """Releases as they stand where the services would not put them any more."""
    submission = Submission.objects.select_related("survey__round").get(pk=form.pk)
    wording = asked(submission.survey.round.questionnaire)
    for number in numbers:
        MentorRelease.objects.create(
            survey=submission.survey, part_id=wording.part(number).pk, mentor=mentor
        )


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


def rows_of(page: str) -> dict[str, str]:
    """The rows of the one table of a page, by the name that heads them."""
    body = re.search("<tbody.*?</tbody>", page, re.DOTALL)
    found = {}
    for row in re.findall("<tr .*?</tr>", body.group() if body else "", re.DOTALL):
        name = re.search(r"<th[^>]*>(?:<a [^>]*>)?([^<]+)", row).group(1)
        assert name not in found
        found[name] = row
    return found
