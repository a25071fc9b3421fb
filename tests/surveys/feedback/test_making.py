"""Workers that make sheets: two at once, dead and slow ones, paused, cancelled and failing ones."""

import datetime
import hashlib
import io

import pypdf
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from surveys import tasks
from surveys.feedback_sheets import making_services, steering_services, storing
from surveys.models import FeedbackSheet
from tests.factories import feedback
from tests.threads import each_connected

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
    """Three sheets that wait: of the ministry, a bureau, a section."""
    return feedback.release(feedback.freeze(feedback.TINY), admin)


@pytest.mark.django_db
class TestMaking:
    def test_every_sheet_is_made_whole_and_then_the_release(self, disk, release):
        feedback.make_all(release)

        assert (release.state, states(release)) == ("made", [("done", 1)] * 3)
        for sheet in release.sheets.all():
            found = content(sheet.file)
            assert (sheet.size, sheet.digest) == (len(found), hashlib.sha256(found).hexdigest())
            pages = pypdf.PdfReader(io.BytesIO(found)).pages
            assert len(pages) == 4
            assert sheet.unit.name in pages[0].extract_text()
        assert len(files(disk)) == 3

    def test_finished_sheet_is_not_made_again(self, release):
        feedback.finished(release)
        made = list(release.sheets.values_list("made_at", "file"))

        for sheet in release.sheets.all():
            making_services.make_sheet(sheet.pk)

        assert list(release.sheets.values_list("made_at", "file")) == made

    def test_failing_sheet_is_tried_three_times_and_leaves_no_file(
        self, disk, release, admin, broken_disk
    ):
        break_disk, mend_disk = broken_disk
        feedback.finished(release, but_for="総務課")
        pk = release.sheets.get(unit__name="総務課").pk
        break_disk()
        making_services.make_sheet(pk)
        mend_disk()

        failed = release.sheets.get(pk=pk)
        assert (failed.state, failed.attempts) == ("failed", 3)
        assert "NotADirectoryError" in failed.problem
        assert (release.state, len(files(disk))) == ("running", 2)

        steering_services.retry_sheet(failed, by=admin)
        feedback.make_all(release)
        failed.refresh_from_db()
        assert (release.state, failed.state, failed.problem) == ("made", "done", "")
        assert len(files(disk)) == 3

    def test_slow_worker_lets_go_of_what_another_has_made(self, disk, release):
        pk = release.sheets.first().pk
        slow = making_services._take(pk)
        FeedbackSheet.objects.filter(pk=pk).update(heartbeat_at=timezone.now() - LONG_SILENCE)
        making_services.make_sheet(pk)

        storing.put(slow.file, b"%PDF of the slow one")
        making_services._keep(slow, b"%PDF of the slow one")

        sheet = FeedbackSheet.objects.get(pk=pk)
        assert (sheet.state, sheet.attempts) == ("done", 2)
        assert files(disk) == [f"{pk}-2.pdf"]
        assert hashlib.sha256(content(sheet.file)).hexdigest() == sheet.digest

    def test_what_a_dead_worker_left_is_deleted_by_the_next(self, disk, release):
        pk = release.sheets.first().pk
        dead = making_services._take(pk)
        (disk / dead.file).parent.mkdir(parents=True)
        (disk / dead.file).with_suffix(".abc.part").write_bytes(b"%PDF half")
        making_services.make_sheet(pk)
        assert (files(disk), states(release)[0]) == ([f"{pk}-1.abc.part"], ("working", 1))

        FeedbackSheet.objects.filter(pk=pk).update(heartbeat_at=timezone.now() - LONG_SILENCE)
        making_services.make_sheet(pk)

        assert (files(disk), states(release)[0]) == ([f"{pk}-2.pdf"], ("done", 2))

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
        feedback.finished(release, but_for="総務課")
        waiting = release.sheets.get(state="queued").pk
        assert making_services.sheets_to_make(release.pk) == [waiting]
        steering_services.pause_release(release, by=admin)
        making_services.make_sheet(waiting)
        assert making_services.sheets_to_make(release.pk) == []
        assert making_services.sheets_left_behind() == []
        assert release.sheets.get(pk=waiting).state == "queued"

        steering_services.resume_release(release, by=admin)
        feedback.make_all(release)

        assert (release.state, states(release)) == ("made", [("done", 1)] * 3)

    def test_release_paused_at_its_last_sheet_is_made_when_it_goes_on(self, release, admin):
        feedback.finished(release, but_for="総務課")
        last = making_services._take(release.sheets.get(state="queued").pk)
        steering_services.pause_release(release, by=admin)
        storing.put(last.file, feedback.BLANK)
        making_services._keep(last, feedback.BLANK)
        assert not making_services.finish_release(release)

        assert steering_services.resume_release(release, by=admin).state == "made"

    def test_sheets_are_left_behind_where_no_worker_was_heard_of(self, release):
        every = making_services.sheets_to_make(release.pk)
        assert making_services.sheets_left_behind() == every
        making_services._take(every[0])
        assert making_services.sheets_left_behind() == []

        FeedbackSheet.objects.filter(pk=every[0]).update(heartbeat_at=timezone.now() - LONG_SILENCE)
        assert making_services.sheets_left_behind() == every
        making_services._take(every[1])
        assert making_services.sheets_left_behind() == [every[0]]

    def test_release_whose_last_worker_died_before_it_could_say_so_is_made(self, release):
        feedback.finished(release, but_for="総務課")
        last = making_services._take(release.sheets.get(state="queued").pk)
        storing.put(last.file, feedback.BLANK)
        making_services._keep(last, feedback.BLANK)

        tasks.look_after_feedback_sheets()

        release.refresh_from_db()
        assert release.state == "made"

    def test_cancelled_release_makes_nothing_and_lets_another_begin(self, release, admin):
        steering_services.cancel_release(release, by=admin)
        feedback.make_all(release)
        assert states(release) == [("queued", 0)] * 3
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
    def test_workers_at_once_make_every_sheet_once(self, disk, release):
        sheets = list(release.sheets.values_list("pk", flat=True))

        results = each_connected(
            4, lambda _: [making_services.make_sheet(pk) for pk in sheets] and None
        )

        release.refresh_from_db()
        assert results == [None] * 4
        assert (release.state, states(release)) == ("made", [("done", 1)] * 3)
        assert len(files(disk)) == 3
