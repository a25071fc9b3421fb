"""Workers that check and make imports, and die; the command that does without them."""

import datetime
import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from career_portal.staff.roles import Role
from postings import tasks
from postings.models import PostDescription, PostImport, PostSkill, PostVersion
from postings.workbook import services
from tests.factories.postings import framework
from tests.factories.staff import RoleGrantFactory, SectionFactory
from tests.postings.workbooks import as_csv, checked, everything, new_row, uploaded, worked
from tests.waiting import wait_for

State = PostImport.State
LONG_SILENCE = datetime.timedelta(minutes=3)


@pytest.fixture
def hr(db):
    framework()
    return RoleGrantFactory(role=Role.HR, user__username="importer").user


@pytest.fixture
def section(db):
    return SectionFactory()


@pytest.mark.django_db
class TestWorkers:
    def test_second_worker_takes_over_after_silence(self, hr, section):
        found = uploaded(as_csv([new_row(section)]), hr)
        assert services._take(found.pk)
        assert services._take(found.pk) is None
        PostImport.objects.update(heartbeat_at=timezone.now() - LONG_SILENCE)

        tasks.look_after_imports()

        found.refresh_from_db()
        assert (found.state, found.attempts, found.rows.count()) == (State.CHECKED, 2, 1)

    def test_worker_that_was_only_slow_lets_go(self, hr, section):
        found = uploaded(as_csv([new_row(section)]), hr)
        slow = services._take(found.pk)
        PostImport.objects.update(heartbeat_at=timezone.now() - LONG_SILENCE)
        worked(found)

        services._refuse(slow, "遅い作業の言い分")

        found.refresh_from_db()
        assert (found.state, found.sentence) == (State.CHECKED, "")

    def test_import_that_fails_again_and_again_is_given_up(self, hr, section):
        found = uploaded(as_csv([new_row(section)]), hr)
        name = found.file
        for _ in range(services.MOST_ATTEMPTS):
            assert services._take(found.pk)
            PostImport.objects.update(heartbeat_at=timezone.now() - LONG_SILENCE)

        tasks.look_after_imports()

        found.refresh_from_db()
        assert (found.state, found.file) == (State.FAILED, "")
        assert name

    def test_file_that_the_storage_lost_is_said_to_be_gone(self, hr, section):
        found = uploaded(as_csv([new_row(section)]), hr)
        default_storage.delete(found.file)

        assert worked(found).sentence == services.LOST

    def test_progress_is_told_on_the_way(self, hr, section, monkeypatch):
        monkeypatch.setattr(services, "ROWS_AT_ONCE", 2)
        found = uploaded(as_csv([new_row(section, title=f"係長{n}") for n in range(5)]), hr)
        told = []
        still_mine = services._still_mine

        def listen(taken):
            told.append(PostImport.objects.values_list("state", "done", "total").get())
            return still_mine(taken)

        monkeypatch.setattr(services, "_still_mine", listen)
        worked(found)

        assert told == [("checking", 0, 0), ("checking", 2, 5), ("checking", 4, 5)]
        assert (found.done, found.total) == (5, 5)


WORKER = """
import sys, django
django.setup()
from postings.workbook import services
services.work_on(int(sys.argv[1]))
"""


def waits_for_a_lock():
    """Whether another process of this database waits."""
    with connection.cursor() as cursor:
        # Unlike activities, locks are seen as they are now in a transaction, too.
        cursor.execute(
            "select count(*) from pg_locks join pg_database d on d.oid = database"
            " where not granted and datname = current_database()"
        )
        return cursor.fetchone()[0] > 0


@pytest.mark.django_db(transaction=True)
def test_worker_killed_between_statements_leaves_nothing_and_another_takes_over(hr):
    section = SectionFactory()
    found = checked(as_csv([new_row(section), new_row(section, title="別の係長")]), hr)
    services.confirm_import(found, by=hr)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Posts and versions are stored before skills: there the worker stands still.
            cursor.execute(f"lock table {PostSkill._meta.db_table} in exclusive mode")
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(found.pk)],
            env={
                **os.environ,
                "DATABASE_URL": database_address(),
            },
        )
        wait_for(lambda: worker.poll() is not None or waits_for_a_lock(), seconds=60)
        assert worker.poll() is None
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=30)

    found.refresh_from_db()
    assert (found.state, PostDescription.objects.count()) == (State.CONFIRMING, 0)

    def taken_over():
        # The database may take a moment to notice that the dead worker's connection is gone.
        PostImport.objects.update(heartbeat_at=timezone.now() - LONG_SILENCE)
        tasks.look_after_imports()
        return PostDescription.objects.exists()

    wait_for(taken_over, seconds=30)

    found.refresh_from_db()
    assert (found.state, found.attempts) == (State.CONFIRMED, 2)
    assert PostDescription.objects.count() == 2
    assert PostSkill.objects.count() == 2


def database_address():
    """The address of the test's own database."""
    return urlunsplit(
        urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    )


@pytest.mark.django_db
class TestCommand:
    @pytest.fixture
    def file(self, hr, section, tmp_path):
        path = tmp_path / "posts.csv"
        path.write_bytes(as_csv([new_row(section), new_row(section, grade="局長")]))
        return path

    def test_without_confirming_it_tells_and_changes_nothing(self, file, capsys):
        before = everything()

        call_command("import_posts", file, by="importer")

        said = capsys.readouterr().out
        assert "新しいポスト：1" in said
        assert "職層「局長」は選べません" in said
        assert everything() == before

    def test_confirmed_it_makes_drafts_of_the_person_named(self, file, hr, capsys):
        call_command("import_posts", file, by="importer", confirm=True)

        assert "確定しました" in capsys.readouterr().out
        call_command("import_posts", file, by="importer", confirm=True)
        assert "何も変えていません" in capsys.readouterr().out
        assert (
            PostVersion.objects.get(title="国際会議担当 係長", number=1, stage="draft").edited_by
            == hr
        )

    @pytest.mark.parametrize("wrong", ["person", "file", "right", "table"])
    def test_what_cannot_be_done_is_said(self, file, wrong):
        by = "nobody" if wrong == "person" else "importer"
        if wrong == "file":
            file.unlink()
        if wrong == "table":
            file.write_bytes(b"a,b\n1,2\n")
        if wrong == "right":
            by = RoleGrantFactory(role=Role.AUDITOR).user.username

        with pytest.raises(CommandError):
            call_command("import_posts", file, by=by)
