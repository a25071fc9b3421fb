"""Posts that match one's wishes, and taking them into the form: for the writer alone."""

import datetime

import pytest
from django.urls import reverse

from career_portal.staff.models.assignments import Grade
from career_portal.staff.roles import Role
from postings.content import SkillLine
from surveys import services
from surveys.answers import PostedAnswers
from surveys.matching.services import AlreadyHopedFor, AnotherPostThere, PlacesTaken
from surveys.models import DraftPostWish
from tests.factories.postings import PostDescriptionFactory, archive
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, SectionFactory
from tests.factories.surveys import SurveyRoundFactory, close, submit
from tests.surveys.browsing import Page

pytestmark = pytest.mark.django_db

TRADE = SkillLine("B1-02", 3, "署名まで経験できます。")


@pytest.fixture
def wish(survey_round, questionnaire, writer):
    """Save answers to a part of this year's form, or of another round."""

    def save(number, into=survey_round, **answers):
        part = questionnaire.part(number)
        services.save_draft_part(into, part, PostedAnswers(answers=answers), version=0, by=writer)

    return save


@pytest.fixture
def post():
    return PostDescriptionFactory(title="交渉担当 係長", gained=(TRADE,))


@pytest.fixture
def at(survey_round):
    return reverse("surveys:post_matches", args=[survey_round.fiscal_year])


def found(answer):
    return [hit.post for hit in answer.context["hits"]]


def hope(client, survey_round, post, **body):
    address = reverse("surveys:post_hope", args=[survey_round.fiscal_year, post.pk])
    return client.post(address, body, follow=True)


class TestFinding:
    def test_reasons_stand_as_two_quotes(self, signed_in, wish, post, at):
        wish(3, b1_02_wish="1", b1_06_wish="3", b1_06_experience="1")
        PostDescriptionFactory(gained=(SkillLine("B1-06", 3, "技術の基礎です。"),))

        answer = signed_in.get(at)

        assert found(answer) == [post]
        page = Page(answer)
        assert page.classes["cp-quote__text"] == ["ぜひ経験したい", "署名まで経験できます。"]
        assert [source.strip() for source in page.classes["cp-quote__source"]] == [
            "あなたの記入　③ 通商・貿易",
            "このポスト　習得が見込まれるスキル 1　仕事の中心で伸びる",
        ]
        assert "％" not in page.texts["main"]

    def test_competencies_and_skills_count_as_well(self, signed_in, wish, at):
        wish(2, a3_wish="2")
        wish(4, b2_01_wish="1")
        both = PostDescriptionFactory(
            gained=(SkillLine("A3", 2, "間に立ちます。"), SkillLine("B2-01", 2, "読みます。"))
        )

        (hit,) = signed_in.get(at).context["hits"]

        assert hit.post == both
        assert [reason.own.place for reason in hit.match.reasons] == ["④ 法令", "② A3 協働力"]

    def test_what_one_has_not_begun_and_the_post_cannot_do_without_is_named(
        self, signed_in, wish, at
    ):
        wish(3, b1_02_wish="1", b1_06_experience="1", b1_03_experience="2")
        PostDescriptionFactory(
            gained=(TRADE,),
            required=(
                SkillLine("B1-06", 3, "技術が分かることが前提です。"),
                SkillLine("B1-03", 3, "制度の知識です。"),
            ),
        )

        (hit,) = signed_in.get(at).context["hits"]

        assert [(one.own.words, one.post.words) for one in hit.match.against] == [
            ("経験なし", "技術が分かることが前提です。")
        ]

    def test_without_a_wish_the_page_says_where_to_write_one(
        self, signed_in, survey_round, post, at
    ):
        page = Page(signed_in.get(at))

        assert "まだ、希望が書かれていません" in page.texts["main"]
        for number in (2, 3, 4):
            assert (
                reverse("surveys:part_edit", args=[survey_round.fiscal_year, number]) in page.links
            )

    def test_wishes_of_last_year_count_while_this_year_has_none(
        self, signed_in, survey_round, writer, wish, post, at
    ):
        before = SurveyRoundFactory(fiscal_year=survey_round.fiscal_year - 1)
        wish(3, into=before, b1_02_wish="1")
        assert found_nothing(signed_in.get(at))
        submit(before, writer)

        answer = signed_in.get(at)
        assert found(answer) == [post]
        assert "に提出した調書から。" in answer.text

        wish(3, b1_03_wish="1")
        assert found(signed_in.get(at)) == []

    def test_grade_is_the_own_and_the_next_unless_all_are_asked_for(self, signed_in, wish, at):
        wish(3, b1_02_wish="1")
        by_grade = {
            grade: PostDescriptionFactory(grade=grade, gained=(TRADE,), title=grade)
            for grade in (Grade.OFFICIAL, Grade.UNIT_CHIEF, Grade.DEPUTY_DIRECTOR)
        }

        assert set(found(signed_in.get(at))) == {
            by_grade[Grade.UNIT_CHIEF],
            by_grade[Grade.DEPUTY_DIRECTOR],
        }
        assert set(found(signed_in.get(at, {"grades": "all"}))) == set(by_grade.values())

    def test_neither_own_section_nor_what_cannot_be_hoped_for_turns_up(
        self, signed_in, writer, wish, post, at
    ):
        wish(3, b1_02_wish="1")
        own = writer.assignments.get().section
        PostDescriptionFactory(section=own, gained=(TRADE,))
        PostDescriptionFactory(draft=True, gained=(TRADE,))
        archive(PostDescriptionFactory(gained=(TRADE,)))

        assert found(signed_in.get(at)) == [post]

    def test_two_of_bureaus_never_worked_in_stand_below(self, signed_in, writer, wish, at):
        wish(3, b1_02_wish="1")
        known = SectionFactory()
        AssignmentFactory(
            user=writer,
            section=known,
            valid_from=datetime.date(2015, 4, 1),
            valid_until=datetime.date(2018, 4, 1),
        )
        first = [PostDescriptionFactory(title="あ", gained=(TRADE,)) for _ in range(10)]
        familiar = PostDescriptionFactory(
            title="い", gained=(TRADE,), section=SectionFactory(bureau=known.bureau)
        )
        strange = [PostDescriptionFactory(title="う", gained=(TRADE,)) for _ in range(3)]

        answer = signed_in.get(at)

        assert set(found(answer)) == set(first)
        assert [hit.post for hit in answer.context["surprises"]] == strange[:2]
        assert familiar in found(signed_in.get(at, {"page": 2}))

    def test_page_and_panel_are_for_the_writer_alone(
        self, client, survey_round, writer, wish, post, at
    ):
        wish(3, b1_02_wish="1")
        submit(survey_round, writer)
        section = writer.assignments.get().section
        readers = [
            AssignmentFactory(section=section).user,
            AssignmentFactory(section=section, head=True).user,
            RoleGrantFactory(role=Role.HR).user,
        ]
        pages = (at, reverse("postings:post_detail", args=[post.pk]))

        for reader in readers:
            client.force_login(reader)
            for page in pages:
                text = client.get(page).text
                assert "ぜひ経験したい</p>" not in text
                assert "あなたの記入　" not in text
        client.force_login(writer)
        for page in pages:
            assert "あなたの記入　③ 通商・貿易" in client.get(page).text

    @pytest.mark.parametrize(
        "query", [{"page": "x"}, {"page": "-1"}, {"grades": "\x00"}, {"page": "9" * 99}]
    )
    def test_nonsense_in_the_address_shows_the_list(self, signed_in, wish, post, at, query):
        wish(3, b1_02_wish="1")

        assert found(signed_in.get(at, query)) == [post]


def found_nothing(answer):
    return not answer.context["own"].has_wishes


class TestHoping:
    def hoped(self):
        return dict(DraftPostWish.objects.values_list("question_code", "post_id"))

    def test_posts_go_into_the_first_free_places(self, signed_in, survey_round, at):
        posts = [PostDescriptionFactory() for _ in range(3)]

        for post in posts:
            answer = hope(signed_in, survey_round, post, next=at)
            assert answer.redirect_chain == [(at, 302)]

        assert self.hoped() == {f"post_{place}": post.pk for place, post in enumerate(posts, 1)}
        assert f"第3希望に「{posts[2].title}」を入れました。" in answer.text

    def test_fourth_is_offered_a_place_and_takes_it(self, signed_in, survey_round):
        posts = [PostDescriptionFactory(title=f"{place}番 係長") for place in range(4)]
        for post in posts[:3]:
            hope(signed_in, survey_round, post)

        answer = hope(signed_in, survey_round, posts[3])
        assert PlacesTaken.sentence in answer.text
        assert Page(answer).buttons.count(("place", "post_2")) == 1
        assert posts[3].pk not in self.hoped().values()

        answer = hope(signed_in, survey_round, posts[3], place="post_2", instead=posts[1].pk)
        assert self.hoped()["post_2"] == posts[3].pk
        assert "第2希望に「3番 係長」を入れました。" in answer.text

    def test_place_that_changed_meanwhile_is_not_overwritten(self, signed_in, survey_round, post):
        first, second = PostDescriptionFactory(), PostDescriptionFactory()
        hope(signed_in, survey_round, first)

        for instead in (second.pk, ""):
            answer = hope(signed_in, survey_round, post, place="post_1", instead=instead)
            assert AnotherPostThere.sentence in answer.text

        assert self.hoped() == {"post_1": first.pk}

    def test_twice_is_once(self, signed_in, survey_round, post):
        hope(signed_in, survey_round, post)
        answer = hope(signed_in, survey_round, post)

        assert AlreadyHopedFor.sentence in answer.text
        assert self.hoped() == {"post_1": post.pk}

    def test_pages_of_posts_offer_it_until_it_is_done(self, signed_in, survey_round, post):
        address = reverse("surveys:post_hope", args=[survey_round.fiscal_year, post.pk])
        page = reverse("postings:post_detail", args=[post.pk])

        assert f'action="{address}"' in signed_in.get(page).text
        hope(signed_in, survey_round, post)

        text = signed_in.get(page).text
        assert f'action="{address}"' not in text
        assert "第1希望に入っています" in text

    def test_closed_round_says_so_and_offers_nothing(self, signed_in, survey_round, post, wish, at):
        wish(3, b1_02_wish="1")
        close(survey_round)

        answer = hope(signed_in, survey_round, post)

        assert services.WritingClosed.sentence in answer.text
        assert not DraftPostWish.objects.exists()
        for page in (at, reverse("postings:post_detail", args=[post.pk])):
            assert "/hope/" not in signed_in.get(page).text

    def test_submitted_form_and_archived_post_get_their_sentences(
        self, signed_in, survey_round, writer, wish, post
    ):
        assert (
            services.UnknownPost.sentence
            in hope(signed_in, survey_round, PostDescriptionFactory(archived=True)).text
        )
        wish(3, b1_02_wish="1")
        submit(survey_round, writer)
        assert services.NotBeingWritten.sentence in hope(signed_in, survey_round, post).text
        assert not DraftPostWish.objects.exists()

    @pytest.mark.parametrize(
        "body", [{"place": "timing"}, {"place": "x"}, {"place": "post_1", "instead": "x"}]
    )
    def test_nonsense_is_not_found(self, signed_in, survey_round, post, body):
        assert hope(signed_in, survey_round, post, **body).status_code == 404

    def test_post_never_shown_is_not_found(self, signed_in, survey_round):
        draft = PostDescriptionFactory(draft=True)

        assert hope(signed_in, survey_round, draft).status_code == 404

    def test_picking_page_leads_to_matches_and_kept_posts(self, signed_in, survey_round, at):
        pick = reverse("surveys:post_pick", args=[survey_round.fiscal_year, 6, "post_1"])

        links = Page(signed_in.get(pick)).links

        assert at in links
        assert reverse("postings:kept_list") in links
