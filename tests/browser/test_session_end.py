"""The end of a sign-in is announced before it comes, can be put off, and loses nothing once it is there."""

import time

import pytest
from django.core import signing
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.visits import NARROW
from tests.browser.writing import Writing

HOURS = 60 * 60
UNTIL_WARNED = 8 * HOURS - 5 * 60 + 5
SALT = "django.contrib.sessions.SessionStore"


class Session:
    """The session of a person at the server, and the notice of it on a page where time jumps as the test says."""

    def __init__(self, visits, username, address="/"):
        self.visits = visits
        self.portal = visits.portal
        self.page = visits.begin(username)
        self.page.clock.install()
        self.page.goto(address)
        self.notice = self.page.locator("#session")

    @property
    def key(self):
        [key] = [c["value"] for c in self.page.context.cookies() if c["name"] == "sessionid"]
        return key

    def seconds_left(self):
        query = (
            "SELECT extract(epoch FROM expire_date - now())::int FROM django_session"
            " WHERE session_key = %(key)s"
        )
        return self.portal.rows(query, key=self.key)[0][0]

    def end_in(self, seconds):
        changed = self.portal.execute(
            "UPDATE django_session SET expire_date = now() + %(seconds)s * interval '1 second'"
            " WHERE session_key = %(key)s",
            key=self.key,
            seconds=seconds,
        )
        assert changed == 1

    def begin_before(self, seconds):
        """Have the person sign in that long ago."""
        secret = self.portal.environment["PORTAL_SECRET_KEY"]
        query = "SELECT session_data FROM django_session WHERE session_key = %(key)s"
        held = signing.loads(self.portal.rows(query, key=self.key)[0][0], key=secret, salt=SALT)
        held["signed_in_at"] = int(time.time()) - seconds
        self.portal.execute(
            "UPDATE django_session SET session_data = %(data)s WHERE session_key = %(key)s",
            key=self.key,
            data=signing.dumps(held, key=secret, salt=SALT, compress=True),
        )

    def end(self):
        query = "DELETE FROM django_session WHERE session_key = %(key)s"
        assert self.portal.execute(query, key=self.key) == 1

    def pass_time(self, seconds):
        self.page.clock.fast_forward(seconds * 1000)

    def see(self, words):
        expect(self.notice.get_by_role("alert")).to_contain_text(words)
        expect(self.notice.locator("[data-when]:visible")).to_have_count(1)


@pytest.fixture
def session(visits):
    """The home page of somebody; browsers report failed loads, which are meant here."""
    visits.expected.append("Failed to load resource")
    return Session(visits, "shukei")


def test_is_announced_five_minutes_before_and_put_off(session):
    expect(session.notice).to_be_hidden()
    session.end_in(200)
    session.pass_time(UNTIL_WARNED)
    session.see("まもなくサインインが切れます")
    assert findings(session.page) == []
    session.page.set_viewport_size(NARROW["viewport"])
    assert findings(session.page) == []
    # Asking has put nothing off.
    assert session.seconds_left() <= 200

    session.notice.get_by_role("button", name="サインインを続ける").click()
    expect(session.notice).to_be_hidden()
    expect(session.page.locator("#main")).to_be_focused()
    assert session.seconds_left() > 7 * HOURS

    session.end_in(100)
    session.pass_time(UNTIL_WARNED)
    session.see("まもなくサインインが切れます")


def test_is_not_announced_where_another_tab_has_put_it_off(session):
    with session.page.expect_response("**/accounts/session/"):
        session.pass_time(UNTIL_WARNED)
    expect(session.notice).to_be_hidden()
    session.end()
    session.pass_time(60 * 60)
    expect(session.notice).to_be_hidden()
    session.pass_time(8 * HOURS)
    session.see("サインインが切れました")


def test_absolute_one_is_said_with_its_time_and_can_be_closed(session):
    session.begin_before(12 * HOURS - 250)
    session.end_in(240)
    session.pass_time(UNTIL_WARNED)
    session.see("（日本時間）に切れます")
    ends_at = session.portal.rows(
        "SELECT to_char(expire_date AT TIME ZONE 'Asia/Tokyo', 'HH24:MI') FROM django_session"
        " WHERE session_key = %(key)s",
        key=session.key,
    )[0][0]
    session.see(f"サインインは {ends_at}（日本時間）に切れます")
    expect(session.page.get_by_role("button", name="サインインを続ける")).to_be_hidden()
    assert findings(session.page) == []

    session.page.get_by_role("button", name="この知らせを閉じる").click()
    expect(session.notice).to_be_hidden()
    session.end()
    session.pass_time(300)
    session.see("サインインが切れました")


def test_ended_one_leads_to_a_second_tab_and_back(session, visits):
    session.end_in(200)
    session.pass_time(UNTIL_WARNED)
    session.see("まもなくサインインが切れます")
    session.end()
    session.pass_time(300)
    session.see("サインインが切れました")
    assert findings(session.page) == []

    with session.page.context.expect_page() as opened:
        session.notice.get_by_role("link", name="別のタブでサインインする").click()
    tab = opened.value
    tab.locator("#id_login").fill("joushi")
    tab.locator("#id_password").fill(visits.password)
    tab.get_by_role("button", name="サインイン", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("サインインしました")
    assert findings(tab) == []

    # Somebody else: for the person of the page nothing has changed.
    session.page.evaluate("window.dispatchEvent(new Event('focus'))")
    session.see("サインインが切れました")


def test_signing_in_again_hides_the_notice_and_gives_forms_a_new_token(visits, portal):
    visits.expected.append("Failed to load resource")
    person = portal.writer("submitted")
    session = Session(visits, person, visits.path("withdraw"))
    session.end()
    session.pass_time(UNTIL_WARNED)
    session.see("サインインが切れました")
    visits.sign_in(session.page.context, person)

    session.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(session.notice).to_be_hidden()
    with session.page.expect_navigation(url=f"**{visits.path()}"):
        session.page.locator("main form button").click()


def test_server_that_does_not_answer_is_asked_again(session):
    session.end_in(200)
    session.page.context.set_offline(True)
    session.pass_time(UNTIL_WARNED)
    expect(session.notice).to_be_hidden()
    session.page.context.set_offline(False)
    session.pass_time(40)
    session.see("まもなくサインインが切れます")


def test_writer_whose_typing_puts_it_off_is_not_asked(visits, portal):
    part = Writing(visits, portal.newcomer(), 5)
    asked = []
    part.page.on(
        "request", lambda request: request.url.endswith("/session/") and asked.append(request)
    )
    part.page.clock.fast_forward((8 * HOURS - 20 * 60) * 1000)
    part.type("in_five_years", "書き続けている文")
    part.pass_time(2)
    part.see_saved()
    part.page.clock.fast_forward(60 * 60 * 1000)
    assert asked == []
