import datetime
import socket

import pytest
import time_machine
from axes.models import AccessAttempt, AccessLog
from django.test import RequestFactory

from career_portal.staff.forms import LOCKED
from career_portal.staff.throttle import client_address
from tests.factories.staff import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"
HERE = "192.0.2.1"
WRONG = "wrong"
ELSEWHERE = "198.51.100.7"
NOON = datetime.datetime(2026, 10, 1, 3, 0, tzinfo=datetime.UTC)


def attempt(client, username, password, address=HERE):
    return client.post(SIGN_IN, {"login": username, "password": password}, REMOTE_ADDR=address)


def fail(client, username, times, address=HERE):
    return [attempt(client, username, WRONG, address=address).status_code for _ in range(times)]


@pytest.mark.parametrize("known", [True, False])
def test_tenth_failure_locks_the_name_from_this_address(client, known):
    name = UserFactory().username if known else "nobody"

    statuses = fail(client, name, 11)

    assert statuses == [200] * 9 + [429] * 2


def test_locked_attempt_says_so_and_keeps_the_name(client):
    user = UserFactory()
    fail(client, user.username, 10)

    response = attempt(client, user.username, PASSWORD)

    page = response.content.decode()
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert LOCKED in page
    assert f'value="{user.username}"' in page
    assert "_auth_user_id" not in client.session


def test_lock_does_not_hold_for_the_person_elsewhere(client):
    user = UserFactory()
    fail(client, user.username, 12, address=ELSEWHERE)

    assert attempt(client, user.username, PASSWORD).status_code == 302


def test_lock_does_not_hold_for_other_people_at_the_address(client):
    fail(client, UserFactory().username, 12)

    assert attempt(client, UserFactory().username, PASSWORD).status_code == 302


def test_lock_ends_fifteen_minutes_after_the_last_counted_failure(client):
    user = UserFactory()
    with time_machine.travel(NOON, tick=False) as clock:
        fail(client, user.username, 10)
        clock.shift(datetime.timedelta(minutes=14))
        assert attempt(client, user.username, PASSWORD).status_code == 429

        clock.shift(datetime.timedelta(minutes=1, seconds=1))
        assert attempt(client, user.username, PASSWORD).status_code == 302


def test_success_forgets_earlier_failures(client):
    user = UserFactory()
    fail(client, user.username, 9)
    attempt(client, user.username, PASSWORD)
    client.post("/accounts/logout/")

    assert fail(client, user.username, 9) == [200] * 9


def test_changing_the_browser_name_does_not_help(client):
    user = UserFactory()
    for number in range(10):
        client.post(
            SIGN_IN,
            {"login": user.username, "password": "wrong"},
            REMOTE_ADDR=HERE,
            headers={"User-Agent": f"robot {number}"},
        )

    assert attempt(client, user.username, PASSWORD).status_code == 429


def test_address_that_tries_many_names_goes_on_only_with_names_known_there(client, settings):
    settings.SIGN_IN_ADDRESS_FAILURE_LIMIT = 5
    regular, newcomer = UserFactory(), UserFactory()
    attempt(client, regular.username, PASSWORD)
    client.post("/accounts/logout/")

    for number in range(5):
        attempt(client, f"guess{number}", WRONG)

    assert attempt(client, newcomer.username, PASSWORD).status_code == 429
    assert attempt(client, newcomer.username, PASSWORD, address=ELSEWHERE).status_code == 302
    client.post("/accounts/logout/")
    assert attempt(client, regular.username, PASSWORD).status_code == 302


def test_failures_are_kept_without_anything_typed(client):
    attempt(client, "my secret password", "another secret")

    row = AccessAttempt.objects.values().get()
    assert "secret" not in str(row)


def test_sign_ins_are_kept_with_name_and_address(client):
    user = UserFactory()

    attempt(client, user.username, PASSWORD)

    assert list(AccessLog.objects.values_list("username", "ip_address")) == [(user.username, HERE)]


def test_sign_in_opens_no_connection_but_to_postgres(client, monkeypatch):
    def refuse(self, address):
        raise ConnectionRefusedError(address)

    monkeypatch.setattr(socket.socket, "connect", refuse)
    user = UserFactory()

    assert fail(client, user.username, 3) == [200] * 3
    assert attempt(client, user.username, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("header", "sent", "peer", "address"),
    [
        ("", "203.0.113.5", "192.0.2.1", "192.0.2.1"),
        ("", "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("", "", "::ffff:192.0.2.9", "192.0.2.9"),
        ("", "", "", None),
        ("X-Forwarded-For", "203.0.113.5", "10.0.0.1", "203.0.113.5"),
        ("X-Forwarded-For", "192.0.2.66, 203.0.113.5", "10.0.0.1", "203.0.113.5"),
        ("X-Forwarded-For", "nonsense", "10.0.0.1", None),
    ],
)
def test_client_address_is_what_our_own_proxy_wrote(settings, header, sent, peer, address):
    settings.CLIENT_ADDRESS_HEADER = header
    request = RequestFactory().get("/", headers={"X-Forwarded-For": sent}, REMOTE_ADDR=peer)

    assert client_address(request) == address
