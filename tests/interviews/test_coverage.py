"""Coverage: by section, people and no content; talks with a mentor or HR count for nothing."""

import pytest
from django.urls import reverse

from career_portal.staff.roles import Role
from interviews.booking import proposing_services
from interviews.coverage import covered_by
from interviews.kinds import Kind
from tests.factories import interviews as made
from tests.factories.staff import RoleGrantFactory, SectionFactory
from tests.interviews.test_proposing import times

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    """A section with a head and four members: held, booked, proposed, and a talk with a mentor only."""
    section = SectionFactory()
    head, first = made.line(section)
    second, third, fourth = (made.AssignmentFactory(section=section).user for _ in range(3))
    made.held(head, first, days=0)
    made.interview(head, second, times(10)[0])
    proposing_services.propose_times(head, third, Kind.CAREER, times(13), by=head)
    made.held(made.mentor(), fourth, Kind.MENTOR, days=0)
    section.people = [first, second, third, fourth]
    return section


def test_members_are_counted_by_how_far_their_talk_is(section):
    (row,) = covered_by(RoleGrantFactory(role=Role.HR, section=section).user)

    assert (row.held, row.open, row.not_offered) == (1, 2, 1)
    assert row.people["まだ"] == [section.people[3].pk]


def test_scope_ends_at_the_bureau(section):
    made.line()
    officer = RoleGrantFactory(role=Role.HR, bureau=section.bureau).user
    assert [row.section for row in covered_by(officer)] == [section]
    assert len(covered_by(RoleGrantFactory(role=Role.HR).user)) == 2
    assert covered_by(section.people[0]) == []


def test_pages_show_people_and_nothing_of_other_talks(client, section):
    client.force_login(RoleGrantFactory(role=Role.HR, section=section).user)
    listed = client.get(reverse("interviews:coverage_list")).content.decode()
    page = client.get(reverse("interviews:coverage_section", args=[section.pk])).content.decode()

    assert "4人中 1人が済み" in listed
    for person in section.people:
        assert person.display_name in page
    assert "メンターとの面談" not in page
    elsewhere = made.line()[0].assignments.get().section
    answer = client.get(reverse("interviews:coverage_section", args=[elsewhere.pk]))
    assert answer.status_code == 404
