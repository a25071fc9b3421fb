"""The pages on which HR follows a round, reminds, extends and closes."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from career_portal.mail.models import OutgoingMail
from career_portal.staff.roles import Role
from surveys.models import DeadlineExtension, ReminderRun, SurveyRound
from surveys.running import services
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, SectionFactory
from tests.factories.surveys import close, hope_survey
from tests.surveys.browsing import Page, post
from tests.surveys.hostile import CORPUS

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return RoleGrantFactory(role=Role.HR).user


@pytest.fixture
def hr(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def at(survey_round):
    def address(name, *arguments, **query):
        return reverse(
            f"surveys:{name}", args=[survey_round.fiscal_year, *arguments], query=query or None
        )

    return address


@pytest.fixture
def section(survey_round):
    found = SectionFactory(name="会計課")
    for number in range(3):
        person = AssignmentFactory(
            section=found, user__email=f"p{number}@example.test", user__family_name=f"人{number}"
        ).user
        if number == 0:
            hope_survey(survey_round, person, numbers=[1])
    return found


class TestProgress:
    def test_shows_figures_in_words_and_leads_to_the_section(self, hr, at, section):
        page = Page(hr.get(at("round_progress")))

        said = page.texts["main"]
        assert "1 / 3人（33％）" in said
        assert "未提出の 2人に知らせる" in said
        assert at("section_progress", section.pk) in page.links
        listed = Page(hr.get(at("section_progress", section.pk))).texts["main"]
        assert "3人のうち 1人が提出しました" in listed
        assert listed.count("未提出") == 3

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({}, ["会計課", "完了課"]),
            ({"rate": "low"}, ["会計課"]),
            ({"rate": "high"}, ["完了課"]),
            ({"rate": "nonsense", "order": "\x00", "page": "九"}, ["会計課", "完了課"]),
            ({"order": "missing"}, ["会計課", "完了課"]),
            ({"bureau": "nowhere"}, []),
        ],
    )
    def test_filters_choose_the_sections(self, hr, at, survey_round, section, query, names):
        done = SectionFactory(name="完了課", bureau=section.bureau, sort_order=9)
        hope_survey(survey_round, AssignmentFactory(section=done).user, numbers=[1])

        answer = hr.get(at("round_progress"), query)

        assert [unit.name for unit, _ in answer.context["rows"]] == names

    def test_closed_round_reminds_nobody_and_extends_no_section(
        self, hr, at, survey_round, section
    ):
        close(survey_round)
        SurveyRound.objects.update(closed_at=timezone.now())

        said = Page(hr.get(at("round_progress"))).texts["main"]
        listed = Page(hr.get(at("section_progress", section.pk))).texts["main"]

        assert "知らせる" not in said.replace("お知らせ", "")
        assert "この課室の締切を延ばす" not in listed
        assert "再開する" in listed

    def test_workbook_is_handed_out_under_a_japanese_name(self, hr, at, section):
        answer = hr.get(at("progress_download"))

        assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
        assert "filename*=utf-8''%E5%B8%8C" in answer.headers["Content-Disposition"]
        assert b"".join(answer.streaming_content).startswith(b"PK")


class TestReminding:
    def test_mail_is_looked_at_and_then_sent(self, hr, at, section):
        address = at("reminder_new", section=section.pk)
        seen = Page(hr.get(address))
        assert "2人" in seen.texts["main"]
        looked = post(hr, address, seen.sent(note="お早めに", then="look"))
        assert (looked.status_code, OutgoingMail.objects.count()) == (200, 0)
        assert "人事担当から：\nお早めに" in Page(looked).classes["cp-mail__body"][0]

        sent = post(hr, address, Page(looked).sent(then="send"))

        run = ReminderRun.objects.get()
        assert (sent.status_code, sent["Location"]) == (302, at("reminder_detail", run.pk))
        assert (run.note, OutgoingMail.objects.count()) == ("お早めに", 2)
        assert "残り 2通" in Page(hr.get(sent["Location"])).texts["main"]
        OutgoingMail.objects.update(state="sent", sent_at=timezone.now())
        assert "2人にお知らせを送りました" in Page(hr.get(sent["Location"])).texts["main"]
        assert at("reminder_detail", run.pk) in Page(hr.get(at("reminder_list"))).links

    def test_note_that_is_too_long_or_unreadable_is_kept_and_not_sent(self, hr, at, section):
        address = at("reminder_new", section=section.pk)
        for note in ("長" * 301, "制御\x01文字", "\x00"):
            answer = post(hr, address, {"note": note, "then": "send"})

            assert answer.status_code == 422
            page = Page(answer)
            assert page.classes["cp-errors"]
            assert page.value("note") == note
        assert not OutgoingMail.objects.exists()

    def test_nobody_left_is_said_and_the_note_stays(self, hr, at, section):
        address = at("reminder_new", section=section.pk)
        post(hr, address, {"note": "", "then": "send"})

        answer = post(hr, address, {"note": "もう一度", "then": "send"})

        assert answer.status_code == 409
        assert ReminderRun.objects.count() == 1

    def test_failed_mails_are_told(self, hr, at, section):
        post(hr, at("reminder_new", section=section.pk), {"note": "", "then": "send"})
        OutgoingMail.objects.filter(pk=OutgoingMail.objects.first().pk).update(state="failed")
        OutgoingMail.objects.filter(state="queued").update(state="sent", sent_at=timezone.now())

        said = Page(hr.get(at("reminder_detail", ReminderRun.objects.get().pk))).texts["main"]

        assert "2通のうち 1通は、何度か試しましたが送れませんでした" in said

    @pytest.mark.parametrize("unit", ["9" * 19, "-1", "１", "x", "999999"])
    def test_unit_that_is_nowhere_is_not_found(self, hr, at, section, unit):
        for query in ({"section": unit}, {"bureau": unit}):
            assert hr.get(at("reminder_new", **query)).status_code == 404


class TestDeadlines:
    def until(self, survey_round, days=1):
        local = timezone.localtime(survey_round.deadline_at + datetime.timedelta(days=days))
        return local.strftime("%Y-%m-%dT%H:%M")

    @pytest.mark.parametrize("whom", ["all", "section", "person"])
    def test_deadline_is_moved_with_a_reason_that_its_people_read(
        self, hr, client, at, survey_round, section, whom
    ):
        person = section.assignments.first().user
        query = {"all": {}, "section": {"section": section.pk}, "person": {"person": person.pk}}
        address = at("extension_new", **query[whom])
        page = Page(hr.get(address))

        answer = post(
            hr, address, page.sent(reason="<b>国会</b>対応", until=self.until(survey_round))
        )

        assert (answer.status_code, answer["Location"]) == (302, at("deadline_list"))
        extension = DeadlineExtension.objects.get()
        assert (extension.kind, extension.reason) == (whom, "<b>国会</b>対応")
        assert "<b>国会</b>対応" in Page(hr.get(at("deadline_list"))).texts["main"]
        client.force_login(section.assignments.last().user if whom != "person" else person)
        shown = Page(client.get(at("survey_tasklist"))) if whom != "person" else None
        if shown:
            assert "<b>国会</b>対応" in shown.classes["cp-typed"]

    def test_what_was_typed_stays_with_a_sentence(self, hr, at, survey_round, section):
        address = at("extension_new", section=section.pk)
        cases = [
            ({"until": "", "reason": "理由の文"}, 1),
            ({"until": "いつか", "reason": "理由の文"}, 1),
            ({"until": self.until(survey_round, -3), "reason": "理由の文"}, 1),
            ({"until": "9999-12-31T00:00", "reason": "理由の文"}, 1),
            ({"until": self.until(survey_round), "reason": "長" * 301}, 1),
            ({"until": "\x00", "reason": "\x00"}, 2),
            ({"until": "", "reason": ""}, 2),
        ]
        for typed, errors in cases:
            answer = post(hr, address, typed)

            assert answer.status_code == 422, typed
            page = Page(answer)
            assert f"（{errors}件）" in page.classes["cp-errors"][0], typed
            assert page.value("reason") == typed["reason"]
        assert not DeadlineExtension.objects.exists()

    @pytest.mark.parametrize("offset", range(0, len(CORPUS), 40))
    def test_any_reason_comes_out_as_typed(self, hr, at, survey_round, section, offset):
        reasons = [text for text in CORPUS[offset : offset + 40] if text.strip()]
        for number, reason in enumerate(reasons, 2):
            body = {"until": self.until(survey_round, number), "reason": reason}
            assert post(hr, at("extension_new"), body).status_code == 302

        stored = set(DeadlineExtension.objects.values_list("reason", flat=True))
        assert stored == set(reasons)
        shown = Page(hr.get(at("deadline_list"))).classes["cp-typed"]
        assert set(reasons) <= set(shown)

    def test_extension_is_taken_back_by_its_button(self, hr, at, survey_round, section):
        body = {"until": self.until(survey_round), "reason": "出張"}
        post(hr, at("extension_new", section=section.pk), body)
        extension = DeadlineExtension.objects.get()

        answer = hr.post(at("extension_revoke", extension.pk))

        extension.refresh_from_db()
        assert (answer.status_code, extension.revoked_at is not None) == (302, True)
        assert "取り消しました" in Page(hr.get(at("deadline_list"))).texts["main"]

    def test_round_is_closed_only_when_nobody_can_write(self, hr, at, survey_round, officer):
        early = hr.post(at("round_close"))
        assert (early.status_code, SurveyRound.objects.get().closed_at) == (409, None)
        assert "まだ締められません" in Page(hr.get(at("round_close"))).texts["main"]

        close(survey_round)
        assert "締める" in Page(hr.get(at("round_close"))).texts["main"]
        assert hr.post(at("round_close")).status_code == 302
        assert SurveyRound.objects.get().closed_at is not None
        assert "すでに締めてあります" in Page(hr.get(at("round_close"))).texts["main"]

    def test_right_that_ended_since_the_page_was_opened_changes_nothing(
        self, hr, at, survey_round, section, officer
    ):
        body = {"until": self.until(survey_round), "reason": "長く考えた理由"}
        address = at("extension_new", section=section.pk)
        assert hr.get(address).status_code == 200
        officer.role_grants.update(valid_until=timezone.localdate())

        answer = post(hr, address, body, **{"Sec-Fetch-Site": "same-origin"})

        assert answer.status_code == 403
        assert "長く考えた理由" in Page(answer).classes["cp-typed"]
        assert not DeadlineExtension.objects.exists()


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize(
    ("name", "statements"), [("section_progress", 7), ("deadline_list", 7), ("reminder_list", 7)]
)
def test_page_takes_the_same_statements_for_any_number_of_rows(
    hr, at, survey_round, section, officer, people, name, statements, django_assert_max_num_queries
):
    for number in range(people):
        person = AssignmentFactory(section=section, user__email=f"x{number}@example.test").user
        until = survey_round.deadline_at + datetime.timedelta(hours=number + 1)
        services.extend_for_person(survey_round, person, until=until, reason="出張", by=officer)
        ReminderRun.objects.create(round=survey_round, started_by=officer, section=section)
    arguments = [section.pk] if name == "section_progress" else []

    with django_assert_max_num_queries(statements):
        assert hr.get(at(name, *arguments)).status_code == 200
