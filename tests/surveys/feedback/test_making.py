"""Workers that make sheets: two at once, dead and slow ones, paused, cancelled and failing ones."""

import datetime
import multiprocessing
import os
import signal
import time

import pytest
from django.core.files.storage import default_storage
from django.db import connections
from django.utils import timezone

from surveys import tasks
from surveys.feedback_sheets import engine, making_services, steering_services, storing
from surveys.feedback_sheets.figures import Measure
from surveys.models import FeedbackSheet
from tests.factories import feedback
from tests.threads import each_connected
from tests.waiting import wait_for

pytestmark = pytest.mark.usefixtures("fake_pdfs")

LONG_SILENCE = datetime.timedelta(minutes=2)


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def content(name):
    with default_storage.open(name) as file:
        return file.read()


def states(release):
    return list(release.sheets.order_by("pk").values_list("state", "attempts"))


@pytest.fixture
def admin(db):
    return feedback.feedback_admin()


@pytest.fixture
def release(db, admin):
    """Four sheets that wait."""
    return feedback.release(feedback.freeze(feedback.SMALL), admin)


@pytest.mark.django_db
class TestMaking:
    def test_every_sheet_is_made_whole_and_then_the_release(self, disk, release):
        tasks.start_feedback_sheets(release.pk)
        feedback.make_all(release)

        assert (release.state, states(release)) == ("made", [("done", 1)] * 4)
        for sheet in release.sheets.all():
            found = content(sheet.file)
            assert found.startswith(b"%PDF")
            assert (sheet.size, len(sheet.digest)) == (len(found), 64)
        assert len(files(disk)) == 4

    def test_sheet_is_drawn_from_released_values_of_unit_bureau_and_ministry(
        self, release, monkeypatch
    ):
        drawn = []
        monkeypatch.setattr(engine, "render_sheet", lambda sheet: drawn.append(sheet) or b"%PDF")
        pk = release.sheets.get(unit__name="総務課").pk

        making_services.make_sheet(pk)

        (sheet,) = drawn
        key = ("growth_felt", Measure.FAVOURABLE)
        assert (sheet.unit.name, sheet.unit.parent_name) == ("総務課", "大臣官房")
        assert sheet.figures[key].value == "65"
        assert sheet.bureau[key].count_band == sheet.ministry[key].count_band == "50-99"
        assert sheet.last_year is None

    def test_finished_sheet_is_not_made_again(self, release):
        feedback.make_all(release)
        made = list(release.sheets.values_list("made_at", "file"))

        for sheet in release.sheets.all():
            making_services.make_sheet(sheet.pk)

        assert list(release.sheets.values_list("made_at", "file")) == made

    def test_failing_sheet_is_tried_three_times_and_leaves_no_file(
        self, disk, release, admin, monkeypatch
    ):
        def render(sheet):
            if sheet.unit.name == "総務課":
                raise ValueError("no font")
            return b"%PDF"

        monkeypatch.setattr(engine, "render_sheet", render)
        feedback.make_all(release)

        failed = release.sheets.get(unit__name="総務課")
        assert (failed.state, failed.attempts) == ("failed", 3)
        assert "ValueError" in failed.problem
        assert (release.state, len(files(disk))) == ("running", 3)

        monkeypatch.setattr(engine, "render_sheet", feedback.fake_pdf)
        steering_services.retry_sheet(failed, by=admin)
        feedback.make_all(release)
        failed.refresh_from_db()
        assert (release.state, failed.state, failed.problem) == ("made", "done", "")

    def test_slow_worker_lets_go_of_what_another_has_made(self, disk, release, monkeypatch):
        pk = release.sheets.first().pk
        render = engine.render_sheet

        def slow(sheet):
            FeedbackSheet.objects.filter(pk=pk).update(heartbeat_at=timezone.now() - LONG_SILENCE)
            monkeypatch.setattr(engine, "render_sheet", render)
            making_services.make_sheet(pk)
            return b"%PDF of the slow one"

        monkeypatch.setattr(engine, "render_sheet", slow)
        making_services.make_sheet(pk)

        sheet = FeedbackSheet.objects.get(pk=pk)
        assert (sheet.state, sheet.attempts) == ("done", 2)
        assert files(disk) == [f"{pk}-2.pdf"]
        assert b"slow" not in content(sheet.file)

    def test_sheet_whose_workers_die_again_and_again_fails(self, release):
        pk = release.sheets.first().pk
        for _ in range(3):
            assert making_services._take(pk)
            FeedbackSheet.objects.update(heartbeat_at=timezone.now() - LONG_SILENCE)

        making_services.make_sheet(pk)

        sheet = FeedbackSheet.objects.get(pk=pk)
        assert (sheet.state, sheet.problem) == ("failed", "作成の途中で止まりました")

    def test_file_that_is_there_is_not_written_over(self, disk):
        storing.put("feedback/1/1-1.pdf", b"first")

        with pytest.raises(FileExistsError):
            storing.put("feedback/1/1-1.pdf", b"second")

        assert files(disk) == ["1-1.pdf"]
        assert content("feedback/1/1-1.pdf") == b"first"


@pytest.mark.django_db
class TestSteering:
    def test_paused_release_makes_nothing_until_it_goes_on(self, release, admin):
        first, *others = release.sheets.all()
        making_services.make_sheet(first.pk)
        steering_services.pause_release(release, by=admin)
        for sheet in others:
            making_services.make_sheet(sheet.pk)
        tasks.look_after_feedback_sheets()
        assert [state for state, _ in states(release)].count("done") == 1

        steering_services.resume_release(release, by=admin)
        tasks.look_after_feedback_sheets()

        release.refresh_from_db()
        assert (release.state, states(release)) == ("made", [("done", 1)] * 4)

    def test_release_paused_at_its_last_sheet_is_made_when_it_goes_on(self, release, admin):
        for sheet in release.sheets.all()[:3]:
            making_services.make_sheet(sheet.pk)
        last = making_services._take(release.sheets.get(state="queued").pk)
        steering_services.pause_release(release, by=admin)
        storing.put(last.file, b"%PDF")
        making_services._keep(last, b"%PDF")
        assert not making_services.finish_release(release)

        assert steering_services.resume_release(release, by=admin).state == "made"

    def test_cancelled_release_makes_nothing_and_lets_another_begin(self, release, admin):
        steering_services.cancel_release(release, by=admin)
        feedback.make_all(release)
        assert states(release) == [("queued", 0)] * 4
        with pytest.raises(steering_services.NotToBeSteered):
            steering_services.resume_release(release, by=admin)

        again = feedback.preparing_services.start_release(release.freeze, by=admin)

        assert again.number == 2

    def test_nobody_else_steers(self, release):
        other = feedback.RoleGrantFactory(role="hr").user
        for act in ("pause_release", "cancel_release"):
            with pytest.raises(steering_services.NotFeedbackAdmin):
                getattr(steering_services, act)(release, by=other)

    def test_sheet_that_did_not_fail_is_not_tried_again(self, release, admin):
        with pytest.raises(steering_services.NotToBeSteered):
            steering_services.retry_sheet(release.sheets.first(), by=admin)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_workers_at_once_make_every_sheet_once(self, disk, release, monkeypatch):
        drawn = []
        monkeypatch.setattr(
            engine, "render_sheet", lambda sheet: drawn.append(sheet.unit.name) or b"%PDF"
        )
        sheets = list(release.sheets.values_list("pk", flat=True))

        results = each_connected(
            4, lambda _: [making_services.make_sheet(pk) for pk in sheets] and None
        )

        release.refresh_from_db()
        assert results == [None] * 4
        assert len(drawn) == len(set(drawn)) == 4
        assert (release.state, states(release)) == ("made", [("done", 1)] * 4)
        assert len(files(disk)) == 4

    def test_sheet_of_a_killed_worker_is_made_by_another(self, disk, release, tmp_path):
        pk = release.sheets.order_by("pk").first().pk
        connections.close_all()
        worker = multiprocessing.get_context("fork").Process(target=_half_a_sheet, args=(pk,))
        worker.start()
        wait_for(lambda: files(disk))
        os.kill(worker.pid, signal.SIGKILL)
        worker.join(10)
        assert [name.endswith(".part") for name in files(disk)] == [True]

        tasks.look_after_feedback_sheets()
        release.refresh_from_db()
        assert (release.state, release.sheets.get(pk=pk).state) == ("running", "working")
        FeedbackSheet.objects.filter(pk=pk).update(heartbeat_at=timezone.now() - LONG_SILENCE)
        tasks.look_after_feedback_sheets()

        release.refresh_from_db()
        assert (release.state, release.sheets.get(pk=pk).attempts) == ("made", 2)
        assert len(files(disk)) == 4
        assert all(name.endswith(".pdf") for name in files(disk))


def _half_a_sheet(pk):
    """A worker that has written its file and hangs before it is in place."""

    def hang(name, content, **rest):
        time.sleep(60)

    default_storage.save = hang
    making_services.make_sheet(pk)
