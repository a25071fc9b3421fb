"""Rows of the matrix about forms of others: exactly the parts that it gives, and no trace of the rest."""

import pytest

from tests.permissions.forms import DETAIL, LIST, MARK, choose, fill, listed, shown_parts, steady
from tests.permissions.matrix import RELATIONS, STRANGERS, TABLE

pytestmark = pytest.mark.django_db

PARTS = {(row["choice"], row["listener"]): row for row in TABLE["parts"]}
SUBMISSIONS = TABLE["submissions"]


@pytest.fixture(scope="module")
def forms(world):
    return fill(world)


def expected_parts(relation, form, choice="default"):
    """What the matrix gives: the parts, or the status where there are none."""
    if relation in STRANGERS:
        return 302
    capacity = TABLE["capacities"][form.capacities].get(relation)
    if capacity is None:
        return 404
    kinds = ("supervisor", "hr") if capacity == "both" else (capacity,)
    readable = [kind for kind in kinds if SUBMISSIONS[form.submission][kind]]
    if not readable:
        return 404
    return set(PARTS[choice, form.listener][capacity if len(readable) == len(kinds) else "hr"])


def found_parts(client, form):
    response = client.get(DETAIL.format(form.pk))
    if response.status_code != 200:
        assert MARK not in response.content.decode()
        return response.status_code
    assert response["Cache-Control"] == "private, no-store"
    return shown_parts(response.content.decode())


@pytest.mark.parametrize(("choice", "listener"), PARTS)
def test_members_form_shows_each_relation_exactly_its_parts(world, forms, choice, listener):
    form = forms[f"listens_{listener}"]
    choose(world, form, choice)

    found = {relation: found_parts(world.client(relation), form) for relation in RELATIONS}

    assert found == {relation: expected_parts(relation, form, choice) for relation in RELATIONS}


@pytest.mark.parametrize(
    "name",
    ["head", "hr_ministry", "corrected", "withdrawn", "earlier", "replaced", "replacement"],
)
def test_forms_of_heads_and_hr_and_of_every_fate_show_exactly_their_parts(world, forms, name):
    form = forms[name]

    found = {relation: found_parts(world.client(relation), form) for relation in RELATIONS}

    assert found == {relation: expected_parts(relation, form) for relation in RELATIONS}


@pytest.mark.parametrize("relation", RELATIONS)
def test_list_leads_to_exactly_the_forms_of_which_something_may_be_read(world, forms, relation):
    readable = {
        form.pk for form in forms.values() if isinstance(expected_parts(relation, form), set)
    }
    found = set()
    for when in ("open", "closed", "future"):
        response = world.client(relation).get(LIST, {"year": world.rounds[when].fiscal_year})
        page = response.content.decode()
        found |= listed(page)
        assert response.status_code == (302 if relation in STRANGERS else 200)
        assert MARK not in page

    assert found == readable


def test_nobody_reaches_his_own_form_through_the_reading_pages(world, forms, client):
    for form in forms.values():
        client.force_login(form.writer)

        assert client.get(DETAIL.format(form.pk)).status_code == 404
        assert form.pk not in listed(client.get(LIST).content.decode())


def test_form_out_of_reach_answers_like_one_that_does_not_exist(world, forms):
    client = world.client("other_head")

    pages = {
        steady(client.get(DETAIL.format(pk)))
        for pk in (forms["listens_supervisor"].pk, forms["withdrawn"].pk, 10**9, 10**30)
    }

    assert len(pages) == 1
