"""The landing page: what is to be done now, for everybody in every state, and the menu."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from career_portal.staff.roles import Role
from surveys.models import DraftPart, Question
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import (
    AssignmentFactory,
    RoleGrantFactory,
    SectionFactory,
    SupervisorDesignationFactory,
    UserFactory,
)
from tests.factories.surveys import SurveyRoundFactory, close, hope_survey
from tests.surveys.browsing import FRAME, Page

STAFF = ["/", "/surveys/", "/postings/", "/surveys/sheets/"]
POSTS = "/postings/manage/"
DESIGNATED = [*STAFF, "/surveys/staff/"]
HEADS = [*DESIGNATED, POSTS]
HR = [*STAFF, "/surveys/rounds/", "/surveys/readable/", POSTS]
MENTORS = [*STAFF, "/surveys/released/"]
RELEASES = [*STAFF, "/surveys/rounds/sheets/"]
ENTRIES = {*RELEASES, *HEADS, *HR, *MENTORS}


@pytest.fixture
def writer(db):
    return AssignmentFactory(user__family_name="髙橋").user


@pytest.fixture
def page(client):
    """The landing page as a person sees it."""

    def of(user):
        client.force_login(user)
        answer = client.get(reverse("home:home"))
        assert answer.status_code == 200
        return Page(answer)

    return of


def offered(page):
    """The words on the buttons of the page, without those of its frame."""
    return {words.strip() for words in page.classes["cp-button"]} - FRAME


def menu(page):
    return [link for link in dict.fromkeys(page.links) if link in ENTRIES]


def test_visitor_is_sent_to_sign_in(client, db):
    answer = client.get("/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/?next=/")


@pytest.mark.parametrize("rounds", ["none", "not begun"])
def test_without_a_round_there_is_nothing_to_do(page, writer, rounds):
    if rounds == "not begun":
        SurveyRoundFactory(future=True)

    shown = page(writer)

    assert "髙橋さん、こんにちは" in shown.texts["main"]
    assert "いま受け付けている希望調書はありません。" in shown.texts["main"]
    assert offered(shown) == set()


@pytest.mark.parametrize(
    ("state", "chip", "buttons"),
    [
        (None, "未着手", {"書きはじめる", "一覧を開く"}),
        ("draft", "入力中　1／8", {"続きを書く", "一覧を開く"}),
        ("submitted", "提出済み", {"調書を開く", "控えを見る"}),
        ("correcting", "訂正中", {"続きを書く", "一覧を開く"}),
        ("withdrawn", "取り下げ中", {"続きを書く", "一覧を開く"}),
    ],
)
def test_open_form_stands_first_with_what_can_be_done(page, writer, state, chip, buttons):
    survey_round = SurveyRoundFactory()
    if state:
        hope_survey(survey_round, writer, state, numbers=[1])

    shown = page(writer)

    assert shown.classes["cp-chip"] == [chip]
    assert offered(shown) == buttons
    if state != "submitted":
        assert "あと10日" in shown.texts["main"]


def test_begun_form_leads_on_to_the_part_that_was_begun(page, writer):
    survey_round = SurveyRoundFactory()
    hope_survey(survey_round, writer, "draft", numbers=[1, 3])

    shown = page(writer)

    year = survey_round.fiscal_year
    assert reverse("surveys:part_edit", args=[year, 3]) in shown.links
    assert "③ 専門分野の知識（B1）から" in shown.texts["main"]


def test_filled_form_leads_to_the_check_page(page, writer):
    survey_round = SurveyRoundFactory()
    hope_survey(survey_round, writer, "draft", post=PostDescriptionFactory())
    for draft in DraftPart.objects.filter(part__number=3):
        keys = Question.objects.filter(part=draft.part, is_key=True)
        draft.answers |= {question.code: "1" for question in keys}
        draft.save()

    shown = page(writer)

    assert "確認して提出する" in offered(shown)
    assert reverse("surveys:survey_check", args=[survey_round.fiscal_year]) in shown.links


@pytest.mark.parametrize(
    ("state", "chip", "buttons"),
    [
        (None, "未提出", {"書いた下書きを見る"}),
        ("draft", "未提出", {"書いた下書きを見る"}),
        ("submitted", "提出済み", {"調書を開く", "控えを見る"}),
    ],
)
def test_closed_round_is_shown_for_what_it_is(page, writer, state, chip, buttons):
    survey_round = SurveyRoundFactory()
    if state:
        hope_survey(survey_round, writer, state, numbers=[1])
    close(survey_round)

    shown = page(writer)

    assert shown.classes["cp-chip"] == [chip]
    assert offered(shown) == buttons
    assert "までは直せます" not in shown.texts["main"]


def test_every_link_of_the_page_leads_somewhere(client, page, writer):
    survey_round = SurveyRoundFactory()
    earlier = SurveyRoundFactory(fiscal_year=survey_round.fiscal_year - 1)
    hope_survey(earlier, writer, "submitted", numbers=[1])
    for state in (None, "submitted"):
        if state:
            hope_survey(survey_round, writer, state, numbers=[1])
        for link in set(page(writer).links):
            if link and link.startswith("/") and "logout" not in link:
                assert client.get(link, follow=True).status_code == 200, link


def test_earlier_forms_that_were_handed_in_stand_below_newest_first(page, writer):
    survey_round = SurveyRoundFactory()
    year = survey_round.fiscal_year
    states = {
        year - 1: "submitted",
        year - 2: "draft",
        year - 3: "submitted",
        year - 4: "withdrawn",
    }
    for past, state in states.items():
        hope_survey(SurveyRoundFactory(fiscal_year=past), writer, state, numbers=[1])
    hope_survey(SurveyRoundFactory(fiscal_year=year - 5), UserFactory(), "submitted", numbers=[1])

    shown = page(writer)

    versions = [link for link in shown.links if link and "/versions/" in link]
    assert versions == [
        reverse("surveys:version_detail", args=[past, 1]) for past in (year - 1, year - 3)
    ]


def test_deadline_is_counted_in_days_of_japan(page, writer):
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    SurveyRoundFactory(deadline_at=midnight + datetime.timedelta(days=3))

    shown = page(writer)

    assert "あと3日" in shown.texts["main"]
    assert "00:00" in shown.texts["main"]


@pytest.mark.parametrize(
    ("who", "entries"),
    [
        ("staff", STAFF),
        ("head", HEADS),
        ("acting head", HEADS),
        ("designated", DESIGNATED),
        ("editor", [*STAFF, POSTS]),
        ("hr", HR),
        ("mentor", MENTORS),
        ("feedback admin", RELEASES),
        ("former head", STAFF),
        ("former hr", STAFF),
    ],
)
def test_menu_follows_from_todays_assignments_and_grants(page, db, who, entries):
    today = timezone.localdate()
    people = {
        "staff": lambda: AssignmentFactory().user,
        "head": lambda: AssignmentFactory(head=True).user,
        "acting head": lambda: AssignmentFactory(acting_head=True).user,
        "designated": lambda: SupervisorDesignationFactory().supervisor,
        "editor": lambda: RoleGrantFactory(role=Role.SECTION_EDITOR, section=SectionFactory()).user,
        "hr": lambda: RoleGrantFactory(role=Role.HR).user,
        "mentor": lambda: RoleGrantFactory(role=Role.MENTOR).user,
        "feedback admin": lambda: RoleGrantFactory(role=Role.FEEDBACK_ADMIN).user,
        "former head": lambda: AssignmentFactory(head=True, valid_until=today).user,
        "former hr": lambda: RoleGrantFactory(role=Role.HR, valid_until=today).user,
    }

    shown = page(people[who]())

    assert menu(shown) == entries
    # The landing page says what each of these is for.
    assert len(shown.classes.get("cp-task", [])) == len(entries) - len(STAFF)


def test_name_is_written_as_it_is_and_escaped(page, db):
    shown = page(UserFactory(family_name="<b>𠮷﨑</b>"))

    assert "<b>𠮷﨑</b>さん、こんにちは" in shown.texts["main"]
    assert "b" not in shown.classes
