"""A post as its readers find it: its page, where it ended, and its sheet of paper."""

import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from career_portal.staff.roles import Role
from postings.content import SkillLine
from tests.factories.postings import PostDescriptionFactory, archive, show, version_of
from tests.factories.staff import RoleGrantFactory, SectionSuccessionFactory, UserFactory
from tests.surveys.browsing import Page

pytestmark = pytest.mark.django_db

TEXTS = {
    "stay": "おおむね2年。",
    "career_before": "情報経済課　係員\n在外公館",
    "career_after": "国際法務室　課長補佐",
    "telework": "週2日ほど。",
    "additional": "使う道具：交渉の記録\n窓口 9:30から\n手話通訳あり",
    "contact": "総括係（内線 3120）",
    "place": "霞が関",
    "mission": "<b>安心</b>して使えるものにします。",
    "duties": "会合の準備\n説明",
}


@pytest.fixture
def reader(client):
    client.force_login(UserFactory())
    return client


@pytest.fixture
def post():
    return PostDescriptionFactory(
        title="交渉担当 係長",
        section__name="経済連携課",
        section__division="国際経済部",
        gained=(
            SkillLine("B1-02", 3, "署名まで経験できます。"),
            SkillLine("A3", 1, "合意を探します。"),
        ),
        required=(SkillLine("B2-04", 2, "英文を読めると入りやすいです。"),),
    )


def address(post, name="post_detail"):
    return reverse(f"postings:{name}", args=[post.pk])


def test_page_holds_all_that_a_description_says(reader, post):
    show(post, title="交渉担当 係長", **TEXTS)
    text = reader.get(address(post)).text

    for said in (
        "国際経済部",
        "経済連携課",
        "第2版",
        "おおむね2年。",
        "在外公館",
        "国際法務室　課長補佐",
        "週2日ほど。",
        "総括係（内線 3120）",
    ):
        assert said in text
    assert "&lt;b&gt;安心&lt;/b&gt;" in text
    assert "<b>安心" not in text


def test_further_rows_have_their_own_headings(reader, post):
    show(post, title="係長", **TEXTS)
    description = reader.get(address(post)).context["description"]

    assert [(entry.label, entry.text) for entry in description.additional] == [
        ("使う道具", "交渉の記録"),
        ("補足", "窓口 9:30から"),
        ("補足", "手話通訳あり"),
    ]


def test_skills_stand_with_their_strength_in_words(reader, post):
    page = Page(reader.get(address(post)))

    assert [words.strip() for words in page.classes["cp-strength"]] == [
        "仕事の中心で伸びる",
        "ふれる機会がある",
        "あると始めやすい",
    ]
    assert [name.strip() for name in page.classes["cp-gain__name"]] == [
        "通商・貿易",
        "協働力",
        "語学",
    ]


def test_version_that_is_not_shown_yet_is_nowhere(client, post):
    version_of(post, draft=True, title="鵺の題", mission="鵺の文")
    never_shown = PostDescriptionFactory(section=post.section, draft=True, title="まだの係長")
    hr = RoleGrantFactory(role=Role.HR).user

    for person in (UserFactory(), hr):
        client.force_login(person)
        for name in ("post_detail", "post_sheet"):
            answer = client.get(address(post, name))
            assert answer.status_code == 200
            assert "鵺".encode() not in answer.content
            assert client.get(address(never_shown, name)).status_code == 404
        assert "まだの係長" not in client.get(address(post)).text


def test_other_posts_of_the_section_are_named_if_they_can_be_found(reader, post):
    beside = PostDescriptionFactory(section=post.section, title="隣の係長")
    archive(PostDescriptionFactory(section=post.section, title="昔の係長"))
    PostDescriptionFactory(title="よその係長")

    text = reader.get(address(post)).text

    assert address(beside) in text
    assert "隣の係長" in text
    assert "昔の係長" not in text
    assert "よその係長" not in text


def test_archived_post_says_when_why_and_where_its_work_goes_on(reader, post):
    post.archive_reason = "業務の終了"
    archive(post)
    heir = SectionSuccessionFactory(
        predecessor=post.section, successor__name="新しい連携課"
    ).successor

    page = reader.get(address(post))

    assert "このポストは公開を終えています" in page.text
    assert "理由：業務の終了" in page.text
    assert f"{reverse('postings:bureau_map', args=[heir.bureau_id])}#section-{heir.pk}" in page.text
    assert page.context["actions"] == []


@pytest.mark.parametrize("pk", [0, 999_999_999, 2**62])
def test_post_that_does_not_exist_is_not_found(reader, pk):
    assert reader.get(reverse("postings:post_detail", args=[pk])).status_code == 404


def test_sheet_is_a_tagged_pdf_of_what_the_page_says(reader, post):
    show(post, title="交渉担当 係長", **TEXTS)

    answer = reader.get(address(post, "post_sheet"))

    assert answer.headers["Content-Type"] == "application/pdf"
    pdf = PdfReader(io.BytesIO(answer.content))
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in pdf.pages))
    for said in ("交渉担当係長", "<b>安心</b>", "会合の準備", "在外公館", "手話通訳あり"):
        assert said in text
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
    assert pdf.trailer["/Root"]["/Lang"] == "ja"
    assert (pdf.pages[0].mediabox.width, pdf.pages[0].mediabox.height) == pytest.approx(
        (595.28, 841.89), abs=0.1
    )
