"""Finding published posts by words."""

import pytest

from tests.factories.postings import PostDescriptionFactory, archive, version_of
from tests.factories.staff import SectionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(client):
    """The page of what is found by words."""
    client.force_login(UserFactory())
    return lambda words: client.get("/postings/", {"q": words}).text


def test_every_word_is_looked_for_in_title_duties_and_section(found):
    section = SectionFactory(name="通商課", bureau__name="貿易局")
    PostDescriptionFactory(section=section, title="交渉担当 係長", duties="協定の案をつくる")
    PostDescriptionFactory(title="会計担当 係長")

    for words in ("交渉", "協定 通商", "貿易　係長"):
        page = found(words)
        assert "1件見つかりました" in page
        assert "交渉担当 係長" in page
        assert "会計担当 係長" not in page
    assert "公開中のポスト　2件" in found("")
    assert "あてはまるポストはありません" in found("交渉 会計")


def test_drafts_and_archived_posts_are_not_found(found):
    post = PostDescriptionFactory(title="探せる係長", duties="探せる仕事")
    version_of(post, draft=True, title="書きかけの係長", duties="書きかけの仕事")
    assert "探せる係長" in found("探せる")
    assert "1件見つかりました" not in found("書きかけ")

    archive(post)

    assert "探せる係長" not in found("探せる") + found("")


@pytest.mark.parametrize("words", ["%", "_", "\x00", "'\"><script>", "あ" * 300, "𠮷", "　"])
def test_whatever_is_typed_finds_something_or_nothing(found, words):
    page = found(words)
    assert "<script>alert" not in page
    assert "ポストを探す" in page
