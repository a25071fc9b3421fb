"""Mails about times: to the two and nobody else, with a calendar file, through the real outbox into the local mailbox."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from career_portal.mail.models import LocalMail, OutgoingMail
from career_portal.mail.services import deliver_due_mails
from interviews.booking import lines, proposing_services, services
from interviews.booking.offering_services import Offer, offer_slot
from interviews.kinds import Kind
from interviews.models import Interview
from tests.factories import interviews as made
from tests.factories.staff import RoleGrantFactory
from tests.interviews.calendar_files import only_event, read
from tests.interviews.reachable import line

pytestmark = pytest.mark.django_db
PLACE = "別館3階 打合せ室B"
LINK = "https://meet.example.go.jp/a?b=1"
CONTENT = ("キャリア面談", "メンター", "人事", "面談室")


@pytest.fixture(autouse=True)
def local_mailbox(settings):
    settings.EMAIL_BACKEND = "career_portal.mail.backends.LocalMailbox"


def arrived():
    """The mails that arrived since the last time, by address."""
    deliver_due_mails()
    mails = {mail.recipient: mail for mail in LocalMail.objects.all()}
    LocalMail.objects.all().delete()
    return mails


def booked():
    head, member = line()
    interview = services.book(
        head, member, Kind.CAREER, made.next_week(10), place=PLACE, online_link=LINK, by=member
    )
    return head, member, interview


def test_booking_invites_both_with_a_neutral_mail():
    head, member, interview = booked()

    mails = arrived()

    assert set(mails) == {head.email, member.email}
    for person, other in ((head, member), (member, head)):
        mail = mails[person.email]
        assert mail.subject.startswith("【キャリアポータル】打合せの予定が入りました（")
        assert f"相手：{other.display_name} さん" in mail.body
        assert f"場所：{PLACE}\nオンライン：{LINK}\n" in mail.body
        assert "10:00〜10:45（日本時間）" in mail.body
        assert f"http://testserver/interviews/{interview.pk}/" in mail.body
        assert "理由" not in mail.body
        method, (event,) = read(mail.calendar)
        assert (method, event["UID"], event["SEQUENCE"]) == ("REQUEST", str(interview.uid), "0")
        assert set(event["attendees"]) == {f"mailto:{head.email}", f"mailto:{member.email}"}
        assert not [word for word in CONTENT if word in mail.subject + mail.calendar]


def test_sequence_grows_over_booking_moving_and_cancelling():
    head, member, interview = booked()
    arrived()
    steps = [
        ("変わりました", "REQUEST", 1, lambda: move(16, member)),
        ("変わりました", "REQUEST", 2, lambda: move(17, head)),
        ("取り消されました", "CANCEL", 3, lambda: cancel(head)),
    ]

    def move(hour, by):
        services.move_interview(interview, made.next_week(hour), reason="出張; 会議, 😀", by=by)

    def cancel(by):
        services.cancel_interview(interview, reason="出張; 会議, 😀", by=by)

    for said, wanted, sequence, act in steps:
        act()
        mails = arrived()
        assert set(mails) == {head.email, member.email}
        for mail in mails.values():
            method, (event,) = read(mail.calendar)
            found = (method, event["UID"], int(event["SEQUENCE"]))
            assert found == (wanted, str(interview.uid), sequence)
            assert said in mail.subject
            assert "さんからの理由：\n出張; 会議, 😀\n" in mail.body
            assert ("これまでの日時：" in mail.body) is (wanted == "REQUEST")


def test_delegate_who_moves_a_talk_gets_nothing_and_is_named():
    head, member, interview = booked()
    delegate = RoleGrantFactory(role="delegate", on_behalf_of=head).user
    arrived()

    services.move_interview(interview, made.next_week(15), reason="都合", by=delegate)

    mails = arrived()
    assert set(mails) == {head.email, member.email}
    assert f"{delegate.display_name} さんからの理由：" in mails[member.email].body


@pytest.mark.parametrize("email", ["", "a@example.go.jp\nBcc: x@example.go.jp"], ids=ascii)
def test_without_an_address_that_can_be_written_to_the_other_still_gets_his(email):
    head, member = line()
    type(member).objects.filter(pk=member.pk).update(email=email)
    member.refresh_from_db()

    made.interview(head, member)

    (mail,) = OutgoingMail.objects.all()
    assert mail.address == head.email


def test_mails_are_queued_if_and_only_if_the_change_is_kept():
    head, member = line()
    with transaction.atomic():
        made.interview(head, member)
        assert OutgoingMail.objects.count() == 2
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()

    made.interview(head, member)
    with pytest.raises(services.TimeIsTaken):
        made.interview(head, member)
    assert OutgoingMail.objects.count() == 2


def test_talk_logged_or_held_is_announced_to_nobody():
    head, member = line()
    services.log_interview(head, member, Kind.CAREER, made.next_week(10, days=-2))

    assert not OutgoingMail.objects.exists()


def test_proposal_asks_the_person_and_his_wish_goes_back():
    head, member = line()
    days = [weekday for weekday in range(7, 20) if not closed(weekday)][:2]
    periods = [made.next_week(10, days=day) for day in days]
    proposal = proposing_services.propose_times(head, member, Kind.CAREER, periods, by=head)
    (asked,) = arrived().values()
    assert (asked.recipient, asked.calendar) == (member.email, "")
    assert asked.body.count("候補：") == 2

    proposing_services.answer_with_wish(proposal, "午後なら\nいつでも", by=member)

    (answered,) = arrived().values()
    assert answered.recipient == head.email
    assert f"{member.display_name} さんの希望：\n午後なら\nいつでも\n" in answered.body


def test_accepted_proposal_invites_both():
    head, member = line()
    day = next(day for day in range(7, 20) if not closed(day))
    period = made.next_week(10, days=day)
    proposal = proposing_services.propose_times(
        head, member, Kind.CAREER, [period], by=head, place=PLACE
    )
    arrived()

    proposing_services.accept_time(proposal.times.get(), by=member)

    mails = arrived()
    assert set(mails) == {head.email, member.email}
    assert only_event(mails[head.email].calendar)["LOCATION"] == PLACE


def closed(days):
    return bool(proposing_services.why_not(made.next_week(10, days=days)))


BAD = [
    ({"place": "室\nATTENDEE:mailto:x@example.go.jp"}, lines.PLACE_BREAKS),
    ({"place": "室\u2028B"}, lines.PLACE_BREAKS),
    ({"place": "室\x00"}, lines.PLACE_BREAKS),
    ({"online_link": "https://a.example.go.jp/\r\nBcc:x"}, lines.LINK_IS_NONE),
    ({"online_link": "javascript:alert(1)"}, lines.LINK_IS_NONE),
]


@pytest.mark.parametrize(("fields", "sentence"), BAD, ids=ascii)
def test_line_breaks_in_place_and_link_are_refused_with_a_sentence(fields, sentence):
    head, member = line()
    interview = made.interview(head, member)
    later = made.next_week(15)
    day = later.lower.date()

    for act in (
        lambda: services.book(head, member, Kind.CAREER, later, by=member, **fields),
        lambda: services.move_interview(interview, later, reason="都合", by=head, **fields),
        lambda: proposing_services.propose_times(
            head, member, Kind.CAREER, [later], by=head, **fields
        ),
        lambda: offer_slot(
            head,
            Offer(Kind.CAREER, "section", 45, **fields),
            day,
            later.lower.time(),
            by=head,
        ),
    ):
        with pytest.raises(lines.NotToBeSent) as refused:
            act()
        assert refused.value.sentence == sentence
    assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize("place", ["室\nB", "室\u2028B"], ids=ascii)
def test_page_says_beside_the_place_why_it_is_refused_and_keeps_what_was_typed(client, place):
    head, member = line()
    interview = made.interview(head, member)
    client.force_login(member)
    day = made.next_week(15).lower.date().isoformat()
    typed = {"day": day, "starts": "15:00", "minutes": "45", "place": place, "reason": "都合です"}

    response = client.post(reverse("interviews:interview_move", args=[interview.pk]), typed)

    assert response.status_code == 422
    assert response.context["form"].errors == {"place": [lines.PLACE_BREAKS]}
    assert lines.PLACE_BREAKS in response.text
    assert "都合です" in response.text


def test_reason_that_cannot_be_read_is_refused_and_one_of_several_lines_is_not():
    head, member = line()
    interview = made.interview(head, member)
    with pytest.raises(lines.NotToBeSent):
        services.cancel_interview(interview, reason="都合\x07", by=head)
    arrived()

    services.cancel_interview(interview, reason="都合\r\nBcc: x@example.go.jp", by=head)

    mail = arrived()[member.email]
    assert "理由：\n都合\nBcc: x@example.go.jp\n" in mail.body


@pytest.mark.parametrize("field", ["place", "online_link"])
@pytest.mark.parametrize("end", ["\n", "\r", "\u0085", "\u2028"], ids=ascii)
def test_database_refuses_a_second_line_whoever_writes_it(field, end):
    head, member = line()
    rows = [made.interview(head, member), made.slot(head, made.next_week(15))]
    for row in rows:
        with pytest.raises(IntegrityError, match="place_is_one_line"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**{field: f"室{end}B"})
    assert not Interview.objects.filter(**{f"{field}__contains": "室"}).exists()
