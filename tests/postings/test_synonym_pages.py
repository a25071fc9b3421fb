"""HR looks after words that mean the same, and sees what a change does before it is stored."""

import pytest

from career_portal.home.reference_data import read_json
from career_portal.staff.roles import Role
from postings.models import Synonym, SynonymGroup
from postings.search.query import ask
from postings.search.results import all_found
from postings.search.synonym_services import SynonymRefused, check_terms, store_group
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import RoleGrantFactory, UserFactory
from tests.postings.words import synonyms

pytestmark = pytest.mark.django_db

NEW = "/postings/synonyms/new/"


@pytest.fixture
def officer(client):
    officer = RoleGrantFactory(role=Role.HR).user
    client.force_login(officer)
    return officer


def previewed(client, url, **typed):
    """The page that shows what a change would do, and what its form holds then."""
    page = client.post(url, typed)
    return page.content.decode(), typed | {"previewed": page.context["form"].mark, "step": "store"}


def test_effect_is_shown_before_a_group_is_stored(client, officer):
    post = PostDescriptionFactory(title="製鉄担当 係長", duties="高炉を見ます。")
    other = PostDescriptionFactory(title="鉄鋼担当 係長", duties="市況を調べます。")
    page, typed = previewed(client, NEW, terms="鉄鋼\n製鉄", is_used="on", note="言い換え")

    assert "「鉄鋼」で探すと、1件 → 2件" in page
    assert "製鉄担当 係長" in page
    assert "まだ保存していません。" in page
    assert not SynonymGroup.objects.exists()
    assert all_found(ask("鉄鋼")) == {other.pk}
    assert client.post(NEW, typed).status_code == 302
    assert all_found(ask("鉄鋼")) == all_found(ask("製鉄")) == {post.pk, other.pk}
    group = SynonymGroup.objects.get()
    assert (str(group), group.note, group.updated_by) == ("鉄鋼、製鉄", "言い換え", officer)


def test_what_was_changed_after_the_preview_is_shown_again_before_it_is_stored(client, officer):
    _, typed = previewed(client, NEW, terms="鉄鋼\n製鉄", is_used="on")
    page = client.post(NEW, typed | {"terms": "鉄鋼\n製鋼"}).content.decode()

    assert "「製鋼」で探すと" in page
    assert not SynonymGroup.objects.exists()


def test_taking_a_word_out_shows_what_is_no_longer_found(client, officer):
    group = synonyms("鉄鋼", "製鉄", "製鋼")
    PostDescriptionFactory(title="製鋼担当 係長", duties="電炉を見ます。")
    page, typed = previewed(
        client, f"/postings/synonyms/{group.pk}/", terms="鉄鋼\n製鉄", is_used="on"
    )

    assert "「鉄鋼」で探すと、1件 → 0件" in page
    assert "見つからなくなるポスト" in page
    client.post(f"/postings/synonyms/{group.pk}/", typed)
    assert list(group.synonyms.values_list("term", flat=True)) == ["鉄鋼", "製鉄"]
    assert "鉄鋼、製鉄" in client.get("/postings/synonyms/").content.decode()


def test_group_out_of_use_and_group_removed_are_searched_no_more(client, officer):
    group = synonyms("鉄鋼", "製鉄")
    PostDescriptionFactory(title="製鉄担当 係長")
    assert all_found(ask("鉄鋼"))
    _, typed = previewed(client, f"/postings/synonyms/{group.pk}/", terms="鉄鋼\n製鉄")
    client.post(f"/postings/synonyms/{group.pk}/", typed)
    assert not all_found(ask("鉄鋼"))
    client.post(f"/postings/synonyms/{group.pk}/remove/")

    assert not Synonym.objects.exists()


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ("鉄鋼", "2つから8つまで"),
        ("\n".join("甲乙丙丁戊己庚辛壬"), "2つから8つまで"),
        (f"鉄鋼\n{'長' * 41}", "長すぎます"),
        ("鉄鋼\n！？", "記号だけ"),
        ("サーバー\nｻｰﾊﾞ", "初めから同じ言葉"),
        ("鉄鋼\n高爐", "別の組（「高炉」「溶鉱炉」）"),
    ],
)
def test_words_that_cannot_be_a_group_are_refused_where_they_are(client, officer, terms, sentence):
    synonyms("高炉", "溶鉱炉", is_used=False)
    page = client.post(NEW, {"terms": terms, "is_used": "on"})

    assert page.status_code == 422
    text = page.content.decode()
    assert sentence in text
    assert terms.split("\n")[0] in text
    assert SynonymGroup.objects.count() == 1


def test_only_hr_stores_groups():
    with pytest.raises(SynonymRefused):
        store_group(None, ["鉄鋼", "製鉄"], note="", is_used=True, by=UserFactory())


def test_groups_to_start_with_can_all_be_stored():
    for entry in read_json("search", "synonyms.json"):
        check_terms(entry["terms"])
        synonyms(*entry["terms"])
    assert SynonymGroup.objects.count() >= 40
