"""Rows of the matrix about times of interviews: of the head of section A, for his section and for the writer."""

import datetime

import pytest
from django.urls import reverse

from career_portal.common.clock import today
from interviews.booking import offering_services, proposing_services, services
from interviews.booking.working_time import at, closed_because
from interviews.kinds import Kind
from interviews.models import Interview, InterviewerLimit, InterviewSlot, Proposal
from tests.permissions.matrix import RELATIONS, STRANGERS, TABLE
from tests.permissions.world import undone

pytestmark = pytest.mark.django_db

SIGNED_IN = [relation for relation in RELATIONS if relation not in STRANGERS]
PLACE = {name: place for place, names in TABLE["timing_places"].items() for name in names}
POSTED = {"reason": "会議", "per_day": "3", "step": "withdraw"}


@pytest.fixture(scope="module")
def times(world):
    """A slot, a proposal and a booked talk of the head, on three working days to come."""
    head, writer = world.people["head"], world.people["writer"]
    days, day = [], today() + datetime.timedelta(days=7)
    while len(days) < 3:
        if not closed_because(day):
            days.append(day)
        day += datetime.timedelta(days=1)
    ten = datetime.time(10)
    offer = offering_services.Offer(Kind.CAREER, InterviewSlot.Audience.SECTION, 45)
    return {
        "head": head,
        "writer": writer,
        "slot": offering_services.offer_slot(head, offer, days[0], ten, by=head),
        "proposal": proposing_services.propose_times(
            head, writer, Kind.CAREER, [at(days[1], ten, 45)], by=head
        ),
        "interview": services.book(head, writer, Kind.TERM_START, at(days[2], ten, 45), by=writer),
    }


def address(name, times):
    short = name.removeprefix("interviews:")
    if short == "proposal_new":
        return f"{reverse(name, args=[times['writer'].pk])}?for={times['head'].pk}"
    for kind in ("slot", "proposal", "interview"):
        if short.startswith(f"{kind}_") and short not in ("slot_new", "interview_week"):
            return reverse(name, args=[times[kind].pk])
    return f"{reverse(name)}?for={times['head'].pk}"


def snapshot():
    return {
        *Interview.objects.values_list("pk", "state", "period"),
        *InterviewSlot.objects.values_list("pk", "withdrawn_at"),
        *Proposal.objects.values_list("pk", "state"),
        *InterviewerLimit.objects.values_list("pk", "per_day"),
    }


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_times_answer_as_the_matrix_says(world, times, relation):
    wanted, found = {}, {}
    place = PLACE.get(relation, "others")
    for name, row in TABLE["timing"].items():
        for method, by_place in row.items():
            wanted[name, method] = by_place.get(place, by_place["others"])
            with undone():
                before = snapshot()
                client = world.client(relation)
                answer = getattr(client, method.lower())(
                    address(name, times), POSTED if method == "POST" else {}
                )
                changed = snapshot() != before
            found[name, method] = f"{answer.status_code}{'+' if changed else ''}"

    assert found == wanted


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_coverage_answers_as_the_matrix_says(world, times, relation):
    places = {name: place for place, names in TABLE["coverage_places"].items() for name in names}
    place = places.get(relation, "others")
    section = world.units["here"]
    found = {
        "interviews:coverage_list": reverse("interviews:coverage_list"),
        "interviews:coverage_section": reverse("interviews:coverage_section", args=[section.pk]),
    }
    for name, url in found.items():
        answer = world.client(relation).get(url)
        assert str(answer.status_code) == TABLE["covering"][name]["GET"][place], name
