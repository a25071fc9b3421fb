"""Workers that make HR's files: slow and dead ones, several at once, a full disk; what the file holds, cell by cell."""

import csv
import datetime
import io

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from career_portal.audit.models import AccessEvent
from career_portal.staff.roles import Role
from surveys import services as form_services
from surveys import tasks
from surveys.exports import files, services
from surveys.models import ExportedForm, FormExport, Submission
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, SectionFactory
from tests.factories.surveys import hope_survey
from tests.surveys.exporting import content, made, many, order
from tests.threads import behind_a_lock, each_connected

State = FormExport.State
LONG_SILENCE = datetime.timedelta(minutes=3)


@pytest.fixture
def officer(db):
    return RoleGrantFactory(role=Role.HR, user__family_name="長尾").user


def rows_of(export):
    return list(csv.reader(io.StringIO(content(export).decode("utf-8-sig"), newline="")))


def stored():
    """The names of all files of exports that lie in the storage."""
    return (
        set(default_storage.listdir("exports")[1]) if default_storage.exists("exports") else set()
    )


@pytest.fixture
def disk(settings, tmp_path):
    """A storage of files of its own, as the portal has."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings


@pytest.mark.django_db
class TestWorkerInTrouble:
    def test_slow_worker_lets_go_of_an_order_that_another_took_over(
        self, disk, survey_round, officer, monkeypatch
    ):
        monkeypatch.setattr(files, "FORMS_AT_ONCE", 1)
        many(survey_round, 3)
        export = order(survey_round, officer, "csv")
        slow = services._take(export.pk)
        assert services._choose(slow)
        FormExport.objects.update(heartbeat_at=timezone.now() - LONG_SILENCE)
        made(export)
        assert (export.state, len(rows_of(export))) == (State.READY, 1 + 3)

        with pytest.raises(services.TakenOver):
            files.write_file(slow, on_progress=lambda done: services._show_progress(slow, done))

        before = content(export)
        export.refresh_from_db()
        assert (export.state, export.done, content(export)) == (State.READY, 3, before)
        assert stored() == {export.file.removeprefix("exports/")}

    def test_file_of_a_worker_that_was_overtaken_at_the_very_end_is_deleted(
        self, disk, survey_round, officer, monkeypatch
    ):
        many(survey_round, 1)
        export = order(survey_round, officer, "csv")

        def overtaken(taken, done):
            FormExport.objects.update(attempts=taken.attempts + 1)

        monkeypatch.setattr(services, "_show_progress", overtaken)
        made(export)

        assert (export.state, stored()) == (State.RUNNING, set())

    def test_half_written_file_of_a_dead_worker_is_deleted(self, disk, survey_round, officer):
        many(survey_round, 1)
        export = order(survey_round, officer, "csv")
        dead = services._take(export.pk)
        services._choose(dead)
        default_storage.save(dead.file, ContentFile(b"\xef\xbb\xbfhalf"))
        FormExport.objects.update(heartbeat_at=timezone.now() - LONG_SILENCE)

        made(export)

        assert export.file != dead.file
        assert stored() == {export.file.removeprefix("exports/")}
        assert len(rows_of(export)) == 1 + 1

    def test_storage_that_refuses_the_file_leaves_none_and_is_tried_again(
        self, disk, survey_round, officer, client, tmp_path
    ):
        many(survey_round, 2)
        export = order(survey_round, officer, "csv")
        disk.MEDIA_ROOT = tmp_path / "occupied" / "media"
        (tmp_path / "occupied").write_text("no directory")
        with pytest.raises(NotADirectoryError):
            services.produce_export(export.pk)
        export.refresh_from_db()
        assert export.state == State.RUNNING
        client.force_login(officer)
        address = reverse("surveys:export_download", args=[export.pk])
        assert client.get(address).status_code == 302
        events = AccessEvent.objects.count()

        disk.MEDIA_ROOT = tmp_path / "media"
        FormExport.objects.update(heartbeat_at=timezone.now() - LONG_SILENCE)
        tasks.look_after_form_exports()

        export.refresh_from_db()
        assert (export.state, len(rows_of(export))) == (State.READY, 1 + 2)
        assert (AccessEvent.objects.count(), ExportedForm.objects.count()) == (events, 2)

    def test_file_that_the_storage_lost_is_said_to_be_gone(self, survey_round, officer, client):
        many(survey_round, 1)
        export = made(order(survey_round, officer, "csv"))
        default_storage.delete(export.file)
        client.force_login(officer)

        answer = client.get(reverse("surveys:export_download", args=[export.pk]))

        export.refresh_from_db()
        assert (answer.status_code, export.downloads) == (302, 0)

    def test_progress_and_life_are_told_on_the_way(
        self, survey_round, officer, monkeypatch, django_assert_num_queries
    ):
        monkeypatch.setattr(files, "FORMS_AT_ONCE", 2)
        many(survey_round, 5)
        export = order(survey_round, officer, "csv")
        told = []

        def listen(order_, done):
            services.FormExport.objects.filter(pk=order_.pk).update(heartbeat_at=None)
            show(order_, done)
            row = FormExport.objects.get()
            told.append((row.state, row.done, row.heartbeat_at is not None))

        show = services._show_progress
        monkeypatch.setattr(services, "_show_progress", listen)
        made(export)

        assert told == [(State.RUNNING, done, True) for done in (2, 4, 5)]


@pytest.mark.django_db
def test_every_step_stands_in_the_history_with_its_actor(survey_round, officer, client):
    second = RoleGrantFactory(role=Role.HR).user
    many(survey_round, 51)
    client.force_login(officer)
    client.post(reverse("surveys:export_new"), {"purpose": "検討", "file_format": "csv"})
    export = FormExport.objects.get()
    client.force_login(second)
    client.post(reverse("surveys:export_decide", args=[export.pk]), {"decision": "approve"})
    tasks.produce_form_export(export.pk)
    client.force_login(officer)
    client.get(reverse("surveys:export_download", args=[export.pk])).getvalue()

    events = apps.get_model("surveys.FormExportEvent").objects.order_by("pgh_id")
    by_route = [
        (
            event.state,
            event.downloads,
            event.pgh_context.metadata["user"],
            event.pgh_context.metadata["route"].rpartition(".")[2],
        )
        for event in events.select_related("pgh_context")
    ]
    task = "produce_form_export"
    assert by_route == [
        ("waiting", 0, officer.pk, "surveys:export_new"),
        ("queued", 0, second.pk, "surveys:export_decide"),
        ("running", 0, officer.pk, task),
        ("ready", 0, officer.pk, task),
        ("ready", 1, officer.pk, "surveys:export_download"),
    ]


@pytest.mark.django_db
class TestCells:
    def test_who_kept_everything_from_hr_is_there_without_an_answer(self, survey_round, officer):
        person = AssignmentFactory().user
        hope_survey(survey_round, person, numbers=[8], listener="supervisor")

        export = made(order(survey_round, officer, "csv"))

        header, row = rows_of(export)
        assert row[2] == person.staff_number
        assert set(row[len(files.ABOUT_PEOPLE) :]) == {""}
        assert not AccessEvent.objects.exists()
        assert ExportedForm.objects.count() == 1
        assert len(header) == len(row)

    def test_headings_name_every_question_once(self, survey_round, questionnaire, officer):
        many(survey_round, 1)

        header = rows_of(made(order(survey_round, officer, "csv")))[0]

        assert len(set(header)) == len(header)
        asked = [
            (part.mark, question.code)
            for part in questionnaire.parts
            for question in part.questions
        ]
        marks = [heading[0] for heading in header[len(files.ABOUT_PEOPLE) :]]
        assert marks == [mark for mark, _ in asked]
        assert {
            "① 取り組んだこと",
            "③ 税：これからの希望".replace("③", "④"),
            "⑧ 話したいこと",
        } <= set(header)

    def test_person_post_and_instant_stand_in_typed_cells(self, survey_round, officer):
        section = SectionFactory(name="会計課", division="大臣官房", bureau__name="本省")
        post = PostDescriptionFactory(section=section, title="=係長")
        person = AssignmentFactory(
            section=section, post_title="係長", user__staff_number="000123"
        ).user
        AssignmentFactory(user=person, is_concurrent=True, post_title="併任の職")
        hope_survey(survey_round, person, post=post)
        submission = Submission.objects.get()

        export = made(order(survey_round, officer, "xlsx"))

        sheet = load_workbook(io.BytesIO(content(export)))["提出された調書"]
        header, row = sheet.iter_rows()
        cells = {title.value: cell for title, cell in zip(header, row, strict=True)}
        about = [cells[column.title].value for column in files.ABOUT_PEOPLE]
        submitted = timezone.localtime(submission.submitted_at).replace(tzinfo=None)
        assert about[:-1] == [
            export.pk,
            survey_round.fiscal_year,
            "000123",
            person.display_name,
            "本省",
            "大臣官房 会計課",
            "係長",
            "係長",
            submission.receipt_number,
        ]
        assert cells["提出日時"].is_date
        assert abs(about[-1] - submitted) < datetime.timedelta(seconds=1)
        assert cells["⑥ 第1希望"].value.endswith("=係長")
        assert cells["⑥ 第1希望"].data_type == "s"
        assert cells["① 成長の実感"].value in {
            option.label for option in question(survey_round, "growth_felt").options
        }

    def test_people_stand_in_the_order_of_their_readings(self, survey_round, officer):
        names = ["ワタナベ", "アオキ", "カトウ"]
        for name in names:
            person = AssignmentFactory(user__family_name_kana=name, user__family_name=name).user
            hope_survey(survey_round, person, numbers=[7])

        rows = rows_of(made(order(survey_round, officer, "csv")))

        assert [row[3].split()[0].rstrip("花子0123456789　 ") for row in rows[1:]] == sorted(names)

    def test_version_replaced_while_the_file_is_made_does_not_stand_in_it(
        self, survey_round, officer
    ):
        first, second = many(survey_round, 2)
        export = order(survey_round, officer, "csv")
        dead = services._take(export.pk)
        services._choose(dead)
        form_services.withdraw_hope_survey(survey_round, by=first)
        FormExport.objects.update(heartbeat_at=timezone.now() - LONG_SILENCE)

        made(export)

        assert [row[2] for row in rows_of(export)[1:]] == [second.staff_number]


def question(survey_round, code):
    found = files.asked(survey_round.questionnaire)
    return next(q for part in found.parts for q in part.questions if q.code == code)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_workers_at_once_make_one_file_and_log_each_reading_once(self, survey_round, officer):
        many(survey_round, 4)
        export = order(survey_round, officer, "csv")

        results = each_connected(8, lambda _: services.produce_export(export.pk))

        export.refresh_from_db()
        assert results == [None] * 8
        assert (export.state, export.attempts, len(rows_of(export))) == (State.READY, 1, 1 + 4)
        assert stored() >= {export.file.removeprefix("exports/")}
        assert (AccessEvent.objects.count(), ExportedForm.objects.count()) == (4, 4)

    def test_officers_at_once_decide_once(self, survey_round, officer):
        many(survey_round, 51)
        export = order(survey_round, officer, "csv")
        officers = [RoleGrantFactory(role=Role.HR).user for _ in range(6)]

        def decide(number):
            mine = FormExport.objects.get(pk=export.pk)
            if number % 2:
                return services.approve_export(mine, by=officers[number]).state
            return services.refuse_export(mine, reason="広すぎます", by=officers[number]).state

        results = behind_a_lock(6, decide, held=FormExport.objects.filter(pk=export.pk))

        export.refresh_from_db()
        decided = [result for result in results if isinstance(result, str)]
        refused = [r for r in results if isinstance(r, services.NotToBeDecided)]
        assert (decided, len(refused)) == ([export.state], 5)
        assert (export.state == State.REFUSED) is bool(export.refusal)
