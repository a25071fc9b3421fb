"""What the published posts of the demonstration say: enough of everything, and nothing said over and over."""

import re
from collections import Counter, defaultdict

from django.db.models import Count

from career_portal.skills.models import Skill
from career_portal.staff.models import Section
from postings.content import compare, content_of, reviewable, storable
from postings.describing import describe
from postings.models import PostDescription, PostSkill, PostVersion
from postings.models.skills import STRENGTHS
from surveys.models import DraftPostWish, SubmittedPostWish
from tests.home.ministry import this_round

PEOPLE, SEED = 60, 7
MOST = 0.05
# What is written per post; where a post lies and who answers for it is said alike of many.
TEXTS = (
    "duties",
    "stay",
    "career_before",
    "career_after",
    "telework",
    "travel",
    "busy_season",
    "team",
    "additional",
)


def shown():
    """The versions of the posts that are published."""
    return [
        post.shown
        for post in PostDescription.objects.filter(archived_on=None, shown__isnull=False)
        .select_related("shown__post__section")
        .prefetch_related("shown__skills__skill")
    ]


def sentences(text):
    """The sentences of a text, line by line; the words of a line without a full stop are one, too."""
    return re.findall(r"[^。\n]+。?", text)


def said(version):
    """The sentences of a version by field, skills among them, each once."""
    found = {name: set(sentences(getattr(version, name))) for name in TEXTS}
    for skill in version.skills.all():
        found.setdefault(skill.relation, set()).update(sentences(skill.sentence))
    return found


def test_catalogue_describes_two_or_three_posts_per_section(loaded):
    counted = PostDescription.objects.values("section").annotate(posts=Count("pk"))

    assert len(counted) == 245
    assert {row["posts"] for row in counted} == {2, 3}


def test_there_is_something_in_every_stage(loaded):
    states = Counter(post.state for post in PostDescription.objects.all())
    stages = set(PostVersion.objects.values_list("stage", flat=True))

    assert set(states) == {"published", "archived", "unpublished"}
    assert stages == {"draft", "in_review", "approved", "released"}
    assert PostVersion.objects.filter(stage="released", number=2).count() > 100


def test_most_of_the_posts_are_published_and_two_of_each_section(loaded):
    versions = shown()
    posts = Counter(version.post.section_id for version in versions)

    assert len(versions) >= 600
    sections = Section.objects.filter(post_descriptions__isnull=False).distinct()
    assert {section.code: posts[section.pk] for section in sections if posts[section.pk] < 2} == {}


def test_archived_posts_have_no_version_on_its_way(loaded):
    archived = PostDescription.objects.exclude(archived_on=None)

    assert archived
    assert not PostVersion.objects.filter(post__in=archived).exclude(stage="released").exists()


def test_every_post_says_what_a_reviewer_asks_for(loaded):
    skills = set(Skill.objects.in_use().values_list("code", flat=True))
    lacking = {}
    for version in shown():
        content = content_of(version)
        problems = [*storable(content, skills), *reviewable(content)]
        if problems:
            lacking[version.post.code] = {problem.name for problem in problems}

    assert lacking == {}


def test_two_sections_share_no_sentence_about_mission_and_duties(loaded):
    owners = defaultdict(set)
    for version in shown():
        for sentence in sentences(f"{version.mission}\n{version.duties}"):
            owners[sentence].add(version.post.section.code)

    assert {text: codes for text, codes in owners.items() if len(codes) > 1} == {}


def test_no_sentence_stands_in_more_than_a_few_posts(loaded):
    versions = shown()
    posts = Counter(
        (field, sentence)
        for version in versions
        for field, found in said(version).items()
        for sentence in found
    )

    often = {where: number for where, number in posts.items() if number > MOST * len(versions)}

    assert often == {}


def test_every_skill_has_a_sentence_in_every_version(loaded):
    assert PostSkill.objects.count() > 3000
    assert not PostSkill.objects.filter(sentence="").exists()
    assert set(PostSkill.objects.values_list("relation", "strength")) == {
        (relation, strength) for relation, words in STRENGTHS.items() for strength in words
    }


def test_each_post_says_what_one_of_its_grade_does(loaded):
    headings = {entry.label for version in shown() for entry in describe(version, ()).additional}

    assert headings == {"この職層の仕事"}


def test_earlier_versions_differ_as_somebody_would_have_rewritten_them(loaded):
    by_post = defaultdict(list)
    versions = PostVersion.objects.order_by("number").prefetch_related("skills__skill")
    for version in versions:
        by_post[version.post_id].append(content_of(version))
    pairs = [(first, second) for first, second, *_ in (v for v in by_post.values() if len(v) > 1)]

    assert len(pairs) > 100
    for first, second in pairs:
        changed = {change.name for change in compare(first, second, {})}
        assert changed <= {"gained", "duties", "busy_season", "team", "next_review_on"}
        for before, after in zip(first.gained, second.gained, strict=True):
            assert before.code == after.code
            assert (before.sentence == after.sentence) == (before.strength == after.strength)


def test_posts_hoped_for_are_rows_of_the_catalogue(loaded):
    assert SubmittedPostWish.objects.count() > 100
    assert DraftPostWish.objects.filter(survey__round=this_round()).exists()
    assert not SubmittedPostWish.objects.exclude(post__archived_on=None).exists()
    wish = SubmittedPostWish.objects.select_related("post__section__bureau").first()
    assert wish.post_title.startswith(wish.post.section.bureau.name)
