"""A description's way from the first draft to the day it is no longer found, each move by somebody who may make it."""

import datetime
from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from career_portal.common.clock import today
from career_portal.staff.roles import Role
from postings import services
from postings.content import content_of
from postings.models import PostDescription, PostVersion
from tests.factories.postings import PostDescriptionFactory, content, version_of
from tests.factories.staff import (
    AssignmentFactory,
    RoleGrantFactory,
    SectionFactory,
    SectionSuccessionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def section():
    return SectionFactory()


@pytest.fixture
def editor(section):
    return RoleGrantFactory(role=Role.SECTION_EDITOR, section=section).user


@pytest.fixture
def hr():
    return RoleGrantFactory(role=Role.HR).user


@pytest.fixture
def draft(section, editor):
    return services.create_post(section, content(), by=editor)


@pytest.fixture
def in_review(draft, editor):
    return services.submit_for_review(draft, by=editor)


def shown(post):
    return PostDescription.objects.select_related("shown").get(pk=post.pk).shown


def test_new_post_is_written_reviewed_and_shown(in_review, hr):
    released = services.approve(in_review, publish_on=today(), by=hr)

    assert released.stage == PostVersion.Stage.RELEASED
    assert shown(released.post) == released
    assert content_of(released) == content()
    assert PostDescription.objects.visible_to(UserFactory()).published().get() == released.post


def test_draft_is_seen_by_those_who_care_for_it_alone(draft, section, editor, hr):
    head = AssignmentFactory(section=section, head=True).user
    next_door = RoleGrantFactory(role=Role.SECTION_EDITOR, section=SectionFactory()).user
    member = AssignmentFactory(section=section).user

    def sees(person):
        posts = PostDescription.objects.visible_to(person).exists()
        return posts, PostVersion.objects.visible_to(person).exists()

    assert [sees(person) for person in (editor, head, hr)] == [(True, True)] * 3
    assert [sees(person) for person in (next_door, member)] == [(False, False)] * 2


def test_nobody_approves_what_he_wrote(section):
    writer = RoleGrantFactory(role=Role.HR).user
    second = RoleGrantFactory(role=Role.HR).user
    draft = services.create_post(section, content(), by=writer)
    draft = services.save_draft(draft, content(team="班長1、係員2。"), edit=draft.edit, by=second)
    in_review = services.submit_for_review(draft, by=writer)

    for person in (writer, second):
        with pytest.raises(services.NotAllowed):
            services.approve(in_review, publish_on=today(), by=person)
        with pytest.raises(services.NotAllowed):
            services.send_back(in_review, "自分で戻す", by=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        PostVersion.objects.filter(pk=in_review.pk).update(approved_by=writer)

    assert services.approve(in_review, publish_on=today(), by=RoleGrantFactory(role=Role.HR).user)


def test_editor_writes_but_never_publishes(in_review, section, editor, hr):
    other_editor = RoleGrantFactory(role=Role.SECTION_EDITOR, section=section).user
    with pytest.raises(services.NotAllowed):
        services.approve(in_review, publish_on=today(), by=other_editor)
    released = services.approve(in_review, publish_on=today(), by=hr)
    with pytest.raises(services.NotAllowed):
        services.archive_post(released.post, reason="廃止", by=editor)


def test_approved_version_is_shown_on_its_day(in_review, hr, time_machine):
    version = services.approve(in_review, publish_on=today() + DAY, by=hr)
    assert services.release_due() == 0
    assert shown(version.post) is None

    time_machine.move_to(datetime.datetime.now(tz=datetime.UTC) + DAY)

    assert services.release_due() == 1
    assert shown(version.post).released_on == today()
    assert services.release_due() == 0


def test_next_version_starts_from_the_one_shown_and_replaces_it(in_review, editor, hr):
    first = services.approve(in_review, publish_on=today(), by=hr)
    draft = services.open_draft(first.post, by=editor)
    assert (draft.number, content_of(draft)) == (2, content_of(first))
    assert services.open_draft(first.post, by=editor) == draft

    text = replace(content_of(draft), mission="別のことをします。")
    services.save_draft(draft, text, edit=draft.edit, by=editor)
    services.submit_for_review(draft, by=editor)
    second = services.approve(draft, publish_on=today(), by=hr)

    assert shown(first.post) == second
    assert first.post.versions.count() == 2


def test_sent_back_version_is_a_draft_again_with_the_reason(in_review, editor, hr):
    services.comment_on(in_review, "主語がありません。", field="mission", by=hr)

    draft = services.send_back(in_review, "業務内容を具体的に。", by=hr)

    assert draft.stage == PostVersion.Stage.DRAFT
    comments = list(draft.comments.values_list("field", "text", "sends_back"))
    assert comments == [
        ("mission", "主語がありません。", False),
        ("", "業務内容を具体的に。", True),
    ]
    services.submit_for_review(draft, by=editor)


def test_version_that_lacks_something_is_not_reviewed(section, editor):
    draft = services.create_post(
        section, content(duties="一つだけ", gained=(), place="", next_review_on=None), by=editor
    )
    with pytest.raises(services.NotReviewable) as refused:
        services.submit_for_review(draft, by=editor)
    assert [problem.name for problem in refused.value.problems] == [
        "duties",
        "gained",
        "place",
        "next_review_on",
    ]


def test_second_editor_is_told_and_loses_nothing(draft, editor, hr):
    services.save_draft(draft, content(mission="先の保存"), edit=draft.edit, by=hr)

    with pytest.raises(services.StaleEdit):
        services.save_draft(draft, content(mission="後の保存"), edit=draft.edit, by=editor)

    assert PostVersion.objects.get(pk=draft.pk).mission == "先の保存"


def test_released_version_never_changes(in_review, hr):
    released = services.approve(in_review, publish_on=today(), by=hr)

    for change in (
        lambda rows: rows.update(mission="書き換え"),
        lambda rows: rows.update(stage="draft"),
        lambda rows: rows.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(PostVersion.objects.filter(pk=released.pk))


def test_archived_post_stays_readable_and_comes_back_by_a_new_version(in_review, editor, hr):
    post = services.approve(in_review, publish_on=today(), by=hr).post
    archived = services.archive_post(post, reason="業務の終了", by=hr)
    reader = UserFactory()

    assert archived.state == PostDescription.State.ARCHIVED
    assert PostDescription.objects.visible_to(reader).filter(pk=post.pk).exists()
    assert not PostDescription.objects.visible_to(reader).published().exists()

    draft = services.open_draft(archived, by=editor)
    services.submit_for_review(draft, by=editor)
    services.approve(draft, publish_on=today(), by=hr)
    assert PostDescription.objects.visible_to(reader).published().exists()


def test_posts_of_a_reorganised_section_move_with_their_history(in_review, hr):
    post = services.approve(in_review, publish_on=today(), by=hr).post
    version_of(post, draft=True, title="書きかけ")
    succession = SectionSuccessionFactory(predecessor=post.section)

    assert services.move_posts(post.section, succession.successor, by=hr) == 1

    post.refresh_from_db()
    assert post.section == succession.successor
    assert post.versions.count() == 2
    with pytest.raises(services.WrongStage):
        services.move_posts(succession.successor, SectionFactory(), by=hr)


def test_discarded_draft_takes_a_post_with_it_that_was_never_shown(draft, in_review, hr, editor):
    other = services.create_post(draft.post.section, content(), by=editor)
    services.discard_draft(other, by=editor)
    assert not PostDescription.objects.filter(pk=other.post_id).exists()

    shown_post = services.approve(in_review, publish_on=today(), by=hr).post
    services.discard_draft(services.open_draft(shown_post, by=editor), by=editor)
    assert shown_post.versions.count() == 1


def test_description_that_cannot_be_stored_is_refused_with_its_reasons(section, editor):
    broken = content(title="", grade="director", mission="長" * 301)
    with pytest.raises(services.NotStorable) as refused:
        services.create_post(section, broken, by=editor)
    assert [problem.name for problem in refused.value.problems] == ["mission", "title", "grade"]


def test_post_of_a_managerial_grade_is_refused_by_the_database():
    post = PostDescriptionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        version_of(post, draft=True, grade="director")
