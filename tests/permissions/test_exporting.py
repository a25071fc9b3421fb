"""Who orders, follows, decides about and fetches HR's files of forms, at every address, for every relation and method."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from surveys.exports import services
from surveys.models import FormExport, Submission
from surveys.reading_filters import FormFilters
from tests.factories.surveys import hope_survey
from tests.permissions.forms import MARK
from tests.permissions.matrix import RELATIONS, STRANGERS, TABLE
from tests.permissions.world import undone

pytestmark = pytest.mark.django_db

SIGNED_IN = [relation for relation in RELATIONS if relation not in STRANGERS]
SCOPE_OF = {relation: scope for scope, names in TABLE["scopes"].items() for relation in names}
BODIES = {
    "surveys:export_new": {"purpose": "異動の検討", "file_format": "csv"},
    "surveys:export_decide": {"decision": "approve"},
}
# Answers by the scope of the HR grant ("HR": whatever the scope); everybody else is answered "403". A "+" changed something.
PAGES = {
    ("surveys:export_list", "GET"): dict.fromkeys(("whole", "bureau", "section", "other"), "200"),
    ("surveys:export_new", "GET"): dict.fromkeys(("whole", "bureau", "section", "other"), "200"),
    # In the scope of the other bureau nobody has handed in.
    ("surveys:export_new", "POST"): {
        "whole": "302+",
        "bureau": "302+",
        "section": "302+",
        "other": "409",
    },
}
# Whose order ("another's" is one of HR of the whole ministry) and what has become of it. It holds a form of section A.
ORDERS = {
    ("own", "waiting", "surveys:export_detail", "GET"): {"HR": "200"},
    ("own", "waiting", "surveys:export_decide", "POST"): {"HR": "403"},
    ("own", "waiting", "surveys:export_download", "GET"): {"HR": "302"},
    ("own", "ready", "surveys:export_detail", "GET"): {"HR": "200"},
    ("own", "ready", "surveys:export_decide", "POST"): {"HR": "403"},
    ("own", "ready", "surveys:export_download", "GET"): {
        "whole": "200+",
        "bureau": "200+",
        "section": "200+",
        "other": "302",
    },
    ("another's", "waiting", "surveys:export_detail", "GET"): {"whole": "200", "HR": "404"},
    ("another's", "waiting", "surveys:export_decide", "POST"): {"whole": "302+", "HR": "404"},
    ("another's", "waiting", "surveys:export_download", "GET"): {"whole": "403", "HR": "404"},
    ("another's", "ready", "surveys:export_detail", "GET"): {"whole": "200", "HR": "404"},
    ("another's", "ready", "surveys:export_decide", "POST"): {"whole": "302", "HR": "404"},
    ("another's", "ready", "surveys:export_download", "GET"): {"whole": "403", "HR": "404"},
}
METHODS = {
    "surveys:export_list": {"GET"},
    "surveys:export_new": {"GET", "POST"},
    "surveys:export_detail": {"GET"},
    "surveys:export_decide": {"POST"},
    "surveys:export_download": {"GET"},
}


@pytest.fixture(scope="module")
def ministry(world):
    """The world with a form of a member of section A, whose words stand in a file."""
    hope_survey(world.rounds["open"], world.people["colleague"], mark=MARK)
    return world


def order(world, requester, state):
    """An order of the form of section A by somebody, whose rights at the time are not asked about here."""
    export = FormExport.objects.create(
        round=world.rounds["open"],
        format="csv",
        purpose="異動の検討",
        people=51,
        state=FormExport.State.WAITING,
        requested_by=requester,
    )
    export.forms.create(submission=Submission.objects.get(survey__user=world.people["colleague"]))
    if state == "ready":
        now = timezone.now()
        name = default_storage.save("exports/a.csv", ContentFile(MARK.encode()))
        FormExport.objects.filter(pk=export.pk).update(
            state=state,
            decided_by=world.people[
                "former_hr" if requester != world.people["former_hr"] else "head"
            ],
            decided_at=now,
            file=name,
            ready_at=now,
            expires_at=now + datetime.timedelta(hours=1),
        )
    return export


def snapshot():
    return set(FormExport.objects.values_list("pk", "state", "decided_by", "downloads"))


def ask(world, relation, method, name, pk=None):
    """Status of the answer, with a plus where anything changed; a form's words stand in a fetched file only."""
    url = reverse(name, kwargs={} if pk is None else {"pk": pk})
    before = snapshot()
    body = BODIES.get(name, {}) if method == "POST" else {}
    response = getattr(world.client(relation), method.lower())(url, body)
    assert (MARK in response.getvalue().decode()) is (
        name.endswith("download") and response.status_code == 200
    )
    return f"{response.status_code}{'+' if snapshot() != before else ''}"


def expected(relation, by_scope):
    scope = SCOPE_OF.get(relation)
    return by_scope.get(scope, by_scope.get("HR")) if scope else "403"


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_pages_without_an_order_answer_by_the_scope_of_the_grant(ministry, relation):
    found = {}
    for name, method in PAGES:
        with undone():
            found[name, method] = ask(ministry, relation, method, name)

    assert found == {row: expected(relation, by_scope) for row, by_scope in PAGES.items()}


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_pages_of_an_order_answer_by_whose_it_is_and_what_it_has_become(ministry, relation):
    found = {}
    another = ministry.people["hr_ministry" if relation != "hr_ministry" else "deputy_with_hr"]
    for whose, state, name, method in ORDERS:
        with undone():
            requester = ministry.people[relation] if whose == "own" else another
            export = order(ministry, requester, state)
            found[whose, state, name, method] = ask(ministry, relation, method, name, export.pk)

    assert found == {row: expected(relation, by_scope) for row, by_scope in ORDERS.items()}


@pytest.mark.parametrize("relation", STRANGERS)
def test_strangers_are_sent_to_the_sign_in_page(ministry, relation):
    for name in METHODS:
        url = reverse(name, kwargs={} if name in {row[0] for row in PAGES} else {"pk": 1})
        for method in ("get", "post"):
            answer = getattr(ministry.client(relation), method)(url)
            assert (answer.status_code, "/accounts/login/" in answer["Location"]) == (302, True)


@pytest.mark.parametrize("name", METHODS)
def test_other_methods_are_refused(ministry, name):
    url = reverse(name, kwargs={} if name in {row[0] for row in PAGES} else {"pk": 1})
    for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} - METHODS[name]:
        answer = getattr(ministry.client("hr_ministry"), method.lower())(url)
        assert answer.status_code == 405, method


@pytest.mark.parametrize("pk", [10**9, 10**18])
def test_order_that_does_not_exist_is_not_found_by_hr_and_refused_to_others(ministry, pk):
    found = set()
    for relation in ("hr_ministry", "hr_section", "writer", "head"):
        for name, methods in METHODS.items():
            if name in {row[0] for row in PAGES}:
                continue
            for method in methods:
                found.add((relation, ask(ministry, relation, method, name, pk)))

    assert found == {
        ("hr_ministry", "404"),
        ("hr_section", "404"),
        ("writer", "403"),
        ("head", "403"),
    }


def test_scope_of_each_officer_holds_exactly_the_forms_of_his_order(ministry):
    found = {}
    for relation, scope in SCOPE_OF.items():
        forms = services.forms_in(ministry.rounds["open"], FormFilters(), ministry.people[relation])
        found[relation] = (scope, forms.count())

    assert {relation: count for relation, (_, count) in found.items()} == {
        relation: 0 if scope == "other" else 1 for relation, scope in SCOPE_OF.items()
    }
