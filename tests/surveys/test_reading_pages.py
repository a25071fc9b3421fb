"""The lists that lead to the forms of others, and what their pages say."""

import datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from career_portal.audit.models import AccessEvent
from career_portal.common.clock import today
from career_portal.common.era import month_and_day
from career_portal.staff.models import User
from career_portal.staff.roles import Role
from surveys import reader_services
from surveys.asked import asked
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, SectionFactory
from tests.factories.surveys import SurveyRoundFactory, choose_supervisor, hope_survey
from tests.permissions.forms import rows_of
from tests.surveys.browsing import Page

pytestmark = pytest.mark.django_db

STAFF = reverse("surveys:staff_list")
LIST = reverse("surveys:submission_list")
RELEASED = reverse("surveys:released_list")


@pytest.fixture
def section():
    return SectionFactory(name="情報経済課")


@pytest.fixture
def head(client, section):
    person = AssignmentFactory(section=section, head=True).user
    client.force_login(person)
    return person


@pytest.fixture
def officer(client):
    person = RoleGrantFactory(role=Role.HR).user
    client.force_login(person)
    return person


@pytest.fixture
def mentor():
    return RoleGrantFactory(role=Role.MENTOR).user


def release(survey_round, writer, mentor, *numbers):
    wording = asked(survey_round.questionnaire)
    reader_services.name_mentor(survey_round, wording.part(8), mentor, by=writer)
    for number in numbers:
        reader_services.choose_mentor_reader(
            survey_round, wording.part(number), mentor_reads=True, by=writer
        )


def page_of(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode(), Page(answer)


class TestStaffList:
    def test_counts_who_has_taken_part_of_those_in_service(
        self, client, survey_round, head, section
    ):
        states = ["submitted", "correcting", "draft", "withdrawn", None]
        people = [AssignmentFactory(section=section).user for _ in states]
        away = [AssignmentFactory(section=section, user__state="on_leave").user for _ in "ab"]
        ended = AssignmentFactory(section=section, user__state="ended").user
        for person, state in [*zip(people, states, strict=True), (away[0], "submitted")]:
            if state:
                hope_survey(survey_round, person, state, numbers=[1])

        page, shown = page_of(client, STAFF)

        rows = rows_of(page)
        taken = {people[0].display_name, people[1].display_name, away[0].display_name}
        assert rows.keys() == {person.display_name for person in [*people, *away]}
        assert ended.display_name not in page
        assert {name for name, row in rows.items() if "提出済み" in row} == taken
        assert {name for name, row in rows.items() if "休業中" in row} == {
            person.display_name for person in away
        }
        assert {name for name, row in rows.items() if "まだ" in row} == {
            person.display_name for person in people[2:]
        }
        assert list(rows)[-2:] == [person.display_name for person in away]
        assert month_and_day(today()) in rows[people[0].display_name]
        assert shown.classes["cp-tally__number"] == ["2 / 5人が提出"]

    def test_says_the_post_and_leads_to_a_form_whatever_of_it_may_be_read(
        self, client, survey_round, head, section
    ):
        writer, silent = (AssignmentFactory(section=section).user for _ in "ab")
        forms = [hope_survey(survey_round, person) for person in (writer, silent)]
        for number in (1, 2, 3, 4):
            choose_supervisor(survey_round, silent, number, reads=False)

        page, shown = page_of(client, STAFF)

        for form in forms:
            link = reverse("surveys:submission_detail", args=[form.current_submission_id])
            assert link in shown.links
            assert link in rows_of(page)[form.user.display_name]
            assert "情報経済課　係長" in rows_of(page)[form.user.display_name]

    def test_shows_the_newest_round_alone(self, client, survey_round, head, section):
        writer = AssignmentFactory(section=section).user
        before = SurveyRoundFactory(fiscal_year=survey_round.fiscal_year - 1)
        hope_survey(before, writer)

        page, shown = page_of(client, STAFF)

        assert "提出済み" not in page
        assert shown.classes["cp-tally__number"] == ["0 / 1人が提出"]

    def test_before_the_first_round_says_so(self, client, head, section):
        AssignmentFactory(section=section)

        page, _ = page_of(client, STAFF)

        assert "希望調書の受付が始まると" in page
        assert rows_of(page) == {}


class TestListOfHr:
    def test_every_condition_has_a_way_to_take_it_off_and_stays_in_every_other_link(
        self, client, survey_round, officer
    ):
        before = SurveyRoundFactory(fiscal_year=survey_round.fiscal_year - 1)
        for _ in range(26):
            hope_survey(survey_round, AssignmentFactory().user, numbers=[3, 6])
        query = {"field": "b1_07_wish", "timing": "next_summer", "name": "髙橋　花子"}
        kept = query | {"year": str(survey_round.fiscal_year), "name": "髙橋 花子"}

        _, shown = page_of(client, LIST, **query, unknown="1")

        assert shown.texts["found"].count("26件の調書") == 1
        asked_for = [
            dict(parse_qsl(urlsplit(link).query))
            for link in shown.links
            if "year=" in link or "page=" in link
        ]
        without = [{k: v for k, v in kept.items() if k != name} for name in query]
        year = {"year": str(before.fiscal_year)}
        everything_off = {"year": kept["year"]}
        export = kept
        next_page = query | {"unknown": "1", "page": "2"}
        assert asked_for == [
            kept,
            kept | year,
            *without,
            everything_off,
            next_page,
            export,
        ]
        assert f"{reverse('surveys:export_new')}?" in " ".join(link for link in shown.links)
        assert [
            words.removesuffix("（この条件を外す）") for words in shown.classes["cp-condition"]
        ] == [
            "希望する分野：化学・バイオ・ヘルスケア",
            "異動の時期：次の夏の異動を希望する",
            "氏名：髙橋 花子",
        ]

    def test_form_holds_what_was_asked_for(self, client, survey_round, officer):
        page, shown = page_of(client, LIST, post="企画 <b>", name="髙橋", timing="stay")

        assert (shown.value("post"), shown.value("name")) == ("企画 <b>", "髙橋")
        assert shown.value("year") == str(survey_round.fiscal_year)
        assert '<option value="stay" selected>' in page
        assert "あてはまる調書はありません" in shown.texts["found"]

    @pytest.mark.parametrize(
        "query",
        [
            "year=0",
            "year=%00&page=-1",
            "page=99999999999999999999",
            "name=%00&post=%ED%A0%80&field=%FF&timing=%F0%9F",
            "name=%25&section=_%5C&bureau='%22%3Cb%3E",
            "field=b1_07_wish&field=x&name=" + "%E3%81%82" * 2000,
        ],
    )
    def test_hostile_query_is_answered_like_any_other(self, client, survey_round, officer, query):
        hope_survey(survey_round, AssignmentFactory().user, numbers=[1])

        assert client.get(f"{LIST}?{query}").status_code == 200

    def test_before_the_first_round_there_is_nothing(self, client, officer):
        page, _ = page_of(client, LIST)

        assert "希望調書の受付が始まると" in page


class TestOneForm:
    def test_each_part_is_logged_in_the_first_capacity_that_opens_it(
        self, client, survey_round, section, head
    ):
        """The reader is head, mentor and HR at once; what he reads as neither of the first two, he reads as HR."""
        for role in (Role.MENTOR, Role.HR):
            RoleGrantFactory(user=head, role=role)
        writer = AssignmentFactory(section=section).user
        form = hope_survey(survey_round, writer, listener="mentor", post=PostDescriptionFactory())
        choose_supervisor(survey_round, writer, 2, reads=False)
        release(survey_round, writer, head, 1, 5)

        client.get(reverse("surveys:submission_detail", args=[form.current_submission_id]))

        events = AccessEvent.objects.filter(reader_id=head.pk, subject_id=writer.pk)
        assert dict(events.values_list("part", "capacity")) == {
            "reflection": "上司",
            "competencies": "人事当局",
            "expertise": "上司",
            "skills": "上司",
            "future": "メンター",
            "posts": "人事当局",
            "circumstances": "人事当局",
            "interview": "メンター",
        }
        assert events.count() == 8

    def test_form_of_which_nothing_is_shown_is_no_reading(
        self, client, survey_round, section, head
    ):
        form = hope_survey(survey_round, AssignmentFactory(section=section).user, numbers=[7])

        page, _ = page_of(
            client, reverse("surveys:submission_detail", args=[form.current_submission_id])
        )

        assert "本人が開示した範囲です。" in page
        assert "<h2>" not in page
        assert not AccessEvent.objects.exists()

    def test_wishes_of_the_years_are_offered_to_hr_alone(self, client, survey_round, section, head):
        writer = AssignmentFactory(section=section).user
        form = hope_survey(survey_round, writer, numbers=[1])
        address = reverse("surveys:submission_detail", args=[form.current_submission_id])
        years = reverse("surveys:person_forms", args=[writer.pk])

        assert years not in page_of(client, address)[1].links
        client.force_login(RoleGrantFactory(role=Role.HR).user)
        assert years in page_of(client, address)[1].links

    @pytest.mark.parametrize(
        ("relation", "back"), [("head", STAFF), ("officer", LIST), ("mentor", RELEASED)]
    )
    def test_way_back_leads_to_the_list_one_came_from(
        self, request, client, survey_round, section, mentor, relation, back
    ):
        client.force_login(request.getfixturevalue(relation))
        writer = AssignmentFactory(section=section).user
        form = hope_survey(survey_round, writer, listener="mentor")
        release(survey_round, writer, mentor)

        _, shown = page_of(
            client, reverse("surveys:submission_detail", args=[form.current_submission_id])
        )

        breadcrumb = [link for link in shown.links if link in (STAFF, LIST, RELEASED)]
        assert set(breadcrumb) == {back}


class TestWishesOfTheYears:
    def test_years_stand_one_below_the_other_and_each_part_used_is_logged(
        self, client, survey_round, officer
    ):
        writer = AssignmentFactory().user
        years = [survey_round.fiscal_year - before for before in (0, 1, 2)]
        earlier, oldest = (SurveyRoundFactory(fiscal_year=year) for year in years[1:])
        post = PostDescriptionFactory(title="企画係長")
        forms = [
            hope_survey(survey_round, writer, numbers=[3, 6, 7], mark="鵺の文", post=post),
            hope_survey(earlier, writer, numbers=[6], mark="鵺の文"),
            hope_survey(oldest, writer, numbers=[1]),
        ]

        page, shown = page_of(client, reverse("surveys:person_forms", args=[writer.pk]))

        details = [
            reverse("surveys:submission_detail", args=[form.current_submission_id])
            for form in forms
        ]
        assert [link for link in shown.links if link in details] == details
        now, before, long_ago = rows_of(page).values()
        for words in (
            "第1希望",
            "企画係長",
            "次の夏の異動",
            "化学・バイオ・ヘルスケア",
            "他府省への出向",
        ):
            assert words in now
        assert "企画係長" not in before
        assert "化学・バイオ・ヘルスケア" not in before
        assert "他府省への出向" in before
        assert long_ago.count("なし") == 4
        assert "鵺の文" not in page
        assert set(AccessEvent.objects.values_list("object_id", "part", "capacity")) == {
            (forms[0].current_submission_id, "expertise", "人事当局"),
            (forms[0].current_submission_id, "posts", "人事当局"),
            (forms[1].current_submission_id, "posts", "人事当局"),
        }

    def test_field_of_mere_interest_is_not_among_those_wished_most(
        self, client, survey_round, officer
    ):
        writer = AssignmentFactory().user
        hope_survey(survey_round, writer, "draft", numbers=[3])
        draft = writer.hope_surveys.get().draft_parts.get()
        draft.answers |= {"b1_07_wish": "2", "b1_03_wish": "1"}
        draft.save()
        hope_survey(survey_round, writer, numbers=[])

        page, _ = page_of(client, reverse("surveys:person_forms", args=[writer.pk]))

        assert "経済安全保障" in page
        assert "化学・バイオ・ヘルスケア" not in page


class TestReleasedList:
    def test_names_writer_section_and_parts(self, client, survey_round, section, mentor):
        writer = AssignmentFactory(section=section).user
        form = hope_survey(survey_round, writer, listener="mentor")
        release(survey_round, writer, mentor, 1)
        hope_survey(survey_round, AssignmentFactory().user, listener="mentor")
        client.force_login(mentor)

        page, shown = page_of(client, RELEASED)

        row = rows_of(page)[writer.display_name]
        assert shown.classes["cp-lines"] == ["現在の業務の振り返り面談への希望"]
        assert "情報経済課　係長" in row
        assert reverse("surveys:submission_detail", args=[form.current_submission_id]) in row
        assert not AccessEvent.objects.exists()

    def test_says_so_where_nothing_was_released(self, client, survey_round, mentor):
        client.force_login(mentor)

        page, _ = page_of(client, RELEASED)

        assert "いま、あなたに開かれた調書はありません。" in page


@pytest.mark.parametrize("what", ["released", "years"])
def test_statements_do_not_grow_with_the_rows(client, survey_round, section, mentor, what):
    writers = [AssignmentFactory(section=section).user for _ in range(3)]
    rounds = [survey_round]
    rounds += [SurveyRoundFactory(fiscal_year=survey_round.fiscal_year - n) for n in (1, 2)]
    officer = RoleGrantFactory(role=Role.HR).user
    client.force_login(mentor if what == "released" else officer)
    address = RELEASED
    if what == "years":
        address = reverse("surveys:person_forms", args=[writers[0].pk])
    counts = []

    for number in range(3):
        writer = writers[number] if what == "released" else writers[0]
        year = survey_round if what == "released" else rounds[number]
        hope_survey(year, writer, listener="mentor", post=PostDescriptionFactory(section=section))
        if what == "released":
            release(year, writer, mentor, 1, 5)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(address).content.decode()
        assert len(rows_of(page)) == number + 1
        counts.append(len(captured))

    assert counts[0] == counts[1] == counts[2] <= 12


def test_head_who_comes_tomorrow_has_no_list_yet(client, section):
    person = AssignmentFactory(
        section=section, head=True, valid_from=today() + datetime.timedelta(days=1)
    ).user
    client.force_login(person)

    assert client.get(STAFF).status_code == 403
    User.objects.get(pk=person.pk).assignments.update(valid_from=today())
    assert client.get(STAFF).status_code == 200
