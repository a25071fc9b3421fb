import json

import pghistory
import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.utils import timezone
from pghistory.models import Context, Events

from career_portal.audit.middleware import tracked_tables
from career_portal.staff.models import RoleGrant, User
from career_portal.staff.roles import Role
from tests.factories.staff import PASSWORD, RoleGrantFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

TYPED = "what somebody typed"


def grant(request, pk):
    RoleGrant.objects.create(
        user_id=pk, role=Role.MENTOR, valid_from="2026-04-01", granted_by=request.user
    )
    return HttpResponse()


def rename(request, pk):
    User.objects.filter(pk=pk).update(family_name=request.POST["name"])
    User.objects.filter(pk=pk).update(given_name=request.POST["name"])
    return HttpResponse()


def touch(request, pk):
    User.objects.filter(pk=pk).update(state=User.State.ACTIVE)
    return HttpResponse()


def fail(request, pk):
    raise RuntimeError


def save_draft(request, pk):
    with transaction.atomic():
        Session.objects.filter(pk=request.session.session_key).update(expire_date=timezone.now())
    return HttpResponse()


def run_sql(request, pk):
    with connection.cursor() as cursor:
        cursor.execute("/* by hand */ UPDATE staff_user SET family_name = '新' WHERE id = %s", [pk])
    return HttpResponse()


urlpatterns = [
    path("accounts/", include("career_portal.staff.urls")),
    path("grant/<int:pk>/", grant, name="grant"),
    path("rename/<int:pk>/", rename, name="rename"),
    path("fail/<int:pk>/", fail, name="fail"),
    path("touch/<int:pk>/", touch, name="touch"),
    path("draft/<int:pk>/", save_draft, name="draft"),
    path("sql/<int:pk>/", run_sql, name="sql"),
]


@pytest.fixture
def admin(client):
    person = UserFactory()
    client.force_login(person)
    return person


def test_change_made_in_a_request_carries_actor_and_route_and_nothing_typed(client, admin):
    person = UserFactory()

    client.post(f"/grant/{person.pk}/?q={TYPED}", {"text": TYPED})

    event = Events.objects.tracks(RoleGrant.objects.get()).get()
    assert event.pgh_label == "insert"
    assert event.pgh_context == {"user": admin.pk, "route": "grant"}
    assert TYPED not in json.dumps(list(Context.objects.values_list("metadata", flat=True)))


def test_changes_of_one_request_share_one_context(client, admin):
    person = UserFactory()

    client.post(f"/rename/{person.pk}/", {"name": "新"})

    events = list(Events.objects.tracks(person).filter(pgh_label="update"))
    assert len(events) == 2
    assert len({str(event.pgh_context_id) for event in events}) == 1
    assert Context.objects.count() == 1


def test_change_by_get_or_outside_requests_has_no_actor(client, admin):
    grant = RoleGrantFactory()

    assert Events.objects.tracks(grant).get().pgh_context is None


def test_request_that_changes_nothing_tracked_leaves_no_context(client, admin):
    client.post("/accounts/logout/")

    assert not Context.objects.exists()


@pytest.mark.parametrize(
    ("route", "method", "carried"),
    [("touch", "post", 1), ("draft", "post", 0), ("touch", "get", 0)],
)
def test_actor_travels_only_with_statements_that_may_change_a_tracked_row(
    client, admin, route, method, carried
):
    with CaptureQueriesContext(connection) as captured:
        getattr(client, method)(f"/{route}/{admin.pk}/")

    assert sum("set_config" in query["sql"] for query in captured) == carried


def test_actor_travels_with_sql_written_by_hand(client, admin):
    client.post(f"/sql/{admin.pk}/")

    update = Events.objects.tracks(admin).get(pgh_label="update")
    assert update.pgh_context == {"user": admin.pk, "route": "sql"}


def test_every_tracked_table_is_known():
    assert tracked_tables() >= {
        "staff_assignment",
        "staff_bureau",
        "staff_rolegrant",
        "staff_section",
        "staff_sectionsuccession",
        "staff_supervisordesignation",
        "staff_user",
        "surveys_hopesurvey",
        "surveys_readerchoice",
    }


def test_actor_adds_no_statement_of_its_own(client, admin):
    counts = []
    for method in ("get", "post"):
        with CaptureQueriesContext(connection) as captured:
            getattr(client, method)(f"/touch/{admin.pk}/")
        counts.append(len(captured))

    assert counts == [3, 3]


def test_visitor_who_is_not_signed_in_gets_no_context(client):
    person = UserFactory()

    response = client.post(f"/grant/{person.pk}/")

    assert response.status_code == 302
    assert not RoleGrant.objects.exists()


def test_context_ends_with_the_request_even_when_the_view_fails(admin):
    client = Client(raise_request_exception=False)
    client.force_login(admin)

    assert client.post(f"/fail/{admin.pk}/").status_code == 500

    with pghistory.context(probe=True) as context:
        assert context.metadata == {"probe": True}


@pytest.mark.parametrize("change", ["update", "delete"])
def test_history_cannot_be_changed(change):
    RoleGrantFactory()
    rows = apps.get_model("staff.RoleGrantEvent").objects.all()
    actions = {"update": lambda: rows.update(role="hr"), "delete": rows.delete}

    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        actions[change]()

    assert rows.get().role == Role.MENTOR


def test_sign_in_and_new_password_leave_no_history_of_the_account(client):
    person = UserFactory()
    before = Events.objects.tracks(person).count()

    client.post("/accounts/login/", {"login": person.username, "password": PASSWORD})
    person.refresh_from_db()
    person.set_password("another long password")
    person.save()

    assert person.last_login is not None
    assert Events.objects.tracks(person).count() == before == 1


def test_history_of_accounts_holds_no_password():
    fields = {field.name for field in apps.get_model("staff.UserEvent")._meta.get_fields()}

    assert not fields & {"password", "last_login"}
