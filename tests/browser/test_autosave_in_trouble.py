"""What is typed survives a lost network, a failing server, an ended session and a second window."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.deadlines import extend, moved_deadline
from tests.browser.writing import Writing

STALE = "まだ保存していません。別の画面で更新されています"
EXPIRED = "まだ保存していません。サインインが切れました"
CLOSED = "まだ保存していません。締切を過ぎました。書いた内容はこの画面に残っています"
WAITS = "保存できていません。つながりしだい、もう一度保存します"
TEXT = "失いたくない文"


@pytest.fixture
def part(visits, portal):
    """⑤ open for somebody who has not written anything yet; browsers report failed loads, which are meant here."""
    visits.expected.append("Failed to load resource")
    return Writing(visits, portal.newcomer(), 5)


def is_post(route):
    return route.request.method == "POST"


class TestNetwork:
    def test_lost_and_found_again_by_the_browser(self, part):
        part.page.context.set_offline(True)
        part.type("in_five_years", TEXT)
        part.pass_time(2)
        part.see_not_saved(WAITS)
        part.type("in_ten_years", "その間も書いた文")
        part.pass_time(2)
        part.see_not_saved(WAITS)
        assert part.stored() == {}

        part.page.context.set_offline(False)
        part.see_saved()
        assert part.stored() == {"in_five_years": TEXT, "in_ten_years": "その間も書いた文"}

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_failing_server_is_asked_again(self, part, status):
        part.page.route(part.address, lambda route: route.fulfill(status=status, body="gone"))
        part.type("in_five_years", TEXT)
        part.pass_time(2)
        part.see_not_saved(WAITS)
        part.page.unroute(part.address)
        part.pass_time(60)
        part.see_saved()
        assert part.stored() == {"in_five_years": TEXT}

    def test_lost_answer_is_no_conflict(self, part, portal):
        def lose_answer(route):
            route.fetch()
            route.abort()

        part.page.route(part.address, lose_answer, times=1)
        part.type("in_five_years", TEXT)
        part.pass_time(2)
        part.see_not_saved(WAITS)
        assert portal.draft(part.username, 5) == ({"in_five_years": TEXT}, 1)

        part.type("in_five_years", "と続き")
        part.pass_time(60)
        part.see_saved()
        assert portal.draft(part.username, 5) == ({"in_five_years": f"{TEXT}と続き"}, 2)

    def test_trying_again_by_hand_stays_on_the_page(self, part):
        part.page.route(part.address, lambda route: route.abort(), times=1)
        part.type("in_five_years", TEXT)
        part.pass_time(1)
        part.see_not_saved(WAITS)
        part.page.evaluate("window.isStillHere = true")
        part.page.get_by_role("button", name="もう一度保存する").click()
        part.see_saved()
        assert part.page.evaluate("window.isStillHere")
        assert part.stored() == {"in_five_years": TEXT}

    def test_button_without_network_stays_on_the_page(self, part):
        part.page.context.set_offline(True)
        part.type("in_five_years", TEXT)
        part.page.locator("button[value=list]").click()
        part.see_not_saved(WAITS)
        expect(part.field("in_five_years")).to_have_value(TEXT)

        part.page.context.set_offline(False)
        part.see_saved()
        with part.page.expect_navigation(url=f"**{part.visits.path()}"):
            part.page.locator("button[value=list]").click()
        assert part.stored() == {"in_five_years": TEXT}


class TestSession:
    def test_ended_one_is_said_and_signing_in_elsewhere_saves(self, part, visits):
        part.lose_session()
        part.type("in_five_years", TEXT)
        part.pass_time(2)
        expect(part.status).to_contain_text(EXPIRED)
        sign_in = part.strip.get_by_role("link", name="別のタブでサインインする")
        expect(sign_in).to_have_attribute("href", "/accounts/login/?next=/accounts/signed-in/")
        expect(part.field("in_five_years")).to_have_value(TEXT)
        assert part.stored() == {}

        visits.sign_in(part.page.context, part.username)
        part.pass_time(60)
        part.see_saved()
        expect(sign_in).to_be_hidden()
        assert part.stored() == {"in_five_years": TEXT}

    def test_button_keeps_the_text_on_the_page(self, part):
        part.lose_session()
        part.type("in_five_years", TEXT)
        part.page.locator("button[value=list]").click()
        expect(part.status).to_contain_text(EXPIRED)
        expect(part.field("in_five_years")).to_have_value(TEXT)

    def test_of_somebody_else_gets_nothing(self, part, visits, portal):
        part.lose_session()
        other = portal.newcomer()
        visits.sign_in(part.page.context, other)
        part.type("in_five_years", TEXT)
        part.pass_time(2)
        expect(part.status).to_contain_text(EXPIRED)
        part.pass_time(60)
        assert part.stored() == {}
        assert portal.draft(other, 5) == ({}, 0)


class TestSecondWindow:
    def test_older_one_stores_nothing_and_compares(self, part, visits, portal):
        newer = Writing(visits, part.username, 5, page=part.page.context.new_page())
        newer.type("in_five_years", "新しい窓の文")
        newer.pass_time(2)
        newer.see_saved()

        part.type("in_five_years", "古い窓の文")
        part.pass_time(2)
        part.see_not_saved(STALE)
        part.type("in_five_years", "と続き")
        part.pass_time(120)
        assert part.sent == 1
        assert part.stored() == {"in_five_years": "新しい窓の文"}
        expect(part.field("in_five_years")).to_have_value("古い窓の文と続き")

        part.page.get_by_role("button", name="内容を見比べる").click()
        versions = part.page.locator(".cp-versions")
        expect(versions).to_contain_text("古い窓の文と続き")
        expect(versions).to_contain_text("新しい窓の文")
        expect(part.field("in_five_years")).to_have_value("古い窓の文と続き")
        assert part.stored() == {"in_five_years": "新しい窓の文"}

        part.field("in_five_years").fill("新しい窓の文。古い窓の文と続き")
        part.page.get_by_role("button", name="下書きを保存").click()
        expect(part.page.locator("main [role=status]")).to_contain_text(["下書きを保存しました"])
        assert part.stored() == {"in_five_years": "新しい窓の文。古い窓の文と続き"}

    def test_form_handed_in_elsewhere_stops_and_says_so(self, visits, portal):
        visits.expected.append("Failed to load resource")
        person = portal.writer("submitted", correcting=True)
        part = Writing(visits, person, 5)
        portal.execute(
            "UPDATE surveys_hopesurvey f SET is_correcting = false FROM staff_user u"
            " WHERE u.id = f.user_id AND u.username = %(username)s",
            username=person,
        )
        before = part.stored()
        part.type("in_five_years", TEXT)
        part.pass_time(2)
        part.see_not_saved("まだ保存していません。この調書は、別の画面で提出されています")
        part.pass_time(120)
        assert part.sent == 1
        assert part.stored() == before

        part.page.get_by_role("button", name="もう一度保存する").click()
        expect(part.page.get_by_role("alert")).to_contain_text("提出済みです")
        expect(part.field("in_five_years")).to_have_value(re.compile(TEXT))


class TestDeadline:
    def test_text_stays_on_the_page_and_is_saved_once_the_deadline_is_extended(self, part, portal):
        with moved_deadline(portal, 0):
            part.type("in_five_years", TEXT)
            part.pass_time(2)
            part.see_not_saved(CLOSED)
            part.type("in_ten_years", "そのあとも書いた文")
            part.pass_time(10)
            assert part.sent == 1
            part.page.locator("button[value=list]").click()
            part.see_not_saved(CLOSED)
            expect(part.field("in_five_years")).to_have_value(TEXT)
            assert part.stored() == {}
            expect(part.page.locator("[data-countdown]")).to_have_text("締め切りました")

            extend(portal, part.username)
            part.pass_time(31)
            part.see_saved()
        assert part.stored() == {"in_five_years": TEXT, "in_ten_years": "そのあとも書いた文"}
        expect(part.page.locator("[data-countdown]")).to_have_text("あと2日")

    def test_time_left_is_counted_by_the_seconds_of_the_server(self, visits, portal):
        visits.expected.append("Failed to load resource")
        with moved_deadline(portal, 2 * 60 * 60 + 90):
            page = visits.begin("shokuin")
            # This computer believes to live long after the deadline.
            page.clock.install(time="2099-01-01T00:00:00Z")
            page.goto(visits.path("parts", 5))
            left = page.locator("[data-countdown]")
            expect(left).to_have_text("あと2時間1分")
            for minutes, words in (
                (61, "あと1時間0分"),
                (1, "あと59分"),
                (59, "あと1分もありません"),
            ):
                page.clock.fast_forward(minutes * 60 * 1000)
                expect(left).to_have_text(words)
            page.clock.fast_forward(60 * 1000)
            expect(left).to_have_text("締め切りました")
