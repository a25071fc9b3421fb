"""HR looks after the bank: sees when a prompt fits before it is stored, and never leaves a talk without prompts."""

import pytest
from django.db import DatabaseError, transaction

from interviews.models import Prompt
from interviews.preparation import prompt_services as services
from tests.factories.preparation import load_bank, prompt
from tests.factories.staff import RoleGrantFactory, SectionFactory, UserFactory

pytestmark = pytest.mark.django_db

NEW = "/interviews/prompts/new/"
TYPED = {
    "form": "question",
    "topic": "future",
    "text": "希望の奥にあるものを、聴かせてもらえますか。",
    "note": "希望を、予想せずに聴きます。",
    "when_posts": ["posts:some"],
    "when_response": ["response:listen", "response:think"],
}


@pytest.fixture
def officer(client):
    load_bank()
    officer = RoleGrantFactory(role="hr").user
    client.force_login(officer)
    return officer


def content(text="文", **fields):
    values = {"form": "question", "topic": "work", "note": "添える文。", "conditions": []}
    return {"text": text} | values | fields


def previewed(client, url, typed):
    """The page that shows when a prompt fits, and what its form holds then."""
    answer = client.post(url, typed)
    return answer.content.decode(), typed | {
        "previewed": answer.context["form"].mark,
        "step": "store",
    }


def test_when_a_prompt_fits_is_shown_before_it_is_stored(client, officer):
    page, typed = previewed(client, NEW, TYPED)

    assert "まだ保存していません。" in page
    assert "望む応じ方が「聴いてほしい」か「一緒に考えてほしい」、かつ希望するポストが" in page
    assert f'<p class="cp-prep__question">{TYPED["text"]}</p>' in page
    assert not Prompt.objects.filter(text=TYPED["text"]).exists()
    assert client.post(NEW, typed).status_code == 302
    stored = Prompt.objects.get(text=TYPED["text"])
    assert stored.conditions == ["response:listen", "response:think", "posts:some"]
    assert stored.added_by == officer
    assert TYPED["text"] in client.get("/interviews/prompts/").content.decode()


def test_what_was_changed_after_the_preview_is_shown_again(client, officer):
    _, typed = previewed(client, NEW, TYPED)

    page = client.post(NEW, typed | {"when_posts": []}).content.decode()

    assert "まだ保存していません。" in page
    assert not Prompt.objects.filter(text=TYPED["text"]).exists()


def test_a_change_takes_the_place_of_what_was_there_and_leaves_it_for_old_sheets(client, officer):
    former = Prompt.objects.in_use().first()
    url = f"/interviews/prompts/{former.pk}/"
    assert former.text in client.get(url).content.decode()
    _, typed = previewed(client, url, content("言い直した問い") | {"topic": former.topic})

    client.post(url, typed)

    now = Prompt.objects.in_use().get(text="言い直した問い")
    former.refresh_from_db()
    assert now.sort_order == former.sort_order
    assert former.retired_by == officer
    assert client.get(url).status_code == 404
    assert former.text in client.get("/interviews/prompts/").content.decode()


def test_two_who_change_the_same_do_not_both_win(officer):
    former = Prompt.objects.in_use().first()
    services.store_prompt(former, content("はじめの人"), by=officer)

    with pytest.raises(services.PromptGone):
        services.store_prompt(former, content("あとの人"), by=officer)
    assert not Prompt.objects.filter(text="あとの人").exists()


def test_retiring_keeps_three_questions_and_an_assumption_for_every_talk(client, officer):
    always = Prompt.objects.in_use().filter(conditions=[], form="assumption")
    *others, last = always
    for each in others:
        client.post(f"/interviews/prompts/{each.pk}/retire/")
    page = client.post(f"/interviews/prompts/{last.pk}/retire/", follow=True).content.decode()

    assert "条件のない問いかけを加えてください" in page
    assert list(always.all()) == [last]
    with pytest.raises(services.BankTooSmall):
        services.store_prompt(
            last, content("条件つき", form="assumption", conditions=["turn:first"]), by=officer
        )
    last.refresh_from_db()
    assert last.retired_at is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": ""}, "文を入力してください"),
        ({"text": "長" * 61}, "60文字以内"),
        ({"note": "い\x00"}, "使えない文字"),
        ({"topic": "成績"}, "話題を選択してください"),
        ({"form": ""}, "形を選択してください"),
        ({"when_response": ["response:score"]}, "望む応じ方は、画面にあるものから選んでください"),
    ],
)
def test_what_cannot_be_a_prompt_is_refused_where_it_is(client, officer, change, sentence):
    before = Prompt.objects.count()
    answer = client.post(NEW, TYPED | change)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert TYPED["note"] in answer.content.decode() or "note" in change
    assert Prompt.objects.count() == before


def test_the_same_text_twice_is_refused_and_keeps_what_was_typed(client, officer):
    prompt(TYPED["text"])
    _, typed = previewed(client, NEW, TYPED)
    answer = client.post(NEW, typed)

    assert answer.status_code == 422
    assert "同じ文の問いかけが、すでにあります。" in answer.content.decode()
    assert TYPED["note"] in answer.content.decode()


def test_only_hr_of_the_whole_ministry_changes_the_bank(client, officer):
    some = Prompt.objects.in_use().first()
    for person in (UserFactory(), RoleGrantFactory(role="hr", section=SectionFactory()).user):
        with pytest.raises(services.PromptRefused):
            services.retire_prompt(some, by=person)
        with pytest.raises(services.PromptRefused):
            services.store_prompt(None, content(), by=person)
        client.force_login(person)
        assert client.get("/interviews/prompts/").status_code == 403


def test_what_a_prompt_says_is_never_changed_nor_deleted(officer):
    some = Prompt.objects.in_use().first()
    with pytest.raises(DatabaseError), transaction.atomic():
        Prompt.objects.filter(pk=some.pk).update(text="別の文")
    with pytest.raises(DatabaseError), transaction.atomic():
        some.delete()
