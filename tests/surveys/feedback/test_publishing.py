"""Publication: who is told, who reads when, and that nothing changes afterwards."""

import datetime

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from career_portal.common.clock import today
from career_portal.mail.models import OutgoingMail
from career_portal.staff.models import SectionSuccession
from surveys.feedback_sheets import publish_services
from surveys.models import FeedbackSheet, SheetOpening
from tests.factories import feedback
from tests.factories.staff import (
    AssignmentFactory,
    RoleGrantFactory,
    SectionFactory,
    SectionSuccessionFactory,
)

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def readable(user):
    return set(FeedbackSheet.objects.visible_to(user).values_list("unit__name", flat=True))


@pytest.fixture
def admin():
    return feedback.feedback_admin()


@pytest.fixture
def made():
    return feedback.freeze(feedback.WIDE)


@pytest.fixture
def head(made):
    return AssignmentFactory(
        section=made.sections["総務課"], head=True, user__email="head@example.test"
    ).user


@pytest.fixture
def member(made):
    return AssignmentFactory(section=made.sections["総務課"]).user


def tomorrow():
    return time_machine.travel(datetime.datetime.now(datetime.UTC) + DAY, tick=True)


def test_head_reads_at_once_and_the_staff_from_the_next_day(made, admin, head, member):
    other = AssignmentFactory().user
    release = feedback.finished(feedback.release(made, admin))
    assert (readable(head), readable(member)) == (set(), set())

    publish_services.publish_release(release, by=admin)

    assert release.opens_on == today() + DAY
    assert (readable(head), readable(member), readable(other)) == ({"総務課"}, set(), set())
    with tomorrow():
        wide = {"省全体", "大臣官房", "商務情報政策局"}
        assert readable(head) == readable(member) == wide | {"総務課"}
        assert readable(other) == wide


def test_heads_get_one_mail_that_says_nothing(made, admin, head):
    AssignmentFactory(section=made.sections["秘書課"], head=True)
    AssignmentFactory(head=True, user__email="elsewhere@example.test")
    AssignmentFactory(
        user=head, section=made.sections["会計課"], acting_head=True, is_concurrent=True
    )

    feedback.published(made, admin)

    mail = OutgoingMail.objects.get()
    assert (mail.address, mail.subject) == (
        "head@example.test",
        "【キャリアポータル】お知らせがあります",
    )
    assert reverse("surveys:sheet_list") in mail.body
    assert not any(word in mail.body for word in ("シート", "総務課", "%", "回答", "－"))


def test_head_of_a_joint_unit_section_and_its_staff_read_the_joint_sheet(made, admin):
    feedback.joint(made, "会計課ほか", "会計課")
    head = AssignmentFactory(section=made.sections["会計課"], head=True).user
    member = AssignmentFactory(section=made.sections["会計課"]).user

    release = feedback.published(made, admin)

    assert not release.sheets.filter(unit__name="会計課").exists()
    assert readable(head) == {"会計課ほか"}
    with tomorrow():
        assert "会計課ほか" in readable(member)


def test_rights_follow_todays_assignments(made, admin):
    day = today()
    gone = AssignmentFactory(section=made.sections["総務課"], valid_until=day).user
    come = AssignmentFactory(section=made.sections["総務課"], valid_from=day).user
    AssignmentFactory(user=gone, section=made.sections["秘書課"], valid_from=day)

    feedback.opened(feedback.release(made, admin))

    assert "総務課" not in readable(gone)
    assert "秘書課" in readable(gone)
    assert "総務課" in readable(come)


def test_sheet_goes_to_the_section_in_which_the_work_goes_on(made, admin):
    new = SectionFactory(bureau=made.bureaus["大臣官房"])
    SectionSuccessionFactory(
        predecessor=made.sections["総務課"],
        successor=new,
        kind=SectionSuccession.Kind.RENAME,
        effective_on=today(),
    )
    head = AssignmentFactory(section=new, head=True, user__email="new@example.test").user

    feedback.published(made, admin)

    assert readable(head) == {"総務課"}
    assert OutgoingMail.objects.get().recipient_id == head.pk


def test_only_the_feedback_admin_publishes_a_whole_release_and_once(made, admin):
    release = feedback.release(made, admin)
    with pytest.raises(publish_services.NotToBePublished):
        publish_services.publish_release(release, by=admin)
    feedback.finished(release)
    with pytest.raises(publish_services.NotFeedbackAdmin):
        publish_services.publish_release(release, by=RoleGrantFactory(role="hr").user)
    publish_services.publish_release(release, by=admin)

    with pytest.raises(publish_services.NotToBePublished):
        publish_services.publish_release(release, by=admin)


def test_published_release_its_figures_and_its_sheets_refuse_every_change(made, admin):
    release = feedback.published(made, admin)

    def refused(change):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            change()

    refused(lambda: type(release).objects.update(state="cancelled"))
    refused(lambda: release.figures.update(value="99"))
    refused(release.figures.all()[0].delete)
    refused(lambda: release.sheets.update(file="other.pdf"))


def test_openings_of_published_sheets_are_noted_once_for_each_person(made, admin, head, client):
    release = feedback.finished(feedback.release(made, admin))
    sheet = release.sheets.get(unit__name="総務課")
    address = reverse(
        "surveys:sheet_detail", args=[made.round.fiscal_year, release.number, sheet.pk]
    )
    client.force_login(admin)
    assert client.get(address).status_code == 200
    assert not SheetOpening.objects.exists()
    publish_services.publish_release(release, by=admin)
    client.force_login(head)
    for _ in range(2):
        page = client.get(address).content.decode()

    assert SheetOpening.objects.get().user == head
    assert "65" in page
    client.force_login(admin)
    openings = reverse("surveys:release_openings", args=[made.round.fiscal_year, release.number])
    assert head.display_name in client.get(openings).content.decode()
