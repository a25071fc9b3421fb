"""Rows of the matrix about posts: who writes a description, sees it before it is shown, publishes and ends it."""

import datetime

import pytest
from django.urls import reverse

from career_portal.common.clock import today
from career_portal.skills.models import Skill
from postings.forms import as_initial
from postings.models import (
    PostDescription,
    PostVersion,
    ReviewComment,
    SynonymGroup,
    VersionWriter,
)
from tests.factories.postings import PostDescriptionFactory, archive, content, version_of
from tests.factories.staff import UserFactory
from tests.permissions.matrix import RELATIONS, STRANGERS, TABLE
from tests.permissions.world import undone

pytestmark = pytest.mark.django_db

SIGNED_IN = [relation for relation in RELATIONS if relation not in STRANGERS]
CARE_OF = {relation: care for care, names in TABLE["care"].items() for relation in names}
STATES = ("new", "draft", "review", "approved", "shown", "archived")
# One run of kanji, which pages mark as a whole where it differs.
MARK = "鵺文"
IN_EVERY_STATE = {"section_editor", "hr_ministry", "colleague", "former_head"}
SHOWN = "公開の文"


@pytest.fixture(scope="module")
def posts(world):
    """One post of section A in each state; what is not shown yet has a mark."""
    return {state: _post(world.units["here"], state) for state in STATES}


def _post(section, state):
    if state == "new":
        post = PostDescriptionFactory(section=section, draft=True)
        post.versions.update(mission=MARK)
        _reviewable(post.versions.get())
        return post
    post = PostDescriptionFactory(section=section, mission=SHOWN)
    if state == "archived":
        archive(post)
    if state in {"draft", "review", "approved"}:
        _reviewable(version_of(post, draft=True, title="書きかけ", mission=MARK))
    steps = {
        "review": {"stage": "in_review", "submitted_by": UserFactory()},
        "approved": {
            "stage": "approved",
            "submitted_by": UserFactory(),
            "approved_by": UserFactory(),
            "publish_on": today() + datetime.timedelta(days=1),
        },
    }
    post.versions.filter(number=2).update(**steps.get(state, {}))
    return post


def _reviewable(version):
    text = content()
    skill = Skill.objects.in_use().get(code="B1-02")
    PostVersion.objects.filter(pk=version.pk).update(
        duties=text.duties, place=text.place, next_review_on=text.next_review_on
    )
    version.skills.create(
        relation="gained", skill=skill, strength=3, sentence="伸びる力です。", sort_order=1
    )


def snapshot():
    return {
        *PostVersion.objects.values_list("pk", "stage", "edit"),
        *PostDescription.objects.values_list("pk", "section", "archived_on", "shown"),
        *ReviewComment.objects.values_list("pk", "text"),
        *SynonymGroup.objects.values_list("pk"),
    }


def address(name, post):
    version = post.versions.order_by("number").last()
    arguments = {"pk": post.pk}
    if name.startswith("postings:version_") and name not in {
        "postings:version_list",
        "postings:version_compare",
    }:
        arguments["number"] = version.number
    return reverse(name, kwargs=arguments)


def body(post):
    edit = post.versions.exclude(stage="released").values_list("edit", flat=True).first() or 0
    typed = {name: value or "" for name, value in as_initial(content()).items()}
    return typed | {
        "edit": edit,
        "reason": "業務の終了",
        "back-reason": "具体的に。",
        "text": "よく分かります。",
        "field": "",
        "publish_on": (today() + datetime.timedelta(days=2)).isoformat(),
    }


def ask(world, relation, method, url, data=None):
    """Status of the answer, with a plus where anything changed, and its text; all is undone."""
    with undone():
        before = snapshot()
        response = getattr(world.client(relation), method.lower())(url, data or {"then": "save"})
        changed = snapshot() != before
    return f"{response.status_code}{'+' if changed else ''}", response.content.decode()


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_every_page_of_a_post_answers_as_the_matrix_says(world, posts, relation):
    care = CARE_OF.get(relation, "reader")
    # Relations of the same care differ in why they have it, not in what it means for a state.
    states = STATES if relation in IN_EVERY_STATE else ("new", "review", "shown")
    wanted, found = {}, {}
    for name, row in TABLE["describing"].items():
        for method, by_care in row.items():
            for state in states:
                post = posts[state]
                data = body(post) if method == "POST" else None
                wanted[name, method, state] = by_care[care][state]
                status, text = ask(world, relation, method, address(name, post), data)
                found[name, method, state] = status
                if care == "reader" or name == "postings:post_detail":
                    assert MARK not in text
                elif status == "200" and name == "postings:version_detail":
                    assert (MARK in text) is (state not in {"shown", "archived"})

    assert found == wanted


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_every_page_of_those_who_care_answers_as_the_matrix_says(world, posts, relation):
    group = SynonymGroup.objects.create()
    of_what = {
        "postings:section_move": world.units["here"],
        "postings:synonym_edit": group,
        "postings:synonym_remove": group,
    }
    wanted, found = {}, {}
    for name, row in TABLE["caring"].items():
        arguments = {"pk": of_what[name].pk} if name in of_what else {}
        for method, by_group in row.items():
            ((group, status),) = by_group.items()
            wanted[name, method] = status if relation in TABLE["carers"][group] else "403"
            found[name, method] = ask(world, relation, method, reverse(name, kwargs=arguments))[0]

    assert found == wanted


@pytest.mark.parametrize("relation", TABLE["care"]["publishes"])
def test_officer_who_wrote_in_a_version_never_decides_about_it(world, posts, relation):
    post = posts["review"]
    with undone():
        VersionWriter.objects.create(
            version=post.versions.get(number=2), user=world.people[relation]
        )
        for name in ("postings:version_approve", "postings:version_send_back"):
            assert ask(world, relation, "POST", address(name, post), body(post))[0] == "302"
        page = world.client(relation).get(address("postings:version_detail", post)).content.decode()
        assert "別の人事の人が確認します。" in page
