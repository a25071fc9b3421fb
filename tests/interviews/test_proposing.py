"""Proposing times to one person: taking one, wishing for another, withdrawing."""

import datetime

import pytest

from interviews.booking import proposing_services as services
from interviews.booking.services import NotAllowed, TimeIsTaken
from interviews.booking.working_time import at
from interviews.kinds import Kind
from interviews.models import Proposal
from tests.factories import interviews as made
from tests.interviews.test_offering import working_day

pytestmark = pytest.mark.django_db


def times(*hours):
    return [at(working_day(), datetime.time(hour), 45) for hour in hours]


@pytest.fixture
def two():
    return made.line()


@pytest.fixture
def proposal(two):
    head, member = two
    return services.propose_times(head, member, Kind.CAREER, times(15, 10), by=head, place="室B")


def test_times_stand_in_order_and_one_becomes_an_interview(two, proposal):
    first, second = proposal.times.all()
    assert first.period.lower < second.period.lower

    interview = services.accept_time(second, by=two[1])

    proposal.refresh_from_db()
    assert (proposal.state, proposal.interview) == ("accepted", interview)
    assert (interview.place, interview.period) == ("室B", second.period)
    with pytest.raises(services.NotOpen):
        services.accept_time(first, by=two[1])


def test_only_the_one_asked_answers_and_only_who_handles_the_times_withdraws(two, proposal):
    head, member = two
    stranger, _ = made.line()
    for other in (head, stranger):
        with pytest.raises(NotAllowed):
            services.accept_time(proposal.times.first(), by=other)
        with pytest.raises(NotAllowed):
            services.answer_with_wish(proposal, "来週", by=other)
    for other in (member, stranger):
        with pytest.raises(NotAllowed):
            services.withdraw_proposal(proposal, by=other)
    assert services.withdraw_proposal(proposal, by=head).state == "withdrawn"


def test_a_wish_is_an_answer(two, proposal):
    with pytest.raises(services.NotToBeProposed):
        services.answer_with_wish(proposal, "  ", by=two[1])

    answered = services.answer_with_wish(proposal, "来週の午後なら", by=two[1])

    assert (answered.state, answered.wish) == ("answered", "来週の午後なら")
    again = services.propose_times(two[0], two[1], Kind.CAREER, times(16), by=two[0])
    assert again.state == "open"


def test_a_time_that_was_taken_meanwhile_leaves_the_proposal_open(two, proposal):
    head, member = two
    other = made.AssignmentFactory(section=member.assignments.get().section).user
    made.interview(head, other, times(10)[0])

    with pytest.raises(TimeIsTaken):
        services.accept_time(proposal.times.first(), by=member)

    proposal.refresh_from_db()
    assert proposal.state == "open"
    assert services.accept_time(proposal.times.last(), by=member).state == "booked"


def test_what_cannot_be_proposed(two):
    head, member = two
    for periods in ([], times(9, 10, 11, 13), [made.next_week(10, days=-1)], times(7)):
        with pytest.raises(services.NotToBeProposed):
            services.propose_times(head, member, Kind.CAREER, periods, by=head)
    with pytest.raises(NotAllowed):
        services.propose_times(head, made.line()[1], Kind.CAREER, times(10), by=head)
    services.propose_times(head, member, Kind.CAREER, times(10), by=head)
    with pytest.raises(services.NotToBeProposed, match="返事を待っている"):
        services.propose_times(head, member, Kind.CAREER, times(11), by=head)
    assert Proposal.objects.count() == 1
