"""The pages of times: the week, offering, booking in two presses, answering, moving, calling off; constant in statements."""

import datetime

import pytest
from django.urls import reverse

from interviews.booking import proposing_services
from interviews.booking.services import book_slot
from interviews.booking.working_time import at
from interviews.kinds import Kind
from interviews.models import Interview, InterviewSlot, Proposal
from tests.factories import interviews as made
from tests.factories.staff import RoleGrantFactory
from tests.interviews.test_offering import working_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return made.line()


def as_(client, person):
    client.force_login(person)
    return client


def go(name, *args):
    return reverse(f"interviews:{name}", args=args)


def offer(on, **typed):
    return {
        "kind": "career",
        "day": on.isoformat(),
        "starts": "10:00",
        "minutes": "45",
        "audience": "section",
        "place": "別館3階 打合せ室B",
        "online_link": "",
        "buffer": "0",
        "until": "",
        "without": "",
    } | typed


def test_a_slot_is_offered_seen_and_booked_in_two_presses(client, two):
    head, member = two
    day = working_day()
    answer = as_(client, head).post(go("slot_new"), offer(day), follow=True)
    assert "を出しました" in answer.content.decode()
    assert "空き" in answer.content.decode()

    slot = InterviewSlot.objects.get()
    listed = as_(client, member).get(go("slot_list")).content.decode()
    assert go("slot_book", slot.pk) in listed
    booked = client.post(go("slot_book", slot.pk), follow=True).content.decode()
    assert "予約しました" in booked
    assert "別館3階 打合せ室B" in booked
    week = as_(client, head).get(f"{go('interview_week')}?day={day}").content.decode()
    assert member.display_name in week


def test_a_taken_slot_keeps_the_page_and_names_others(client, two):
    head, member = two
    other = made.AssignmentFactory(section=member.assignments.get().section).user
    slot, free = made.slot(head, made.next_week(10)), made.slot(head, made.next_week(15))
    book_slot(slot, by=other)

    answer = as_(client, member).post(go("slot_book", slot.pk))

    assert answer.status_code == 409
    said = answer.content.decode()
    assert go("slot_book", free.pk) in said
    assert other.display_name not in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "十日"}, "日付"),
        ({"day": ""}, "日を入力"),
        ({"starts": "25:00"}, "開始"),
        ({"starts": "03:00"}, "8時30分から"),
        ({"kind": "mentor"}, "種類"),
        ({"place": "部屋\n二行目"}, "1行で入力してください"),
        ({"place": "長" * 121}, "120文字以内"),
        ({"online_link": "javascript:alert(1)"}, "URLを正しく"),
        ({"audience": "named"}, "相手を選んでください"),
        ({"until": "2036-01-01"}, "半年以内"),
        ({"without": "来週"}, "日付として読めません"),
    ],
)
def test_what_cannot_be_offered_is_said_and_what_was_typed_stays(client, two, typed, said):
    answer = as_(client, two[0]).post(go("slot_new"), offer(working_day(), **typed))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page.partition('class="cp-errors')[2].partition("</ul>")[0]
    assert 'value="10:00"' in page or "starts" in typed
    assert not InterviewSlot.objects.exists()


def test_a_proposal_is_answered_on_its_page(client, two):
    head, member = two
    typed = {"kind": "career", "minutes": "45", "place": "", "online_link": ""}
    for number in (1, 2, 3):
        typed |= {f"day_{number}": "", f"starts_{number}": ""}
    typed |= {"day_1": working_day().isoformat(), "starts_1": "10:00"}
    half = as_(client, head).post(go("proposal_new", member.pk), typed | {"starts_2": "11:00"})
    assert half.status_code == 422
    assert "候補2は、日と開始の両方" in half.content.decode()
    as_(client, head).post(go("proposal_new", member.pk), typed)
    proposal = Proposal.objects.get()
    assert "返事待ち" in client.get(go("interview_list")).content.decode()

    page = as_(client, member).get(go("interview_list")).content.decode()
    assert go("proposal_detail", proposal.pk) in page
    assert client.post(go("proposal_detail", proposal.pk), {"wish": " "}).status_code == 422
    client.post(go("proposal_detail", proposal.pk), {"time": "1"})

    assert Interview.objects.get().interviewee == member
    again = client.post(go("proposal_detail", proposal.pk), {"time": "1"}, follow=True)
    assert "すでに返事" in again.content.decode()


def test_moving_and_calling_off_need_a_reason(client, two):
    head, member = two
    interview = made.interview(head, member, at(working_day(), datetime.time(10), 45))
    typed = {
        "day": working_day(2).isoformat(),
        "starts": "14:00",
        "minutes": "30",
        "place": "",
        "online_link": "",
        "reason": "",
    }
    refused = as_(client, member).post(go("interview_move", interview.pk), typed)
    assert refused.status_code == 422

    client.post(go("interview_move", interview.pk), typed | {"reason": "出張のため"})
    interview.refresh_from_db()
    assert interview.period == at(working_day(2), datetime.time(14), 30)
    page = client.get(go("interview_detail", interview.pk)).content.decode()
    assert "出張のため" in page
    as_(client, head).post(go("interview_cancel", interview.pk), {"reason": "会議"})
    interview.refresh_from_db()
    assert interview.state == "cancelled"


def test_a_delegate_sees_times_and_no_more(client, two):
    head, member = two
    mentor = made.mentor()
    delegate = RoleGrantFactory(role="delegate", on_behalf_of=head).user
    day = working_day()
    made.interview(head, member, at(day, datetime.time(10), 45))
    secret = made.interview(mentor, head, at(day, datetime.time(13), 45), Kind.MENTOR)

    week = as_(client, delegate).get(f"{go('interview_week')}?for={head.pk}&day={day}")

    assert member.display_name in week.content.decode()
    assert mentor.display_name not in week.content.decode()
    assert client.get(go("interview_detail", secret.pk)).status_code == 404
    assert as_(client, mentor).get(f"{go('interview_week')}?for={head.pk}").status_code == 403
    own = as_(client, head).get(f"{go('interview_week')}?day={day}").content.decode()
    assert mentor.display_name in own


def test_pages_take_the_same_statements_however_much_there_is(
    client, two, django_assert_max_num_queries
):
    head, member = two
    section = member.assignments.get().section
    people = [made.AssignmentFactory(section=section).user for _ in range(12)]
    day = working_day()
    for number, person in enumerate(people[:8]):
        made.interview(head, person, at(day, datetime.time(9 + number), 30))
        made.slot(head, at(working_day(3), datetime.time(9 + number), 30))
    proposing_services.propose_times(
        head, people[9], Kind.CAREER, [at(day, datetime.time(17, 30), 30)], by=head
    )
    for name in ("interview_list", "interview_week", "slot_new"):
        as_(client, head).get(f"{go(name)}?day={day}")
        with django_assert_max_num_queries(16):
            assert client.get(f"{go(name)}?day={day}").status_code == 200
    as_(client, people[10]).get(go("slot_list"))
    with django_assert_max_num_queries(10):
        assert client.get(go("slot_list")).status_code == 200
