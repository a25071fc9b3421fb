"""Reading another person's form: one line in the log for every part shown, or nothing is shown."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from career_portal.audit.models import AccessEvent
from career_portal.staff.roles import Role
from surveys.models import Submission, SubmittedPart
from surveys.services import withdraw_hope_survey
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, UserFactory
from tests.factories.surveys import SurveyRoundFactory, canary, hope_survey

# Without a transaction around the test: whether the view opens one of its own is what is tried.
in_its_own_transaction = pytest.mark.django_db(transaction=True)

MARK = "鵺の文"


@pytest.fixture
def writer(transactional_db):
    return AssignmentFactory().user


@pytest.fixture
def head(writer):
    section = writer.assignments.get().section
    return AssignmentFactory(
        head=True, section=section, user__family_name="山﨑", user__given_name="葵"
    ).user


@pytest.fixture
def hr(writer):
    return RoleGrantFactory(role=Role.HR, user__family_name="德永", user__given_name="凛").user


@pytest.fixture
def submission(writer):
    return hope_survey(SurveyRoundFactory(), writer, mark=MARK).current_submission


def address(submission):
    return f"/surveys/readable/{submission.pk}/"


def browser(person):
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def logged():
    fields = ("reader_id", "reader_name", "capacity", "subject_id", "object_kind", "object_id")
    return [
        (*row, part)
        for *row, part in AccessEvent.objects.order_by("pk").values_list(*fields, "part")
    ]


@in_its_own_transaction
def test_supervisor_leaves_one_line_for_every_part_shown(submission, writer, head):
    response = browser(head).get(address(submission))

    who_and_what = (head.pk, "山﨑 葵", "上司", writer.pk, "hope_survey", submission.pk)
    assert response.status_code == 200
    assert logged() == [
        (*who_and_what, part)
        for part in ("reflection", "competencies", "expertise", "skills", "interview")
    ]


@in_its_own_transaction
def test_hr_leaves_one_line_for_every_part_shown(submission, writer, hr):
    browser(hr).get(address(submission))

    who_and_what = (hr.pk, "德永 凛", "人事当局", writer.pk, "hope_survey", submission.pk)
    assert logged() == [
        (*who_and_what, part)
        for part in (
            "reflection",
            "competencies",
            "expertise",
            "skills",
            "future",
            "posts",
            "circumstances",
        )
    ]


@in_its_own_transaction
def test_every_reading_is_logged_anew(submission, head):
    client = browser(head)

    for _ in range(2):
        client.get(address(submission))

    assert AccessEvent.objects.count() == 2 * 5


@in_its_own_transaction
def test_lists_and_refused_readings_leave_no_line(submission, writer, head):
    stranger = UserFactory()

    assert browser(head).get("/surveys/staff/").status_code == 200
    assert browser(stranger).get(address(submission)).status_code == 404
    assert browser(writer).get(address(submission)).status_code == 404

    assert logged() == []


@in_its_own_transaction
@pytest.mark.parametrize(
    "page", ["", "check/", "receipt/", "parts/1/", "versions/1/", "versions/1/copy.pdf"]
)
def test_reading_ones_own_form_leaves_no_line(submission, writer, page):
    year = submission.survey.round.fiscal_year

    assert browser(writer).get(f"/surveys/{year}/{page}").status_code == 200

    assert logged() == []


def replace_by_broken_form(submission):
    """A submission in force whose first part reads well and whose second cannot be put into words."""
    survey = submission.survey
    broken = Submission.objects.create(
        survey=survey, number=2, receipt_number="broken", submitted_at=submission.submitted_at
    )
    first, second = submission.parts.order_by("part__number")[:2]
    SubmittedPart.objects.create(submission=broken, part=first.part, answers=first.answers)
    SubmittedPart.objects.create(
        submission=broken, part=second.part, answers={"a1_level": [["no answer looks like this"]]}
    )
    survey.current_submission = broken
    survey.save()
    return broken


@in_its_own_transaction
def test_page_that_fails_while_it_is_made_leaves_no_line_and_shows_nothing(submission, head):
    broken = replace_by_broken_form(submission)

    with CaptureQueriesContext(connection) as captured:
        response = browser(head).get(address(broken))

    assert any("audit_accessevent" in query["sql"] for query in captured)
    assert response.status_code == 500
    assert MARK not in response.content.decode()
    assert logged() == []


@pytest.mark.django_db
def test_reading_that_cannot_be_logged_shows_nothing():
    writer = AssignmentFactory()
    head = AssignmentFactory(head=True, section=writer.section).user
    submission = hope_survey(SurveyRoundFactory(), writer.user, mark=MARK).current_submission
    client = browser(head)
    assert canary(MARK, 1) in client.get(address(submission)).content.decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "alter table audit_accessevent add constraint log_is_broken check (false) not valid"
        )

    response = client.get(address(submission))

    assert response.status_code == 500
    assert MARK not in response.content.decode()


@in_its_own_transaction
def test_lines_stay_when_the_form_is_taken_back(submission, writer, head):
    browser(head).get(address(submission))
    before = logged()

    withdraw_hope_survey(submission.survey.round, by=writer)

    assert browser(head).get(address(submission)).status_code == 404
    assert logged() == before
