"""The published posts by where they stand: bureaus, divisions and sections; and by the skills gained in them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Count, F, Q

from career_portal.common.clock import today
from career_portal.skills.models import Skill
from career_portal.staff.models import Bureau, Section, User
from career_portal.staff.models.validity import valid_on
from postings.content import GAINED
from postings.models import PostDescription, PostSkill
from postings.models.posts import PostDescriptionQuerySet
from postings.models.skills import STRENGTHS, PostSkillQuerySet

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


@dataclass
class SectionOnMap:
    """A section with the number of its posts, or with the posts themselves."""

    section: Section
    count: int = 0
    posts: list[PostDescription] = field(default_factory=list)


@dataclass
class DivisionOnMap:
    """A division of a bureau; the sections below the bureau itself have none."""

    name: str
    sections: list[SectionOnMap]


@dataclass
class BureauOnMap:
    """A bureau with its divisions."""

    bureau: Bureau
    divisions: list[DivisionOnMap]

    @property
    def count(self) -> int:
        """How many posts it has."""
        return sum(one.count for division in self.divisions for one in division.sections)

    @property
    def section_count(self) -> int:
        """How many sections it has."""
        return sum(len(division.sections) for division in self.divisions)


def published_posts(user: User) -> PostDescriptionQuerySet:
    """The posts that can be found today, as far as the person may see them."""
    return PostDescription.objects.visible_to(user).published()


def grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> list[tuple[Key, list[Item]]]:
    """Items by what they share, in the order in which each first appears."""
    found: dict[Key, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return list(found.items())


def whole_ministry(user: User) -> list[BureauOnMap]:
    """All bureaus with their sections of today, and older ones that still have posts; with numbers of posts."""
    rows = published_posts(user).order_by().values_list("section").annotate(Count("pk"))
    counts = dict(rows)
    sections = Section.objects.visible_to(user).filter(valid_on(today()) | Q(pk__in=counts))
    placed = [
        SectionOnMap(section, counts.get(section.pk, 0))
        for section in sections.select_related("bureau")
    ]
    by_bureau = grouped(placed, lambda one: one.section.bureau)
    return [BureauOnMap(bureau, _divisions(inside)) for bureau, inside in by_bureau]


def one_bureau(user: User, bureau: Bureau) -> BureauOnMap:
    """A bureau with its sections and their posts."""
    posts: dict[int, list[PostDescription]] = {}
    for post in published_posts(user).filter(section__bureau=bureau).select_related("shown"):
        posts.setdefault(post.section_id, []).append(post)
    sections = Section.objects.visible_to(user).filter(bureau=bureau)
    placed = [
        SectionOnMap(section, len(posts.get(section.pk, [])), posts.get(section.pk, []))
        for section in sections.filter(valid_on(today()) | Q(pk__in=posts))
    ]
    return BureauOnMap(bureau, _divisions(placed))


def _divisions(sections: Iterable[SectionOnMap]) -> list[DivisionOnMap]:
    return [DivisionOnMap(*both) for both in grouped(sections, lambda one: one.section.division)]


@dataclass(frozen=True)
class SkillOnMap:
    """A skill with the number of posts in which it is gained, and of those that are all about it."""

    skill: Skill
    count: int
    central: int


def skills_gained(user: User) -> list[tuple[str, list[SkillOnMap]]]:
    """The skills of the framework by kind, in its order."""
    gained = published_posts(user).order_by().filter(shown__skills__relation=GAINED)
    rows = gained.values_list("shown__skills__skill__code").annotate(
        posts=Count("pk"), all_about=Count("pk", filter=Q(shown__skills__strength=3))
    )
    counts = {code: (count, central) for code, count, central in rows}
    skills = [
        SkillOnMap(skill, *counts.get(skill.code, (0, 0)))
        for skill in Skill.objects.visible_to(user).in_use().order_by("sort_order")
    ]
    return grouped(skills, lambda one: one.skill.get_kind_display())


@dataclass(frozen=True)
class Gain:
    """A post in which a skill is gained, and what its description says about it."""

    post: PostDescription
    sentence: str


@dataclass(frozen=True)
class StrengthOnMap:
    """One of the strengths with which a skill is gained, and in how many posts it is."""

    strength: int
    words: str
    count: int


def strengths_of(user: User, code: str) -> list[StrengthOnMap]:
    """How strongly a skill is gained in posts, the strongest first."""
    rows = _lines_about(user, code).order_by("-strength").values_list("strength")
    return [
        StrengthOnMap(strength, STRENGTHS[GAINED][strength], count)
        for strength, count in rows.annotate(posts=Count("pk"))
    ]


def posts_gaining(user: User, code: str, strength: int) -> list[tuple[Bureau, list[Gain]]]:
    """The posts in which a skill is gained that strongly, by bureau."""
    lines = _lines_about(user, code).filter(strength=strength)
    said = dict(lines.order_by().values_list("version", "sentence"))
    posts = published_posts(user).filter(shown__in=said).in_words()
    gains = [Gain(post, said[post.shown.pk]) for post in posts if post.shown is not None]
    return grouped(gains, lambda gain: gain.post.section.bureau)


def _lines_about(user: User, code: str) -> PostSkillQuerySet:
    """What the versions shown of published posts say about gaining a skill."""
    return PostSkill.objects.visible_to(user).filter(
        relation=GAINED,
        skill__code=code,
        version__post__shown=F("version"),
        version__post__archived_on__isnull=True,
    )
