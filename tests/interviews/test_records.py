"""The shared record: drafts, versions, what the interviewee says, and that nothing published changes."""

import pytest
from django.db import DatabaseError, transaction

from career_portal.mail.models import OutgoingMail
from interviews.booking.services import cancel_interview
from interviews.models import AgreedAction, InterviewStep, RecordDraft, RecordResponse, SharedRecord
from interviews.records import services
from interviews.records.agreements import last_agreements, open_agreements
from tests.factories import interviews as made
from tests.factories import records
from tests.factories.staff import UserFactory
from tests.threads import each_connected

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk():
    head, member = made.line()
    for person in (head, member):
        person.email = f"{person.username}@example.go.jp"
        person.save()
    return made.held(head, member)


def save(talk, version, by=None, **answers):
    by = by or talk.interviewer
    template = records.template(talk.kind)
    return services.save_record_draft(talk, template, answers, version=version, by=by)


def test_draft_is_stored_again_and_again(talk):
    assert save(talk, 0, h1="一").version == 1
    assert save(talk, 1, h1="一二").version == 2

    draft = RecordDraft.objects.get()
    assert (draft.answers, draft.version) == ({"h1": "一二"}, 2)


def test_save_of_an_older_window_is_refused_and_the_same_again_is_not(talk):
    save(talk, 0, h1="この窓")
    assert save(talk, 0, h1="この窓").version == 1
    with pytest.raises(services.StaleSave):
        save(talk, 0, h1="ほかの窓")
    assert RecordDraft.objects.get().answers == {"h1": "この窓"}


def test_only_the_interviewer_writes_also_when_he_has_moved(talk):
    for stranger in (talk.interviewee, UserFactory()):
        with pytest.raises(services.NotTheInterviewer):
            save(talk, 0, by=stranger, h1="だれか")
    talk.interviewer.assignments.all().delete()

    assert save(talk, 0, h1="異動のあと").version == 1


def test_nothing_is_written_of_a_talk_that_was_called_off():
    talk = made.interview(*made.line())
    cancel_interview(talk, reason="都合", by=talk.interviewer)
    with pytest.raises(services.NotTheInterviewer):
        save(talk, 0, h1="なし")


def test_template_of_a_record_is_the_one_it_was_begun_with(talk):
    save(talk, 0, h1="前")
    headings = [("新しい見出し", "")]
    officer = made.RoleGrantFactory(role="hr").user
    records.template_services.change_template("career", headings, based_on=1, by=officer)

    save(talk, 1, h1="後")

    assert RecordDraft.objects.get().template.version == 1
    assert records.template().version == 2


def test_publishing_makes_a_version_with_its_actions_and_tells_the_interviewee(talk):
    record = records.published(talk, h1="話した", a1_text="共有する", a3_text="調べる")

    assert (record.number, record.answers["h1"]) == (1, "話した")
    assert [(a.number, a.text, a.status) for a in talk.actions.all()] == [
        (1, "共有する", "open"),
        (3, "調べる", "open"),
    ]
    mail = OutgoingMail.objects.get()
    assert mail.recipient_id == talk.interviewee_id
    assert "話した" not in mail.subject + mail.body
    assert talk.interviewer.given_name not in mail.subject + mail.body


def test_published_talk_counts_as_held_once_it_has_begun():
    talk = made.interview(*made.line())
    version = records.drafted(talk, h1="これから")
    with pytest.raises(services.NotBegun):
        services.publish_record(talk, version=version, by=talk.interviewer)
    assert RecordDraft.objects.get().answers == {"h1": "これから"}

    type(talk).objects.update(period=made.next_week(10, days=-1))
    services.publish_record(talk, version=version, by=talk.interviewer)

    talk.refresh_from_db()
    assert (talk.state, talk.seats.count()) == ("held", 0)
    assert InterviewStep.objects.filter(interview=talk, what="held").count() == 1


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({"h1": "あ" * 2001}, {"h1"}),
        ({"a1_text": "すること"}, {"a1_owner", "a1_due"}),
        ({"a2_due": "2027-01-31"}, {"a2_text", "a2_owner"}),
        ({"a5_text": "あ" * 201, "a5_owner": "interviewee", "a5_due": "2027-01-31"}, {"a5_text"}),
    ],
)
def test_what_is_not_ready_is_kept_and_not_published(talk, answers, fields):
    version = records.drafted(talk, **answers)
    with pytest.raises(services.NotReady) as refused:
        services.publish_record(talk, version=version, by=talk.interviewer)
    assert refused.value.hindrances.keys() == fields
    assert not SharedRecord.objects.exists()


def test_empty_unchanged_and_unseen_drafts_are_not_published(talk):
    with pytest.raises(services.NothingWritten):
        services.publish_record(talk, version=0, by=talk.interviewer)
    records.published(talk, h1="一")
    with pytest.raises(services.NothingChanged):
        services.publish_record(talk, version=1, by=talk.interviewer)
    records.drafted(talk, h1="二")
    with pytest.raises(services.ChangedSinceShown):
        services.publish_record(talk, version=1, by=talk.interviewer)
    assert SharedRecord.objects.count() == 1


def test_correction_is_a_further_version_and_the_first_one_stays(talk):
    records.published(talk, h1="一", a1_text="共有する", a2_text="調べる")
    records.said(talk.actions.get(number=1), "done", "しました。")

    records.published(talk, h1="二", a1_text="共有した")

    assert [r.answers["h1"] for r in talk.records.all()] == ["一", "二"]
    first, second = talk.actions.all()
    assert (first.text, first.status, first.outcome) == ("共有した", "done", "しました。")
    assert second.status == "withdrawn"
    records.published(talk, h1="三", a2_text="もう一度調べる")
    second.refresh_from_db()
    assert (second.text, second.status) == ("もう一度調べる", "open")
    assert [u.status for u in second.updates.all()] == ["withdrawn", "open"]


@pytest.mark.parametrize(
    ("model", "column"), [(SharedRecord, "answers"), (RecordResponse, "comment")]
)
def test_database_lets_nobody_change_what_was_published(talk, model, column):
    records.answered(records.published(talk))
    for change in (
        lambda: model.objects.update(**{column: {}}),
        lambda: model.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_interviewee_confirms_declines_and_comments_on_the_last_version_only(talk):
    first = records.published(talk, h1="一")
    records.answered(first, "not_confirmed", "少し違います。")
    second = records.published(talk, h1="二")
    with pytest.raises(services.ChangedSinceShown):
        records.answered(first)
    with pytest.raises(services.CommentMissing):
        records.answered(second, "comment", " \n")
    records.answered(second)

    said = [(r.record.number, r.answer, r.comment) for r in RecordResponse.objects.order_by("pk")]
    assert said == [(1, "not_confirmed", "少し違います。"), (2, "confirmed", "")]
    assert OutgoingMail.objects.filter(recipient_id=talk.interviewer_id).count() == 2


def test_nobody_else_answers(talk):
    record = records.published(talk)
    for stranger in (talk.interviewer, UserFactory()):
        with pytest.raises(services.NotTheInterviewee):
            services.respond_to_record(record, "confirmed", "", by=stranger)


@pytest.mark.django_db(transaction=True)
def test_of_windows_that_save_at_once_one_is_stored_and_the_others_are_told():
    talk = made.held(*made.line())
    template = records.template()

    def save_here(number):
        answers = {"h1": f"窓{number}"}
        try:
            return services.save_record_draft(
                talk, template, answers, version=0, by=talk.interviewer
            ).version
        except services.StaleSave:
            return None

    assert sorted(each_connected(6, save_here), key=str) == [1, None, None, None, None, None]


def test_agreements_come_back_between_the_same_two_in_the_line(talk):
    records.published(talk, a1_text="続くこと", a2_text="済むこと")
    records.said(talk.actions.get(number=2), "done")
    mentor = made.mentor()
    aside = made.held(mentor, talk.interviewee, "mentor")
    records.published(aside, a1_text="メンターと決めたこと")
    nearer = made.held(talk.interviewer, talk.interviewee, "one_on_one", days=10)

    next_one = made.interview(talk.interviewer, talk.interviewee)

    for person in (talk.interviewer, talk.interviewee):
        assert [a.text for a in open_agreements(next_one, person)] == ["続くこと"]
        assert [a.text for a in open_agreements(nearer, person)] == ["続くこと"]
        assert [a.text for a in last_agreements(next_one, person)] == ["続くこと", "済むこと"]
    assert open_agreements(next_one, UserFactory()) == []
    assert open_agreements(talk, talk.interviewer) == []
    with_mentor = made.interview(mentor, talk.interviewee, made.next_week(15), "mentor")
    assert [a.text for a in open_agreements(with_mentor, mentor)] == ["メンターと決めたこと"]
    assert AgreedAction.objects.visible_to(mentor).count() == 1
