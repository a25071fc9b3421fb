"""Conditions by which HR finds submitted forms: what their writers hope for, as far as HR reads it (③ and ⑥)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from surveys.models.submission import SubmittedPart, SubmittedPostWish

if TYPE_CHECKING:
    from surveys.models.submission import SubmittedPartQuerySet

EXPERTISE = "expertise"
POSTS = "posts"
TIMING = "timing"
EXPERIENCES = "experiences"
# ぜひ経験したい, 関心がある: the strongest first.
HOPES = ("1", "2")


def hopes_for_field(question: str) -> Q:
    """A submission that hopes for a field of expertise (B1); `question` is the code of its wish."""
    hoped = Q()
    for hope in HOPES:
        hoped |= Q(answers__contains={question: hope})
    return Q(Exists(_parts(EXPERTISE).filter(hoped)))


def hopes_for_post(words: str) -> Q:
    """A submission that hopes for a post whose title, as it was handed in, holds every one of the words."""
    titles = Q()
    for word in words.split():
        titles &= Q(post_title__icontains=word)
    hoped = SubmittedPostWish.objects.filter(titles, part=OuterRef("pk"))
    return Q(Exists(_parts(POSTS).filter(Exists(hoped))))


def hopes_to_move(timing: str) -> Q:
    """A submission that chose this timing of the next move."""
    return Q(Exists(_parts(POSTS).filter(answers__contains={TIMING: timing})))


def _parts(code: str) -> SubmittedPartQuerySet:
    return SubmittedPart.objects.filter(
        submission=OuterRef("pk"), part__code=code, part__hr_reads=True
    )
