"""Booking: who may, what is refused, and that nobody sits twice, whatever happens at once."""

import datetime

import pytest
from django.utils import timezone

from interviews.booking import offering_services, services
from interviews.booking.working_time import at
from interviews.kinds import Kind
from interviews.models import Interview, InterviewerLimit, Seat
from tests.factories import interviews as made
from tests.factories.staff import RoleGrantFactory, UserFactory
from tests.interviews.test_offering import working_day
from tests.threads import each_connected

pytestmark = pytest.mark.django_db


def test_a_member_books_a_slot_of_his_head_with_two_seats():
    head, member = made.line()
    slot = made.slot(head, buffer=15, place="別館3階 打合せ室B")

    interview = services.book_slot(slot, by=member)

    assert (interview.kind, interview.place) == (Kind.CAREER, "別館3階 打合せ室B")
    seats = {seat.person_id: seat.period for seat in interview.seats.all()}
    assert seats[member.pk] == slot.period
    assert seats[head.pk].upper - slot.period.upper == datetime.timedelta(minutes=15)
    assert [step.what for step in interview.steps.all()] == ["booked"]


def test_a_slot_is_not_for_others_nor_for_the_interviewer():
    head, _ = made.line()
    slot = made.slot(head)
    for stranger in (made.line()[1], head, UserFactory(ended=True)):
        with pytest.raises(services.NotAllowed):
            services.book_slot(slot, by=stranger)
    assert not Interview.objects.exists()


def test_a_withdrawn_slot_is_not_booked():
    head, member = made.line()
    slot = made.slot(head)
    offering_services.withdraw_slot(slot, by=head)
    with pytest.raises(services.NotAllowed):
        services.book_slot(slot, by=member)


def test_a_taken_slot_answers_with_the_next_free_ones():
    head, member = made.line()
    other = made.AssignmentFactory(section=member.assignments.get().section).user
    first, second = made.slot(head, made.next_week(10)), made.slot(head, made.next_week(13))
    services.book_slot(first, by=member)

    with pytest.raises(services.TimeIsTaken) as refused:
        services.book_slot(first, by=other)

    assert refused.value.next_free == [second]
    assert Interview.objects.count() == 1


def test_the_buffer_of_an_interviewer_is_his_own():
    head, member = made.line()
    section = member.assignments.get().section
    other, third = (made.AssignmentFactory(section=section).user for _ in range(2))
    services.book_slot(made.slot(head, made.next_week(10), buffer=30), by=member)

    with pytest.raises(services.TimeIsTaken):
        services.book_slot(made.slot(head, made.next_week(11)), by=other)
    # The interviewee may go on to the next talk at once.
    mentor = made.mentor()
    made.interview(mentor, member, made.next_week(10, 45), Kind.MENTOR)
    services.book_slot(made.slot(head, made.next_week(11, 15, days=8)), by=third)


def test_nobody_sits_twice_whatever_his_part():
    head, member = made.line()
    mentor = made.mentor()
    made.interview(mentor, head, made.next_week(10), Kind.MENTOR)

    with pytest.raises(services.TimeIsTaken):
        services.book_slot(made.slot(head, made.next_week(10, 30)), by=member)


def test_the_limit_of_a_day_holds():
    head, member = made.line()
    other = made.AssignmentFactory(section=member.assignments.get().section).user
    InterviewerLimit.objects.create(interviewer=head, per_day=1)
    services.book_slot(made.slot(head, made.next_week(10)), by=member)

    with pytest.raises(services.DayIsFull):
        services.book_slot(made.slot(head, made.next_week(15)), by=other)
    services.book_slot(made.slot(head, made.next_week(15, days=8)), by=other)


def test_a_time_that_is_over_is_refused():
    head, member = made.line()
    slot = made.slot(head, made.next_week(10, days=-1))
    with pytest.raises(services.TimeIsOver):
        services.book_slot(slot, by=member)


def test_moving_keeps_the_name_in_calendars_and_frees_the_slot():
    head, member = made.line()
    slot = made.slot(head)
    interview = services.book_slot(slot, by=member)

    moved = services.move_interview(
        interview, made.next_week(16), reason="出張が入ったため", by=member
    )

    assert (moved.uid, moved.sequence, moved.slot) == (interview.uid, 1, None)
    assert {seat.period for seat in moved.seats.all()} == {made.next_week(16)}
    assert [(s.what, s.reason) for s in moved.steps.all()][1:] == [("moved", "出張が入ったため")]
    other = made.AssignmentFactory(section=member.assignments.get().section).user
    assert services.book_slot(slot, by=other).slot == slot


def test_a_move_onto_a_taken_time_changes_nothing():
    head, member = made.line()
    other = made.AssignmentFactory(section=member.assignments.get().section).user
    made.interview(head, other, made.next_week(14))
    interview = made.interview(head, member)

    with pytest.raises(services.TimeIsTaken):
        services.move_interview(interview, made.next_week(14), reason="都合", by=head)

    interview.refresh_from_db()
    assert (interview.period, interview.sequence) == (made.next_week(10), 0)
    assert interview.seats.count() == 2


def test_a_talk_moves_within_a_full_day_and_never_to_a_holiday():
    head, member = made.line()
    day = working_day()
    interview = made.interview(head, member, at(day, datetime.time(10), 45))
    InterviewerLimit.objects.create(interviewer=head, per_day=1)

    later = at(day, datetime.time(15), 45)
    assert services.move_interview(interview, later, reason="会議", by=head).period == later
    holiday = at(datetime.date(2027, 5, 3), datetime.time(10), 45)
    with pytest.raises(services.NotToBeChanged, match="憲法記念日"):
        services.move_interview(interview, holiday, reason="会議", by=head)


def test_cancelling_needs_a_reason_and_frees_both():
    head, member = made.line()
    slot = made.slot(head)
    interview = services.book_slot(slot, by=member)
    with pytest.raises(services.ReasonMissing):
        services.cancel_interview(interview, reason=" ", by=head)

    services.cancel_interview(interview, reason="会議と重なったため", by=head)

    assert not Seat.objects.exists()
    assert services.book_slot(slot, by=member).state == "booked"
    with pytest.raises(services.NotToBeChanged):
        services.cancel_interview(interview, reason="もう一度", by=head)


def test_a_delegate_handles_times_and_others_do_not():
    head, member = made.line()
    delegate = RoleGrantFactory(role="delegate", on_behalf_of=head).user
    interview = made.interview(head, member)
    stranger, _ = made.line()
    with pytest.raises(services.NotAllowed):
        services.cancel_interview(interview, reason="都合", by=stranger)

    services.move_interview(interview, made.next_week(15), reason="都合", by=delegate)

    assert interview.steps.last().by == delegate
    assert not Interview.objects.visible_to(delegate).exists()


def test_a_talk_held_without_a_booking_is_logged():
    head, member = made.line()
    with pytest.raises(services.NotToBeChanged):
        services.log_interview(head, member, Kind.ONE_ON_ONE, made.next_week(10))

    logged = services.log_interview(head, member, Kind.ONE_ON_ONE, made.next_week(10, days=-2))

    assert (logged.state, logged.was_booked, logged.seats.count()) == ("held", False, 0)


@pytest.mark.django_db(transaction=True)
def test_of_ten_at_once_one_gets_the_slot():
    head, member = made.line()
    section = member.assignments.get().section
    people = [member, *(made.AssignmentFactory(section=section).user for _ in range(9))]
    slot = made.slot(head)

    def press(number):
        try:
            return services.book_slot(slot, by=people[number]).pk
        except services.TimeIsTaken:
            return None

    found = each_connected(10, press)

    assert sum(pk is not None for pk in found) == 1
    assert Seat.objects.count() == 2
    assert timezone.now() < slot.period.lower
