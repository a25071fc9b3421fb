import datetime

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from career_portal.common.sessions import SessionStore
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db

PAGE = "/accounts/logout/"
MORNING = datetime.datetime(2026, 10, 1, 0, 0, tzinfo=datetime.UTC)


def minutes(number):
    return datetime.timedelta(minutes=number)


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def signed_in(client, clock):
    client.force_login(UserFactory())
    return client


def writes_of_a_request(client):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(PAGE)
    statements = [query["sql"].split()[0] for query in captured]
    # The person is asked for by a prepared statement, which only reads.
    reading = {"SELECT", "PREPARE", "EXECUTE"}
    return response.status_code, [word for word in statements if word not in reading]


def expiry():
    return Session.objects.values_list("expire_date", flat=True).get()


def test_request_within_ten_minutes_of_the_last_write_writes_nothing(signed_in, clock):
    clock.shift(minutes(9))

    assert writes_of_a_request(signed_in) == (200, [])
    assert expiry() == MORNING + minutes(8 * 60)


def test_request_after_ten_minutes_moves_the_end_by_one_statement(signed_in, clock):
    clock.shift(minutes(11))

    assert writes_of_a_request(signed_in) == (200, ["UPDATE"])
    assert writes_of_a_request(signed_in) == (200, [])
    assert expiry() == MORNING + minutes(8 * 60 + 11)


def test_page_of_a_signed_in_person_costs_one_statement_for_session_and_one_for_person(signed_in):
    # The first page of a connection prepares the statement.
    signed_in.get(PAGE)
    with CaptureQueriesContext(connection) as captured:
        signed_in.get(PAGE)

    session, person = [query["sql"] for query in captured]
    assert "django_session" in session
    assert person.startswith("EXECUTE")


def test_session_ends_eight_hours_after_the_last_request(signed_in, clock):
    clock.shift(minutes(8 * 60 + 1))

    assert signed_in.get(PAGE).status_code == 302


def test_session_ends_twelve_hours_after_sign_in_however_busy(signed_in, clock):
    for _ in range(11):
        clock.shift(minutes(60))
        assert signed_in.get(PAGE).status_code == 200
    clock.shift(minutes(59))
    assert writes_of_a_request(signed_in) == (200, [])

    clock.shift(minutes(2))

    assert signed_in.get(PAGE).status_code == 302


def test_session_signed_out_meanwhile_is_not_brought_back(signed_in, clock):
    key = signed_in.session.session_key
    session = SessionStore(key)
    assert session["_auth_user_id"]
    Session.objects.all().delete()
    clock.shift(minutes(60))

    session.prolong()

    assert not Session.objects.exists()


def test_session_cookie_lasts_as_long_as_the_browser_and_is_not_for_scripts(client):
    user = UserFactory()

    response = client.post(
        "/accounts/login/", {"login": user.username, "password": "correct horse battery"}
    )

    cookie = response.cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 32, "a\x00bcdefgh", "日本語日本語日本語", "'; --" * 3]
)
def test_session_of_an_odd_key_is_empty(key):
    session = SessionStore(key)

    assert session.get("_auth_user_id") is None
    assert session.session_key is None


class TestTimeLeft:
    ADDRESS = "/accounts/session/"

    def test_asking_says_how_long_and_leaves_the_end_where_it_is(self, signed_in, clock):
        clock.shift(minutes(7 * 60 + 56))

        answer = signed_in.get(self.ADDRESS)

        said = answer.json()
        assert len(said.pop("token")) == 64
        assert said == {
            "seconds_left": 4 * 60,
            "ends_at": "17:00",
            "can_be_prolonged": True,
            "person": signed_in.session["_auth_user_id"],
        }
        assert expiry() == MORNING + minutes(8 * 60)

    def test_post_moves_the_end(self, signed_in, clock):
        clock.shift(minutes(7 * 60 + 56))

        # The absolute limit is nearer than eight hours from now.
        assert signed_in.post(self.ADDRESS).json()["seconds_left"] == (4 * 60 + 4) * 60
        assert expiry() == MORNING + minutes(12 * 60)

    def test_absolute_limit_cannot_be_moved(self, signed_in, clock):
        for _ in range(2):
            clock.shift(minutes(7 * 60 - 2 - 60))
            signed_in.get(PAGE)

        said = signed_in.get(self.ADDRESS).json()
        assert (said["seconds_left"], said["ends_at"]) == (4 * 60, "21:00")
        assert said["can_be_prolonged"] is False
        assert signed_in.post(self.ADDRESS).json()["seconds_left"] == 4 * 60

    def test_ended_one_is_told_to_the_script(self, signed_in, clock):
        clock.shift(minutes(8 * 60 + 1))

        answer = signed_in.get(self.ADDRESS, headers={"Accept": "application/json"})

        assert (answer.status_code, answer.json()["error"]) == (401, "signed_out")

    @pytest.mark.parametrize(
        ("passed", "seconds"),
        [(9, (8 * 60 - 9) * 60), (11, 8 * 60 * 60), (5 * 60, 7 * 60 * 60)],
        ids=["not prolonged yet", "prolonged", "near the absolute limit"],
    )
    def test_page_carries_the_time_left_after_its_own_request(
        self, signed_in, clock, passed, seconds
    ):
        clock.shift(minutes(passed))

        page = signed_in.get("/").content.decode()

        assert f'data-seconds-left="{seconds}"' in page
        clock.shift(datetime.timedelta(seconds=seconds - 1))
        asked = signed_in.get(self.ADDRESS).json()
        assert asked["seconds_left"] == 1

    def test_visitor_has_none(self, client):
        page = client.get("/accounts/login/").content.decode()

        assert "data-seconds-left" not in page
        assert "session.js" not in page
