"""How groups of words that mean the same are changed, and what a change would do to what is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Now

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from postings import permissions
from postings.models import PostDescription, Synonym, SynonymGroup
from postings.search.query import ask
from postings.search.results import all_found
from postings.search.thesaurus import Thesaurus, key_of, used_groups

FEWEST_TERMS, MOST_TERMS = 2, 8
LONGEST_TERM = Synonym._meta.get_field("term").max_length or 0
SHOWN_POSTS = 20


class SynonymRefused(RuleViolation):
    """The words cannot be a group; the sentence says why."""


@dataclass(frozen=True)
class Effect:
    """What a change does to the search for one word: posts found before and after, and which come in or drop out.

    The first twenty of each are named, `more_` are the others.
    """

    term: str
    before: int
    after: int
    come: tuple[PostDescription, ...]
    drop: tuple[PostDescription, ...]
    more_come: int
    more_drop: int


@transaction.atomic
def store_group(
    group: SynonymGroup | None, terms: Sequence[str], *, note: str, is_used: bool, by: User
) -> SynonymGroup:
    """Store the words of a group, a new one where there is none yet. Raises SynonymRefused."""
    if not permissions.can_run_catalogue(by):
        raise SynonymRefused("同じ意味の言葉を直す権限がありません。")
    # Two groups at once wait for each other here, so that a word never gets into both.
    list(SynonymGroup.objects.select_for_update().order_by("pk").values_list("pk"))
    check_terms(terms, group)
    group = group or SynonymGroup()
    group.note, group.is_used = note, is_used
    group.updated_by, group.updated_at = by, Now()
    group.save()
    write_terms(group, terms)
    group.refresh_from_db()
    return group


@transaction.atomic
def remove_group(group: SynonymGroup, *, by: User) -> None:
    """Take a group away with its words. Raises SynonymRefused."""
    if not permissions.can_run_catalogue(by):
        raise SynonymRefused("同じ意味の言葉を直す権限がありません。")
    group.delete()


def write_terms(group: SynonymGroup, terms: Sequence[str]) -> None:
    """Put words in place of those that a group has."""
    group.synonyms.all().delete()
    Synonym.objects.bulk_create(
        Synonym(group=group, term=term, key=key_of(term), sort_order=number)
        for number, term in enumerate(terms, start=1)
    )


def check_terms(terms: Sequence[str], group: SynonymGroup | None = None) -> None:
    """See that words can be a group: two to eight different ones that stand in no other. Raises SynonymRefused."""
    if not FEWEST_TERMS <= len(terms) <= MOST_TERMS:
        raise SynonymRefused(
            f"言葉は1行に1つずつ、{FEWEST_TERMS}つから{MOST_TERMS}つまで入力してください。"
        )
    keys: dict[str, str] = {}
    for term in terms:
        if len(term) > LONGEST_TERM:
            raise SynonymRefused(
                f"「{term[:10]}…」が長すぎます。{LONGEST_TERM}文字以内にしてください。"
            )
        if not any(character.isalnum() for character in term):
            raise SynonymRefused(f"「{term}」は記号だけなので、検索に使えません。")
        key = key_of(term)
        if key in keys:
            raise SynonymRefused(
                f"「{keys[key]}」と「{term}」は、検索では初めから同じ言葉として扱われます。どちらかを消してください。"
            )
        keys[key] = term
    others = Synonym.objects.filter(key__in=keys).exclude(group=group)
    if taken := others.select_related("group").first():
        words = "」「".join(each.term for each in taken.group.synonyms.all())
        raise SynonymRefused(
            f"「{keys[taken.key]}」は、別の組（「{words}」）にあります。1つの言葉が入る組は1つだけです。"
        )


def effects(group: SynonymGroup | None, terms: Sequence[str], *, is_used: bool) -> list[Effect]:
    """What storing a group would do to the searches for its words, those it has now and those it will have."""
    now = used_groups()
    later = used_groups(without=group.pk if group else None)
    former = [synonym.term for synonym in group.synonyms.all()] if group else []
    if is_used and terms:
        later[0] = list(terms)
    before, after = Thesaurus(now.values()), Thesaurus(later.values())
    return [_effect(term, before, after) for term in dict.fromkeys([*terms, *former])]


def _effect(term: str, before: Thesaurus, after: Thesaurus) -> Effect:
    old = all_found(ask(term, thesaurus=before))
    new = all_found(ask(term, thesaurus=after))
    come, drop = sorted(new - old), sorted(old - new)
    posts = PostDescription.objects.published().in_words()
    by_id = posts.in_bulk([*come[:SHOWN_POSTS], *drop[:SHOWN_POSTS]])
    return Effect(
        term=term,
        before=len(old),
        after=len(new),
        come=tuple(by_id[pk] for pk in come if pk in by_id),
        drop=tuple(by_id[pk] for pk in drop if pk in by_id),
        more_come=len(come[SHOWN_POSTS:]),
        more_drop=len(drop[SHOWN_POSTS:]),
    )
