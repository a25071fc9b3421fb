"""How many statements pages and saves put to the database, and that the number does not grow with the rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from career_portal.staff.roles import Role
from surveys import services
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import AssignmentFactory, RoleGrantFactory
from tests.factories.surveys import (
    ALL_PARTS,
    SurveyRoundFactory,
    choose_supervisor,
    full_answers,
    hope_survey,
    save_parts,
    submit,
)
from tests.surveys.browsing import autosave, part_address

# A connection that is kept is looked at once in every request, by a statement that the counts below do not show.
LOOK = 1


def count(act):
    """The statements put while something is done.

    The tests run inside a transaction, so that a savepoint stands for BEGIN and its release for COMMIT; one test below
    looks at the real ones. Actors of the history travel in front of a statement, in one message with it.
    """
    with CaptureQueriesContext(connection) as captured:
        answer = act()
    return answer, [query["sql"] for query in captured.captured_queries]


@pytest.fixture
def statements(signed_in):
    """Count for the page of an address, once what a process reads only once was read."""

    def of_page(address):
        assert signed_in.get(address).status_code == 200
        answer, found = count(lambda: signed_in.get(address))
        assert answer.status_code == 200
        return len(found) + LOOK

    return of_page


@pytest.fixture
def earlier(survey_round, writer):
    """Forms of the years before this one, newest first."""

    def submit(years):
        for before in range(1, years + 1):
            year = SurveyRoundFactory(fiscal_year=survey_round.fiscal_year - before)
            hope_survey(year, writer, "submitted", mark=f"{before}年前")

    return submit


@pytest.mark.parametrize("years", [0, 1, 2], ids=["first year", "second year", "third year"])
@pytest.mark.parametrize("state", ["fresh", "draft", "submitted"])
def test_page_of_every_part_takes_at_most_eight(
    statements, survey_round, writer, earlier, state, years
):
    AssignmentFactory(section=writer.assignments.get().section, head=True)
    earlier(years)
    if state != "fresh":
        hope_survey(survey_round, writer, state, post=PostDescriptionFactory())

    counts = {number: statements(part_address(survey_round, number)) for number in ALL_PARTS}

    assert max(counts.values()) <= 8, counts


@pytest.mark.parametrize("supervisors", [1, 3])
def test_page_of_a_part_does_not_grow_with_supervisors_and_posts(
    statements, survey_round, writer, supervisors
):
    section = writer.assignments.get().section
    for _ in range(supervisors):
        AssignmentFactory(user=writer, is_concurrent=True)
    for assignment in writer.assignments.all():
        AssignmentFactory(section=assignment.section, head=True)
    hope_survey(survey_round, writer, "draft", post=PostDescriptionFactory(section=section))

    assert statements(part_address(survey_round, 6)) <= 8


class TestAutosave:
    @pytest.fixture
    def saved(self, signed_in, survey_round, questionnaire):
        """The statements of a save that the script makes, once what a process reads only once was read."""

        def save(number, *, version, post=None, mark="新しい", status=200):
            address = part_address(survey_round, number)
            for look in (signed_in.get(address), autosave(signed_in, address, {"listener": "x"})):
                assert look.status_code in (200, 409, 422)
            answers = full_answers(questionnaire.part(number), mark, post=post)
            body = {"version": version, **answers.answers, **answers.posts}
            answer, found = count(lambda: autosave(signed_in, address, body))
            assert answer.status_code == status
            return found

        return save

    @pytest.mark.django_db(transaction=True)
    def test_begin_and_commit_are_counted_once_each(self, saved, survey_round, writer):
        hope_survey(survey_round, writer, "draft", numbers=[1])

        found = saved(1, version=1)

        assert [sql for sql in found if sql in ("BEGIN", "COMMIT")] == ["BEGIN", "COMMIT"]
        assert found[-1] == "COMMIT"
        assert len(found) + LOOK <= 10

    @pytest.mark.parametrize("number", ALL_PARTS)
    def test_save_takes_at_most_ten(self, saved, survey_round, writer, number):
        post = PostDescriptionFactory()
        hope_survey(survey_round, writer, "draft", numbers=[number], post=post)

        assert len(saved(number, version=1, post=post)) + LOOK <= 10

    @pytest.mark.parametrize("number", ALL_PARTS)
    def test_first_save_of_a_part_takes_at_most_ten(self, saved, survey_round, writer, number):
        hope_survey(survey_round, writer, "draft", numbers=[1 if number != 1 else 2])

        assert len(saved(number, version=0)) + LOOK <= 10

    @pytest.mark.parametrize("number", ALL_PARTS)
    def test_very_first_save_of_a_form_takes_ten(self, saved, number):
        assert len(saved(number, version=0)) <= 10

    def test_save_of_another_post_takes_at_most_ten(self, saved, survey_round, writer):
        hope_survey(survey_round, writer, "draft", numbers=[6], post=PostDescriptionFactory())

        assert len(saved(6, version=1, post=PostDescriptionFactory())) <= 10

    def test_stale_save_takes_at_most_ten(self, saved, survey_round, writer):
        hope_survey(survey_round, writer, "draft", numbers=[6])

        # Going back to a savepoint takes two statements where a ROLLBACK is one.
        assert len(saved(6, version=3, status=409)) + LOOK - 1 <= 10

    def test_save_during_a_correction_takes_no_more(self, saved, survey_round, writer):
        hope_survey(survey_round, writer, "correcting", numbers=[1])

        assert len(saved(1, version=2)) + LOOK <= 10


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("survey_tasklist", 11),
        ("survey_check", 13),
        ("survey_receipt", 10),
        ("survey_withdraw", 10),
    ],
)
def test_page_of_the_whole_form_does_not_grow_with_parts_years_and_choices(
    statements, survey_round, writer, earlier, name, limit
):
    address = reverse(f"surveys:{name}", args=[survey_round.fiscal_year])
    hope_survey(survey_round, writer, "submitted", numbers=[1])
    small = statements(address)

    services.open_correction(survey_round, by=writer)
    save_parts(survey_round, writer, mark="訂正", post=PostDescriptionFactory())
    submit(survey_round, writer)
    earlier(2)
    for number in (1, 2, 3):
        choose_supervisor(survey_round, writer, number, reads=False)

    assert small == statements(address) <= limit


@pytest.mark.parametrize("name", ["home:home", "surveys:survey_index"])
def test_overview_does_not_grow_with_the_years(statements, survey_round, writer, earlier, name):
    hope_survey(survey_round, writer, "draft")
    earlier(1)
    one = statements(reverse(name))

    for before in (2, 3):
        year = SurveyRoundFactory(fiscal_year=survey_round.fiscal_year - before)
        hope_survey(year, writer, "submitted")

    assert statements(reverse(name)) == one <= 11


@pytest.mark.parametrize("reader", ["head", "hr"])
def test_list_of_forms_does_not_grow_with_the_forms(client, survey_round, writer, reader):
    section = writer.assignments.get().section
    if reader == "head":
        client.force_login(AssignmentFactory(section=section, head=True).user)
        address, shown = reverse("surveys:staff_list"), "members"
    else:
        client.force_login(RoleGrantFactory(role=Role.HR).user)
        address, shown = reverse("surveys:submission_list"), "rows"
    hope_survey(survey_round, writer, "submitted", numbers=[1])

    def statements(rows):
        client.get(address)
        answer, found = count(lambda: client.get(address))
        assert len(answer.context[shown]) == rows
        return len(found) + LOOK

    one = statements(1)
    for _ in range(2):
        hope_survey(
            survey_round, AssignmentFactory(section=section).user, "submitted", numbers=[1, 5]
        )

    assert statements(3) == one <= 10


def test_reading_a_form_does_not_grow_with_its_parts(client, survey_round, writer):
    client.force_login(RoleGrantFactory(role=Role.HR).user)
    other = AssignmentFactory().user
    forms = [
        hope_survey(survey_round, writer, "submitted", numbers=[1]),
        hope_survey(survey_round, other, "submitted", post=PostDescriptionFactory()),
    ]

    counts = []
    for form in forms:
        address = reverse("surveys:submission_detail", args=[form.current_submission_id])
        client.get(address)
        counts.append(len(count(lambda page=address: client.get(page))[1]))

    assert counts[0] == counts[1] <= 12


def test_post_page_does_not_grow_with_the_posts(statements, survey_round):
    address = reverse("surveys:post_pick", args=[survey_round.fiscal_year, 6, "post_1"])
    PostDescriptionFactory()
    one = statements(address)

    for _ in range(2):
        PostDescriptionFactory()

    assert statements(address) == one <= 7
