"""Pages of posts put as many statements to the database for thirty posts as for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from postings import keeping_services
from tests.factories.staff import AssignmentFactory
from tests.factories.surveys import SurveyRoundFactory, hope_survey
from tests.postings.ministry import open_posts

pytestmark = pytest.mark.django_db

LIMITS = {
    "detail": 12,
    "compare": 9,
    "kept": 7,
    "map": 5,
    "bureau": 7,
    "skills": 5,
    "skill": 7,
    "news": 11,
    "matches": 11,
}


@pytest.fixture
def writer():
    return AssignmentFactory().user


@pytest.fixture
def addresses(client, writer):
    """The pages by name, with as many posts as asked for behind them."""
    client.force_login(writer)
    survey_round = SurveyRoundFactory()
    hope_survey(survey_round, writer, "draft", numbers=[2, 3, 4])

    def of(number):
        posts = open_posts(number)
        for post in posts:
            keeping_services.keep_post(post, by=writer)
        chosen = "&".join(f"post={post.pk}" for post in posts[:3])
        return {
            "detail": reverse("postings:post_detail", args=[posts[0].pk]),
            "compare": f"/postings/compare/?{chosen}",
            "kept": "/postings/kept/",
            "map": "/postings/map/",
            "bureau": reverse("postings:bureau_map", args=[posts[0].section.bureau_id]),
            "skills": "/postings/skills/",
            "skill": "/postings/skills/A2/",
            "news": "/postings/news/",
            "matches": f"/surveys/{survey_round.fiscal_year}/matches/",
        }

    return of


def count(client, address):
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_pages_do_not_grow_with_the_posts(client, addresses):
    few = {name: count(client, address) for name, address in addresses(3).items()}
    many = {name: count(client, address) for name, address in addresses(30).items()}

    assert many == few
    assert {name: number for name, number in few.items() if number > LIMITS[name]} == {}
