"""What the search finds, counts, suggests and marks, and what becomes of it when a post changes."""

import datetime
from string import printable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from career_portal.common.clock import today
from career_portal.common.text import search_words
from career_portal.staff.roles import Role
from postings import services
from postings.content import SkillLine
from postings.models import SearchEntry, SearchTerm
from postings.search import index_services
from postings.search.headline import Headline
from postings.search.query import ask
from postings.search.results import Narrowing, all_found, find
from postings.search.suggestions import complete, meant
from tests.factories.postings import PostDescriptionFactory, archive, content, version_of
from tests.factories.staff import (
    RoleGrantFactory,
    SectionFactory,
    SectionSuccessionFactory,
    UserFactory,
)
from tests.postings.words import synonyms

pytestmark = pytest.mark.django_db

STRANGE = [
    "",
    " ",
    "　",
    "'",
    '"',
    "「",
    "」",
    "「」",
    '""',
    "\\",
    "%",
    "_",
    ":*",
    "&",
    "|",
    "!",
    "<->",
    "( )",
    "a' | 'b",
    "';--",
    "<script>",
    "の",
    "ー",
    "々",
    "・",
    "㌔",
    "𠮷野",
    "葛󠄀飾",
    "👩‍👩‍👧",
    "\u200b",
    "ﾞ",
    "が\u3099",
    "z",
    "zz審査",
    "審" * 100,
    "「審査" * 20,
    "a b c d e f g h i j k l",
    "１２３",
    "C++",
    "R&D",
    "é",
    "ß",
    "İ",
    "ﬀ",
    "\ufeff審査",
]


def titles(query, **narrowing):
    found = find(ask(query), Narrowing(**narrowing))
    names = dict(SearchEntry.objects.values_list("post", "post__shown__title"))
    return [names[pk] for pk in found.posts]


def test_post_is_found_as_soon_as_it_is_released_and_no_longer_when_it_is_archived():
    officer, writer = RoleGrantFactory(role=Role.HR).user, RoleGrantFactory(role=Role.HR).user
    section = SectionFactory(name="鵺飼育課")
    version = services.create_post(section, content(title="鵺担当 係長"), by=writer)
    assert not all_found(ask("鵺担当"))
    version = services.submit_for_review(version, by=writer)
    assert not all_found(ask("鵺担当"))
    version = services.approve(version, publish_on=today() + datetime.timedelta(days=1), by=officer)
    assert not all_found(ask("鵺担当"))
    services.take_back(version, by=writer)
    version = services.submit_for_review(version, by=writer)
    services.approve(version, publish_on=today(), by=officer)

    assert all_found(ask("鵺担当")) == {version.post_id}
    assert [each.word for each in complete("鵺飼")] == ["鵺飼育", "鵺飼育課"]
    services.archive_post(version.post, reason="廃止", by=officer)

    assert not all_found(ask("鵺担当"))
    assert not find(ask(""), Narrowing()).counts["bureau"]
    assert SearchTerm.objects.filter(word__startswith="鵺飼").exists()
    assert complete("鵺飼") == []
    assert meant("鵺飼育家") == []
    index_services.recount_terms()
    assert not SearchTerm.objects.filter(word__startswith="鵺飼").exists()


def test_what_is_not_shown_is_in_no_hit_count_suggestion_or_snippet():
    shown = PostDescriptionFactory(title="公開の担当 係長", duties="公開の仕事をします。")
    version_of(shown, draft=True, title="鵺担当", duties="鵺の仕事をします。")
    PostDescriptionFactory(title="鵺担当 主任", draft=True)
    archived = PostDescriptionFactory(title="鵺担当 係員", section=SectionFactory(name="鵺課"))
    assert all_found(ask("鵺担当")) == {archived.pk}
    archive(archived)

    assert not all_found(ask("鵺担当"))
    assert find(ask(""), Narrowing()).total == 1
    assert list(find(ask(""), Narrowing()).counts["bureau"].values()) == [1]
    assert complete("鵺") == meant("鵺担党") == []
    index_services.refresh_all(index_services.all_posts())
    assert not all_found(ask("鵺担当"))
    assert complete("鵺") == []


def test_new_version_takes_the_place_of_what_was_found():
    officer, writer = RoleGrantFactory(role=Role.HR).user, RoleGrantFactory(role=Role.HR).user
    post = PostDescriptionFactory(title="鉄鋼担当 係長")
    version = services.write_description(post, content(title="繊維担当 係長"), edit=0, by=writer)
    assert titles("繊維") == []
    services.submit_for_review(version, by=writer)
    services.approve(version, publish_on=today(), by=officer)

    assert titles("繊維") == ["繊維担当 係長"]
    assert titles("鉄鋼") == []


def test_moved_post_is_found_by_its_new_section():
    officer = RoleGrantFactory(role=Role.HR).user
    link = SectionSuccessionFactory(
        predecessor=SectionFactory(name="旧鉱山課"), successor=SectionFactory(name="新鉱山課")
    )
    PostDescriptionFactory(title="調査担当 係長", section=link.predecessor)
    assert titles("旧鉱山課") == ["調査担当 係長"]
    services.move_posts(link.predecessor, link.successor, by=officer)

    assert titles("新鉱山課") == ["調査担当 係長"]
    assert titles("旧鉱山課") == []


def test_title_comes_before_duties_and_long_words_before_their_parts():
    PostDescriptionFactory(title="総務担当 係長", duties="審査の日程を組みます。")
    PostDescriptionFactory(title="審査担当 係長", duties="書類を読みます。")

    assert titles("審査") == ["審査担当 係長", "総務担当 係長"]


def test_words_are_all_wanted_and_quoted_ones_letter_by_letter():
    PostDescriptionFactory(title="甲", duties="国際標準を提案します。")
    PostDescriptionFactory(title="乙", duties="標準的な国際会議を開きます。")

    assert set(titles("国際 標準")) == {"甲", "乙"}
    assert titles("「国際標準」") == titles('"国際標準"') == titles("“国際標準”") == ["甲"]
    assert titles("国際　鉄鋼") == []
    assert titles("の は !") == titles("")


def test_two_characters_are_looked_for_inside_words_only_where_little_is_found():
    PostDescriptionFactory(title="甲", duties="生産業務を記録します。")
    assert titles("産業") == ["甲"]
    for number in range(3):
        PostDescriptionFactory(title=f"乙{number}", duties="産業を振興します。")

    assert titles("産業") == ["乙0", "乙1", "乙2"]


def test_counts_leave_the_choice_of_their_own_kind_apart():
    skills = {"甲": ("B1-02", "A3"), "乙": ("B1-02",), "丙": ("A3",)}
    for title, codes in skills.items():
        PostDescriptionFactory(
            title=title,
            grade="official" if title == "丙" else "unit_chief",
            gained=tuple(SkillLine(code, 3) for code in codes),
            required=(SkillLine("B2-04", 1),),
        )
    found = find(ask(""), Narrowing(gained=("B1-02",), grade=("unit_chief",)))

    assert found.total == 2
    assert found.before == 3
    assert found.counts["gained"] == {"B1-02": 2, "A3": 1}
    assert found.counts["grade"] == {"unit_chief": 2}
    assert found.counts["required"] == {"B2-04": 2}
    assert titles("", gained=("A3",), grade=("official", "unit_chief")) == ["甲", "丙"]


def test_pages_hold_twenty_and_a_page_too_far_is_the_last():
    for number in range(21):
        PostDescriptionFactory(title=f"担当{number:02}")

    assert len(find(ask(""), Narrowing()).posts) == 20
    far = find(ask("担当"), Narrowing(), page=99999)
    assert (far.page, far.pages, far.posts) == (2, 2, far.posts[:1])


def test_synonyms_count_both_ways_unless_out_of_use_or_not_wanted():
    synonyms("脱炭素", "カーボンニュートラル", "GX")
    synonyms("鉄鋼", "製鉄", is_used=False)
    PostDescriptionFactory(title="甲", duties="ＧＸを進めます。")
    PostDescriptionFactory(title="乙", duties="カーボン・ニュートラルを説きます。")
    PostDescriptionFactory(title="丙", duties="GXR線を製鉄に使います。")

    assert set(titles("脱炭素")) == set(titles("gx")) == {"甲", "乙"}
    assert set(titles("脱炭素推進")) == set()
    assert titles("鉄鋼") == []
    assert not all_found(ask("脱炭素", only_typed=True))
    assert ask("ＧＸ").asked[0].included == ("脱炭素", "カーボンニュートラル")


def test_kana_find_words_read_so():
    PostDescriptionFactory(title="審査担当 係長")

    assert titles("しんさ") == titles("シンサ") == ["審査担当 係長"]
    assert ask("しんさ").asked[0].included == ("審査",)
    assert [each.word for each in complete("しん")] == ["審査", "審査担当 係長"]


def test_suggestions_are_words_with_what_they_find_now():
    for number in range(3):
        PostDescriptionFactory(title=f"担当{number}", duties="GXで半導体を使います。")
    index_services.recount_terms()

    assert [(each.word, each.posts) for each in complete("半導")] == [("半導体", 3)]
    assert [each.kind for each in complete("担当")] == ["word", "title", "title", "title"]
    assert [each.word for each in complete("ｇｘ")] == ["GX"]
    assert [each.word for each in meant("半導休")] == ["半導体"]
    assert complete("") == complete("%") == meant("半") == []


def test_marks_stand_on_what_was_found_and_everything_else_is_escaped():
    synonyms("スタートアップ", "ベンチャー")
    headline = Headline(ask("ベンチャー 取組 「a<b」"))

    assert headline.mark("<b>スタートアップ</b>の取り組みとa<b") == (
        "&lt;b&gt;<mark>スタートアップ</mark>&lt;/b&gt;の<mark>取り組み</mark>と<mark>a&lt;b</mark>"
    )
    assert Headline(ask("データ")).mark("ﾃﾞｰﾀと表") == "<mark>ﾃﾞｰﾀ</mark>と表"
    assert Headline(ask("")).mark("<i>") == "&lt;i&gt;"


def test_snippet_is_the_line_that_says_most_cut_around_it():
    long = f"{'前置き' * 30}審査と検査をします。{'後書き' * 30}"
    headline = Headline(ask("審査 検査"))

    assert headline.snippet(["審査をします。", long]).count("<mark>") == 2
    assert headline.snippet(["審査をします。", long]).startswith("…")
    assert (
        headline.snippet(["書類を読みます。"], lambda: ["検査もします。"])
        == "<mark>検査</mark>もします。"
    )
    assert headline.snippet(["書類を読みます。"]) == "書類を読みます。"
    assert headline.snippet([]) == ""


def test_strange_words_find_something_or_nothing_but_never_fail(client):
    PostDescriptionFactory(title="審査担当", duties="<script>alert(1)</script>を審査します。")
    client.force_login(UserFactory())
    for typed in STRANGE:
        query = {"q": typed, "page": typed, "bureau": typed, "gained": [typed], "sort": typed}
        page = client.get("/postings/", query)
        assert page.status_code == 200, typed
        assert "<script>alert" not in page.content.decode()
        assert client.get("/postings/", {"q": typed}).status_code == 200, typed
        assert client.get("/postings/suggest/", {"q": typed}).status_code == 200, typed
    assert (
        "<script>" not in client.get("/postings/", {"q": "審査"}).content.decode().split("<main")[1]
    )


TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from(printable + "審査官補のがー「」“”・々ﾃﾞ")),
    max_size=30,
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.lists(TEXTS, min_size=10, max_size=10))
def test_a_thousand_random_texts_are_asked_completed_and_marked(typed):
    for text in map(search_words, typed):
        query = ask(text)
        found = find(query, Narrowing())
        Headline(query, wide=found.is_wide).snippet(["審査をします。" + text])
        complete(text)
        meant(text)
