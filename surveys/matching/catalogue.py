"""The published posts as the rules of matching take them: only the lines that a form may speak about."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from career_portal.staff.models import User
from career_portal.staff.models.assignments import Grade
from postings.describing import Description, ShownSkill
from postings.models import PostDescription, PostSkill
from postings.models.posts import NON_MANAGERIAL, lines
from postings.models.skills import STRENGTHS
from surveys.matching.rules import CENTRAL, OwnForm, Post, PostLine

GAINED, REQUIRED = PostSkill.Relation.GAINED, PostSkill.Relation.REQUIRED


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
    published = PostDescription.objects.visible_to(user).published()
    rows = {
        row[1]: row
        for row in published.filter(
            shown__grade__in=list(grades),
            shown__skills__relation=GAINED,
            shown__skills__skill__code__in=form.wishes,
        )
        .order_by()
        .distinct()
        .values_list(
            "pk", "shown", "shown__title", "section", "section__bureau__code", "shown__duties"
        )
    }
    found: dict[tuple[int, str], list[PostLine]] = {}
    skills = PostSkill.objects.visible_to(user).filter(wanted | asked_for, version__in=rows)
    for version, relation, code, name, number, strength, sentence in skills.order_by(
        "sort_order"
    ).values_list(
        "version", "relation", "skill__code", "skill__name", "sort_order", "strength", "sentence"
    ):
        words = STRENGTHS[relation][strength]
        line = PostLine(code, name, number, strength, words, sentence)
        found.setdefault((version, relation), []).append(line)
    return [
        Post(
            pk,
            title,
            section,
            bureau,
            tuple(lines(duties)),
            tuple(found.get((version, GAINED), ())),
            tuple(found.get((version, REQUIRED), ())),
        )
        for pk, version, title, section, bureau, duties in rows.values()
    ]
