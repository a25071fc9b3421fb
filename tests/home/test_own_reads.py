"""Who read about oneself: every opening of a form by somebody else, for the person himself alone."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from career_portal.audit.models import AccessEvent
from career_portal.home.own_reads import ENTRIES_PER_PAGE, readers_lately
from career_portal.staff.roles import Role
from surveys.models import Submission
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, UserFactory
from tests.factories.surveys import (
    SurveyRoundFactory,
    choose_supervisor,
    hope_survey,
    submit,
)
from tests.surveys.browsing import Page

ADDRESS = "/me/reads/"
MORNING = datetime.datetime(2026, 10, 16, 0, 30, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def head(writer):
    section = writer.assignments.get().section
    return AssignmentFactory(
        head=True, section=section, user__family_name="山﨑", user__given_name="葵"
    ).user


@pytest.fixture
def hr(db):
    return RoleGrantFactory(role=Role.HR, user__family_name="德永", user__given_name="凛").user


@pytest.fixture
def submission(survey_round, writer):
    return hope_survey(survey_round, writer).current_submission


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def read(reader, submission, parts=("reflection",), *, capacity="上司", at=MORNING):
    """Have the log say that parts were read at an instant."""
    AccessEvent.objects.bulk_create(
        AccessEvent(
            read_at=at,
            reader_id=reader.pk,
            reader_name=reader.display_name,
            capacity=capacity,
            subject_id=submission.survey.user_id,
            object_kind="hope_survey",
            object_id=submission.pk,
            part=part,
        )
        for part in parts
    )


def openings(person, **query):
    answer = browser(person).get(ADDRESS, query)
    assert answer.status_code == 200
    return [
        (opening.reader, opening.capacity, opening.at, len(opening.parts))
        for opening in answer.context["openings"]
    ]


def main(person):
    return Page(browser(person).get(ADDRESS)).texts["main"]


def test_opening_of_a_form_is_one_entry_with_reader_capacity_form_and_parts(
    writer, head, submission
):
    assert browser(head).get(f"/surveys/readable/{submission.pk}/").status_code == 200

    (opening,) = browser(writer).get(ADDRESS).context["openings"]

    year = submission.survey.round.fiscal_year
    assert (opening.reader, opening.capacity) == ("山﨑 葵", "上司")
    assert opening.record.endswith(f"（{year}年度） 希望調書（第1版）")
    assert opening.url == reverse("surveys:version_detail", args=[year, 1])
    assert [part[0] for part in opening.parts] == list("①②③④⑧")
    assert timezone.now() - opening.opened_at < 5 * MINUTE
    page = main(writer)
    for words in (
        opening.reader,
        opening.capacity,
        opening.at,
        opening.record,
        opening.parts_in_line,
    ):
        assert words in page


def test_openings_stand_newest_first_with_the_year_of_their_day(writer, head, hr, submission):
    read(head, submission, at=MORNING - datetime.timedelta(days=200))
    read(hr, submission, capacity="人事当局", at=MORNING)

    assert openings(writer) == [
        ("德永 凛", "人事当局", "令和8年（2026年）10月16日（金）09:30", 1),
        ("山﨑 葵", "上司", "令和8年（2026年）3月30日（月）09:30", 1),
    ]


@pytest.mark.parametrize(
    ("second", "entries"),
    [
        ({}, 1),
        ({"at": MORNING + MINUTE / 2}, 1),
        ({"at": MORNING + MINUTE}, 2),
        ({"capacity": "人事当局"}, 2),
        ({"reader": "hr"}, 2),
        ({"submission": "earlier"}, 2),
    ],
    ids=str,
)
def test_parts_seen_by_one_reader_in_one_capacity_within_a_minute_are_one_entry(
    writer, head, hr, submission, second, entries
):
    earlier = SurveyRoundFactory(fiscal_year=submission.survey.round.fiscal_year - 1)
    others = {"hr": hr, "earlier": hope_survey(earlier, writer).current_submission}
    read(head, submission, ["reflection", "future"])

    read(
        others.get(second.get("reader"), head),
        others.get(second.get("submission"), submission),
        ["reflection", "skills"],
        **{name: value for name, value in second.items() if name in ("at", "capacity")},
    )

    counts = sorted(parts for *_, parts in openings(writer))
    assert counts == ([3] if entries == 1 else [2, 2])


def test_file_that_hr_made_reads_as_such(writer, hr, submission):
    read(hr, submission, ["reflection", "future"], capacity="人事（出力）")

    page = main(writer)

    assert "人事（出力）" in page
    assert "希望調書（第1版）を、出力（ファイル）にしました" in " ".join(page.split())


def test_page_that_was_looked_at_is_no_file(writer, head, submission):
    read(head, submission)

    assert "出力（ファイル）" not in main(writer)


def test_entry_leads_to_the_version_that_was_read(survey_round, writer, head):
    hope_survey(survey_round, writer, "correcting")
    first = Submission.objects.get()
    read(head, first)
    submit(survey_round, writer)

    (opening,) = browser(writer).get(ADDRESS).context["openings"]

    assert opening.record.endswith("（第1版）")
    assert browser(writer).get(opening.url).context["submission"] == first


def test_what_was_read_before_stays_listed_after_narrowing(survey_round, writer, head, submission):
    read(head, submission, ["competencies"])

    choose_supervisor(survey_round, writer, 2, reads=False)

    assert [parts for *_, parts in openings(writer)] == [1]


@pytest.mark.parametrize("who", ["colleague", "head", "hr"])
def test_nobody_else_sees_who_read(writer, head, hr, submission, who):
    colleague = AssignmentFactory(section=writer.assignments.get().section).user
    read(head, submission)
    assert len(openings(writer)) == 1

    person = {"colleague": colleague, "head": head, "hr": hr}[who]

    assert openings(person) == []
    assert "まだだれも開いていません" in main(person)


def test_pages_of_many_openings_follow_one_another(writer, head, submission):
    for number in range(ENTRIES_PER_PAGE + 1):
        read(head, submission, at=MORNING + number * MINUTE)

    first, second = openings(writer), openings(writer, page="2")

    assert (len(first), len(second)) == (ENTRIES_PER_PAGE, 1)
    assert second[0][2].endswith("09:30")
    assert not set(first) & set(second)
    assert openings(writer, page="x") == first


def test_page_does_not_grow_with_the_openings(writer, head, hr, submission):
    def statements():
        client = browser(writer)
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS)
        return len(captured)

    read(head, submission)
    one = statements()
    earlier = SurveyRoundFactory(fiscal_year=submission.survey.round.fiscal_year - 1)
    older = hope_survey(earlier, writer).current_submission
    for number in range(10):
        read(hr, older, ["reflection", "future"], at=MORNING + number * MINUTE)

    assert statements() == one <= 6


def test_record_of_another_kind_is_listed_without_a_link(writer, head, submission):
    AccessEvent.objects.create(
        reader_id=head.pk,
        reader_name="<b>葵</b>",
        capacity="上司",
        subject_id=writer.pk,
        object_kind="interview",
        object_id=submission.pk,
        part="record",
    )

    (opening,) = browser(writer).get(ADDRESS).context["openings"]

    assert (opening.record, opening.url) == ("そのほかの記録", "")
    assert "<b>葵</b>" in main(writer)


def test_readers_of_the_last_thirty_days_are_counted_once_each_in_one_statement(
    writer, head, hr, submission, django_assert_num_queries
):
    now, day = timezone.now(), datetime.timedelta(days=1)
    for reader, ago in ((head, 1), (head, 29), (hr, 2), (UserFactory(), 31)):
        read(reader, submission, at=now - ago * day)
    read(UserFactory(), hope_survey(submission.survey.round, UserFactory()).current_submission)

    with django_assert_num_queries(1):
        assert readers_lately(writer) == 2
    assert readers_lately(head) == 0


@pytest.mark.parametrize(
    ("page", "links"),
    [("home:home", 1), ("surveys:survey_tasklist", 2), ("surveys:version_detail", 2)],
)
def test_footer_of_every_page_and_pages_of_a_form_lead_there(
    survey_round, writer, submission, page, links
):
    arguments = {"surveys:survey_tasklist": [survey_round.fiscal_year]}
    arguments["surveys:version_detail"] = [survey_round.fiscal_year, 1]

    shown = Page(browser(writer).get(reverse(page, args=arguments.get(page, []))))

    assert shown.links.count(ADDRESS) == links


def test_visitor_finds_no_way_there(client, db):
    assert ADDRESS not in Page(client.get("/accounts/login/")).links
