"""HR follows a round, reminds a section, moves a deadline while somebody writes, and closes."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.visits import NARROW
from tests.browser.writing import Writing

NOTE = "人事課からのお願いです。途中のままでも出せます。"
REASON = "出張が続いたため"

# A round of its own, long before the others, so that nobody else's round is reminded of, extended or closed.
ROUND = """
    INSERT INTO surveys_surveyround (fiscal_year, questionnaire_id, opens_at, deadline_at, reference_date)
    SELECT %(year)s, questionnaire_id, opens_at, now() + interval '5 days', reference_date
    FROM surveys_surveyround ORDER BY fiscal_year DESC LIMIT 1
"""
MOVE_DEADLINE = """
    UPDATE surveys_surveyround SET opens_at = now() - interval '9 days', deadline_at = now() + %(by)s::interval
    WHERE fiscal_year = %(year)s
"""
END_EXTENSIONS = """
    UPDATE surveys_deadlineextension SET granted_at = now() - interval '2 hours', until = now() - interval '1 hour'
    WHERE round_id = (SELECT id FROM surveys_surveyround WHERE fiscal_year = %(year)s)
"""
SECTION = """
    SELECT s.id, s.name, u.id FROM staff_user u
    JOIN staff_assignment a ON a.user_id = u.id AND NOT a.is_concurrent AND a.valid_until IS NULL
    JOIN staff_section s ON s.id = a.section_id WHERE u.username = %(username)s
"""


@pytest.fixture
def year(portal):
    """The fiscal year of a round that only this journey runs."""
    chosen = portal.year - 9
    portal.execute(ROUND, year=chosen)
    return chosen


def test_round_is_followed_reminded_of_extended_and_closed(portal, visits, year):
    # The save after the deadline.
    visits.expected.append("409 (Conflict)")
    writer = portal.newcomer()
    section, name, person = portal.rows(SECTION, username=writer)[0]
    page = visits.begin("jinji")

    # Watching: from the ministry to one section.
    page.goto("/")
    page.get_by_role("link", name="提出の状況").first.click()
    page.get_by_role("navigation", name="年度").get_by_role("link").last.click()
    expect(page).to_have_url(re.compile(rf"/surveys/rounds/{year}/progress/$"))
    page.goto(f"/surveys/rounds/{year}/progress/?order=missing")
    expect(page.get_by_role("heading", level=1)).to_have_text("提出の状況")
    page.goto(f"/surveys/rounds/{year}/progress/sections/{section}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)

    # Reminding: seen first, then sent, then followed while it goes out.
    page.get_by_role("link", name=re.compile("人に知らせる")).click()
    page.locator("#id_note").fill(NOTE)
    page.get_by_role("button", name="文面を確かめる").click()
    expect(page.locator(".cp-mail__body")).to_contain_text(NOTE)
    assert findings(page) == []
    page.get_by_role("button", name="この文面で送る").click()
    expect(page.get_by_text("送っています。")).to_be_visible()
    assert findings(page) == []
    portal.deliver_mails()
    expect(page.get_by_text(re.compile("人にお知らせを送りました。"))).to_be_visible()
    inbox = visits.begin()
    inbox.goto("/local/mail/")
    expect(inbox.get_by_role("link", name=re.compile("希望調書の締切は")).first).to_be_visible()

    # Again on the same day reaches nobody.
    page.goto(f"/surveys/rounds/{year}/reminders/new/?section={section}")
    expect(page.get_by_text("いま知らせる相手はいません。")).to_be_visible()

    # The deadline passes while somebody writes; an extension lets the text on the page be saved.
    writing = Writing(visits, writer, 5, year=year)
    writing.type("in_five_years", "締切の前の文。")
    writing.pass_time(2)
    writing.see_saved()
    portal.execute(MOVE_DEADLINE, year=year, by="-1 minute")
    writing.type("in_five_years", "締切の後の文。")
    writing.pass_time(2)
    writing.see_not_saved()
    assert "締切の後の文。" in writing.field("in_five_years").input_value()

    page.goto(f"/surveys/rounds/{year}/progress/sections/{section}/")
    page.locator(f"a[href$='?person={person}']").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("調書を再開する")
    page.locator("#id_reason").fill(REASON)
    assert findings(page) == []
    page.set_viewport_size(NARROW["viewport"])
    assert findings(page) == []
    page.get_by_role("button", name="再開する").click()
    expect(page.get_by_role("status").filter(has_text="までにしました")).to_be_visible()

    writing.pass_time(40)
    writing.see_saved()
    tasks = visits.begin(writer)
    tasks.goto(f"/surveys/{year}/")
    expect(tasks.get_by_text(REASON)).to_be_visible()

    # Closing: not while somebody can write, then for good.
    page.goto(f"/surveys/rounds/{year}/close/")
    expect(page.get_by_text("まだ締められません")).to_be_visible()
    portal.execute(END_EXTENSIONS, year=year)
    page.goto(f"/surveys/rounds/{year}/deadlines/")
    page.get_by_role("link", name="実施回を締める").click()
    assert findings(page) == []
    page.get_by_role("button", name="締める", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="実施回を締めました")).to_be_visible()
    closed = "SELECT closed_at FROM surveys_surveyround WHERE fiscal_year = %(year)s"
    assert portal.rows(closed, year=year)[0][0] is not None
