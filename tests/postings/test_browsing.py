"""Ways to posts without a word: the map of the ministry, skills, and what is new since the last visit."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from career_portal.common.clock import today
from postings import keeping_services
from postings.content import SkillLine
from postings.models import CatalogueVisit
from tests.factories.postings import PostDescriptionFactory, archive, show
from tests.factories.staff import BureauFactory, SectionFactory, UserFactory
from tests.postings.ministry import open_posts
from tests.surveys.browsing import Page

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
NEWS = "/postings/news/"


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def reader(client, person):
    client.force_login(person)
    return client


class TestMap:
    def test_every_section_stands_in_its_place_with_its_number_of_posts(self, reader):
        bureau = BureauFactory(name="通商政策局", sort_order=1)
        upper = SectionFactory(bureau=bureau, name="総務課", sort_order=1)
        lower = SectionFactory(bureau=bureau, name="連携課", division="国際経済部", sort_order=2)
        SectionFactory(bureau=BureauFactory(sort_order=2), name="よその課")
        for section in (upper, lower, lower):
            PostDescriptionFactory(section=section)
        PostDescriptionFactory(section=lower, draft=True)
        archive(PostDescriptionFactory(section=lower))

        first, second = reader.get("/postings/map/").context["bureaus"]

        assert (first.bureau, first.count, first.section_count) == (bureau, 3, 2)
        assert [
            (division.name, [(one.section.name, one.count) for one in division.sections])
            for division in first.divisions
        ] == [("", [("総務課", 1)]), ("国際経済部", [("連携課", 2)])]
        assert second.count == 0

    def test_ended_section_stays_as_long_as_it_has_posts(self, reader):
        ended = SectionFactory(valid_until=today() - DAY, name="昔の課")
        SectionFactory(valid_until=today() - DAY, name="空の課")
        PostDescriptionFactory(section=ended)

        text = reader.get("/postings/map/").text

        assert "昔の課" in text
        assert "空の課" not in text

    def test_bureau_lists_its_posts_by_section(self, reader):
        post = PostDescriptionFactory(title="交渉担当 係長")
        SectionFactory(bureau=post.section.bureau, name="静かな課")
        PostDescriptionFactory(title="よその係長")

        page = Page(reader.get(reverse("postings:bureau_map", args=[post.section.bureau_id])))

        assert reverse("postings:post_detail", args=[post.pk]) in page.links
        assert "公開中のポストはまだありません。" in page.texts["main"]
        assert "よその係長" not in page.texts["main"]

    def test_unknown_bureau_is_not_found(self, reader):
        assert reader.get(reverse("postings:bureau_map", args=[10**9])).status_code == 404


class TestSkills:
    def test_framework_stands_in_its_order_with_numbers(self, reader):
        PostDescriptionFactory(gained=(SkillLine("B1-02", 3), SkillLine("B2-01", 1)))
        PostDescriptionFactory(gained=(SkillLine("B1-02", 2),), required=(SkillLine("A1", 3),))
        archive(PostDescriptionFactory(gained=(SkillLine("B1-02", 3),)))

        kinds = dict(reader.get("/postings/skills/").context["kinds"])

        counts = {
            one.skill.code: (one.count, one.central) for rows in kinds.values() for one in rows
        }
        assert list(kinds) == ["コンピテンシー", "専門分野", "行政官として役立つスキル"]
        assert list(counts)[:6] == ["A1", "A2", "A3", "A4", "A5", "B1-01"]
        assert counts["B1-02"] == (2, 1)
        assert counts["B2-01"] == (1, 0)
        assert counts["A1"] == (0, 0)

    @pytest.mark.parametrize(
        ("query", "strength"), [("", 3), ("?strength=1", 1), ("?strength=x", 3)]
    )
    def test_posts_of_one_strength_stand_by_bureau(self, reader, query, strength):
        weak, strong, other = (
            PostDescriptionFactory(gained=(SkillLine("B1-02", each, f"強さは{each}です。"),))
            for each in (1, 3, 3)
        )
        archive(PostDescriptionFactory(gained=(SkillLine("B1-02", 3, "昔の文"),)))
        show(
            PostDescriptionFactory(gained=(SkillLine("B1-02", 3, "前の版の文"),)), title="今の係長"
        )

        answer = reader.get(f"/postings/skills/B1-02/{query}")

        assert [(each.words, each.count) for each in answer.context["strengths"]] == [
            ("仕事の中心で伸びる", 2),
            ("ふれる機会がある", 1),
        ]
        found = [gain.post for _, gains in answer.context["bureaus"] for gain in gains]
        assert found == ([strong, other] if strength == 3 else [weak])
        assert f"強さは{strength}です。" in answer.text
        assert "昔の文" not in answer.text
        assert "前の版の文" not in answer.text

    @pytest.mark.parametrize("code", ["Z9", "b1-02", "B1"])
    def test_unknown_skill_is_not_found(self, reader, code):
        assert reader.get(f"/postings/skills/{code}/").status_code == 404


class TestNews:
    @pytest.fixture
    def last_visit(self, person):
        CatalogueVisit.objects.create(user=person, last_on=today() - 3 * DAY)

    def test_new_changed_and_ended_posts_are_told_apart(self, reader, last_visit):
        changed, same, ended = open_posts(3, released_on=today() - 9 * DAY)
        text = {"title": changed.shown.title, "grade": "official", "place": "大阪"}
        show(changed, mission=changed.shown.mission, duties=changed.shown.duties, **text)
        archive(ended)
        new = PostDescriptionFactory()

        answer = reader.get(NEWS)

        told = {one.post: one for one in answer.context["news"]}
        assert set(told) == {changed, new}
        assert told[new].is_new
        assert [(each.label, each.old, each.new) for each in told[changed].changes][:1] == [
            ("習得が見込まれるスキル", told[changed].changes[0].old, "")
        ]
        assert ("勤務地", "霞が関", "大阪") in [
            (each.label, each.old, each.new) for each in told[changed].changes
        ]
        assert [post for post, _ in answer.context["gone"]] == [ended]
        assert same not in told

    def test_several_versions_since_then_are_compared_with_the_one_seen(self, reader, last_visit):
        (post,) = open_posts(1, released_on=today() - 9 * DAY)
        show(post, title="途中の題")
        show(post, title="今の題")

        (one,) = reader.get(NEWS).context["news"]

        title = next(change for change in one.changes if change.name == "title")
        assert (title.old, title.new) == ("企画第1担当 係長", "今の題")

    def test_news_stay_all_day_and_are_gone_the_day_after(self, reader, last_visit, time_machine):
        (post,) = open_posts(1, released_on=today() - DAY)
        now = timezone.now()

        for _ in range(2):
            assert [one.post for one in reader.get(NEWS).context["news"]] == [post]
        time_machine.move_to(now + DAY)
        reader.force_login(CatalogueVisit.objects.get().user)

        assert reader.get(NEWS).context["news"] == []

    def test_first_visit_looks_thirty_days_back(self, reader):
        recent, _ = open_posts(1, released_on=today() - 30 * DAY) + open_posts(
            1, released_on=today() - 31 * DAY
        )

        assert [one.post for one in reader.get(NEWS).context["news"]] == [recent]

    def test_visits_of_others_move_nothing(self, reader, last_visit):
        open_posts(1, released_on=today() - DAY)
        keeping_services.record_visit(by=UserFactory())

        assert len(reader.get(NEWS).context["news"]) == 1

    def test_database_refuses_a_visit_before_the_one_before(self, person):
        with pytest.raises(IntegrityError), transaction.atomic():
            CatalogueVisit.objects.create(user=person, last_on=today(), before_on=today())
