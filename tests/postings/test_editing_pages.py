"""The pages on which descriptions are written, reviewed and published, as their users press them."""

import datetime

import pytest

from career_portal.common.clock import today
from career_portal.staff.roles import Role
from postings import services
from postings.content import LABELS, TEXTS, content_of
from postings.forms import as_initial
from postings.models import PostDescription, PostVersion
from tests.factories.postings import PostDescriptionFactory, archive, content, show, version_of
from tests.factories.staff import (
    RoleGrantFactory,
    SectionFactory,
    SectionSuccessionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    return SectionFactory()


@pytest.fixture
def editor(client, section):
    person = RoleGrantFactory(role=Role.SECTION_EDITOR, section=section).user
    client.force_login(person)
    return person


@pytest.fixture
def officer():
    return RoleGrantFactory(role=Role.HR).user


def typed(edit, then="save", **fields):
    """What the form posts for a description."""
    values = as_initial(content(**fields)) | {"edit": edit, "then": then}
    return {name: "" if value is None else value for name, value in values.items()}


def test_new_post_is_written_in_a_section_of_ones_own(client, section, editor):
    SectionFactory()
    page = client.get("/postings/manage/new/")
    assert section.full_name in page.text
    assert page.text.count("<option") == 2

    chosen = client.post("/postings/manage/new/", {"section": section.pk})
    assert client.get(chosen.url).status_code == 200
    saved = client.post(chosen.url, typed(0))

    version = PostVersion.objects.get()
    assert saved.url == f"/postings/{version.post_id}/edit/"
    assert (version.post.section, version.post.code) == (section, f"{section.code}-1")
    assert content_of(version) == content()
    assert "下書きを保存しました。" in client.get(saved.url).text


def test_first_save_over_the_version_shown_begins_a_draft_and_opening_the_page_does_not(
    client, section, editor
):
    post = PostDescriptionFactory(section=section)
    url = f"/postings/{post.pk}/edit/"

    assert "いま公開している内容から" in client.get(url).text
    assert post.versions.count() == 1

    client.post(url, typed(0, title="新しい職名"))
    assert list(post.versions.values_list("number", "stage", "title")) == [
        (1, "released", post.title),
        (2, "draft", "新しい職名"),
    ]


def test_save_and_hand_over_names_what_is_missing_and_keeps_what_was_typed(client, section, editor):
    post = PostDescriptionFactory(section=section)
    url = f"/postings/{post.pk}/edit/"

    page = client.post(url, typed(0, then="submit", duties="一つだけ", gained=()))

    assert page.status_code == 422
    assert "業務内容を、1行に1つずつ、3つ以上入力してください。" in page.text
    assert "下書きは保存しました。" in page.text
    assert post.versions.get(number=2).duties == "一つだけ"

    edit = post.versions.get(number=2).edit
    done = client.post(url, typed(edit, then="submit"))
    assert done.url == f"/postings/{post.pk}/versions/2/"
    assert post.versions.get(number=2).stage == PostVersion.Stage.IN_REVIEW
    assert client.get(url).url == done.url


def test_what_was_typed_stays_when_the_draft_went_to_review_meanwhile(
    client, section, editor, officer
):
    post = PostDescriptionFactory(section=section)
    url = f"/postings/{post.pk}/edit/"
    client.post(url, typed(0))
    services.submit_for_review(post.versions.get(number=2), by=officer)

    refused = client.post(url, typed(2, mission="まだ保存していない文"))

    assert refused.status_code == 409
    assert "まだ保存していない文" in refused.text
    assert "状態が変わりました" in refused.text
    assert post.versions.get(number=2).mission != "まだ保存していない文"


def test_second_editor_chooses_field_by_field(client, section, editor, officer):
    post = PostDescriptionFactory(section=section)
    url = f"/postings/{post.pk}/edit/"
    client.post(url, typed(0))
    services.write_description(
        post, content(mission="先に保存した文", team="先の体制"), edit=2, by=officer
    )

    refused = client.post(url, typed(2, mission="後から書いた文", travel="後の出張"))

    assert refused.status_code == 409
    for text in ("先に保存した文", "後から書いた文", "先の体制", "後の出張"):
        assert text in refused.text
    assert post.versions.get(number=2).mission == "先に保存した文"

    answer = typed(3, mission="後から書いた文", travel="後の出張")
    client.post(
        url, answer | {"keep-mission": "here", "keep-team": "stored", "keep-travel": "here"}
    )

    draft = post.versions.get(number=2)
    assert (draft.mission, draft.team, draft.travel) == ("後から書いた文", "先の体制", "後の出張")


def test_second_editor_may_keep_the_skills_of_the_first(client, section, editor, officer):
    post = PostDescriptionFactory(section=section)
    url = f"/postings/{post.pk}/edit/"
    client.post(url, typed(0))
    services.write_description(post, content(gained=()), edit=2, by=officer)

    assert LABELS["gained"] in client.post(url, typed(2)).text
    client.post(url, typed(3) | {"keep-gained": "stored"})

    assert not post.versions.get(number=2).skills.filter(relation="gained").exists()


def test_refused_input_stays_in_the_form(client, section, editor):
    post = PostDescriptionFactory(section=section)
    broken = typed(0, title="", mission="長" * 301) | {"gained_2_sentence": "スキルのない説明"}

    page = client.post(f"/postings/{post.pk}/edit/", broken)

    assert page.status_code == 422
    for sentence in (
        "職名を入力してください",
        "ミッションは300文字以内で入力してください",
        "習得が見込まれるスキル2のスキルを選択してください",
    ):
        assert sentence in page.text
    assert "長" * 301 in page.text
    assert "スキルのない説明" in page.text
    assert post.versions.count() == 1


HOSTILE = (
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "𠮷野家の髙﨑さん葛󠄀",
    "\u202e逆さ",
    "{{ 7*7 }}{% now %}",
    "a" * 39,
)


def test_hostile_text_comes_back_as_it_was_typed(client, section, editor, officer):
    texts = {line.name: HOSTILE[number % len(HOSTILE)] for number, line in enumerate(TEXTS)}
    draft = services.create_post(section, content(**{**texts, "place": "霞が関"}), by=editor)

    for address in (f"/postings/{draft.post_id}/edit/", f"/postings/{draft.post_id}/versions/1/"):
        page = client.get(address)
        assert page.status_code == 200
        assert "<script>alert(1)" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    client.post(f"/postings/{draft.post_id}/edit/", typed(1, **texts | {"mission": "a\x00b"}))
    assert PostVersion.objects.get(pk=draft.pk).mission == texts["mission"]


class TestReview:
    @pytest.fixture
    def waiting(self, section, editor):
        post = PostDescriptionFactory(section=section)
        draft = services.write_description(post, content(mission="新しい文"), edit=0, by=editor)
        return services.submit_for_review(draft, by=editor)

    def press(self, client, version, move, **data):
        return client.post(
            f"/postings/{version.post_id}/versions/{version.number}/{move}/", data, follow=True
        )

    def test_reviewer_sees_what_changed_and_publishes(self, client, waiting, officer):
        client.force_login(officer)
        page = client.get(f"/postings/{waiting.post_id}/versions/2/")
        assert "<ins>" in page.text
        assert "承認する" in page.text

        done = self.press(client, waiting, "approve", publish_on=today().isoformat())

        assert "公開しました。" in done.text
        post = PostDescription.objects.select_related("shown").get(pk=waiting.post_id)
        assert post.shown.mission == "新しい文"

    def test_writer_is_told_that_somebody_else_reviews(self, client, waiting):
        page = client.get(f"/postings/{waiting.post_id}/versions/2/")
        assert "別の人事の人が確認します。" in page.text
        assert "承認する" not in page.text

    def test_day_in_the_past_and_empty_reason_are_asked_again(self, client, waiting, officer):
        client.force_login(officer)
        yesterday = today() - datetime.timedelta(days=1)
        early = self.press(client, waiting, "approve", publish_on=yesterday.isoformat())
        empty = self.press(client, waiting, "send-back", **{"back-reason": " "})

        assert early.status_code == empty.status_code == 422
        assert "今日か、今日より後の日" in early.text
        assert "理由を入力してください" in empty.text
        assert PostVersion.objects.get(pk=waiting.pk).stage == PostVersion.Stage.IN_REVIEW

    def test_remark_and_reason_reach_the_writer(self, client, waiting, officer, editor):
        client.force_login(officer)
        self.press(client, waiting, "comment", field="mission", text="主語がありません。")
        self.press(client, waiting, "send-back", **{"back-reason": "業務内容を具体的に。"})
        client.force_login(editor)

        page = client.get(f"/postings/{waiting.post_id}/edit/")

        for text in ("主語がありません。", "業務内容を具体的に。", "差し戻し"):
            assert text in page.text

    def test_version_that_moved_meanwhile_is_told(self, client, waiting, officer, editor):
        services.take_back(waiting, by=editor)
        client.force_login(officer)

        done = self.press(client, waiting, "approve", publish_on=today().isoformat())

        assert "状態が変わりました" in done.text
        assert PostVersion.objects.get(pk=waiting.pk).stage == PostVersion.Stage.DRAFT


def test_any_two_versions_are_compared(client):
    client.force_login(UserFactory())
    post = PostDescriptionFactory(mission="一番目の文")
    show(post, title=post.title, mission="二番目の文", duties="会議の運営")
    show(post, title=post.title, mission="三番目の文", duties="会議の運営")
    version_of(post, draft=True, title="秘密の下書き", mission="秘密")
    base = f"/postings/{post.pk}/versions/"

    listed = client.get(base).text
    newest = client.get(f"{base}compare/").text
    chosen = client.get(f"{base}compare/?old=1&new=3").text

    assert "第3版" in listed
    assert "秘密" not in listed + newest + chosen
    assert "二番目" in newest
    assert "一番目" in chosen
    assert "<del>" in chosen
    assert "業務内容" in chosen
    for beyond in ("?old=4", "?old=9999999999999999999", "?new=x"):
        assert client.get(f"{base}compare/{beyond}").status_code == 404


def test_list_shows_what_is_to_be_done(client, section, editor, officer):
    PostDescriptionFactory(section=section, title="公開中のポスト")
    archive(PostDescriptionFactory(section=section, title="終わったポスト"))
    draft = services.create_post(section, content(title="書きかけのポスト"), by=editor)
    PostDescriptionFactory(title="よその公開中のポスト")

    shows = {
        name: client.get(f"/postings/manage/?show={name}").text
        for name in ("draft", "published", "archived", "nonsense")
    }

    assert "書きかけのポスト" in shows["draft"]
    assert "公開中のポスト" in shows["published"]
    assert "よその公開中のポスト" not in shows["published"]
    assert "終わったポスト" in shows["archived"]
    assert shows["nonsense"].count("書きかけのポスト")
    found = client.get("/postings/manage/?show=draft&q=書きかけ").text
    assert f"/postings/{draft.post_id}/edit/" in found
    assert (
        "あてはまるポストはありません" in client.get("/postings/manage/?show=draft&q=ない語").text
    )


def test_hr_ends_a_publication_and_moves_the_posts_of_an_ended_section(client, officer):
    client.force_login(officer)
    post = PostDescriptionFactory()
    listed = client.get("/postings/manage/?show=published").text
    assert f'href="/postings/{post.pk}/versions/"' in listed
    assert (
        f'href="/postings/{post.pk}/archive/"' in client.get(f"/postings/{post.pk}/versions/").text
    )
    succession = SectionSuccessionFactory(predecessor=post.section)
    post.section.valid_until = today()
    post.section.save()

    page = client.get("/postings/manage/")
    assert f"/postings/manage/sections/{post.section_id}/move/" in page.text
    moved = client.post(
        f"/postings/manage/sections/{post.section_id}/move/",
        {"successor": succession.successor_id},
    )
    assert moved.url == "/postings/manage/"
    post.refresh_from_db()
    assert post.section == succession.successor

    assert client.post(f"/postings/{post.pk}/archive/", {"reason": ""}).status_code == 422
    client.post(f"/postings/{post.pk}/archive/", {"reason": "業務の終了"})
    post.refresh_from_db()
    assert (post.archived_on, post.archive_reason) == (today(), "業務の終了")
