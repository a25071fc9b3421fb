"""Rows of the matrix about imports: who sees, confirms, hands over, approves and undoes whose."""

import pytest
from django.urls import reverse
from django.utils import timezone

from career_portal.common.clock import today
from postings import services
from postings.models import PostDescription, PostImport, PostVersion
from postings.workbook.storing import as_json
from tests.factories.postings import content, framework
from tests.permissions.matrix import RELATIONS, STRANGERS, TABLE
from tests.permissions.world import undone

pytestmark = pytest.mark.django_db

SIGNED_IN = [relation for relation in RELATIONS if relation not in STRANGERS]
WHOLE = TABLE["scopes"]["whole"]
HR = TABLE["carers"]["hr"]


@pytest.fixture(scope="module", autouse=True)
def _skills(world):
    framework()


def made(world, uploader, name):
    """An import of a post of section A, in the state that a route asks for."""
    section = world.units["here"]
    writer = world.people["section_editor"]
    found = PostImport.objects.create(
        file_name="a.csv", state="checked", added=1, total=1, uploaded_by=uploader
    )
    row = found.rows.create(
        number=2,
        kind="added",
        title="係長",
        section=section,
        said={"content": as_json(content())},
    )
    if name == "postings:import_confirm":
        return found
    version = services.create_post(section, content(), by=writer)
    row.made, row.made_edit, row.post = version, version.edit, version.post
    row.save()
    if name == "postings:import_approve":
        services.submit_for_review(version, by=writer)
    PostImport.objects.filter(pk=found.pk).update(
        state="confirmed", confirmed_by=uploader, confirmed_at=timezone.now()
    )
    return found


def snapshot():
    return {
        *PostImport.objects.values_list("pk", "state"),
        *PostVersion.objects.values_list("pk", "stage"),
        *PostDescription.objects.values_list("pk", "shown"),
    }


def ask(world, relation, name, method, uploader):
    with undone():
        found = made(world, uploader, name)
        before = snapshot()
        client = world.client(relation)
        data = {"publish_on": today().isoformat()} if method == "POST" else {}
        response = getattr(client, method.lower())(reverse(name, args=[found.pk]), data)
        return f"{response.status_code}{'+' if snapshot() != before else ''}"


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_every_page_of_an_import_answers_as_the_matrix_says(world, relation):
    person = world.people[relation]
    another = world.people["hr_ministry" if relation != "hr_ministry" else "deputy_with_hr"]
    wanted, found = {}, {}
    for name, row in TABLE["importing"].items():
        for method, by_whose in row.items():
            for whose, uploader in {"own": person, "another's": another}.items():
                scope = "own" if whose == "own" else "whole" if relation in WHOLE else "scoped"
                wanted[name, method, whose] = by_whose[scope] if relation in HR else "403"
                found[name, method, whose] = ask(world, relation, name, method, uploader)
    # A post of section A is nothing that HR of another bureau hands over or takes back.
    if relation == "hr_other_bureau":
        wanted["postings:import_submit", "POST", "own"] = "302"

    assert found == wanted


@pytest.mark.parametrize("name", TABLE["importing"])
def test_import_that_does_not_exist_is_not_found_by_hr_and_refused_to_others(world, name):
    method = "post" if "POST" in TABLE["importing"][name] else "get"
    found = {
        relation: getattr(world.client(relation), method)(reverse(name, args=[10**9])).status_code
        for relation in ("hr_ministry", "hr_section", "writer")
    }

    assert found == {"hr_ministry": 404, "hr_section": 404, "writer": 403}
