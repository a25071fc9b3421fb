"""What stands in front of every route: the sign-in check and the headers that browsers obey."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from tests.factories.staff import UserFactory
from tests.routes import routes

OPEN_TO_VISITORS = {
    "account_login",
    "account_logout",
    "gallery",
    "mail:local_mail_list",
    "mail:local_mail_detail",
    # Calendar programs have no sign-in: its secret address is the key.
    "interviews:feed_file",
}
POLICY = {
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self'",
    "manifest-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
}
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def assert_headers(answer):
    """The headers of one answer, by names in lower case or a response."""
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY


ALL_ROUTES = pytest.mark.parametrize("route", list(routes()), ids=lambda route: route.name)


def test_only_these_routes_are_open_without_sign_in():
    opened = {route.name for route in routes() if not getattr(route.view, "login_required", True)}

    assert opened == OPEN_TO_VISITORS


@pytest.mark.django_db
@ALL_ROUTES
@pytest.mark.parametrize("method", ["get", "post"])
def test_visitor_is_sent_to_the_sign_in_page(client, route, method):
    if route.name in OPEN_TO_VISITORS:
        return
    back = quote(route.address) if method == "get" else "/"

    response = getattr(client, method)(route.address)

    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={back}")


@pytest.mark.django_db
@ALL_ROUTES
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_answer_has_the_headers_and_is_kept_nowhere(client, route, signed_in):
    if signed_in:
        client.force_login(UserFactory())

    response = client.get(route.address)

    assert_headers(response)
    assert "no-store" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]
    assert len(response["X-Request-ID"]) == 16


@pytest.mark.django_db
def test_answers_without_a_route_have_the_headers_too(client):
    for response in (
        client.get("/nothing-here/"),
        client.post("/accounts/login/", headers={"Host": "evil.example"}),
    ):
        assert response.status_code in {400, 404}
        assert_headers(response)
        assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Mode": "cors"}, {"Accept": "application/json"}], ids=str
)
def test_script_of_a_person_whose_session_ended_gets_a_plain_answer(client, headers):
    response = client.post(
        "/surveys/", headers={**headers, "Referer": "http://testserver/surveys/2026/?a=b"}
    )

    assert response.status_code == 401
    assert response.json() == {
        "error": "signed_out",
        "sign_in": "/accounts/login/?next=/surveys/2026/%3Fa%3Db",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("referer", ["https://evil.example/surveys/", ""])
def test_post_that_no_page_of_ours_made_is_sent_to_the_sign_in_page(client, referer):
    response = client.post("/surveys/", headers={"Referer": referer})

    assert response["Location"] == "/accounts/login/?next=/"


def answers_in_production(folder, *arguments, **environment):
    """What `tests.production_answers` prints, run with production settings of its own."""
    database = connection.settings_dict
    address = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    account = f"{quote(database['USER'])}:{quote(database['PASSWORD'], safe='')}"
    finished = subprocess.run(
        [sys.executable, "-m", "tests.production_answers", *arguments],
        cwd=Path(__file__).parents[1],
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "career_portal.settings.production",
            "DATABASE_URL": f"postgres://{account}@{address}",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "PORTAL_SECRET_KEY": "k" * 60,
            "PORTAL_MEMO_KEYS": f"test:{'A' * 43}=",
            "PORTAL_ALLOWED_HOSTS": "portal.example.go.jp",
            "PORTAL_EMAIL_HOST": "127.0.0.1",
            "PORTAL_EMAIL_FROM": "career-portal@example.go.jp",
            "PORTAL_STATIC_ROOT": str(folder / "static"),
            "PORTAL_MEDIA_ROOT": str(folder / "media"),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


@pytest.mark.django_db
def test_production_speaks_tls_only_and_ties_its_cookies_to_the_host(tmp_path):
    answers = answers_in_production(tmp_path)

    page = answers["page"]
    assert_headers(page)
    assert page["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    for untrusted in ("plain", "proxied"):
        assert answers[untrusted]["status"] == 301
        assert answers[untrusted]["Location"] == "https://portal.example.go.jp/accounts/login/"
    assert answers["plain health"]["status"] == 200
    assert answers["static"]["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answers["static"]["X-Content-Type-Options"] == "nosniff"

    cookies = answers["cookies"]
    assert cookies.pop("sign-in") == 302
    assert set(cookies) == {"__Host-session", "__Host-csrf", "__Host-messages"}
    for cookie in cookies.values():
        assert cookie["secure"] is True
        assert cookie["httponly"] is True
        assert cookie["path"] == "/"
        assert "domain" not in cookie
        assert cookie["samesite"] == "Lax"


@pytest.mark.django_db
def test_production_trusts_the_proxy_header_it_is_told_and_no_demonstration_account(tmp_path):
    answers = answers_in_production(
        tmp_path, "demonstration", PORTAL_TRUSTED_PROXY_HEADER="X-Forwarded-Proto"
    )

    assert answers["proxied"]["status"] == 200
    assert answers["plain"]["status"] == 301
    assert answers["cookies"]["sign-in"] == 200
    assert "__Host-session" not in answers["cookies"]
