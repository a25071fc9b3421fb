"""Reminders of reviews, and what two versions say differently."""

import datetime

import pytest

from career_portal.common.clock import today
from career_portal.mail.models import OutgoingMail
from career_portal.staff.roles import Role
from postings.marking import Kind, mark_changes
from postings.review_services import remind_of_reviews
from tests.factories.postings import PostDescriptionFactory, archive, show
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, UserFactory

DAY = datetime.timedelta(days=1)


def reachable(**fields):
    """Somebody with an address."""
    return UserFactory(email="someone@example.go.jp", **fields)


@pytest.mark.django_db
class TestReminders:
    def overdue(self, **fields):
        post = PostDescriptionFactory(**fields)
        show(post, title="見直すポスト", next_review_on=today() - DAY)
        return post

    def test_editor_and_head_are_told_once_for_all_their_posts(self):
        post = self.overdue()
        other = self.overdue(section=post.section)
        editor, head = reachable(), reachable()
        RoleGrantFactory(user=editor, role=Role.SECTION_EDITOR, section=post.section)
        AssignmentFactory(user=head, section=post.section, head=True)
        RoleGrantFactory(user=reachable(), role=Role.HR)

        assert remind_of_reviews() == 2
        assert remind_of_reviews() == 0

        mails = OutgoingMail.objects.all()
        assert {mail.recipient_id for mail in mails} == {editor.pk, head.pk}
        assert all(mail.body.count("見直すポスト") == 2 for mail in mails)
        assert other.section.full_name in mails[0].body

    def test_hr_is_told_where_a_section_has_nobody(self):
        self.overdue()
        officer = reachable()
        RoleGrantFactory(user=officer, role=Role.HR)
        RoleGrantFactory(user=reachable(ended=True), role=Role.HR)

        assert remind_of_reviews() == 1
        assert OutgoingMail.objects.get().recipient_id == officer.pk

    def test_nobody_is_told_of_archived_posts_or_before_the_day(self):
        archive(self.overdue())
        show(PostDescriptionFactory(), next_review_on=today())
        RoleGrantFactory(user=reachable(), role=Role.HR)

        assert remind_of_reviews() == 0

    def test_next_version_is_reminded_of_anew(self):
        post = self.overdue()
        RoleGrantFactory(user=reachable(), role=Role.HR)
        remind_of_reviews()

        show(post, next_review_on=today() - DAY)

        assert remind_of_reviews() == 1


def said(pieces, *kinds):
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


@pytest.mark.parametrize(
    ("old", "new", "removed", "added"),
    [
        ("国際会議の準備", "国際会議の運営", "準備", "運営"),
        ("会議を開きます。", "会議を開きます。", "", ""),
        ("", "新しい行", "", "新しい行"),
        ("一行目\n二行目", "一行目", "\n二行目", ""),
        ("データの分析", "デジタルの分析", "データ", "デジタル"),
        ("髙橋𠮷野", "高橋吉野", "髙橋𠮷野", "高橋吉野"),
    ],
)
def test_changed_words_are_marked_and_nothing_is_lost(old, new, removed, added):
    olds, news = mark_changes(old, new)

    assert said(olds, Kind.SAME, Kind.REMOVED) == old
    assert said(news, Kind.SAME, Kind.ADDED) == new
    assert (said(olds, Kind.REMOVED), said(news, Kind.ADDED)) == (removed, added)
