"""Offering times: single, weekly without holidays, for whom; and taking them back."""

import datetime

import pytest

from career_portal.common.clock import today
from interviews.booking import offering_services as services
from interviews.booking.services import NotAllowed, book_slot
from interviews.booking.working_time import closed_because
from interviews.kinds import Kind
from interviews.models import InterviewSlot
from tests.factories import interviews as made
from tests.factories.staff import RoleGrantFactory

pytestmark = pytest.mark.django_db

TEN = datetime.time(10)
SECTION = services.Offer(Kind.CAREER, InterviewSlot.Audience.SECTION, 45)


def working_day(weeks=1):
    """A day to come on which the ministry is open."""
    day = today() + datetime.timedelta(weeks=weeks)
    while closed_because(day):
        day += datetime.timedelta(days=1)
    return day


def test_holidays_weekends_and_the_turn_of_the_year_are_known():
    assert closed_because(datetime.date(2026, 11, 3)) == "文化の日"
    assert closed_because(datetime.date(2026, 5, 6)) == "振替休日"
    assert closed_because(datetime.date(2026, 12, 30)) == "年末年始"
    assert closed_because(datetime.date(2026, 11, 7)) == "土曜日"
    assert closed_because(datetime.date(2026, 11, 4)) == ""


@pytest.mark.parametrize(
    ("day", "starts", "said"),
    [
        (datetime.date(2027, 5, 3), TEN, "憲法記念日"),
        (datetime.date(2027, 5, 8), TEN, "土曜日"),
        (datetime.date(2027, 5, 10), datetime.time(7), "8時30分から19時まで"),
        (datetime.date(2027, 5, 10), datetime.time(18, 30), "8時30分から19時まで"),
        (datetime.date(2020, 5, 11), TEN, "過ぎた時間"),
    ],
)
def test_times_at_which_nobody_can_talk_are_refused(day, starts, said):
    head, _ = made.line()
    with pytest.raises(services.NotToBeOffered, match=said):
        services.offer_slot(head, SECTION, day, starts, by=head)
    assert not InterviewSlot.objects.exists()


def test_two_slots_at_one_time_are_refused():
    head, _ = made.line()
    day = working_day()
    services.offer_slot(head, SECTION, day, TEN, by=head)
    with pytest.raises(services.NotToBeOffered, match="ほかの面談枠"):
        services.offer_slot(head, SECTION, day, datetime.time(10, 30), by=head)


def test_a_series_leaves_out_holidays_exceptions_and_taken_times():
    head, _ = made.line()
    first = datetime.date(2027, 4, 26)
    services.offer_slot(head, SECTION, datetime.date(2027, 5, 17), TEN, by=head)

    found = services.offer_series(
        head,
        SECTION,
        first,
        datetime.date(2027, 5, 24),
        TEN,
        without={datetime.date(2027, 5, 10)},
        by=head,
    )

    assert [made.timezone.localdate(s.period.lower).day for s in found.slots] == [26, 24]
    assert {day.isoformat()[5:] for day, _ in found.left_out} == {"05-03", "05-10", "05-17"}
    assert {slot.series.weekday for slot in found.slots} == {0}


def test_a_series_without_any_day_is_refused_whole():
    head, _ = made.line()
    day = datetime.date(2027, 5, 3)
    with pytest.raises(services.NotToBeOffered, match="憲法記念日"):
        services.offer_series(head, SECTION, day, day, TEN, by=head)
    with pytest.raises(services.NotToBeOffered, match="半年以内"):
        services.offer_series(head, SECTION, day, datetime.date(2028, 5, 3), TEN, by=head)


def test_named_people_alone_see_what_is_meant_for_them():
    head, member = made.line()
    other = made.AssignmentFactory(section=member.assignments.get().section).user
    named = services.Offer(Kind.ONE_ON_ONE, InterviewSlot.Audience.NAMED, 30, people=(member,))
    slot = services.offer_slot(head, named, working_day(), TEN, by=head)

    offered = InterviewSlot.objects.offered_to
    assert list(offered(member)) == [slot]
    assert not offered(other).exists()
    stranger = made.line()[1]
    wrong = services.Offer(Kind.ONE_ON_ONE, InterviewSlot.Audience.NAMED, 30, people=(stranger,))
    with pytest.raises(services.NotToBeOffered, match="できません"):
        services.offer_slot(head, wrong, working_day(), datetime.time(14), by=head)


def test_a_mentor_offers_to_mentees_and_not_to_a_section():
    mentor, person = made.mentor(), made.line()[1]
    with pytest.raises(services.NotToBeOffered, match="名前を挙げて"):
        services.offer_slot(
            mentor,
            services.Offer(Kind.MENTOR, InterviewSlot.Audience.SECTION, 45),
            working_day(),
            TEN,
            by=mentor,
        )
    slot = services.offer_slot(
        mentor,
        services.Offer(Kind.MENTOR, InterviewSlot.Audience.MENTEES, 45, people=(person,)),
        working_day(),
        TEN,
        by=mentor,
    )
    assert book_slot(slot, by=person).kind == Kind.MENTOR


def test_a_delegate_offers_for_the_head_and_a_stranger_does_not():
    head, member = made.line()
    delegate = RoleGrantFactory(role="delegate", on_behalf_of=head).user
    slot = services.offer_slot(head, SECTION, working_day(), TEN, by=delegate)
    assert (slot.interviewer, slot.made_by) == (head, delegate)
    for stranger in (member, made.line()[0]):
        with pytest.raises(NotAllowed):
            services.offer_slot(head, SECTION, working_day(2), TEN, by=stranger)
        with pytest.raises(NotAllowed):
            services.withdraw_slot(slot, by=stranger)


def test_taking_a_series_back_keeps_what_is_booked():
    head, member = made.line()
    found = services.offer_series(
        head,
        SECTION,
        datetime.date(2027, 5, 10),
        datetime.date(2027, 5, 24),
        TEN,
        by=head,
    )
    booked = book_slot(found.slots[0], by=member)

    assert services.withdraw_series(found.slots[0].series, by=head) == 2

    assert booked.seats.count() == 2
    assert not InterviewSlot.objects.offered_to(member).free().exists()
