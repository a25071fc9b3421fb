"""The published posts as the rules of matching take them: only the lines that a form may speak about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q

from career_portal.staff.models import User
from career_portal.staff.models.assignments import Grade
from postings.describing import Description, ShownSkill
from postings.models import PostDescription, PostSkill
from postings.models.posts import NON_MANAGERIAL, lines
from postings.models.skills import STRENGTHS
from surveys.matching.rules import CENTRAL, OwnForm, Post, PostLine

GAINED, REQUIRED = PostSkill.Relation.GAINED, PostSkill.Relation.REQUIRED

_POST = (
    "version__post",
    "version__title",
    "version__post__section",
    "version__post__section__bureau__code",
    "version__duties",
)
_LINE = ("relation", "skill__code", "skill__name", "sort_order", "strength", "sentence")


def grades_within_reach(grade: str | None) -> list[Grade]:
    """The own grade and the next one up, as far as posts of it are described; all of them for other grades."""
    if grade not in NON_MANAGERIAL:
        return list(NON_MANAGERIAL)
    place = NON_MANAGERIAL.index(Grade(grade))
    return list(NON_MANAGERIAL[place : place + 2])


def post_of(post: PostDescription, description: Description) -> Post:
    """One post whose description is at hand."""
    return Post(
        post.pk,
        post.title,
        post.section_id,
        post.section.bureau.code,
        tuple(description.duties),
        _lines(description.gained),
        _lines(description.required),
    )


def _lines(skills: Iterable[ShownSkill]) -> tuple[PostLine, ...]:
    return tuple(
        PostLine(one.code, one.name, number, one.strength, one.words, one.sentence)
        for number, one in enumerate(skills, start=1)
    )


def posts_that_answer(user: User, form: OwnForm, grades: Iterable[str]) -> list[Post]:
    """Published posts of these grades in which something is gained that the form wishes for."""
    wanted = Q(relation=GAINED, skill__code__in=form.wishes)
    asked_for = Q(relation=REQUIRED, strength=CENTRAL, skill__code__in=form.beginnings)
    rows = (
        PostSkill.objects.visible_to(user)
        .filter(wanted | asked_for, version__grade__in=list(grades))
        .filter(version__post__shown=F("version"), version__post__archived_on__isnull=True)
        .order_by("version__post_id", "sort_order")
        .values_list(*_POST, *_LINE)
    )
    by_post: dict[tuple[Any, ...], list[tuple[str, PostLine]]] = {}
    for pk, title, section, bureau, duties, relation, code, name, number, strength, said in rows:
        line = PostLine(code, name, number, strength, STRENGTHS[relation][strength], said)
        by_post.setdefault((pk, title, section, bureau, duties), []).append((relation, line))
    return [
        Post(pk, title, section, bureau, tuple(lines(duties)), gained, _of(REQUIRED, found))
        for (pk, title, section, bureau, duties), found in by_post.items()
        if (gained := _of(GAINED, found))
    ]


def _of(relation: str, found: Iterable[tuple[str, PostLine]]) -> tuple[PostLine, ...]:
    return tuple(line for each, line in found if each == relation)
