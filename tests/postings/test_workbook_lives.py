"""What becomes of an import once it is confirmed: handed over, approved, undone."""

import datetime
from dataclasses import replace

import pytest

from career_portal.common.clock import today
from career_portal.staff.roles import Role
from postings import services as lifecycle
from postings import tasks
from postings.content import content_of
from postings.models import PostDescription, PostImport, PostVersion, SearchEntry
from postings.workbook import handing_services, undo_services
from tests.factories.postings import PostDescriptionFactory, content, framework
from tests.factories.staff import RoleGrantFactory, SectionFactory
from tests.postings.workbooks import (
    as_csv,
    checked,
    confirmed,
    exported,
    new_row,
    with_cells,
)

State = PostImport.State
DAY = datetime.timedelta(days=1)


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
