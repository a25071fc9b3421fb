"""Rows of the matrix about running a round: who follows, reminds, extends, opens again and closes, and for whom."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from career_portal.mail.models import OutgoingMail
from career_portal.staff.models import User
from surveys.models import DeadlineExtension, Reminder, ReminderRun, SurveyRound
from tests.factories.surveys import close, hope_survey
from tests.permissions.matrix import RELATIONS, STRANGERS, TABLE
from tests.permissions.world import undone

pytestmark = pytest.mark.django_db

SIGNED_IN = [relation for relation in RELATIONS if relation not in STRANGERS]
SCOPE_OF = {relation: scope for scope, names in TABLE["scopes"].items() for relation in names}
MARK = "鵺の文"


@pytest.fixture(scope="module")
def ministry(world):
    """The world with people who can be reminded, an extension for the writer, a run to section A, and forms with a mark."""
    User.objects.filter(pk__in=[person.pk for person in world.people.values()]).update(
        email="somebody@example.test"
    )
    granted_by = world.people["former_hr"]
    world.extension = DeadlineExtension.objects.create(
        round=world.rounds["open"],
        kind="person",
        person=world.people["writer"],
        until=world.rounds["open"].deadline_at + datetime.timedelta(days=1),
        reason="出張のため",
        granted_by=granted_by,
    )
    world.run = ReminderRun.objects.create(
        round=world.rounds["open"], started_by=granted_by, section=world.units["here"]
    )
    hope_survey(world.rounds["open"], world.people["colleague"], mark=MARK)
    hope_survey(world.rounds["open"], world.people["writer"], "draft", mark=MARK)
    return world


def arguments(name, world):
    year = world.rounds["open"].fiscal_year
    named = {
        "surveys:round_index": {},
        "surveys:section_progress": {"year": year, "pk": world.units["here"].pk},
        "surveys:reminder_detail": {"year": year, "pk": world.run.pk},
        "surveys:extension_revoke": {"year": year, "pk": world.extension.pk},
    }
    return named.get(name, {"year": year})


def query(target, world, relation):
    return {
        "": {},
        "section A": {"section": world.units["here"].pk},
        "bureau of A": {"bureau": world.units["bureau"].pk},
        "writer": {"person": world.people["writer"].pk},
        "self": {"person": world.people[relation].pk},
        "ended": {"person": world.people["ended"].pk},
    }[target]


def snapshot():
    """Everything that running a round changes."""
    return {
        *DeadlineExtension.objects.values_list("pk", "until", "revoked_at"),
        *ReminderRun.objects.values_list("pk"),
        *Reminder.objects.values_list("pk", "person"),
        *OutgoingMail.objects.values_list("pk", "address", "body"),
        *SurveyRound.objects.values_list("pk", "deadline_at", "closed_at"),
    }


def ask(world, relation, method, name, target=""):
    """Status of the answer, with a plus where anything changed; all is undone. No word of a form is ever in it."""
    url = reverse(name, kwargs=arguments(name, world), query=query(target, world, relation))
    later = timezone.localtime(world.rounds["open"].deadline_at + datetime.timedelta(days=9))
    body = {"then": "send", "until": later.strftime("%Y-%m-%dT%H:%M"), "reason": "延長の理由"}
    with undone():
        before = snapshot()
        response = getattr(world.client(relation), method.lower())(
            url, body if method == "POST" else {}
        )
        changed = snapshot() - before
        said = "" if response.streaming else response.content.decode()
        assert MARK not in said + "".join(OutgoingMail.objects.values_list("body", flat=True))
    return f"{response.status_code}{'+' if changed else ''}"


def expected(relation, by_scope):
    return by_scope[SCOPE_OF[relation]] if relation in SCOPE_OF else "403"


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_every_page_of_a_running_round_answers_as_the_matrix_says(ministry, relation):
    wanted, found = {}, {}
    for name, row in TABLE["running"].items():
        for method, by_scope in row.items():
            wanted[name, method] = expected(relation, by_scope)
            found[name, method] = ask(ministry, relation, method, name)
    for row in TABLE["targets"]:
        for name in row["routes"]:
            for method in ("GET", "POST"):
                wanted[name, method, row["query"]] = expected(relation, row[method])
                found[name, method, row["query"]] = ask(
                    ministry, relation, method, name, row["query"]
                )

    assert found == wanted


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_closing_after_the_last_deadline_answers_as_the_matrix_says(ministry, relation):
    with undone():
        DeadlineExtension.objects.update(
            revoked_at=timezone.now(), revoked_by=ministry.people["head"]
        )
        close(ministry.rounds["open"])
        found = ask(ministry, relation, "POST", "surveys:round_close")

    ministry.rounds["open"].refresh_from_db()
    assert found == expected(relation, TABLE["closing"]["POST"])


@pytest.mark.parametrize("year", [1999, 32_767, 99_999])
@pytest.mark.parametrize("relation", ["hr_ministry", "writer"])
def test_year_without_a_round_is_not_found_by_hr_alone(ministry, relation, year):
    found = set()
    for name, row in TABLE["running"].items():
        if name == "surveys:round_index":
            continue
        url = reverse(name, kwargs={**arguments(name, ministry), "year": year})
        for method in row:
            found.add(getattr(ministry.client(relation), method.lower())(url).status_code)

    assert found == ({404} if relation == "hr_ministry" else {403})
