"""One small ministry in which everybody of the matrix has his place, and requests that leave it as it was."""

from __future__ import annotations

import datetime
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from django.conf import settings
from django.db import transaction
from django.test import Client

from career_portal.common.clock import today
from career_portal.staff.models import Bureau, Section, User
from career_portal.staff.roles import Role
from postings.models import PostDescription
from surveys.models import SurveyRound
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import (
    AssignmentFactory,
    BureauFactory,
    RoleGrantFactory,
    SectionFactory,
    SupervisorDesignationFactory,
    UserFactory,
)
from tests.factories.surveys import SurveyRoundFactory, days_from_now

DAY = datetime.timedelta(days=1)
# The ids of the post and the bureau that addresses name, beyond all that are given out.
POST, BUREAU = 900_001, 900_002


@dataclass
class World:
    """The people by their relation to section A, with their sessions; the units, rounds and the post."""

    people: dict[str, User] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    units: dict[str, Bureau | Section] = field(default_factory=dict)
    rounds: dict[str, SurveyRound] = field(default_factory=dict)
    post: PostDescription | None = None
    # One for all: a new one builds the whole middleware anew.
    browser: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def client(self, relation: str) -> Client:
        """A browser of that person, signed in before anything of the test happened; the last one is closed."""
        self.browser.cookies = SimpleCookie()
        if relation in self.sessions:
            self.browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[relation]
        return self.browser


@contextmanager
def undone():
    """Whatever happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def build() -> World:
    """The ministry of the matrix; everybody has signed in, and one of them has left since."""
    world = World()
    _found_units(world)
    _seat_members(world)
    _seat_supervisors(world)
    _grant_roles(world)
    _open_rounds(world)
    for relation, person in world.people.items():
        client = Client()
        client.force_login(person)
        world.sessions[relation] = client.session.session_key
    world.people["ended"].state = User.State.ENDED
    world.people["ended"].save()
    return world


def _found_units(world: World) -> None:
    bureau, other_bureau = BureauFactory(pk=BUREAU), BureauFactory()
    world.units = {
        "bureau": bureau,
        "other_bureau": other_bureau,
        "here": SectionFactory(bureau=bureau),
        "next_door": SectionFactory(bureau=bureau),
        "leadership": SectionFactory(bureau=bureau),
        "far": SectionFactory(bureau=other_bureau),
    }


def seat(world: World, relation: str, unit: str, **options) -> User:
    """Give a person of the world, made where there is none yet, a post in a section."""
    person = world.people.get(relation) or UserFactory(family_name="佐伯", given_name=relation)
    world.people[relation] = person
    AssignmentFactory(user=person, section=world.units[unit], **options)
    return person


def _seat_members(world: World) -> None:
    for relation in (
        "writer",
        "colleague",
        "deputy",
        "former_deputy",
        "section_editor",
        "delegate",
    ):
        seat(world, relation, "here")
    for relation in ("hr_bureau", "hr_section", "deputy_with_hr"):
        seat(world, relation, "next_door")
    for relation in ("hr_ministry", "hr_other_bureau", "former_hr", "next_hr", "ended"):
        seat(world, relation, "far")
    for relation in ("feedback_admin", "mentor", "auditor", "system_admin"):
        seat(world, relation, "far")
    for relation in ("other_mentor", "former_mentor"):
        seat(world, relation, "far")


def _seat_supervisors(world: World) -> None:
    """The head of section A came today and goes tomorrow: the ends of periods are what is tried."""
    day = today()
    seat(world, "former_head", "here", head=True, valid_until=day)
    seat(world, "former_head", "next_door", valid_from=day)
    seat(world, "head", "here", head=True, valid_from=day, valid_until=day + DAY)
    seat(world, "next_head", "next_door", valid_until=day + DAY)
    seat(world, "next_head", "here", head=True, valid_from=day + DAY)
    seat(world, "acting_head", "here", acting_head=True)
    seat(world, "other_head", "next_door", head=True)
    seat(world, "bureau_officer", "leadership", head=True)
    seat(world, "far_head", "far", head=True)
    people, here = world.people, world.units["here"]
    SupervisorDesignationFactory(supervisor=people["deputy"], section=here)
    SupervisorDesignationFactory(supervisor=people["deputy_with_hr"], section=here)
    SupervisorDesignationFactory(supervisor=people["former_deputy"], section=here, valid_until=day)
    SupervisorDesignationFactory(
        supervisor=people["bureau_officer"], section=None, bureau=world.units["bureau"]
    )


def _grant_roles(world: World) -> None:
    people, day = world.people, today()
    for relation, scope in {
        "hr_ministry": {},
        "hr_bureau": {"bureau": world.units["bureau"]},
        "hr_section": {"section": world.units["here"]},
        "hr_other_bureau": {"bureau": world.units["other_bureau"]},
        "deputy_with_hr": {},
        "former_hr": {"valid_until": day},
        "next_hr": {"valid_from": day + DAY},
        "ended": {},
    }.items():
        RoleGrantFactory(user=people[relation], role=Role.HR, **scope)
    for role in (Role.FEEDBACK_ADMIN, Role.MENTOR, Role.AUDITOR, Role.SYSTEM_ADMIN):
        RoleGrantFactory(user=people[role.value], role=role)
    RoleGrantFactory(user=people["other_mentor"], role=Role.MENTOR)
    RoleGrantFactory(user=people["former_mentor"], role=Role.MENTOR, valid_until=day)
    editor, delegate = people["section_editor"], people["delegate"]
    RoleGrantFactory(user=editor, role=Role.SECTION_EDITOR, section=world.units["here"])
    RoleGrantFactory(user=delegate, role=Role.DELEGATE, on_behalf_of=people["head"])


def _open_rounds(world: World) -> None:
    world.rounds = {
        "open": SurveyRoundFactory(),
        # It takes answers until `factories.surveys.close` ends it, so that forms can be built in it.
        "closed": SurveyRoundFactory(closed=True, deadline_at=days_from_now(1)),
        "future": SurveyRoundFactory(future=True),
    }
    world.post = PostDescriptionFactory(pk=POST, section=world.units["here"], title="企画係長")
