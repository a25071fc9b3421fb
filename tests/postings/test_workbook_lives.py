"""What becomes of an import once it is confirmed: handed over, approved, undone; workers that die; the command."""

import datetime
import os
import signal
import subprocess
import sys
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.staff.roles import Role
from postings import services as lifecycle
from postings import tasks
from postings.content import content_of
from postings.models import PostDescription, PostImport, PostSkill, PostVersion, SearchEntry
from postings.workbook import handing_services, services, undo_services
from tests.factories.postings import PostDescriptionFactory, content, framework
from tests.factories.staff import RoleGrantFactory, SectionFactory
from tests.postings.workbooks import (
    as_csv,
    checked,
    confirmed,
    everything,
    exported,
    new_row,
    uploaded,
    with_cells,
    worked,
)
from tests.waiting import wait_for

State = PostImport.State
DAY = datetime.timedelta(days=1)
LONG_SILENCE = datetime.timedelta(minutes=3)


@pytest.fixture
def hr(db):
    framework()
    return RoleGrantFactory(role=Role.HR, user__username="importer").user


@pytest.fixture
def second(db):
    return RoleGrantFactory(role=Role.HR).user


@pytest.fixture
def posts(db):
    """Three posts that can be reviewed; the second has a draft."""
    framework()
    said = content()
    found = [
        PostDescriptionFactory(gained=said.gained, required=said.required, mission=f"{n}番目の文。")
        for n in range(3)
    ]
    for post in found:
        draft = lifecycle.open_draft(post, by=RoleGrantFactory(role=Role.HR).user)
        writer = draft.edited_by
        draft = lifecycle.save_draft(
            draft, replace(said, mission=post.shown.mission), edit=draft.edit, by=writer
        )
        lifecycle.submit_for_review(draft, by=writer)
        lifecycle.approve(draft, publish_on=today(), by=RoleGrantFactory(role=Role.HR).user)
        post.refresh_from_db()
    lifecycle.open_draft(found[1], by=RoleGrantFactory(role=Role.HR).user)
    return found


@pytest.fixture
def imported(hr, posts):
    """Two posts with another mission, one of them over a draft, and a new one."""
    file = with_cells(
        exported(hr),
        {
            (2, "mission"): "表の文1",
            (3, "mission"): "表の文2",
            **{
                (5, name): value
                for name, value in new_row(posts[0].section, title="新しい係長").items()
            },
        },
    )
    found = confirmed(file, hr)
    assert (found.state, found.changed, found.added) == (State.CONFIRMED, 2, 1)
    return found


def new_post():
    return PostDescription.objects.get(versions__title="新しい係長")


@pytest.mark.django_db
class TestHandingOver:
    def test_all_drafts_are_handed_over_and_approved_by_another_officer(
        self, imported, posts, hr, second
    ):
        assert handing_services.submit_all(imported, by=hr) == 3
        with pytest.raises(handing_services.NothingWaits):
            handing_services.submit_all(imported, by=hr)
        with pytest.raises(handing_services.NotAllToBeApproved):
            handing_services.approve_all(imported, publish_on=today(), by=hr)

        approved = handing_services.approve_all(imported, publish_on=today(), by=second)
        assert approved == (3, "released")

        posts[0].refresh_from_db()
        assert posts[0].shown.mission == "表の文1"
        assert new_post().state == PostDescription.State.PUBLISHED
        assert {row.made.stage for row in imported.rows.applied()} == {"released"}

    def test_day_to_come_shows_nothing_yet(self, imported, posts, hr, second):
        handing_services.submit_all(imported, by=hr)
        handing_services.approve_all(imported, publish_on=today() + DAY, by=second)

        assert PostVersion.objects.filter(stage="approved").count() == 3
        assert new_post().shown is None

    def test_many_are_shown_by_a_worker(self, imported, hr, second, monkeypatch):
        monkeypatch.setattr(handing_services, "SHOWN_AT_ONCE", 2)
        handing_services.submit_all(imported, by=hr)

        approved = handing_services.approve_all(imported, publish_on=today(), by=second)

        assert approved == (3, "approved")
        tasks.release_due_versions()
        assert {row.made.stage for row in imported.rows.applied()} == {"released"}

    def test_one_that_lacks_something_keeps_all_back_and_is_named(self, hr, posts):
        rows = [
            new_row(posts[0].section, title="足りない係長", place=""),
            new_row(posts[0].section),
        ]
        found = confirmed(as_csv(rows), hr)

        with pytest.raises(handing_services.NotAllReviewable) as refused:
            handing_services.submit_all(found, by=hr)

        code = found.rows.get(title="足りない係長").post.code
        assert f"勤務地を入力してください：足りない係長 {code}。" in refused.value.sentence
        assert set(PostVersion.objects.open().values_list("stage", flat=True)) == {"draft"}

    def test_officer_who_wrote_in_one_approves_none(self, imported, posts, hr, second):
        draft = posts[1].versions.open().get()
        lifecycle.save_draft(draft, replace(content(), team="2人"), edit=draft.edit, by=second)
        handing_services.submit_all(imported, by=hr)

        with pytest.raises(handing_services.NotAllToBeApproved) as refused:
            handing_services.approve_all(imported, publish_on=today(), by=second)

        assert posts[1].code in refused.value.sentence
        assert PostVersion.objects.filter(stage="in_review").count() == 3

    def test_officer_of_another_bureau_approves_none(self, imported, hr):
        far = RoleGrantFactory(role=Role.HR, bureau=SectionFactory().bureau).user
        handing_services.submit_all(imported, by=hr)

        with pytest.raises(handing_services.NotAllToBeApproved):
            handing_services.approve_all(imported, publish_on=today(), by=far)


def undoing(found, by):
    """What would become of the rows, by their number."""
    return {row.number: str(what) for row, what in undo_services.plan_undo(found, by=by)}


@pytest.mark.django_db
class TestUndoing:
    def test_untouched_drafts_are_removed_or_put_back(self, imported, posts, hr):
        assert undoing(imported, hr) == {2: "remove_draft", 3: "put_back", 5: "remove_post"}

        undo_services.undo_import(imported, by=hr)

        imported.refresh_from_db()
        assert imported.state == State.UNDONE
        assert not PostDescription.objects.filter(versions__title="新しい係長").exists()
        assert not posts[0].versions.open().exists()
        draft = posts[1].versions.open().prefetch_related("skills__skill").get()
        assert content_of(draft) == content(mission="1番目の文。")
        with pytest.raises(undo_services.NotToBeUndone):
            undo_services.undo_import(imported, by=hr)

    def test_versions_on_their_way_come_back_too(self, imported, posts, hr, second):
        handing_services.submit_all(imported, by=hr)
        handing_services.approve_all(imported, publish_on=today() + DAY, by=second)

        undo_services.undo_import(imported, by=second)

        draft = posts[1].versions.open().get()
        assert (draft.stage, draft.mission) == ("draft", "1番目の文。")
        assert PostVersion.objects.open().count() == 1

    def test_released_versions_get_a_draft_with_the_text_before(self, imported, posts, hr, second):
        handing_services.submit_all(imported, by=hr)
        handing_services.approve_all(imported, publish_on=today(), by=second)
        assert undoing(imported, hr) == {2: "new_draft", 3: "new_draft", 5: "archive"}
        assert SearchEntry.objects.filter(post=new_post()).exists()

        undo_services.undo_import(imported, by=hr)

        assert not SearchEntry.objects.filter(post=new_post()).exists()

        draft = posts[0].versions.open().prefetch_related("skills__skill").get()
        assert content_of(draft) == content(mission="0番目の文。")
        assert draft.writers.filter(user=hr).exists()
        assert new_post().state == PostDescription.State.ARCHIVED
        assert new_post().archive_reason == "取り込みの取り消し"

    def test_what_somebody_wrote_since_stays_and_is_named(self, imported, posts, hr, second):
        draft = posts[0].versions.open().get()
        lifecycle.save_draft(draft, content(mission="そのあとの文"), edit=draft.edit, by=second)
        lifecycle.discard_draft(posts[1].versions.open().get(), by=second)

        undo_services.undo_import(imported, by=hr)

        kept = dict(imported.rows.exclude(undoing="").values_list("number", "undoing"))
        assert kept == {2: "keep", 3: "gone", 5: "remove_post"}
        assert posts[0].versions.open().get().mission == "そのあとの文"

    def test_later_version_and_archived_post_stay(self, imported, posts, hr, second):
        handing_services.submit_all(imported, by=hr)
        handing_services.approve_all(imported, publish_on=today(), by=second)
        lifecycle.open_draft(posts[0], by=second)
        lifecycle.archive_post(new_post(), reason="廃止", by=second)

        assert undoing(imported, hr) == {2: "keep", 3: "new_draft", 5: "keep"}

    def test_post_that_left_the_scope_stays(self, imported, hr):
        hr.role_grants.update(bureau=SectionFactory().bureau)

        assert set(undoing(imported, hr).values()) == {"keep"}

    def test_released_post_is_archived_by_hr_in_whose_scope_it_lies_alone(
        self, imported, posts, hr, second
    ):
        handing_services.submit_all(imported, by=hr)
        handing_services.approve_all(imported, publish_on=today(), by=second)
        hr.role_grants.update(bureau=SectionFactory().bureau)
        RoleGrantFactory(role=Role.SECTION_EDITOR, user=hr, section=posts[0].section)

        assert undoing(imported, hr) == {2: "new_draft", 3: "keep", 5: "keep"}

    def test_import_that_is_not_confirmed_is_not_undone(self, hr, posts):
        found = checked(as_csv([new_row(posts[0].section)]), hr)

        with pytest.raises(undo_services.NotToBeUndone):
            undo_services.undo_import(found, by=hr)

    def test_file_can_be_imported_again_after_it_was_undone(self, hr, posts):
        file = as_csv([new_row(posts[0].section)])
        undo_services.undo_import(confirmed(file, hr), by=hr)

        assert confirmed(file, hr).added == 1

    def test_post_that_was_released_meanwhile_can_be_imported_anew(self, hr, posts, second):
        file = as_csv([new_row(posts[0].section)])
        found = confirmed(file, hr)
        handing_services.submit_all(found, by=hr)
        handing_services.approve_all(found, publish_on=today(), by=second)
        undo_services.undo_import(found, by=hr)

        assert confirmed(file, hr).added == 1


@pytest.mark.django_db
class TestWorkers:
    def test_second_worker_takes_over_after_silence(self, hr, posts):
        found = uploaded(as_csv([new_row(posts[0].section)]), hr)
        assert services._take(found.pk)
        assert services._take(found.pk) is None
        PostImport.objects.update(heartbeat_at=timezone.now() - LONG_SILENCE)

        tasks.look_after_imports()

        found.refresh_from_db()
        assert (found.state, found.attempts, found.rows.count()) == (State.CHECKED, 2, 1)

    def test_worker_that_was_only_slow_lets_go(self, hr, posts):
        found = uploaded(as_csv([new_row(posts[0].section)]), hr)
        slow = services._take(found.pk)
        PostImport.objects.update(heartbeat_at=timezone.now() - LONG_SILENCE)
        worked(found)

        services._refuse(slow, "遅い作業の言い分")

        found.refresh_from_db()
        assert (found.state, found.sentence) == (State.CHECKED, "")

    def test_import_that_fails_again_and_again_is_given_up(self, hr, posts):
        found = uploaded(as_csv([new_row(posts[0].section)]), hr)
        name = found.file
        for _ in range(services.MOST_ATTEMPTS):
            assert services._take(found.pk)
            PostImport.objects.update(heartbeat_at=timezone.now() - LONG_SILENCE)

        tasks.look_after_imports()

        found.refresh_from_db()
        assert (found.state, found.file) == (State.FAILED, "")
        assert name

    def test_file_that_the_storage_lost_is_said_to_be_gone(self, hr, posts):
        found = uploaded(as_csv([new_row(posts[0].section)]), hr)
        default_storage.delete(found.file)

        assert worked(found).sentence == services.LOST

    def test_progress_is_told_on_the_way(self, hr, posts, monkeypatch):
        monkeypatch.setattr(services, "ROWS_AT_ONCE", 2)
        found = uploaded(
            as_csv([new_row(posts[0].section, title=f"係長{n}") for n in range(5)]), hr
        )
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
    def file(self, hr, posts, tmp_path):
        path = tmp_path / "posts.csv"
        path.write_bytes(
            as_csv([new_row(posts[0].section), new_row(posts[0].section, grade="局長")])
        )
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
