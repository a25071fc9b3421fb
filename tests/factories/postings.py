"""Posts with a description in any stage."""

from __future__ import annotations

import datetime

import factory

from career_portal.common.clock import today
from career_portal.home import reference_data
from career_portal.skills.models import SkillFramework
from career_portal.staff.models.assignments import Grade
from postings import services
from postings.content import PostContent, SkillLine
from postings.models import PostDescription, PostVersion, VersionWriter
from postings.search import index_services
from tests.factories.staff import SectionFactory, UserFactory

TEXTS = {
    "mission": "国際会議を通じて、共通のルールをつくります。",
    "duties": "国際会議の準備と運営\n各国の主張の整理\n合意した文書の確認",
    "place": "霞が関",
}


def framework() -> SkillFramework:
    """The real skill framework; loaded where the test's database has none yet."""
    return SkillFramework.objects.order_by("pk").last() or reference_data._load_framework()


def content(**fields) -> PostContent:
    """A description that can be reviewed, but for what is given otherwise."""
    framework()
    return PostContent(
        **{
            "title": "国際会議担当 係長",
            "grade": Grade.UNIT_CHIEF,
            **TEXTS,
            "gained": (SkillLine("B1-02", 3, "交渉の準備から署名までを通して経験できます。"),),
            "required": (SkillLine("B2-04", 2, "英文の資料を読めると、早く議論に加われます。"),),
            "next_review_on": today() + datetime.timedelta(days=365),
            **fields,
        }
    )


class PostDescriptionFactory(factory.django.DjangoModelFactory):
    """A published post, described in one version; `draft` has never been shown, `archived` is no longer found."""

    class Meta:
        model = PostDescription

    code = factory.Sequence(lambda n: f"P{n:04}")
    section = factory.SubFactory(SectionFactory)
    title = factory.Sequence(lambda n: f"第{n}係長")
    grade = Grade.UNIT_CHIEF
    draft = False
    archived = False

    @classmethod
    def _create(cls, model, *args, title, grade, draft, archived, **kwargs):
        texts = {name: kwargs.pop(name, text) for name, text in TEXTS.items()}
        skills = {name: kwargs.pop(name, ()) for name in ("gained", "required")}
        post = super()._create(model, *args, **kwargs)
        version = version_of(post, title=title, grade=grade, draft=draft, **texts)
        if any(skills.values()):
            framework()
            services.store_skills({version.pk: PostContent(**skills)})
        if not draft:
            post.shown = version
            post.archived_on = today() if archived else None
            post.save()
            index_services.refresh([post.pk])
        return post


def show(post: PostDescription, **fields) -> PostVersion:
    """Put a new version of a post in place of the one shown."""
    post.shown = version_of(post, **fields)
    post.save()
    index_services.refresh([post.pk])
    return post.shown


def archive(post: PostDescription) -> None:
    """End the publication of a post."""
    post.archived_on = today()
    post.save()
    index_services.refresh([post.pk])


def version_of(post: PostDescription, *, draft: bool = False, **fields) -> PostVersion:
    """One more version of a post, as people of no importance wrote and approved it."""
    number = post.versions.count() + 1
    writer = UserFactory()
    steps = (
        {}
        if draft
        else {
            "stage": PostVersion.Stage.RELEASED,
            "submitted_by": writer,
            "approved_by": UserFactory(),
            "publish_on": today(),
            "released_on": today(),
        }
    )
    version = PostVersion.objects.create(
        post=post, number=number, edited_by=writer, **{"grade": Grade.UNIT_CHIEF, **fields}, **steps
    )
    VersionWriter.objects.create(version=version, user=writer)
    return version
