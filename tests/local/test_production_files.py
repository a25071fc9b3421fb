"""The files of the production installation, as far as they can be judged without Docker."""

import ast
import re

import pytest
import yaml

from career_portal.local.bootstrap import PROJECT

OURS = {"migrate", "web", "worker", "beat"}
SERVICES = OURS | {"postgres", "redis"}


@pytest.fixture(scope="module")
def compose_text():
    return (PROJECT / "docker-compose.yml").read_text()


@pytest.fixture(scope="module")
def compose(compose_text):
    return yaml.safe_load(compose_text)


def test_compose_has_exactly_these_services_all_with_init(compose):
    assert compose["services"].keys() == SERVICES
    assert {name for name in SERVICES if compose["services"][name].get("init") is True} == SERVICES
    assert compose["services"]["postgres"]["image"] == "postgres:18"


def test_compose_checks_the_health_of_everything_that_keeps_running(compose):
    checked = {
        name for name, service in compose["services"].items() if service["healthcheck"].get("test")
    }

    assert checked == SERVICES - {"migrate"}


def test_compose_migrates_before_anything_of_ours_starts(compose):
    for name in OURS - {"migrate"}:
        migrated = compose["services"][name]["depends_on"]["migrate"]
        assert migrated == {"condition": "service_completed_successfully"}


def test_compose_takes_secrets_from_files_and_gives_none_a_default(compose, compose_text):
    files = {secret["file"] for secret in compose["secrets"].values()}
    assert all(file.startswith("${PORTAL_SECRETS_DIR:?") for file in files)

    for name in OURS:
        service = compose["services"][name]
        wanted = {"database_url", "redis_url", "portal_secret_key", "portal_memo_keys"}
        assert set(service["secrets"]) == wanted | {
            "email_password",
            "bucket_access_key",
            "bucket_secret_key",
        }
        given = {key: service["environment"].get(f"{key.upper()}_FILE") for key in wanted}
        assert given == {key: f"/run/secrets/{key}" for key in wanted}
    defaults = re.findall(r"\$\{(\w+):-([^}]*)\}", compose_text)
    assert dict(defaults) == {
        "PORTAL_PUBLISH": "127.0.0.1:8000",
        "PORTAL_CLIENT_ADDRESS_HEADER": "",
        "PORTAL_TRUSTED_PROXY_HEADER": "",
        "PORTAL_PUBLIC_ADDRESS": "",
        "PORTAL_EMAIL_PORT": "587",
        "PORTAL_EMAIL_TLS": "True",
        "PORTAL_EMAIL_USER": "",
        "PORTAL_BUCKET": "",
        "PORTAL_BUCKET_ENDPOINT": "",
        "PORTAL_BUCKET_REGION": "",
        "PORTAL_WEB_PROCESSES": "2",
        "PORTAL_WORKER_PROCESSES": "2",
    }
    passwords = {
        compose["services"][name]["environment"]["PORTAL_EMAIL_PASSWORD_FILE"] for name in OURS
    }
    assert passwords == {"/run/secrets/email_password"}


@pytest.mark.parametrize("name", ["PORTAL_ALLOWED_HOSTS", "PORTAL_EMAIL_HOST", "PORTAL_EMAIL_FROM"])
def test_compose_requires_the_host_names_and_the_sender_of_mails(compose, name):
    assert compose["services"]["web"]["environment"][name].startswith(f"${{{name}:?")


def test_image_runs_as_an_ordinary_user_and_brings_what_pdfs_need():
    text = (PROJECT / "Dockerfile").read_text()

    assert re.search(r"^USER portal$", text, re.MULTILINE)
    for package in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"):
        assert package in text
    assert "--require-hashes" in text


def test_example_environment_names_every_variable_that_is_read():
    example = (PROJECT / ".env.example").read_text()
    named = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))

    assert named == read_by_settings() | read_by_launcher() | read_by_compose()


def test_example_environment_holds_no_secret():
    example = (PROJECT / ".env.example").read_text()

    filled = dict(re.findall(r"^([A-Z_]+)=(.+)$", example, re.MULTILINE))
    assert filled.keys() == {
        "DJANGO_SETTINGS_MODULE",
        "PORTAL_EMAIL_PORT",
        "PORTAL_EMAIL_TLS",
        "PORTAL_PUBLISH",
        "PORTAL_WEB_PROCESSES",
        "PORTAL_WORKER_PROCESSES",
    }


def read_by_settings():
    """The first argument of every ``env.reader("NAME", …)``."""
    names = set()
    for file in (PROJECT / "career_portal" / "settings").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and getattr(node.func.value, "id", None) == "env"
            ):
                names.add(ast.literal_eval(node.args[0]))
    return names


def read_by_launcher():
    files = (PROJECT / "career_portal" / "local").glob("*.py")
    read = re.compile(r'os\.environ\.get\("([A-Z_]+)"')
    return {name for file in files for name in read.findall(file.read_text())}


def read_by_compose():
    text = (PROJECT / "docker-compose.yml").read_text()
    return set(re.findall(r"\$\{([A-Z_]+)", text))
