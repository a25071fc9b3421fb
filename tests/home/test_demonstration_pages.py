"""The pages and people that the benchmarks measure are there in the demonstration."""

from django.test import Client

from tests.benchmarks.pages import visits, walk
from tests.benchmarks.visitors import fillers, open_round
from tests.home.ministry import this_round

PEOPLE, SEED = 300, 11


def test_every_page_measured_answers_whom_it_matters_to(loaded, plain_pdf):
    wrong = []
    for person, name, address in visits():
        client = Client()
        if person is not None:
            client.force_login(person)
        answer = client.get(address)
        if answer.status_code != 200:
            wrong.append((name, address, answer.status_code))

    assert wrong == []


def test_walk_goes_through_pages_that_are_measured(loaded):
    assert {address for _, address, _ in walk()} <= {address for *_, address in visits()}


def test_people_who_fill_in_the_open_round_have_saved_answers(loaded):
    found = fillers(3)

    assert open_round() == this_round()
    assert len(found) == 3
    assert all(filler.answers and filler.versions for filler in found)
