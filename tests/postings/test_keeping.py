"""A person's own list of posts: kept, noted, taken off, seen by nobody else, and taken along."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from postings import keeping_services, own_data
from postings.models import KeptPost
from tests.factories.postings import PostDescriptionFactory, archive
from tests.factories.staff import UserFactory
from tests.surveys.browsing import Page
from tests.surveys.browsing import post as send
from tests.surveys.hostile import CORPUS

pytestmark = pytest.mark.django_db

LIST = "/postings/kept/"


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def own(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def post():
    return PostDescriptionFactory(title="交渉担当 係長")


def change(client, post, **body):
    return client.post(reverse("postings:kept_change", args=[post.pk]), body, follow=True)


def note(client, post, text):
    return client.post(reverse("postings:kept_note", args=[post.pk]), {"note": text})


def test_post_is_kept_once_and_taken_off(own, person, post):
    change(own, post, keep="1")
    answer = change(own, post, keep="1", next=LIST)

    assert "「交渉担当 係長」をリストに保存しました。" in answer.text
    assert "保存済み（外す）" in answer.text
    assert KeptPost.objects.get().user == person

    answer = change(own, post, next=LIST)
    assert "リストから外しました。" in answer.text
    assert not KeptPost.objects.exists()


def test_note_is_saved_beside_the_post(own, post):
    change(own, post, keep="1")

    answer = note(own, post, "春に聞く。\r\n英語を先に。")

    assert answer.headers["Location"] == f"{LIST}#post-{post.pk}"
    assert KeptPost.objects.get().note == "春に聞く。\n英語を先に。"
    assert "春に聞く。\n英語を先に。" in Page(own.get(LIST)).classes["cp-note"]


def test_note_is_not_thrown_away_by_one_press(own, person, post):
    keeping_services.keep_post(post, by=person)
    keeping_services.write_note(post, "大事なこと", by=person)

    answer = change(own, post, next="/postings/map/")
    assert keeping_services.HasNote.sentence in answer.text
    assert KeptPost.objects.get().note == "大事なこと"

    change(own, post, note="gone")
    assert not KeptPost.objects.exists()


def test_note_that_is_too_long_comes_back_as_typed(own, person, post):
    keeping_services.keep_post(post, by=person)

    answer = note(own, post, "長" * 301)

    assert answer.status_code == 422
    assert "自分だけのメモは300文字以内で入力してください（現在301文字）" in answer.text
    assert Page(answer).value("note") == "長" * 301
    assert KeptPost.objects.get().note == ""


def test_note_on_a_post_taken_off_meanwhile_is_not_lost(own, post):
    note(own, post, "書いていた間に外れた。")
    assert KeptPost.objects.get().note == "書いていた間に外れた。"

    KeptPost.objects.all().delete()
    answer = note(own, post, "長" * 301)
    assert Page(answer).value("note") == "長" * 301


@pytest.mark.parametrize("part", range(4))
def test_hostile_text_is_kept_or_refused_and_never_markup(own, person, post, part):
    keeping_services.keep_post(post, by=person)
    for text in CORPUS[part::4]:
        answer = send(own, reverse("postings:kept_note", args=[post.pk]), {"note": text})
        assert answer.status_code in (302, 422), text
    note(own, post, "<script>alert(1)</script>")

    page = own.get(LIST)

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


def test_list_has_an_end(own, person, post, monkeypatch):
    monkeypatch.setattr(keeping_services, "KEPT_AT_MOST", 1)
    change(own, PostDescriptionFactory(), keep="1")

    answer = change(own, post, keep="1")

    assert keeping_services.TooManyKept.sentence in answer.text
    assert KeptPost.objects.count() == 1


def test_archived_post_stays_on_the_list_and_is_marked(own, person, post):
    keeping_services.keep_post(post, by=person)
    archive(post)

    text = own.get(LIST).text

    assert "公開終了" in text
    assert "交渉担当 係長" in text


def test_post_never_shown_cannot_be_kept(own):
    draft = PostDescriptionFactory(draft=True)

    assert change(own, draft, keep="1").status_code == 404
    assert note(own, draft, "メモ").status_code == 404


def test_lists_and_notes_of_others_are_nowhere(own, post):
    other = UserFactory()
    keeping_services.keep_post(post, by=other)
    keeping_services.write_note(post, "他人のメモ", by=other)

    for address in (LIST, reverse("postings:post_detail", args=[post.pk])):
        text = own.get(address).text
        assert "他人のメモ" not in text
        assert "保存済み（外す）" not in text
    change(own, post, note="gone")
    assert KeptPost.objects.get().note == "他人のメモ"


def test_list_and_days_are_taken_along(person, post):
    keeping_services.keep_post(post, by=person)
    keeping_services.write_note(post, "持ち出すメモ", by=person)
    keeping_services.record_visit(by=person)
    keeping_services.keep_post(post, by=UserFactory())

    kept, visits = (json.loads(file.content) for file in own_data.files(person))

    assert [(row["ポスト"], row["メモ"]) for row in kept] == [("交渉担当 係長", "持ち出すメモ")]
    assert len(visits) == 1


def test_database_keeps_a_post_once(person, post):
    keeping_services.keep_post(post, by=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptPost.objects.create(user=person, post=post)
