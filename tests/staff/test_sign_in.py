import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from career_portal.staff.adapters import WRONG_CREDENTIALS
from tests.factories.staff import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"
SIGN_OUT = "/accounts/logout/"


def sign_in(client, username, password=PASSWORD, path=SIGN_IN, **extra):
    return client.post(path, {"login": username, "password": password}, **extra)


def signed_in_pk(client):
    return client.session.get("_auth_user_id")


def test_sign_in_with_name_and_password_leads_home(client):
    user = UserFactory()

    response = sign_in(client, user.username)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in_pk(client) == str(user.pk)


def test_sign_in_names_typed_in_full_width_are_understood(client):
    user = UserFactory(username="shokuin7")

    sign_in(client, " ｓｈｏｋｕｉｎ７　")

    assert signed_in_pk(client) == str(user.pk)


@pytest.mark.parametrize("known", [True, False])
def test_sign_in_with_wrong_credentials_says_one_neutral_sentence(client, known):
    name = UserFactory().username if known else "nobody"

    response = sign_in(client, name, "wrong")

    page = response.content.decode()
    assert response.status_code == 200
    assert WRONG_CREDENTIALS in page
    assert f'value="{name}"' in page
    assert "エラー：サインイン" in page
    assert "wrong" not in page
    assert "sessionid" not in response.cookies


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"login": "", "password": "x"}, "サインイン名を入力してください"),
        ({"login": "x", "password": ""}, "パスワードを入力してください"),
        ({"login": "a\x00b", "password": "x"}, "サインイン名に使えない文字"),
        ({"login": "x" * 65, "password": "x"}, "サインイン名は64文字以内"),
        ({"login": "x", "password": "x" * 1001}, "パスワードは1000文字以内"),
    ],
)
def test_sign_in_with_unusable_input_says_what_is_wrong(client, fields, sentence):
    response = client.post(SIGN_IN, fields)

    assert response.status_code == 200
    assert sentence in response.content.decode()


@pytest.mark.parametrize(
    "traits", [{"ended": True}, {"demonstration": True}], ids=["ended", "demonstration"]
)
def test_sign_in_of_an_account_that_may_not_is_refused_like_a_wrong_password(
    client, settings, traits
):
    settings.DEMO_ACCOUNTS_ALLOWED = False
    user = UserFactory(**traits)

    response = sign_in(client, user.username)

    assert WRONG_CREDENTIALS in response.content.decode()
    assert signed_in_pk(client) is None


def test_sign_in_of_a_person_on_leave_is_allowed(client):
    user = UserFactory(on_leave=True)

    sign_in(client, user.username)

    assert signed_in_pk(client) == str(user.pk)


def test_sign_in_gives_a_new_session_key(client):
    user = UserFactory()
    session = client.session
    session["before"] = "kept by an attacker"
    session.save()
    planted = session.session_key

    sign_in(client, user.username)

    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/surveys/", "/surveys/"),
        ("/surveys/1/?a=b", "/surveys/1/?a=b"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("///evil.example", "/"),
        (r"\\evil.example", "/"),
        ("http://testserver/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_sign_in_goes_on_to_addresses_of_the_portal_only(client, target, location):
    user = UserFactory()

    response = client.post(SIGN_IN, {"login": user.username, "password": PASSWORD, "next": target})

    assert response["Location"] == location


def test_sign_in_keeps_the_way_back_of_the_address(client):
    user = UserFactory()

    response = sign_in(client, user.username, path=f"{SIGN_IN}?next=/surveys/")

    assert response["Location"] == "/surveys/"


def test_sign_in_hashes_for_unknown_names_too(client, monkeypatch):
    hashed = []
    monkeypatch.setattr(
        "career_portal.staff.models.user.User.set_password",
        lambda self, raw: hashed.append(raw),
    )

    sign_in(client, "nobody", "guess")

    assert hashed == ["guess"]


def test_sign_in_needs_the_csrf_token():
    client = Client(enforce_csrf_checks=True)
    user = UserFactory()

    assert sign_in(client, user.username).status_code == 403


def test_sign_in_page_sends_people_on_who_are_signed_in(client):
    client.force_login(UserFactory())

    response = client.get(SIGN_IN)

    assert (response.status_code, response["Location"]) == (302, "/")


def test_sign_in_answers_a_script_with_the_page_only(client):
    user = UserFactory()

    response = sign_in(
        client, user.username, "wrong", headers={"X-Requested-With": "XMLHttpRequest"}
    )

    assert response["Content-Type"].startswith("text/html")


def test_sign_out_asks_first_and_ends_the_session_by_post_only(client):
    client.force_login(UserFactory())
    key = client.session.session_key

    page = client.get(SIGN_OUT)
    assert "サインアウトしますか" in page.content.decode()
    assert Session.objects.filter(session_key=key).exists()

    response = client.post(SIGN_OUT)
    assert (response.status_code, response["Location"]) == (302, SIGN_IN)
    assert response["Clear-Site-Data"] == '"cache"'
    assert not Session.objects.filter(session_key=key).exists()
    assert "サインアウトしました" in client.get(SIGN_IN).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_sign_out_without_a_session_leads_to_the_sign_in_page(client, method):
    response = getattr(client, method)(SIGN_OUT)

    assert (response.status_code, response["Location"]) == (302, SIGN_IN)


def test_session_of_an_account_that_ends_is_over_at_the_next_request(client):
    user = UserFactory()
    client.force_login(user)
    assert client.get(SIGN_OUT).status_code == 200

    user.state = user.State.ENDED
    user.save()

    assert client.get(SIGN_OUT).status_code == 302


def test_session_of_a_demonstration_account_is_over_where_they_are_not_allowed(client, settings):
    client.force_login(UserFactory(demonstration=True))

    settings.DEMO_ACCOUNTS_ALLOWED = False

    assert client.get(SIGN_OUT).status_code == 302


def test_session_of_a_changed_password_is_over(client):
    user = UserFactory()
    client.force_login(user)

    user.set_password("another long password")
    user.save()

    assert client.get(SIGN_OUT).status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "inactive/",
        "reauthenticate/",
        "email/",
        "confirm-email/",
        "password/change/",
        "password/set/",
        "password/reset/",
        "password/reset/done/",
        "login/code/confirm/",
    ],
)
def test_other_routes_of_the_library_do_not_exist(client, path):
    client.force_login(UserFactory())

    assert client.get(f"/accounts/{path}").status_code == 404


def test_sign_in_page_lists_the_demonstration_where_it_is_allowed(client, settings):
    settings.DEMO_PASSWORD = "demo-pass-word"
    UserFactory(username="shokuin", demonstration=True)
    UserFactory(username="jinji", demonstration=True)
    UserFactory(username="kansa")

    page = client.get(SIGN_IN).content.decode()

    assert page.count("demo-pass-word") == 2
    assert [name for name in ("shokuin", "jinji", "kansa") if name in page] == ["shokuin", "jinji"]
    assert "人事当局" in page


def test_sign_in_page_shows_no_demonstration_elsewhere(client, settings):
    settings.DEMO_ACCOUNTS_ALLOWED = False
    settings.DEMO_PASSWORD = "demo-pass-word"
    UserFactory(username="shokuin", demonstration=True)

    page = client.get(SIGN_IN).content.decode()

    assert "shokuin" not in page
    assert "demo-pass-word" not in page


def test_routes_have_the_names_that_the_library_reverses():
    assert (reverse("account_login"), reverse("account_logout")) == (SIGN_IN, SIGN_OUT)
    assert reverse(settings.LOGIN_URL) == SIGN_IN
