"""The personal feed: one's own interviews by a secret address, until it is revoked or the account ends."""

import hashlib
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from interviews.calendars import feed_services
from interviews.kinds import Kind
from interviews.models import CalendarFeed, Interview
from tests.design.pages import read_page
from tests.factories import interviews as made
from tests.factories.staff import UserFactory
from tests.interviews.calendar_files import read
from tests.interviews.reachable import line, reachable
from tests.mail.log_lines import log_lines

pytestmark = pytest.mark.django_db
DETAIL, MAKE, REVOKE = (f"interviews:feed_{name}" for name in ("detail", "make", "revoke"))


def address(token):
    return reverse("interviews:feed_file", args=[token])


def fetched(token):
    """The numbers of the interviews at an address, asked without signing in."""
    response = Client().get(address(token))
    assert response.status_code == 200
    method, events = read(response.text)
    assert method == ""
    uids = [event["UID"] for event in events]
    rows = Interview.objects.filter(uid__in=uids)
    assert {event["SUMMARY"] for event in events} <= {"打合せ"}
    return {row.pk for row in rows}


def test_feed_holds_ones_own_booked_and_held_talks_of_the_last_thirty_days():
    head, member = made.line()
    mentor = made.mentor()
    other_head, other = made.line()
    own = [
        made.interview(head, member, made.next_week(10)),
        made.interview(mentor, member, made.next_week(14), Kind.MENTOR),
        made.held(head, member, days=29),
    ]
    cancelled = made.interview(head, member, made.next_week(17))
    cancelled.state = "cancelled"
    cancelled.save()
    made.held(head, member, days=31)
    made.interview(other_head, other)

    token = feed_services.make_feed(by=member)

    assert fetched(token) == {interview.pk for interview in own}
    head_sees = fetched(feed_services.make_feed(by=head))
    assert head_sees == {own[0].pk, own[2].pk}


def test_feed_names_no_kind_and_nobody_and_is_kept_by_nobody():
    mentor, (_, member) = reachable(made.mentor()), line()
    made.interview(mentor, member, kind=Kind.MENTOR)

    response = Client().get(address(feed_services.make_feed(by=member)))

    assert response["Cache-Control"] == "no-store"
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert not response.cookies
    for word in ("メンター", "面談", mentor.family_name, mentor.email, member.email):
        assert word not in response.text


def test_address_is_shown_once_has_256_bits_and_only_its_hash_is_kept(client):
    person = UserFactory()
    client.force_login(person)
    assert "配信していません" in client.get(reverse(DETAIL)).text

    shown = read_page(client.post(reverse(MAKE)).text).one("input", id="feed-address")

    token = re.fullmatch(r"http://testserver/interviews/feed/(.+)\.ics", shown.attributes["value"])[
        1
    ]
    assert len(token) == 43
    feed = CalendarFeed.objects.get()
    assert feed.token_hash == hashlib.sha256(token.encode()).hexdigest()
    again = client.get(reverse(DETAIL)).text
    assert "配信しています" in again
    assert token not in again
    assert fetched(token) == set()


def test_revoked_and_replaced_addresses_answer_404(client):
    person = UserFactory()
    client.force_login(person)
    first = feed_services.make_feed(by=person)
    second = feed_services.make_feed(by=person)
    assert first != second
    assert Client().get(address(first)).status_code == 404
    assert Client().get(address(second)).status_code == 200

    page = client.post(reverse(REVOKE), follow=True)

    assert "配信を止めました" in page.text
    assert "配信していません" in page.text
    assert Client().get(address(second)).status_code == 404
    assert client.post(reverse(REVOKE)).status_code == 302


def test_ended_account_answers_404_and_one_on_leave_goes_on():
    person = UserFactory()
    token = feed_services.make_feed(by=person)
    for state, status in (("on_leave", 200), ("ended", 404)):
        type(person).objects.filter(pk=person.pk).update(state=state)
        assert Client().get(address(token)).status_code == status


@pytest.mark.parametrize(
    "token", ["a", "A" * 43, "é\x00😀", "a.ics", "A" * 5000], ids=lambda t: ascii(t[:9])
)
def test_address_that_was_never_made_answers_404(token):
    feed_services.make_feed(by=UserFactory())

    assert Client().get(address(token)).status_code == 404


def test_token_reaches_no_log_line(client):
    person = UserFactory()
    client.force_login(person)
    with log_lines() as lines, CaptureQueriesContext(connection):
        shown = read_page(client.post(reverse(MAKE)).text).one("input", id="feed-address")
        token = shown.attributes["value"].rpartition("/")[2].removesuffix(".ics")
        assert Client().get(address(token)).status_code == 200
        feed_services.revoke_feed(by=person)
        assert Client().get(address(token)).status_code == 404
        assert Client().post(address(token)).status_code == 405

    routes = [line["route"] for line in lines(about="career_portal.requests")]
    assert routes == [MAKE, *["interviews:feed_file"] * 3]
    assert token not in lines()


def test_feed_asks_the_database_the_same_with_any_number_of_talks():
    head, member = made.line()
    token = feed_services.make_feed(by=member)
    counts = []
    for hour in (10, 14):
        made.interview(head, member, made.next_week(hour))
        with CaptureQueriesContext(connection) as queries:
            assert len(fetched(token)) > 0
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_page_shows_nothing_of_another_persons_feed(client):
    feed_services.make_feed(by=UserFactory())
    client.force_login(UserFactory())

    assert "配信していません" in client.get(reverse(DETAIL)).text


def test_one_live_feed_each_is_held_by_the_database():
    person = UserFactory()
    feed_services.make_feed(by=person)
    with pytest.raises(IntegrityError, match="one_live_feed_each"), transaction.atomic():
        CalendarFeed.objects.create(person=person, token_hash="0" * 64)
    with pytest.raises(IntegrityError, match="feed_keeps_a_hash"), transaction.atomic():
        CalendarFeed.objects.create(person=UserFactory(), token_hash="plain")
