"""Up to three posts side by side: chosen while searching, named by an address, told apart."""

import pytest
from django.urls import reverse

from postings.choosing import ComparisonFull
from postings.content import SkillLine
from tests.factories.postings import PostDescriptionFactory, archive
from tests.factories.staff import UserFactory
from tests.surveys.browsing import Page

pytestmark = pytest.mark.django_db

COMPARISON = "/postings/compare/"


@pytest.fixture
def visitor(client):
    client.force_login(UserFactory())
    return client


@pytest.fixture
def posts():
    skills = (SkillLine("B1-02", 3, "署名まで経験できます。"),)
    return [
        PostDescriptionFactory(title=f"{name}担当 係長", gained=skills, place=place)
        for name, place in (
            ("通商", "霞が関"),
            ("標準", "霞が関"),
            ("統計", "大阪"),
            ("税", "霞が関"),
        )
    ]


def choose(client, post, **body):
    return client.post(reverse("postings:compare_change", args=[post.pk]), body)


def address(*posts):
    return f"{COMPARISON}?{'&'.join(f'post={post.pk}' for post in posts)}"


def test_choice_is_remembered_and_becomes_an_address(visitor, posts):
    first = choose(visitor, posts[1], compare="1", next="/postings/map/?a=b#choose")
    choose(visitor, posts[0], compare="1")
    choose(visitor, posts[0], compare="1")

    assert first.headers["Location"] == "/postings/map/?a=b#choose"
    assert visitor.get(COMPARISON).headers["Location"] == address(posts[1], posts[0])
    page = Page(visitor.get(reverse("postings:post_detail", args=[posts[0].pk])))
    assert "比較に2件入っています" in page.texts["main"]


def test_fourth_gets_a_sentence_and_nothing_changes(visitor, posts):
    for post in posts[:3]:
        choose(visitor, post, compare="1")

    answer = visitor.post(
        reverse("postings:compare_change", args=[posts[3].pk]), {"compare": "1"}, follow=True
    )

    assert ComparisonFull.sentence in answer.text
    assert answer.redirect_chain[-1][0] == address(*posts[:3])


def test_post_is_taken_out_again(visitor, posts):
    for post in posts[:2]:
        choose(visitor, post, compare="1")

    choose(visitor, posts[0])

    assert visitor.get(COMPARISON).headers["Location"] == address(posts[1])


def test_rows_tell_what_is_the_same_and_what_is_not(visitor, posts):
    groups = visitor.get(address(*posts[:3])).context["groups"]

    rows = {row.label: row for group in groups for row in group.rows}
    assert rows["業務内容"].is_same
    assert not rows["勤務地"].is_same
    assert [cell.lines for cell in rows["勤務地"].cells] == [("霞が関",), ("霞が関",), ("大阪",)]
    assert rows["通商・貿易"].is_same
    assert "テレワーク" not in rows


def test_skill_of_one_post_alone_leaves_the_others_empty(visitor, posts):
    other = PostDescriptionFactory(gained=(SkillLine("B2-01", 1, "条文を読みます。"),))

    (group,) = (
        group
        for group in visitor.get(address(posts[0], other)).context["groups"]
        if group.heading == "習得が見込まれるスキル"
    )

    assert [(row.label, [bool(cell.skill) for cell in row.cells]) for row in group.rows] == [
        ("通商・貿易", [True, False]),
        ("法令", [False, True]),
    ]


def test_address_beyond_three_shows_the_first_and_says_so(visitor, posts):
    answer = visitor.get(address(*posts))

    assert ComparisonFull.sentence in answer.text
    assert [column[0] for column in answer.context["columns"]] == posts[:3]


@pytest.mark.parametrize(
    "query", ["post=x", "post=", "post=-1", f"post={'9' * 99}", "post=%00", "post=１"]
)
def test_nonsense_in_the_address_is_passed_over_with_a_sentence(visitor, posts, query):
    answer = visitor.get(f"{address(posts[0])}&{query}")

    assert answer.status_code == 200
    assert "見つからないポストがありました" in answer.text
    assert [column[0] for column in answer.context["columns"]] == [posts[0]]


def test_post_never_shown_cannot_be_compared_and_an_archived_one_is_marked(visitor, posts):
    draft = PostDescriptionFactory(draft=True, title="まだの係長")
    archive(posts[0])

    answer = visitor.get(address(posts[0], draft))

    assert "公開終了" in answer.text
    assert "まだの係長" not in answer.text
    assert choose(visitor, draft, compare="1").status_code == 404


def test_nothing_chosen_says_how_to_begin(visitor):
    assert "まだ何も入っていません。" in visitor.get(COMPARISON).text


@pytest.mark.parametrize(
    "elsewhere",
    ["https://example.com/", "//example.com/", "/\\example.com", "javascript:1", "", "/" * 9999],
)
def test_way_back_leads_nowhere_else(visitor, posts, elsewhere):
    answer = choose(visitor, posts[0], compare="1", next=elsewhere)

    assert answer.headers["Location"] == COMPARISON
