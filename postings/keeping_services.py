"""What a person does with posts for himself: keeping them with a note, and looking at what is new."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from career_portal.common.clock import today
from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from postings.models import CatalogueVisit, KeptPost, PostDescription

KEPT_AT_MOST = 100


class TooManyKept(RuleViolation):
    """The list is full."""

    sentence = f"リストに保存できるのは{KEPT_AT_MOST}件までです。見なくなったポストを外すと、また保存できます。"


class HasNote(RuleViolation):
    """Taking the post off the list would throw a note away that the person did not see."""

    sentence = "メモがあるため、まだ外していません。外すとメモも消えます。下の「メモを消して外す」から外せます。"


@transaction.atomic
def keep_post(post: PostDescription, *, by: User) -> KeptPost:
    """Put a post on the person's list; twice is once. Raises TooManyKept."""
    # Presses of several windows wait for one another here, so that the limit holds.
    User.objects.select_for_update().get(pk=by.pk)
    kept = KeptPost.objects.filter(user=by)
    if (there := kept.filter(post=post).first()) is not None:
        return there
    if kept.count() >= KEPT_AT_MOST:
        raise TooManyKept
    return KeptPost.objects.create(user=by, post=post)


def remove_post(post: PostDescription, *, with_note: bool, by: User) -> None:
    """Take a post off the person's list; one with a note only where that is meant. Raises HasNote."""
    kept = KeptPost.objects.filter(user=by, post=post)
    (kept if with_note else kept.filter(note="")).delete()
    if kept.exists():
        raise HasNote


@transaction.atomic
def write_note(post: PostDescription, note: str, *, by: User) -> None:
    """Put a note beside a post, in place of the one before; a post taken off meanwhile is kept again.

    Raises TooManyKept.
    """
    kept = keep_post(post, by=by)
    kept.note = note.strip()
    kept.save(update_fields=["note"])


@transaction.atomic
def record_visit(*, by: User) -> CatalogueVisit:
    """Write down that the person looks at what is new today; the first time on a day moves the days on."""
    day = today()
    visit, _ = CatalogueVisit.objects.get_or_create(user=by, defaults={"last_on": day})
    if visit.last_on < day:
        CatalogueVisit.objects.filter(user=by, last_on=visit.last_on).update(
            before_on=F("last_on"), last_on=day
        )
        visit.refresh_from_db()
    return visit
