import io
import json
import logging
import sys

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client, RequestFactory
from django.utils.module_loading import import_string
from django.views.debug import ExceptionReporter

from career_portal.common.logging import LineFormatter, describe_fault
from tests.factories.staff import UserFactory

CANARY = "カナリア黄色い鳥"
ELSEWHERE = "canary-in-the-query"


@pytest.fixture
def log():
    """Everything the portal logs during a test, as its own handler writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def lines(log):
    return [json.loads(line) for line in log.getvalue().splitlines()]


def record(message, *arguments, **more):
    made = logging.getLogger("somebody.elses").makeRecord(
        "somebody.elses", logging.WARNING, __file__, 1, message, arguments, None
    )
    vars(made).update(more)
    return made


@pytest.mark.django_db
@pytest.mark.urls("tests.common.failing_urls")
@pytest.mark.parametrize("name", ["plain", "database", "sql", "chained"])
def test_fault_is_logged_with_its_places_and_without_what_was_typed(log, name):
    client = Client(raise_request_exception=False)

    response = client.post(
        f"/things/17/{name}/?q={ELSEWHERE}",
        {"text": CANARY},
        headers={"Referer": f"http://testserver/?q={ELSEWHERE}", "Cookie": f"a={ELSEWHERE}"},
    )

    assert response.status_code == 500
    assert CANARY not in log.getvalue()
    assert ELSEWHERE not in log.getvalue()
    [fault] = [line for line in lines(log) if "fault" in line]
    assert (fault["route"], fault["pk"], fault["method"]) == (name, 17, "POST")
    assert any("failing_urls.py" in place for place in fault["fault"][0]["at"])
    assert fault["request"] == response["X-Request-ID"]


@pytest.mark.django_db
@pytest.mark.urls("tests.common.failing_urls")
def test_fault_of_the_database_names_the_constraint(log):
    Client(raise_request_exception=False).post("/things/1/database/", {"text": CANARY})

    [fault] = [line["fault"] for line in lines(log) if "fault" in line]
    assert fault[0]["type"] == "django.db.utils.IntegrityError"
    assert [one.get("constraint") for one in fault] == [None, "staff_user_username_key"]


@pytest.mark.django_db
def test_missing_page_and_refused_post_are_logged_without_their_path(log):
    client = Client(enforce_csrf_checks=True)

    client.get(f"/{CANARY}/?q={ELSEWHERE}")
    client.post("/accounts/login/", {"login": CANARY, "password": ELSEWHERE})

    assert [line["status"] for line in lines(log) if "status" in line][-2:] == [404, 403]
    assert CANARY not in log.getvalue()
    assert ELSEWHERE not in log.getvalue()


@pytest.mark.django_db
def test_sign_in_is_logged_by_account_and_refusal_without_the_name(client, log):
    user = UserFactory(password=make_password(ELSEWHERE))

    client.post("/accounts/login/", {"login": CANARY, "password": ELSEWHERE})
    client.post("/accounts/login/", {"login": user.username, "password": ELSEWHERE})

    messages = {line["message"]: line for line in lines(log)}
    assert messages["signed in"]["user"] == user.pk
    assert messages["sign-in refused"]["address"] == "127.0.0.1"
    assert CANARY not in log.getvalue()
    assert ELSEWHERE not in log.getvalue()
    assert user.username not in log.getvalue()


@pytest.mark.django_db
def test_request_is_logged_with_person_route_and_time(client, log):
    user = UserFactory()
    client.force_login(user)

    response = client.get("/accounts/logout/")

    line = lines(log)[-1]
    assert {key: line[key] for key in ("message", "user", "route", "status", "request")} == {
        "message": "request answered",
        "user": user.pk,
        "route": "account_logout",
        "status": 200,
        "request": response["X-Request-ID"],
    }
    assert line["ms"] > 0


@pytest.mark.django_db
def test_request_number_is_never_the_visitors(client):
    numbers = {
        client.get("/accounts/login/", headers={"X-Request-ID": "mine"})["X-Request-ID"]
        for _ in range(2)
    }

    assert len(numbers) == 2
    assert "mine" not in numbers


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (record("Not Found: %s", CANARY), "Not Found: …"),
        (record("%d rows in %s", 3, CANARY), "3 rows in …"),
        (record("nothing to fill in: 100%"), "nothing to fill in: 100%"),
        (record("wrong number of %s and %s", CANARY), "wrong number of %s and %s"),
        (
            record("Task %(name)s[%(id)s]: %(exc)s", {"name": "a.b", "id": "7", "exc": CANARY}),
            "Task a.b[7]: …",
        ),
    ],
)
def test_messages_of_others_keep_numbers_and_lose_words(made, message):
    assert json.loads(LineFormatter().format(made))["message"] == message


def test_line_stays_one_line_whatever_it_says():
    made = record("first\nsecond", facts={"count": 2, "odd": object()})

    text = LineFormatter().format(made)

    assert len(text.splitlines()) == 1
    assert json.loads(text)["count"] == 2


def test_fault_that_leads_back_to_itself_is_described_once():
    first, second = ValueError(), TypeError()
    first.__context__, second.__context__ = second, first

    assert [one["type"] for one in describe_fault(first)] == [
        "builtins.ValueError",
        "builtins.TypeError",
    ]


def test_error_report_hides_fields_and_local_values():
    request = RequestFactory().post("/", {"text": CANARY})

    def fail():
        secret = request.POST["text"]
        raise ValueError(len(secret))

    try:
        fail()
    except ValueError:
        report = ExceptionReporter(request, *sys.exc_info()).get_traceback_text()

    assert "text" in report
    assert CANARY not in report
    assert settings.SECRET_KEY not in report


def test_console_of_every_stack_uses_the_line_format():
    formatter = settings.LOGGING["formatters"]["line"]["()"]

    assert import_string(formatter) is LineFormatter
    assert [handler["formatter"] for handler in settings.LOGGING["handlers"].values()] == ["line"]
    assert settings.CELERY_WORKER_HIJACK_ROOT_LOGGER is False
