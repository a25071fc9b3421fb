"""A writer narrows his readers; his supervisor finds the part gone and no trace that it was there."""

import re

from playwright.sync_api import expect

# A form handed in this year by a member of a section whose head is in service, with ② in it and released.
READ_BY_HEAD = """
    SELECT w.username, h.username, f.current_submission_id FROM surveys_hopesurvey f
    JOIN surveys_surveyround r ON r.id = f.round_id AND r.fiscal_year = %(year)s
    JOIN staff_user w ON w.id = f.user_id AND w.state = 'active' AND NOT w.is_demonstration
    JOIN staff_assignment a ON a.user_id = w.id AND a.valid_until IS NULL
      AND a.valid_from <= current_date AND a.position = 'member'
    JOIN staff_assignment b ON b.section_id = a.section_id AND b.position = 'head'
      AND b.valid_from <= current_date AND b.valid_until IS NULL
    JOIN staff_user h ON h.id = b.user_id AND h.state = 'active'
    JOIN surveys_submittedpart s ON s.submission_id = f.current_submission_id
    JOIN surveys_part p ON p.id = s.part_id AND p.number = 2
    WHERE f.state = 'submitted' AND NOT f.is_correcting
    AND NOT EXISTS (SELECT FROM surveys_readerchoice c WHERE c.survey_id = f.id)
    ORDER BY f.id
"""
COMPETENCIES = re.compile("コンピテンシー")


def test_part_is_gone_for_the_supervisor_from_the_moment_of_narrowing(portal, visits):
    writer, head, submission = portal.rows(READ_BY_HEAD, year=portal.year)[0]
    supervisor = visits.begin(head)
    address = f"/surveys/readable/{submission}/"

    supervisor.goto("/surveys/staff/")
    supervisor.locator(f"a[href='{address}']").click()
    expect(supervisor.get_by_role("heading", name=COMPETENCIES)).to_be_visible()
    headings = supervisor.locator("h2").all_inner_texts()

    person = visits.begin(writer)
    person.goto(visits.path("parts", 2))
    person.locator(".cp-audience summary").click()
    person.locator("[name=supervisor]").uncheck()
    person.get_by_role("button", name="この範囲にする").click()
    expect(person.get_by_role("status").filter(has_text="いまから上司は読めません")).to_be_visible()
    expect(person.locator(".cp-audience .cp-chips")).not_to_contain_text("上司")

    supervisor.reload()
    expect(supervisor.get_by_role("heading", name=COMPETENCIES)).to_have_count(0)
    left = supervisor.locator("h2").all_inner_texts()
    assert left == [heading for heading in headings if not COMPETENCIES.search(heading)]
    assert "非表示" not in supervisor.locator("main").inner_text()
    supervisor.goto("/surveys/staff/")
    expect(supervisor.locator(f"a[href='{address}']")).to_have_count(1)

    # The writer sees that it was read before, and widens again: only he can.
    person.goto("/me/reads/")
    expect(person.get_by_text("上司").first).to_be_visible()
    person.goto(visits.path("parts", 2))
    person.locator(".cp-audience summary").click()
    person.locator("[name=supervisor]").check()
    person.get_by_role("button", name="この範囲にする").click()
    supervisor.goto(address)
    expect(supervisor.get_by_role("heading", name=COMPETENCIES)).to_be_visible()
