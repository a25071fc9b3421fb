"""Rows of the matrix about a person's own form, and what every route answers to every method."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from career_portal.mail.models import LocalMail
from interviews.models import CalendarFeed
from postings.models import CatalogueVisit, KeptPost
from surveys import services
from surveys.asked import asked
from surveys.models import DraftPart, DraftPostWish, HopeSurvey, ReaderChoice, Submission
from tests.factories.staff import UserFactory
from tests.factories.surveys import close, full_answers, hope_survey
from tests.permissions.matrix import (
    FORM_STATES,
    METHODS,
    RELATIONS,
    ROUNDS,
    STRANGERS,
    TABLE,
    row_names,
    rows,
)
from tests.permissions.world import BUREAU, POST, undone
from tests.routes import routes

PLAIN_ARGUMENTS = {
    "surveys:part_edit": {"number": 1},
    "surveys:part_readers": {"number": 1},
    "surveys:post_pick": {"number": 6, "code": "post_1"},
    "surveys:version_detail": {"number": 1},
    "surveys:version_pdf": {"number": 1},
    "surveys:submission_detail": {"pk": 1},
    "surveys:person_forms": {"pk": 1},
    "mail:local_mail_detail": {"pk": 1},
    "postings:bureau_map": {"pk": BUREAU},
    "postings:skill_posts": {"code": "B1-02"},
    **{
        f"postings:{name}": {"pk": POST}
        for name in ("post_sheet", "compare_change", "kept_change", "kept_note")
    },
    "surveys:post_hope": {"pk": POST},
    "interviews:feed_file": {"token": "a"},
}
SIGNED_IN = [relation for relation in RELATIONS if relation not in STRANGERS]
# Own forms depend on no role: these three are tried in every state, everybody else in one.
IN_EVERY_STATE = ("writer", "head", "hr_ministry")
STATES = [
    (relation, when, state)
    for relation in SIGNED_IN
    for when in ROUNDS
    for state in FORM_STATES
    if relation in IN_EVERY_STATE or (when, state) == ("open", "submitted")
]
OTHERS_MARK = "他人"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("readable_pdf")]


@pytest.fixture(scope="module")
def ministry(world):
    """The world with a form of somebody else in it, whose words may turn up on nobody's own pages."""
    for when in ROUNDS:
        hope_survey(world.rounds[when], UserFactory(), mark=OTHERS_MARK)
    LocalMail.objects.create(pk=1, message_id="<1@example.go.jp>", subject="件名", body="本文")
    return world


def address(name, year, **arguments):
    return reverse(name, kwargs={"year": year, **PLAIN_ARGUMENTS.get(name, {}), **arguments})


def plain_address(name, world):
    """An address of any route, of the person's own form where there is one."""
    if name in TABLE["own"]:
        return address(name, world.rounds["open"].fiscal_year)
    sampled = (
        "running",
        "exporting",
        "describing",
        "caring",
        "importing",
        "releasing",
        "sheets",
        "preparing",
        "prompting",
        "recording",
        "headings",
        "logging",
        "timing",
        "covering",
    )
    if any(name in TABLE[kind] for kind in sampled):
        return next(route.address for route in routes() if route.name == name)
    return reverse(name, kwargs=PLAIN_ARGUMENTS.get(name, {}))


def body(name, world, survey_round, user):
    """What a page of the portal would post there."""
    survey = HopeSurvey.objects.filter(round=survey_round, user=user).first()
    part = asked(survey_round.questionnaire).part(1)
    if name == "surveys:part_edit":
        stored = survey.draft_parts.filter(part=part.pk).first() if survey else None
        answers = full_answers(part, "新しい").answers
        return {"version": stored.version if stored else 0, **answers}
    if name == "surveys:post_pick":
        return {"post": world.post.pk}
    if name.startswith("postings:"):
        return {"keep": "1", "compare": "1", "note": "本人のメモ"}
    if name == "surveys:survey_submit":
        return {"seen": services.fingerprint(survey.draft_parts.all()) if survey else ""}
    return {}


def snapshot():
    """Everything that the routes can change, by person."""
    return {
        *HopeSurvey.objects.values_list("user", "pk", "state", "is_correcting"),
        *DraftPart.objects.values_list("survey__user", "part", "version"),
        *DraftPostWish.objects.values_list("survey__user", "question_code", "post"),
        *ReaderChoice.objects.values_list("survey__user", "part", "supervisor_reads"),
        *Submission.objects.values_list("survey__user", "number", "withdrawn_at"),
        *KeptPost.objects.values_list("user", "post", "note"),
        *CatalogueVisit.objects.values_list("user", "last_on", "before_on"),
        *CalendarFeed.objects.values_list("person", "token_hash", "revoked_at"),
    }


def words_of(response):
    """All that an answer says; of a ZIP what its files say."""
    if not response.streaming:
        return response.content.decode()
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def get(client, url):
    """Status of a page that others' words must not be on."""
    response = client.get(url)
    assert OTHERS_MARK not in words_of(response)
    return str(response.status_code)


def answer(client, method, url, data=None):
    """Status of the answer, with a plus where anything changed, and whose rows changed; all is undone."""
    with undone():
        before = snapshot()
        response = getattr(client, method.lower())(url, data or {})
        words = words_of(response)
        changed = snapshot() ^ before
    assert OTHERS_MARK not in words
    return f"{response.status_code}{'+' if changed else ''}", {row[0] for row in changed}


def test_every_route_has_one_row():
    assert sorted(row_names()) == sorted(route.name for route in routes())


@pytest.mark.parametrize(
    ("relation", "when", "state"), STATES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_own_form_answers_as_the_matrix_says(ministry, relation, when, state):
    person, survey_round = ministry.people[relation], ministry.rounds[when]
    year, expected, found = survey_round.fiscal_year, {}, {}

    if state != "none":
        hope_survey(survey_round, person, state, mark=relation)
    if when == "closed":
        close(survey_round)
    for name, row in TABLE["own"].items():
        for method, by_round in row.items():
            expected[name, method] = by_round[when][state]
    before = snapshot()
    for name, method in expected:
        client, url = ministry.client(relation), address(name, year)
        if method == "GET":
            found[name, method] = get(client, url)
        else:
            data = body(name, ministry, survey_round, person)
            found[name, method], owners = answer(client, method, url, data)
            assert owners <= {person.pk}

    assert found == expected
    assert snapshot() == before


@pytest.mark.parametrize("when", ["future", "unknown"])
def test_round_that_has_not_begun_answers_like_one_that_does_not_exist(ministry, when):
    year = ministry.rounds["future"].fiscal_year if when == "future" else 1999
    found = {}

    for name, row in TABLE["own"].items():
        for method in row:
            found[name, method], _ = answer(ministry.client("writer"), method, address(name, year))

    assert set(found.values()) == {"404"}
    assert len(found) == sum(len(row) for row in TABLE["own"].values())


@pytest.mark.parametrize(
    "row", TABLE["missing"], ids=lambda row: f"{row['route']}{row['arguments']}"
)
def test_address_that_names_nothing_answers_404(ministry, row):
    survey_round, person = ministry.rounds["open"], ministry.people["writer"]
    url = address(row["route"], survey_round.fiscal_year, **row["arguments"])

    hope_survey(survey_round, person)
    found = {
        method: answer(ministry.client("writer"), method, url)[0]
        for method in TABLE["own"][row["route"]]
    }

    assert set(found.values()) == {"404"}


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_signed_in_person_gets_405_for_methods_that_a_route_does_not_list(ministry, relation):
    expected, found = {}, {}
    hope_survey(ministry.rounds["open"], ministry.people[relation])
    before = snapshot()

    for name, row in rows().items():
        for method in set(METHODS) - row.keys():
            ask = getattr(ministry.client(relation), method.lower())
            found[name, method] = ask(plain_address(name, ministry)).status_code
            expected[name, method] = 405

    assert found == expected
    assert snapshot() == before


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_pages_for_everybody_answer_as_the_matrix_says(ministry, relation):
    expected, found = {}, {}

    person = ministry.people[relation]
    for name, row in (TABLE["public"] | TABLE["common"]).items():
        for method, statuses in row.items():
            expected[name, method] = statuses["signed_in"] if name in TABLE["public"] else statuses
            data = body(name, ministry, ministry.rounds["open"], person)
            found[name, method], owners = answer(
                ministry.client(relation), method, plain_address(name, ministry), data
            )
            assert owners <= {person.pk}

    assert found == expected


@pytest.mark.parametrize("relation", STRANGERS)
def test_strangers_are_sent_to_the_sign_in_page_whatever_they_ask(ministry, relation):
    sign_in = reverse("account_login")
    expected, found = {}, {}
    before = snapshot()

    for name, row in rows().items():
        for method in METHODS:
            status = "302"
            if name in TABLE["public"]:
                status = row[method]["stranger"] if method in row else "405"
            expected[name, method] = (status, sign_in if status == "302" else "")
            response = getattr(ministry.client(relation), method.lower())(
                plain_address(name, ministry)
            )
            leads_to = response.get("Location", "").partition("?")[0]
            found[name, method] = (str(response.status_code), leads_to)

    assert found == expected
    assert snapshot() == before


@pytest.mark.parametrize(
    "name", [name for name, row in rows().items() if "POST" in row and name != "account_login"]
)
def test_post_without_the_token_of_the_form_is_refused(ministry, name):
    survey_round, person = ministry.rounds["open"], ministry.people["writer"]
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    hope_survey(survey_round, person)
    data = body(name, ministry, survey_round, person)

    status, _ = answer(client, "POST", plain_address(name, ministry), data)

    assert status == "403"
