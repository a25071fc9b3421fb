"""Keeps the entries of the search in step with what is published, in the same transaction as the publication."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection, transaction

from postings.models import PostDescription, PostSkill, SearchEntry, SearchTerm
from postings.search.analysis import INDEX_VERSION
from postings.search.document import Found, document_of, term_of

BATCH = 200
_COLUMNS = [field.column for field in SearchEntry._meta.fields]
# By hand, since a save waits for it: the same by the ORM takes a third longer.
_STORE = f"""
    INSERT INTO postings_searchentry ({", ".join(_COLUMNS)}) VALUES ({", ".join(["%s"] * len(_COLUMNS))})
    ON CONFLICT (post_id) DO UPDATE SET
        {", ".join(f"{column} = EXCLUDED.{column}" for column in _COLUMNS[1:])}
"""  # noqa: S608  names of our own columns
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


@transaction.atomic(savepoint=False)
def refresh(posts: Collection[int]) -> None:
    """Make the entries of posts (by id) anew as they are published now; those not published lose theirs."""
    ids = list(posts)
    terms: dict[str, Found] = {}
    for start in range(0, len(ids), BATCH):
        terms |= _refresh_entries(ids[start : start + BATCH])
    _learn(terms)


def _refresh_entries(posts: Collection[int]) -> dict[str, Found]:
    """The words of the posts whose entries were made."""
    published = list(PostDescription.objects.filter(pk__in=posts).published().in_words())
    skills: dict[int, list[PostSkill]] = {}
    rows = PostSkill.objects.filter(version__in=[post.shown_id for post in published])
    # By the id: by the version it would join all that versions are ordered by.
    for row in rows.select_related("skill").order_by("version_id", "relation", "sort_order"):
        skills.setdefault(row.version_id, []).append(row)
    documents = [
        document_of(post, post.shown, skills.get(post.shown.pk, []))
        for post in published
        if post.shown is not None
    ]
    with connection.cursor() as cursor:
        for document in documents:
            cursor.execute(_STORE, [document.entry[column] for column in _COLUMNS])
    if gone := set(posts) - {post.pk for post in published}:
        SearchEntry.objects.filter(post__in=gone).delete()
    return {word: found for document in documents for word, found in document.terms.items()}


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
        # The planner does not know that the vectors lie out of line, and would read them all for each word.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_RECOUNT)
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")
    SearchTerm.objects.filter(posts=0).delete()
