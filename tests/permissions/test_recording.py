"""Rows of the matrix about records of talks, memos, actions and headings: by the place that somebody had in the talk."""

import pytest
from django.urls import reverse

from interviews import models
from tests.factories import records
from tests.permissions.matrix import RELATIONS, STRANGERS, TABLE
from tests.permissions.world import undone

pytestmark = pytest.mark.django_db

SIGNED_IN = [relation for relation in RELATIONS if relation not in STRANGERS]
# Who held the talk with a member of section A, in which kind: a predecessor's talk is not the head's.
TALKS = {"head": "career", "former_head": "one_on_one", "mentor": "mentor", "hr_ministry": "hr"}
# One talk is tried with everybody, the others with those who come near it by their place or their role.
NEAR = ["head", "former_head", "next_head", "deputy", "delegate", "hr_ministry", "mentor", "writer"]
OURS = [
    models.RecordDraft,
    models.SharedRecord,
    models.RecordResponse,
    models.PrivateMemo,
    models.AgreedAction,
    models.ActionUpdate,
]


@pytest.fixture(scope="module")
def talks(world):
    """A talk of each with the writer: published and answered, a newer draft, a memo, an action with an update."""
    held = {}
    for relation, kind in TALKS.items():
        talk = records.held_by(world.people[relation], world.people["writer"], kind)
        records.answered(records.published(talk, h1="公開した文", a1_text="共有する"))
        records.said(talk.actions.get())
        answers = talk.records.get().answers
        records.drafted(talk, **{**answers, "h1": "下書きの文"})
        records.memo(talk)
        held[relation] = talk
    return held


def place(relation, interviewer):
    return {interviewer: "interviewer", "writer": "interviewee"}.get(relation, "other")


def posted(name, person, talk):
    draft = talk.record_draft
    return {
        "interviews:record_edit": {
            **draft.answers,
            "h1": "新しい文",
            "version": draft.version,
            "writer": person.pk,
        },
        "interviews:record_publish": {"version": draft.version},
        "interviews:record_respond": {"number": 1, "answer": "confirmed"},
        "interviews:memo_edit": {"memo": "新しいメモ", "version": 1, "writer": person.pk},
        "interviews:action_update": {"status": "done", "known": 1},
    }.get(name, {})


def snapshot():
    """Every row of ours as it stands."""
    return [
        (model.__name__, *(bytes(v) if isinstance(v, memoryview) else v for v in row))
        for model in [*OURS, models.RecordTemplate]
        for row in model.objects.order_by("pk").values_list()
    ]


def ask(world, relation, name, method, pk, data):
    if method == "GET":
        return str(world.client(relation).get(reverse(name, args=[pk])).status_code)
    with undone():
        before = snapshot()
        client = world.client(relation)
        response = getattr(client, method.lower())(reverse(name, args=[pk]), data)
        changed = snapshot() != before
    return f"{response.status_code}{'+' if changed else ''}"


@pytest.mark.parametrize("interviewer", TALKS)
def test_every_page_of_a_record_answers_by_the_place_in_the_talk(world, talks, interviewer):
    talk, wanted, found = talks[interviewer], {}, {}
    before = snapshot()
    for relation in SIGNED_IN if interviewer == "former_head" else NEAR:
        person = world.people[relation]
        for name, row in TABLE["recording"].items():
            pk = talk.actions.get().pk if name == "interviews:action_update" else talk.pk
            for method, by_place in row.items():
                wanted[relation, name, method] = by_place[place(relation, interviewer)]
                data = posted(name, person, talk) if method == "POST" else {}
                found[relation, name, method] = ask(world, relation, name, method, pk, data)

    assert found == wanted
    assert snapshot() == before


@pytest.mark.parametrize("model", OURS)
def test_rows_are_seen_by_the_two_and_drafts_and_memos_by_the_interviewer_alone(
    world, talks, model
):
    is_private = model in (models.RecordDraft, models.PrivateMemo)
    seen = {
        relation: model.objects.visible_to(person).count()
        for relation, person in world.people.items()
    }

    wanted = dict.fromkeys(world.people, 0) | dict.fromkeys(TALKS, 1)
    wanted["writer"] = 0 if is_private else len(TALKS)
    assert seen == wanted


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_headings_and_counts_are_for_hr_of_the_whole_ministry(world, talks, relation):
    is_hr = relation in TABLE["scopes"]["whole"]
    data = {"based_on": 1, "label_1": "新しい見出し"}
    wanted, found = {}, {}
    for name, row in TABLE["headings"].items():
        arguments = ["career"] if name == "interviews:template_edit" else []
        for method, answers in row.items():
            wanted[name, method] = answers["hr"] if is_hr else "403"
            with undone():
                before = models.RecordTemplate.objects.count()
                client = world.client(relation)
                response = getattr(client, method.lower())(
                    reverse(name, args=arguments), data if method == "POST" else {}
                )
                changed = models.RecordTemplate.objects.count() != before
            found[name, method] = f"{response.status_code}{'+' if changed else ''}"

    assert found == wanted


@pytest.mark.parametrize("relation", SIGNED_IN)
def test_talks_are_logged_by_those_who_may_hold_one_today(world, relation):
    name = "interviews:interview_log"
    may = relation in TABLE["interviewers"]["today"]
    found = {
        method: str(getattr(world.client(relation), method.lower())(reverse(name)).status_code)
        for method in TABLE["logging"][name]
    }

    assert found == {
        method: answers["interviewers"] if may else "403"
        for method, answers in TABLE["logging"][name].items()
    }
