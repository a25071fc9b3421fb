"""Rows of the matrix about forms of others: exactly the parts and people that it gives, and no trace of the rest."""

import pytest

from career_portal.staff.models import User
from surveys.asked import asked
from tests.factories.surveys import field_name, questionnaire
from tests.permissions.forms import (
    DETAIL,
    LIST,
    MARK,
    MEMBERS,
    PERSON,
    RELEASED,
    STAFF,
    choose,
    fill,
    listed,
    put_release,
    release_as,
    rows_of,
    shown_parts,
    steady,
)
from tests.permissions.matrix import RELATIONS, STRANGERS, TABLE

pytestmark = pytest.mark.django_db

PARTS = {(row["choice"], row["listener"]): row for row in TABLE["parts"]}
SUBMISSIONS = TABLE["submissions"]
HR = ("hr", "both")
SUPERVISORS = ("supervisor", "both")


@pytest.fixture(scope="module")
def forms(world):
    return fill(world)


def capacity_of(relation, form):
    return TABLE["capacities"][form.capacities].get(relation)


def expected_parts(relation, form, choice="default"):
    """What the matrix gives: the parts, perhaps none, or the status where not even the form may be seen."""
    if relation in STRANGERS:
        return 302
    if relation == "mentor" and SUBMISSIONS[form.submission]["mentor"]:
        return set(form.released) or 404
    capacity = capacity_of(relation, form)
    kinds = ("supervisor", "hr") if capacity == "both" else (capacity,)
    readable = [kind for kind in kinds if kind and SUBMISSIONS[form.submission][kind]]
    if not readable:
        return 404
    return set(PARTS[choice, form.listener][capacity if len(readable) == len(kinds) else "hr"])


def found_parts(client, form):
    response = client.get(DETAIL.format(form.pk))
    page = response.content.decode()
    if response.status_code != 200:
        assert MARK not in page
        return response.status_code
    assert response["Cache-Control"] == "private, no-store"
    assert "本人が開示した範囲です。" in page
    return shown_parts(page)


def status_of(world, relation, address, name, **query):
    """The page of a list, after its status was found to be what the matrix says."""
    response = world.client(relation).get(address, query)
    allowed = relation in TABLE["reading"][name]["GET"]
    expected = 302 if relation in STRANGERS else 200 if allowed else 403
    assert response.status_code == expected
    page = response.content.decode()
    assert MARK not in page
    assert allowed or not listed(page)
    return page


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


@pytest.mark.parametrize("listener", ["mentor", "supervisor", "hr", "undecided"])
@pytest.mark.parametrize("choice", TABLE["releases"])
def test_mentors_read_exactly_what_was_released_to_them_and_nobody_else_reads_more(
    world, forms, choice, listener
):
    form = forms[f"listens_{listener}"]
    whose = "mentor" if listener == "mentor" else "another"
    readers = TABLE["releases"][choice][f"while_{whose}_listens"]
    release_as(world, form, choice)

    found = {relation: found_parts(world.client(relation), form) for relation in RELATIONS}
    lists = {
        relation: listed(world.client(relation).get(RELEASED).content.decode())
        for relation in RELATIONS
    }

    expected = {relation: expected_parts(relation, form) for relation in RELATIONS}
    assert found == expected | {reader: set(parts) for reader, parts in readers.items()}
    assert {relation for relation in RELATIONS if form.pk in lists[relation]} == readers.keys()


def test_release_of_circumstances_shows_nobody_anything(world, forms):
    form = forms["listens_mentor"]
    put_release(form, world.people["mentor"], 7)

    assert found_parts(world.client("mentor"), form) == 404

    release_as(world, form, "named")
    assert found_parts(world.client("mentor"), form) == {8}


@pytest.mark.parametrize("relation", RELATIONS)
def test_staff_list_shows_exactly_who_is_supervised_today_and_has_taken_part(
    world, forms, relation
):
    page = status_of(world, relation, STAFF, "surveys:staff_list")
    names = {world.people[name].display_name for name in TABLE["staff"].get(relation, ())}
    if TABLE["capacities"]["member"].get(relation) in SUPERVISORS:
        names |= {person.display_name for person in User.objects.filter(family_name=MEMBERS)}
    readable = {
        form.writer.display_name: form.pk
        for form in forms.values()
        if capacity_of(relation, form) in SUPERVISORS and SUBMISSIONS[form.submission]["supervisor"]
    }

    rows = rows_of(page)

    assert rows.keys() == names
    assert {name: listed(row) for name, row in rows.items()} == {
        name: {readable[name]} if name in readable else set() for name in names
    }
    assert {name for name, row in rows.items() if "提出済み" in row} == readable.keys()
    assert {name for name, row in rows.items() if "まだ" in row} == names - readable.keys()


@pytest.mark.parametrize("relation", RELATIONS)
def test_list_of_hr_leads_to_exactly_the_forms_in_scope(world, forms, relation):
    readable = {
        form.pk
        for form in forms.values()
        if capacity_of(relation, form) in HR and SUBMISSIONS[form.submission]["hr"]
    }
    found = set()

    for when in ("open", "closed", "future"):
        year = world.rounds[when].fiscal_year
        found |= listed(status_of(world, relation, LIST, "surveys:submission_list", year=year))

    assert found == readable


@pytest.mark.parametrize("relation", RELATIONS)
def test_list_of_a_mentor_names_exactly_the_forms_and_parts_released_to_him(world, forms, relation):
    page = status_of(world, relation, RELEASED, "surveys:released_list")
    released = {
        form.pk: form
        for form in forms.values()
        if relation == "mentor" and form.released and SUBMISSIONS[form.submission]["mentor"]
    }

    rows = rows_of(page)

    assert listed(page) == released.keys()
    assert len(rows) == len(released)
    titles = {part.title: part.number for part in asked(questionnaire()).parts}
    for form in released.values():
        row = rows[form.writer.display_name]
        assert {titles[title] for title in titles if title in row} == set(form.released)


@pytest.mark.parametrize(
    "name", ["listens_supervisor", "earlier", "withdrawn", "head", "hr_ministry"]
)
def test_wishes_of_the_years_are_shown_to_hr_in_scope_alone(world, forms, name):
    form, expected, found = forms[name], {}, {}
    is_in_force = SUBMISSIONS[form.submission]["hr"]

    for relation in RELATIONS:
        is_hr = capacity_of(relation, form) in HR
        expected[relation] = 302 if relation in STRANGERS else 200 if is_hr else 404
        response = world.client(relation).get(PERSON.format(form.writer.pk))
        found[relation] = response.status_code
        page = response.content.decode()
        assert MARK not in page
        assert listed(page) == ({form.pk} if is_hr and is_in_force else set())
        assert (field_name() in page) is ("企画係長" in page) is (is_hr and is_in_force)

    assert found == expected


def test_nobody_reaches_his_own_form_through_the_reading_pages(world, forms, client):
    for form in forms.values():
        client.force_login(form.writer)

        assert client.get(DETAIL.format(form.pk)).status_code == 404
        assert client.get(PERSON.format(form.writer.pk)).status_code == 404
        for address in (LIST, STAFF, RELEASED):
            page = client.get(address).content.decode()
            assert form.pk not in listed(page)
            assert form.writer.display_name not in rows_of(page)


@pytest.mark.parametrize("address", [DETAIL, PERSON])
def test_what_is_out_of_reach_answers_like_what_does_not_exist(world, forms, address):
    client = world.client("other_head")
    form = forms["listens_supervisor"]
    there = [form.pk, forms["withdrawn"].pk] if address == DETAIL else [form.writer.pk]

    pages = {steady(client.get(address.format(pk))) for pk in (*there, 10**9, 10**30)}

    assert len(pages) == 1
