"""Keeps the entries of the search in step with what is published, in the same transaction as the publication."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection, transaction

from postings.models import PostDescription, SearchEntry, SearchTerm
from postings.search.analysis import INDEX_VERSION
from postings.search.document import Found, document_of, term_of

BATCH = 200
_FIELDS = [field.name for field in SearchEntry._meta.fields if not field.primary_key]
_RECOUNT = """
    UPDATE postings_searchterm SET posts = found.posts
    FROM (
        SELECT term.id, (
            SELECT count(*) FROM postings_searchentry entry
            WHERE entry.words @@ term.lookup::tsquery
        ) AS posts
        FROM postings_searchterm term WHERE term.lookup <> ''
    ) found
    WHERE postings_searchterm.id = found.id AND postings_searchterm.posts <> found.posts
"""


@transaction.atomic
def refresh(posts: Collection[int]) -> None:
    """Make the entries of posts (by id) anew as they are published now; those not published lose theirs."""
    ids = list(posts)
    terms: dict[str, Found] = {}
    for start in range(0, len(ids), BATCH):
        terms |= _refresh_entries(ids[start : start + BATCH])
    _learn(terms)


def _refresh_entries(posts: Collection[int]) -> dict[str, Found]:
    """The words of the posts whose entries were made."""
    published = PostDescription.objects.filter(pk__in=posts).published()
    found = published.in_words().prefetch_related("shown__skills__skill")
    entries: list[SearchEntry] = []
    terms: dict[str, Found] = {}
    for post in found:
        if post.shown is not None:
            entry, words = document_of(post, post.shown)
            entries.append(entry)
            terms |= words
    SearchEntry.objects.bulk_create(
        entries,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["post"],
        update_fields=_FIELDS,
    )
    if gone := set(posts) - {entry.post_id for entry in entries}:
        SearchEntry.objects.filter(post__in=gone).delete()
    return terms


def _learn(terms: dict[str, Found]) -> None:
    """Put new words down, in one order everywhere, so that two publications never wait for each other in a ring."""
    known = SearchTerm.objects.filter(word__in=terms).values_list("word", flat=True)
    new = sorted(terms.keys() - set(known))
    SearchTerm.objects.bulk_create(
        (term_of(word, terms[word]) for word in new), BATCH, ignore_conflicts=True
    )


def stale_posts() -> list[int]:
    """Posts whose entries are missing, are left over, or were made by an older way of indexing."""
    published = PostDescription.objects.published()
    current = SearchEntry.objects.filter(index_version=INDEX_VERSION)
    lacking = published.exclude(pk__in=current.values("post"))
    left_over = SearchEntry.objects.exclude(post__in=published.values("pk"))
    return [*lacking.values_list("pk", flat=True), *left_over.values_list("post", flat=True)]


def all_posts() -> list[int]:
    """Every post that is published, and every one that has an entry although it is not."""
    published = PostDescription.objects.published().values_list("pk", flat=True)
    return [*{*published, *SearchEntry.objects.values_list("post", flat=True)}]


def refresh_all(posts: Iterable[int]) -> int:
    """Make the entries of many posts anew, a batch at a time, and count the words to suggest; how many posts."""
    ids = list(posts)
    for start in range(0, len(ids), BATCH):
        refresh(ids[start : start + BATCH])
    recount_terms()
    return len(ids)


@transaction.atomic
def recount_terms() -> None:
    """Count in how many posts each word to suggest stands, and forget those that stand in none any more."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT)
    SearchTerm.objects.filter(posts=0).delete()
