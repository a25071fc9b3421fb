"""Prints, as JSON, how the portal answers under production settings; run by `test_headers`.

A person is made and undone in one transaction of the test database.
"""

import json
import re
import sys

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

SIGN_IN = "/accounts/login/"


def headers_of(response):
    return {"status": response.status_code, **dict(response.items())}


def answers(client):
    page = client.get(SIGN_IN, secure=True)
    sheet = re.search(rb'href="(/static/css/portal\.[^"]+)"', page.content).group(1).decode()
    yield "page", headers_of(page)
    yield "static", headers_of(client.get(sheet, secure=True))
    yield "plain", headers_of(client.get(SIGN_IN))
    yield "proxied", headers_of(client.get(SIGN_IN, headers={"X-Forwarded-Proto": "https"}))
    yield "plain health", headers_of(client.get("/health/"))


def signed_in_cookies(client):
    from tests.factories.staff import PASSWORD, UserFactory  # noqa: PLC0415  needs the loaded apps

    user = UserFactory(demonstration="demonstration" in sys.argv)
    signed_in = client.post(SIGN_IN, {"login": user.username, "password": PASSWORD}, secure=True)
    signed_out = client.post("/accounts/logout/", secure=True)
    yield "sign-in", signed_in.status_code
    for response in (signed_in, signed_out):
        for name, morsel in response.cookies.items():
            if morsel.value:
                yield name, {key: value for key, value in morsel.items() if value}


if __name__ == "__main__":
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    visitor = Client(headers={"Host": "portal.example.go.jp"})
    found = dict(answers(visitor))
    with transaction.atomic():
        found["cookies"] = dict(signed_in_cookies(visitor))
        transaction.set_rollback(True)
    connection.close()
    sys.stdout.write(json.dumps(found))
