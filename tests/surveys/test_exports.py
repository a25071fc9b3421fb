"""HR's files of submitted forms: who is in them, who approves, what a dead worker leaves, who fetches them how long."""

import csv
import datetime
import io
import re

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from career_portal.audit.models import AccessEvent
from career_portal.common.clock import today
from career_portal.staff.roles import Role
from surveys import services as form_services
from surveys import tasks
from surveys.exports import services
from surveys.models import DraftPart, ExportedForm, FormExport
from surveys.running.services import BeyondScope
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, SectionFactory, UserFactory
from tests.factories.surveys import canary, hope_survey, save_parts, submit
from tests.surveys.browsing import Page
from tests.surveys.exporting import content, made, many, order
from tests.surveys.hostile import CORPUS

pytestmark = pytest.mark.django_db
State = FormExport.State


@pytest.fixture
def officer():
    return RoleGrantFactory(role=Role.HR, user__family_name="長尾").user


@pytest.fixture
def second():
    return RoleGrantFactory(role=Role.HR, user__family_name="𠮷岡").user


def table(export):
    """The rows of a file as dictionaries by heading."""
    data = content(export)
    if export.format == "csv":
        assert data.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    rows = load_workbook(io.BytesIO(data))["提出された調書"].iter_rows(values_only=True)
    header = next(rows)
    return [dict(zip(header, ["" if v is None else v for v in row], strict=True)) for row in rows]


def as_excel_reads(cell):
    """What Excel shows for a cell, which the library leaves as it is written."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), cell)


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_file_holds_what_hr_reads_of_forms_in_force_in_scope(survey_round, file_format):
    here, there = SectionFactory(), SectionFactory()
    officer = RoleGrantFactory(role=Role.HR, section=here).user
    AssignmentFactory(user=officer, section=here)
    names = {}
    for name, options in {
        "plain": {"listener": "supervisor"},
        "talks_to_hr": {"listener": "hr"},
        "correcting": {"state": "correcting"},
        "draft": {"state": "draft"},
        "withdrawn": {"state": "withdrawn"},
    }.items():
        names[name] = AssignmentFactory(section=here).user
        hope_survey(
            survey_round, names[name], options.pop("state", "submitted"), mark=name, **options
        )
    hope_survey(survey_round, AssignmentFactory(section=there).user, mark="よその局")
    hope_survey(survey_round, officer, mark="己の文")

    export = made(order(survey_round, officer, file_format))

    rows = {row["職員番号"]: row for row in table(export)}
    assert set(rows) == {names[n].staff_number for n in ("plain", "talks_to_hr", "correcting")}
    plain, to_hr = rows[names["plain"].staff_number], rows[names["talks_to_hr"].staff_number]
    for number in (1, 2, 5, 7):
        assert canary("plain", number) in plain.values()
    assert canary("plain", 8) not in plain.values()
    assert canary("talks_to_hr", 8) in to_hr.values()
    said = str(list(rows.values()))
    assert "訂正" not in said.replace("correcting訂正", "訂正")
    for word in ("よその局", "己の文", "draft", "withdrawn"):
        assert word not in said
    assert (export.state, export.people, export.done) == (State.READY, 3, 3)


def test_every_reading_is_logged_once_for_the_person_to_see(survey_round, officer):
    writer = AssignmentFactory().user
    hope_survey(survey_round, writer, listener="hr", numbers=[1, 5, 8])

    export = made(order(survey_round, officer))

    events = AccessEvent.objects.visible_to(writer).values_list("reader_id", "capacity", "part")
    assert sorted(events) == [
        (officer.pk, "人事（出力）", part) for part in ("future", "interview", "reflection")
    ]
    assert list(ExportedForm.objects.values_list("export", "submission")) == [
        (export.pk, writer.hope_surveys.get().current_submission_id)
    ]


class TestApproval:
    @pytest.mark.parametrize(("people", "state"), [(50, "queued"), (51, "waiting")])
    def test_above_fifty_people_a_second_officer_is_waited_for(
        self, survey_round, officer, people, state
    ):
        many(survey_round, people)

        export = order(survey_round, officer)

        assert (export.people, export.state) == (people, state)
        services.produce_export(export.pk)
        assert ExportedForm.objects.exists() is (state == "queued")

    def test_another_officer_of_the_ministry_approves_and_nobody_else(
        self, survey_round, officer, second
    ):
        section = SectionFactory()
        many(survey_round, 51, section)
        export = order(survey_round, officer)
        others = [
            officer,
            RoleGrantFactory(role=Role.HR, bureau=section.bureau).user,
            RoleGrantFactory(role=Role.AUDITOR).user,
            RoleGrantFactory(role=Role.HR, valid_until=today()).user,
        ]
        for other in others:
            with pytest.raises(services.NotToBeDecided):
                services.approve_export(export, by=other)
            with pytest.raises(services.NotToBeDecided):
                services.refuse_export(export, reason="だめ", by=other)

        services.approve_export(export, by=second)
        assert len(table(made(export))) == 51
        with pytest.raises(services.NotToBeDecided):
            services.approve_export(export, by=second)

    def test_refused_order_is_never_made(self, survey_round, officer, second):
        many(survey_round, 51)
        export = order(survey_round, officer)

        services.refuse_export(export, reason="目的が広すぎます", by=second)
        made(export)

        assert (export.state, export.refusal, export.file) == (
            State.REFUSED,
            "目的が広すぎます",
            "",
        )

    def test_order_that_has_grown_waits_for_approval(self, survey_round, officer):
        many(survey_round, 50)
        export = order(survey_round, officer)
        many(survey_round, 1)

        made(export)

        assert (export.state, export.people) == (State.WAITING, 51)
        assert not AccessEvent.objects.exists()

    def test_database_refuses_large_orders_without_a_second_name(self, survey_round, officer):
        with pytest.raises(IntegrityError, match="large_export_needs_a_second_officer"):
            FormExport.objects.create(
                round=survey_round,
                format="csv",
                purpose="x",
                people=51,
                state=State.QUEUED,
                requested_by=officer,
            )

    def test_database_refuses_deciding_about_ones_own_order(self, survey_round, officer):
        with pytest.raises(IntegrityError, match="export_is_decided_by_somebody_else"):
            FormExport.objects.create(
                round=survey_round,
                format="csv",
                purpose="x",
                people=51,
                state=State.QUEUED,
                requested_by=officer,
                decided_by=officer,
                decided_at=timezone.now(),
            )


class TestRights:
    @pytest.mark.parametrize("role", [None, Role.AUDITOR, Role.FEEDBACK_ADMIN, Role.SYSTEM_ADMIN])
    def test_only_hr_orders(self, survey_round, role):
        many(survey_round, 1)
        person = RoleGrantFactory(role=role).user if role else UserFactory()

        with pytest.raises(BeyondScope):
            order(survey_round, person)

    def test_nobody_in_the_conditions_is_said(self, survey_round, officer):
        hope_survey(survey_round, officer)

        with pytest.raises(services.NobodyToExport):
            order(survey_round, officer)

    @pytest.mark.parametrize("end", ["role", "account"])
    def test_right_that_ended_before_the_worker_came_makes_nothing(
        self, survey_round, officer, end
    ):
        many(survey_round, 1)
        export = order(survey_round, officer)
        if end == "role":
            officer.role_grants.update(valid_until=today())
        else:
            officer.state = "ended"
            officer.save()

        made(export)

        assert (export.state, AccessEvent.objects.count()) == (State.FAILED, 0)

    def test_scope_of_the_moment_of_making_counts(self, survey_round):
        here, there = SectionFactory(), SectionFactory()
        grant = RoleGrantFactory(role=Role.HR)
        many(survey_round, 1, here)
        many(survey_round, 1, there)
        export = order(survey_round, grant.user)
        grant.section = here
        grant.save()

        assert [row["課室"] for row in table(made(export))] == [here.name]

    def test_file_is_for_whoever_asked_while_it_is_fresh_and_within_reach(
        self, survey_round, officer, second, client
    ):
        writer = AssignmentFactory().user
        hope_survey(survey_round, writer)
        export = made(order(survey_round, officer))
        address = reverse("surveys:export_download", args=[export.pk])

        client.force_login(second)
        assert client.get(address).status_code == 403
        client.force_login(officer)
        assert client.get(address).getvalue().startswith(b"PK")
        export.refresh_from_db()
        assert export.downloads == 1

        FormExport.objects.update(expires_at=timezone.now())
        assert client.get(address).status_code == 302
        FormExport.objects.update(expires_at=timezone.now() + datetime.timedelta(hours=1))
        form_services.withdraw_hope_survey(survey_round, by=writer)
        assert client.get(address).status_code == 302
        said = Page(client.get(reverse("surveys:export_detail", args=[export.pk]))).texts["main"]
        assert "取り下げられた調書が含まれる" in said
        officer.role_grants.update(valid_until=today())
        assert client.get(address).status_code == 403
        export.refresh_from_db()
        assert export.downloads == 1

    def test_form_that_left_the_scope_keeps_the_file_back(self, survey_round):
        section = SectionFactory()
        grant = RoleGrantFactory(role=Role.HR, section=section)
        assignment = AssignmentFactory(section=section)
        hope_survey(survey_round, assignment.user)
        export = made(order(survey_round, grant.user))
        assert services.record_download(export, by=grant.user) == export

        assignment.valid_until = today()
        assignment.save()

        with pytest.raises(services.NotToBeFetched):
            services.record_download(export, by=grant.user)


class TestWorkers:
    def test_second_worker_takes_over_after_silence_and_logs_nothing_twice(
        self, survey_round, officer
    ):
        many(survey_round, 3)
        export = order(survey_round, officer)
        first = services._take(export.pk)
        assert services._choose(first)
        assert services._take(export.pk) is None
        events = AccessEvent.objects.count()

        FormExport.objects.update(heartbeat_at=timezone.now() - datetime.timedelta(minutes=3))
        tasks.look_after_form_exports()

        export.refresh_from_db()
        assert (export.state, export.attempts, len(table(export))) == (State.READY, 2, 3)
        assert (AccessEvent.objects.count(), ExportedForm.objects.count()) == (events, 3)

    def test_order_that_fails_again_and_again_is_given_up(self, survey_round, officer):
        many(survey_round, 1)
        export = order(survey_round, officer)
        for _ in range(services.MOST_ATTEMPTS):
            assert services._take(export.pk)
            FormExport.objects.update(heartbeat_at=timezone.now() - datetime.timedelta(minutes=3))

        tasks.look_after_form_exports()

        export.refresh_from_db()
        assert (export.state, export.file) == (State.FAILED, "")

    def test_order_waits_for_a_worker_where_the_broker_is_gone(self, survey_round, officer):
        many(survey_round, 1)
        export = order(survey_round, officer)

        tasks.look_after_form_exports()

        export.refresh_from_db()
        assert export.state == State.READY

    def test_file_is_deleted_when_its_time_is_over(self, survey_round, officer):
        many(survey_round, 1)
        export = made(order(survey_round, officer))
        name = export.file
        assert timezone.now() < export.expires_at < timezone.now() + datetime.timedelta(hours=24)
        assert default_storage.exists(name)

        FormExport.objects.update(expires_at=timezone.now())
        tasks.look_after_form_exports()

        export.refresh_from_db()
        assert (export.state, export.file, default_storage.exists(name)) == (
            State.EXPIRED,
            "",
            False,
        )


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_hostile_texts_come_back_as_text(survey_round, questionnaire, officer, file_format):
    """Every text of the corpus through every long text of ①, ② and ⑤ into the file, and no formula out of it."""
    waiting = [text for text in CORPUS if text.strip()]
    typed = {}
    while waiting:
        person = AssignmentFactory().user
        save_parts(survey_round, person, [1, 2, 5], mark="印")
        for draft in DraftPart.objects.filter(survey__user=person).select_related("part"):
            for question in questionnaire.part(draft.part.number).questions:
                if question.kind == "long_text" and waiting:
                    text = waiting.pop()
                    draft.answers[question.code] = text
                    part = questionnaire.part(draft.part.number)
                    label = question.label if question.skill else question.summary_label
                    typed[person.staff_number, f"{part.mark} {label}"] = text
            draft.save()
        submit(survey_round, person)

    export = made(order(survey_round, officer, file_format))

    rows = {row["職員番号"]: row for row in table(export)}
    for (number, heading), text in typed.items():
        found = rows[number][heading]
        if file_format == "csv":
            # Before what looks like a formula stands an apostrophe.
            assert found in (text, f"'{text}")
            assert not found.startswith(tuple("=+-@＝＋－＠\t"))
        else:
            assert as_excel_reads(found) == text
    if file_format == "xlsx":
        book = load_workbook(io.BytesIO(content(export)))
        kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
        assert not kinds & {"f", "e"}


def test_first_sheet_tells_who_ordered_it_for_what(survey_round, officer):
    many(survey_round, 1)
    export = made(order(survey_round, officer))

    sheet = load_workbook(io.BytesIO(content(export))).worksheets[0]

    facts = dict(row[:2] for row in sheet.iter_rows(values_only=True))
    assert facts["目的"] == "異動の検討"
    assert facts["出力した人"] == officer.display_name
    assert (facts["人数"], facts["格付"]) == (1, "機密性2情報")


@pytest.mark.parametrize("field", ["b1_07_wish"])
def test_filters_of_the_list_choose_the_forms(survey_round, officer, field):
    hopes = AssignmentFactory().user
    hope_survey(survey_round, hopes, numbers=[3])
    many(survey_round, 2)

    export = made(order(survey_round, officer, field=field))

    assert [row["職員番号"] for row in table(export)] == [hopes.staff_number]
    assert export.filters == {"field": field}


def statements_of_making(export):
    with CaptureQueriesContext(connection) as captured:
        made(export)
    return len(captured)


def test_making_takes_the_same_statements_for_any_number_of_forms(survey_round, officer):
    sections = [SectionFactory(name=f"第{number}室") for number in (1, 3)]
    counts = []
    for number, section in zip((1, 3), sections, strict=True):
        many(survey_round, number, section)
        counts.append(statements_of_making(order(survey_round, officer, section=section.name)))

    assert counts[0] == counts[1]
