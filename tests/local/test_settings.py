import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from career_portal.local.bootstrap import PROJECT
from career_portal.local.lint import PRODUCTION
from career_portal.settings import env


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        (env.text, ""),
        (env.secret, ""),
        (env.names, ""),
        (env.database, "mysql://user@host/name"),
        (env.database, "postgres://user@host"),
        (lambda name: env.flag(name, default=False), "yes"),
        (lambda name: env.number(name, default=25), "2５"),
        (env.key_ring, ""),
        (env.key_ring, "A" * 43 + "="),
        (env.key_ring, "short:QUJD"),
        (env.key_ring, f"key:{'A' * 43}=,key:{'B' * 43}="),
        (env.key_ring, "key:これは鍵ではありません"),
    ],
)
def test_reader_refuses_a_missing_or_odd_value_by_its_name(monkeypatch, reader, value):
    monkeypatch.setenv("PORTAL_THING", value)

    with pytest.raises(ImproperlyConfigured, match="PORTAL_THING"):
        reader("PORTAL_THING")


def test_secret_comes_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("鍵\n")
    monkeypatch.setenv("PORTAL_THING_FILE", str(tmp_path / "key"))
    assert env.secret("PORTAL_THING") == "鍵"

    monkeypatch.setenv("PORTAL_THING", "also")
    with pytest.raises(ImproperlyConfigured, match="not both"):
        env.secret("PORTAL_THING")


def test_ring_keeps_the_order_of_its_keys_and_names_none_of_them_when_refused(monkeypatch):
    monkeypatch.setenv("PORTAL_THING", f"new:{'B' * 42}A=, old:{'A' * 43}=")
    assert list(env.key_ring("PORTAL_THING")) == ["new", "old"]
    assert env.key_ring("PORTAL_THING")["old"] == bytes(32)

    monkeypatch.setenv("PORTAL_THING", "new:c2VjcmV0")
    with pytest.raises(ImproperlyConfigured) as refused:
        env.key_ring("PORTAL_THING")
    assert "c2VjcmV0" not in str(refused.value)


def test_secret_file_that_is_not_there_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_THING_FILE", str(tmp_path / "key"))

    with pytest.raises(ImproperlyConfigured, match="PORTAL_THING_FILE cannot be read"):
        env.secret("PORTAL_THING")


def test_database_address_may_hold_escaped_signs(monkeypatch):
    monkeypatch.setenv("PORTAL_THING", "postgres://a%40b:p%2Fw@db.example:5433/portal")

    settings = env.database("PORTAL_THING")

    parts = [settings[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")]
    assert parts == ["a@b", "p/w", "db.example", 5433, "portal"]
    assert settings["CONN_MAX_AGE"] > 0
    assert settings["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize(
    ("missing", "given"),
    [
        ("PORTAL_SECRET_KEY", {}),
        ("PORTAL_MEMO_KEYS", {}),
        ("DATABASE_URL", {}),
        ("REDIS_URL", {}),
        ("PORTAL_ALLOWED_HOSTS", {}),
        ("PORTAL_EMAIL_HOST", {}),
        ("PORTAL_EMAIL_FROM", {}),
        ("PORTAL_EMAIL_PASSWORD", {"PORTAL_EMAIL_USER": "portal"}),
    ],
)
def test_production_does_not_start_without(missing, given):
    environment = {**PRODUCTION, "PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), **given}
    environment.pop(missing, None)

    outcome = subprocess.run(
        [sys.executable, "-c", "import career_portal.settings.production"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome.returncode != 0
    assert f"{missing} is not set" in outcome.stderr


def test_production_cookies_and_transport():
    code = (
        "import career_portal.settings.production as p;"
        "print(p.SESSION_COOKIE_NAME, p.CSRF_COOKIE_NAME, p.SESSION_COOKIE_SECURE,"
        " p.CSRF_COOKIE_SECURE, p.SECURE_SSL_REDIRECT, p.SECURE_HSTS_SECONDS >= 31536000,"
        " p.EMAIL_USE_TLS, p.DEBUG, p.DEMO_ACCOUNTS_ALLOWED, p.GALLERY_ENABLED, p.LOCAL_MAIL_ENABLED)"
    )

    printed = subprocess.run(
        [sys.executable, "-c", code],
        env={**PRODUCTION, "PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert printed.split() == [
        "__Host-session",
        "__Host-csrf",
        *["True"] * 5,
        *["False"] * 4,
    ]
