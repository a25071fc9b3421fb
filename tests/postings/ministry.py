"""A ministry with as many published posts as a test asks for, made in a few statements."""

from career_portal.common.clock import today
from career_portal.skills.models import Skill
from postings import services
from postings.content import PostContent, SkillLine
from postings.models import PostDescription, PostVersion
from tests.factories.postings import framework
from tests.factories.staff import BureauFactory, SectionFactory, UserFactory

GRADES = ("official", "unit_chief", "deputy_director")


def open_posts(number, *, sections=None, **fields):
    """Published posts, three to a section and ten sections to a bureau; every post gains two skills and asks for one."""
    framework()
    codes = list(Skill.objects.order_by("sort_order").values_list("code", flat=True))
    writer, approver = UserFactory(), UserFactory()
    places = sections or _sections(-(-number // 3))
    start = PostDescription.objects.count()
    posts = PostDescription.objects.bulk_create(
        PostDescription(code=f"M{start + place:05}", section=places[place // 3 % len(places)])
        for place in range(number)
    )
    versions = PostVersion.objects.bulk_create(
        PostVersion(
            post=post,
            number=1,
            stage=PostVersion.Stage.RELEASED,
            edited_by=writer,
            submitted_by=writer,
            approved_by=approver,
            publish_on=today(),
            released_on=fields.get("released_on", today()),
            title=f"企画第{place + 1}担当 係長",
            grade=GRADES[place % 3],
            place="霞が関",
            mission="国境を越える取引を、安心して使えるものにします。",
            duties="相手国との会合の準備と説明\n関係省庁や産業界との調整\n合意した文書の確認",
        )
        for place, post in enumerate(posts)
    )
    for post, version in zip(posts, versions, strict=True):
        post.shown = version
    PostDescription.objects.bulk_update(posts, ["shown"], batch_size=500)
    services.store_skills(
        {version.pk: _skills(codes, place) for place, version in enumerate(versions)}
    )
    return posts


def _sections(number):
    bureaus = [BureauFactory(sort_order=place) for place in range(-(-number // 10))]
    return [
        SectionFactory(bureau=bureaus[place // 10], sort_order=place) for place in range(number)
    ]


def _skills(codes, place):
    first, second, third = (codes[(place * step + step) % len(codes)] for step in (1, 5, 7))
    gained = {first: SkillLine(first, 3, "準備から結果までを通して経験できます。")}
    gained.setdefault(second, SkillLine(second, 2, "会合と文書を通して身につきます。"))
    required = (SkillLine(third, 1 + place % 3, "着任前に学ぶ場があります。"),)
    return PostContent(gained=tuple(gained.values()), required=required)
