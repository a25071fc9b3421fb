"""Rows of the matrix about feedback sheets: who runs and follows releases, who reads the sheet of a section and when."""

import datetime

import pytest
from django.urls import reverse

from career_portal.common.clock import today
from surveys.feedback_sheets import preparing_services
from surveys.models import (
    FeedbackRelease,
    FeedbackSheet,
    ImprovementAction,
    RoundImport,
    SheetDownload,
    SheetOpening,
)
from surveys.past_rounds import upload_services
from tests.factories import feedback
from tests.factories.past_rounds import PastFiles
from tests.permissions.matrix import RELATIONS, STRANGERS, TABLE
from tests.permissions.world import undone

pytestmark = pytest.mark.django_db

SIGNED_IN = [relation for relation in RELATIONS if relation not in STRANGERS]
OFFICE = {name: office for office, names in TABLE["releases_by"].items() for name in names}
READER = {name: kind for kind, names in TABLE["sheet_readers"].items() for name in names}
STATES = ("made", "told", "open")
DAY = datetime.timedelta(days=1)
FREEZES = {"untouched": 2041, "running": 2042, "made": 2043, "told": 2044, "open": 2045}
NEEDS = {
    "surveys:release_start": "untouched",
    "surveys:release_steer": "running",
    "surveys:sheet_retry": "running",
    "surveys:release_correct": "open",
}
POSTED = {
    "step": "pause",
    "reason": "集計の誤り",
    **{f"text_{number}": "朝会" for number in (1, 2, 3)},
    **{f"item_{number}": "" for number in (1, 2, 3)},
    **{f"status_{number}": "planned" for number in (1, 2, 3)},
}


@pytest.fixture(scope="module")
def ministry(world):
    """The world with a release of section A in every state."""
    like = feedback.Ministry(None)
    like.bureaus = {"局": world.units["bureau"]}
    like.sections = {"ここ": world.units["here"], "隣": world.units["next_door"]}
    world.releases = {}
    for state, year in FREEZES.items():
        tree = {"局": {"ここ": 20, "隣": 30}}
        made = feedback.freeze(tree, feedback.closed_round(year), like=like)
        if state == "untouched":
            continue
        release = preparing_services.prepare_release(made.freeze)
        if state == "running":
            release.sheets.update(state=FeedbackSheet.State.FAILED)
        else:
            feedback.finished(release)
        if state in ("told", "open"):
            feedback.opened(release, today() + (DAY if state == "told" else 0 * DAY))
        world.releases[state] = release
    world.past_round = upload_services.keep_files(
        PastFiles(year=2023).content(),
        fiscal_year=2023,
        reference_date=datetime.date(2023, 10, 1),
        reason="",
        by=world.people["feedback_admin"],
    )
    return world


def address(world, name, state):
    arguments = {"year": FREEZES[state], "number": 1}
    if name in ("surveys:release_list", "surveys:past_round_list"):
        return reverse(name)
    if name.startswith("surveys:past_round_"):
        return reverse(name, args=[world.past_round.pk])
    if name in ("surveys:release_start", "surveys:plan_detail", "surveys:release_correct"):
        return reverse(name, kwargs={"year": arguments["year"]})
    release = world.releases[state]
    if name == "surveys:bureau_zip":
        arguments["pk"] = release.freeze.units.get(level="bureau").pk
    elif name.startswith("surveys:sheet_"):
        arguments["pk"] = release.sheets.get(unit__name="ここ").pk
    return reverse(name, kwargs=arguments)


def snapshot():
    return {
        *FeedbackRelease.objects.values_list("pk", "state", "published_at"),
        *FeedbackSheet.objects.values_list("pk", "state", "attempts"),
        *RoundImport.objects.values_list("pk", "freeze"),
        *SheetOpening.objects.values_list("pk", "user"),
        *SheetDownload.objects.values_list("pk", "user", "kind"),
        *ImprovementAction.objects.values_list("pk", "text", "written_by"),
    }


def ask(world, relation, method, name, state):
    """Status of the answer, with a plus where anything changed; all is undone."""
    with undone():
        before = snapshot()
        response = getattr(world.client(relation), method.lower())(
            address(world, name, state), POSTED if method == "POST" else {}
        )
        if response.streaming:
            response.getvalue()
        changed = snapshot() != before
    return f"{response.status_code}{'+' if changed else ''}"


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_releases_answer_as_the_matrix_says(ministry, relation):
    wanted, found = {}, {}
    for name, row in TABLE["releasing"].items():
        for method, by_office in row.items():
            wanted[name, method] = by_office.get(OFFICE.get(relation), "403")
            state = NEEDS.get(name, "made")
            found[name, method] = ask(ministry, relation, method, name, state)

    assert found == wanted


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_sheet_of_a_section_answers_as_the_matrix_says(ministry, relation):
    wanted, found = {}, {}
    kind = READER.get(relation, "others")
    for name, row in TABLE["sheets"].items():
        for method, by_state in row.items():
            for state in STATES:
                wanted[name, method, state] = by_state[state][kind]
                found[name, method, state] = ask(ministry, relation, method, name, state)

    assert found == wanted


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_sheets_of_bureau_and_ministry_are_read_by_all_from_the_day_they_open(ministry, relation):
    found = {}
    for state in STATES:
        for sheet in ministry.releases[state].sheets.exclude(unit__level="section"):
            arguments = [FREEZES[state], 1, sheet.pk]
            for name in ("sheet_detail", "sheet_pdf"):
                url = reverse(f"surveys:{name}", args=arguments)
                with undone():
                    answer = ministry.client(relation).get(url)
                found[state, name, sheet.unit.level] = answer.status_code

    is_office = READER.get(relation) == "offices"
    assert {found[key] for key in found if key[0] == "open"} == {200}
    assert {found[key] for key in found if key[0] != "open"} == {200 if is_office else 404}


@pytest.mark.parametrize("pk", [10**9, 10**18])
def test_addresses_that_name_nothing_are_not_found(ministry, pk):
    for relation in ("feedback_admin", "writer"):
        for name in TABLE["sheets"]:
            url = reverse(name, kwargs={"year": FREEZES["open"], "number": 1, "pk": pk})
            assert ministry.client(relation).get(url).status_code == 404
    for year, number in ((1999, 1), (99_999, 1), (FREEZES["open"], 99_999)):
        url = reverse("surveys:release_detail", args=[year, number])
        assert ministry.client("feedback_admin").get(url).status_code == 404
        assert ministry.client("writer").get(url).status_code == 403
