"""Pages of releases and sheets: the one button, progress, publication, improvement actions, last year."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from postings.content import SkillLine
from surveys.feedback_sheets import action_services, making_services
from surveys.feedback_sheets.action_services import Draft
from surveys.feedback_sheets.assembling import assemble
from surveys.feedback_sheets.contents import contents
from surveys.feedback_sheets.figures import Action, Measure
from surveys.models import FeedbackRelease, FeedbackSheet, ImprovementAction
from tests.factories import feedback
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import AssignmentFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return feedback.feedback_admin()


@pytest.fixture
def made():
    return feedback.freeze(feedback.SMALL)


@pytest.fixture
def browser(client, admin):
    client.force_login(admin)
    return client


def address(made, name, *further):
    return reverse(f"surveys:{name}", args=[made.round.fiscal_year, *further])


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


class TestRunning:
    def test_one_press_makes_a_release_and_leads_to_its_progress(self, browser, made):
        assert "全課室のシートを作る" in text(browser.get(reverse("surveys:release_list")))

        answer = browser.post(address(made, "release_start"), follow=True)

        assert "0<span" in text(answer)
        assert "一時停止する" in text(answer)
        assert "全課室のシートを作る" not in text(browser.get(reverse("surveys:release_list")))

    def test_refused_audit_is_said_on_the_list(self, browser, admin):
        refused = feedback.refused_correction(admin)

        answer = browser.post(address(refused, "release_start"), follow=True)

        assert "開示の監査に合格しませんでした" in text(answer)

    def test_progress_tells_states_and_goes_on_by_itself_until_all_is_there(
        self, browser, admin, broken_disk
    ):
        made = feedback.freeze(feedback.TINY)
        release = feedback.release(made, admin)
        first, second, *_ = release.sheets.order_by("unit__sort_order")
        making_services.make_sheet(first.pk)
        break_disk, mend_disk = broken_disk
        break_disk()
        making_services.make_sheet(second.pk)
        mend_disk()
        page = text(browser.get(address(made, "release_detail", 1)))

        assert page.count('data-poll="2"') == 2
        assert "NotADirectoryError" in page
        assert "もう一度つくる" in page
        assert "確かめる" in page
        only_failed = text(browser.get(address(made, "release_detail", 1), {"state": "failed"}))
        assert only_failed.count('role="rowheader"') == 1

        browser.post(address(made, "sheet_retry", 1, second.pk))
        feedback.finished(release)
        page = text(browser.get(address(made, "release_detail", 1)))
        assert "data-poll" not in page
        assert "公開へ進む" in page

    def test_steps_are_pressed_on_the_page(self, browser, made, admin):
        release = feedback.release(made, admin)
        for step, state in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
            browser.post(address(made, "release_steer", 1), {"step": step})
            release.refresh_from_db()
            assert release.state == state

        answer = browser.post(address(made, "release_steer", 1), {"step": "pause"}, follow=True)
        assert "もうできません" in text(answer)
        assert browser.post(address(made, "release_steer", 1), {"step": "x"}).status_code == 404

    def test_publication_has_a_page_of_its_own(self, browser, made, admin):
        release = feedback.finished(feedback.release(made, admin))
        assert "公開しますか" in text(browser.get(address(made, "release_publish", 1)))

        answer = browser.post(address(made, "release_publish", 1), follow=True)

        release.refresh_from_db()
        assert release.published_by == admin
        assert "課室の長はもう読めます" in text(answer)

    def test_hr_of_the_whole_ministry_follows_without_a_button(self, client, made, admin):
        client.force_login(RoleGrantFactory(role="hr").user)
        assert "全課室のシートを作る" not in text(client.get(reverse("surveys:release_list")))
        feedback.release(made, admin)

        assert "一時停止する" not in text(client.get(address(made, "release_detail", 1)))
        assert client.post(address(made, "release_start")).status_code == 403

    def test_menu_leads_the_admin_to_releases_and_staff_to_sheets(self, browser, client, made):
        assert "シートの作成" in text(browser.get("/"))
        page = text(browser.get(reverse("surveys:release_list")))
        assert f'href="{reverse("surveys:release_list")}" aria-current' in page

    def test_few_statements_show_the_progress_of_a_whole_ministry(
        self, browser, admin, django_assert_max_num_queries
    ):
        wide = feedback.freeze({f"局{b}": {f"課{b}{s}": 12 for s in range(4)} for b in range(5)})
        feedback.release(wide, admin)

        with django_assert_max_num_queries(30):
            browser.get(address(wide, "release_detail", 1))


class TestActions:
    @pytest.fixture
    def sheet(self, made, admin):
        release = feedback.opened(feedback.release(made, admin))
        return release.sheets.get(unit__name="総務課")

    @pytest.fixture
    def head(self, made):
        return AssignmentFactory(section=made.sections["総務課"], head=True).user

    def test_head_records_and_changes_up_to_three(self, client, made, sheet, head):
        client.force_login(head)
        where = address(made, "sheet_actions", 1, sheet.pk)
        assert client.get(where).status_code == 200
        blank = {f"{name}_{n}": "" for n in (1, 2, 3) for name in ("text", "driver", "item")}
        typed = blank | {f"status_{n}": "planned" for n in (1, 2, 3)}

        what = {"text_1": "週に一度話す", "driver_1": "総括班"}
        client.post(where, typed | what | {"item_1": "a1", "text_3": "朝会"})
        client.post(where, typed | what | {"status_1": "done"})

        action = ImprovementAction.objects.get()
        assert (action.number, action.status, action.question_code) == (1, "done", "")
        assert (action.driver, action.written_by) == ("総括班", head)
        page = text(client.get(address(made, "sheet_detail", 1, sheet.pk)))
        assert "週に一度話す" in page
        assert "担当：総括班" in page

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"item_1": "unknown"}, "アクション1のねらう項目を選択してください"),
            ({"driver_2": "総括班"}, "アクション2の内容を入力してください"),
            ({"text_3": "長" * 121}, "アクション3の内容は120文字以内で入力してください"),
            ({"text_3": "朝会", "driver_3": "係" * 41}, "アクション3の担当は40文字以内"),
            ({"text_1": "朝会\x01"}, "使えない文字"),
        ],
    )
    def test_what_cannot_be_recorded_is_said_and_stays_typed(
        self, client, made, sheet, head, typed, sentence
    ):
        client.force_login(head)
        states = {f"status_{n}": "planned" for n in (1, 2, 3)}

        answer = client.post(address(made, "sheet_actions", 1, sheet.pk), states | typed)

        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not ImprovementAction.objects.exists()

    def test_limits_count_signs_as_a_reader_does(self, sheet, head):
        wide = "葛\U000e0100"
        action_services.record_actions(sheet, [Draft(wide * 120, driver=wide * 40)], by=head)

        assert sheet.actions.get().text == wide * 120
        with pytest.raises(action_services.TooLong):
            action_services.record_actions(sheet, [Draft("朝会", driver="係" * 41)], by=head)

    def test_others_record_nothing(self, made, sheet):
        member = AssignmentFactory(section=made.sections["総務課"]).user
        elsewhere = AssignmentFactory(section=made.sections["秘書課"], head=True).user
        for person in (member, elsewhere, RoleGrantFactory(role="hr").user):
            with pytest.raises(action_services.NotTheHead):
                action_services.record_actions(sheet, [Draft("x")], by=person)

    def test_head_of_a_joint_unit_records_on_its_sheet(self, admin):
        made = feedback.freeze(feedback.WIDE)
        whole = feedback.joint(made, "会計課ほか", "会計課")
        head = AssignmentFactory(section=made.sections["会計課"], head=True).user
        sheet = feedback.opened(feedback.release(made, admin)).sheets.get(unit=whole)

        action_services.record_actions(sheet, [Draft("朝会")], by=head)

        assert sheet.actions.get().text == "朝会"

    def test_ministry_sees_how_many_there_are(self, browser, made, sheet, head):
        action_services.record_actions(sheet, [Draft("朝会"), Draft("週報")], by=head)

        assert "2件" in text(browser.get(address(made, "release_detail", 1)))


class TestSheetContent:
    def two_years(self, admin):
        made = feedback.freeze(feedback.SMALL)
        year = made.round.fiscal_year
        earlier = feedback.freeze(feedback.SMALL, feedback.closed_round(year - 1), like=made)
        before = feedback.opened(feedback.release(earlier, admin))
        return made, before, feedback.release(made, admin)

    def test_last_year_comes_from_what_was_published_of_the_same_section(self, admin):
        made, before, release = self.two_years(admin)
        head = AssignmentFactory(section=made.sections["総務課"], head=True).user
        last = before.sheets.get(unit__name="総務課")
        action_services.record_actions(last, [Draft("朝会", "a1", "done", "総括班")], by=head)

        sheet = assemble(release.sheets.get(unit__name="総務課"))

        assert sheet.last_year.figures["a1", Measure.MEAN].value == "3.0"
        assert sheet.last_year.not_compared == frozenset()
        assert sheet.actions == (Action("朝会", "a1", "done", "総括班"),)
        (shown,) = contents(sheet).actions
        assert (shown.line, shown.state, shown.moved.text) == (
            "朝会　担当：総括班",
            "実施した",
            "±0.0",
        )

    def test_other_wording_and_split_sections_are_not_compared(self, admin):
        made, _, release = self.two_years(admin)
        made.freeze.questions.filter(code="a1").update(wording="2")
        made.sections["秘書課"].successions_in.create(
            predecessor=feedback.SectionFactory(),
            kind="merger",
            effective_on=made.round.reference_date,
        )

        sheets = {s.unit.name: assemble(s) for s in release.sheets.select_related("unit")}

        assert sheets["総務課"].last_year.not_compared == {"a1"}
        assert sheets["秘書課"].last_year.not_compared >= {"a1", "growth_felt", "b1_01_wish"}

    def test_offers_count_published_posts_of_the_units_sections(self, made, admin):
        for _ in range(2):
            PostDescriptionFactory(section=made.sections["総務課"], gained=(SkillLine("B1-02", 3),))
        PostDescriptionFactory(
            section=made.sections["総務課"], gained=(SkillLine("B1-02", 3),), archived=True
        )
        release = feedback.release(made, admin)

        found = {s.unit.name: assemble(s).offers for s in release.sheets.select_related("unit")}

        assert [(o.skill, o.posts) for o in found["総務課"]] == [("B1-02", 2)]
        assert [o.posts for o in found["大臣官房"]] == [2]
        assert found["秘書課"] == ()

    def test_spread_is_the_same_on_every_sheet(self, admin):
        tree = {"大臣官房": {f"課{n}": 12 + n for n in range(6)}}
        release = feedback.release(feedback.freeze(tree), admin)

        spreads = [assemble(sheet).spread for sheet in release.sheets.all()]

        assert all(found == spreads[0] for found in spreads)
        assert spreads[0]["a1", Measure.MEAN].median == "3.0"


def test_sheets_of_an_unpublished_release_are_listed_for_nobody(client, made, admin):
    feedback.finished(feedback.release(made, admin))
    client.force_login(admin)

    page = text(client.get(reverse("surveys:sheet_list")))

    assert "総務課" not in page
    assert FeedbackSheet.objects.visible_to(admin).count() == 4
    assert FeedbackRelease.objects.published().count() == 0


def test_lists_and_sheets_cost_as_much_of_a_large_ministry(browser, admin):
    def pages(tree, year):
        made = feedback.freeze(tree, feedback.closed_round(year))
        sheet = feedback.opened(feedback.release(made, admin)).sheets.order_by("pk").last()
        return [reverse("surveys:sheet_list"), address(made, "sheet_detail", 1, sheet.pk)]

    def cost(address):
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        return len(captured)

    small = [cost(page) for page in pages(feedback.SMALL, 2020)]
    large = {f"局{b}": {f"課{b}{s}": 12 for s in range(4)} for b in range(5)}

    assert [cost(page) for page in pages(large, 2022)] == small
