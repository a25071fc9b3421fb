"""What the search knows: an entry for each published post, words to suggest, and words that mean the same."""

from __future__ import annotations

from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now

from career_portal.staff.models import Bureau, User
from postings.models.posts import PostDescription

# Kilobytes of new entries that an index may hold unsorted: a publication waits less, a search hardly more.
PENDING = 512


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    """Entries."""

    def visible_to(self, user: User) -> Self:
        """Entries stand for published posts alone, and those are open to all staff."""
        return self.all() if user.is_active else self.none()


class SearchEntry(models.Model):
    """What a published post is found and counted by; made anew from its description whenever that changes.

    `words` holds dictionary forms (weight A: title and section, B: bureau and skills, C: mission and duties, D: the
    rest), `front` those of A and B alone, `pairs` neighbouring characters, `heading` title and section in one notation.
    Skills are codes, the strongest first.
    """

    post = models.OneToOneField(
        PostDescription, on_delete=models.CASCADE, primary_key=True, related_name="search_entry"
    )
    words = SearchVectorField("言葉")
    front = SearchVectorField("職名・課室・スキルの言葉")
    pairs = SearchVectorField("文字の組")
    heading = models.TextField("職名と課室")
    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField("職層", max_length=24)
    place = models.CharField("勤務地", max_length=40, blank=True)
    gained = ArrayField(models.CharField(max_length=8), verbose_name="得られるスキル")
    required = ArrayField(models.CharField(max_length=8), verbose_name="求められるスキル")
    released_on = models.DateField("公開した日")
    index_version = models.PositiveSmallIntegerField("索引の版")

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "検索の索引"
        verbose_name_plural = "検索の索引"
        indexes = [
            GinIndex(name="entry_by_words", fields=["words"], gin_pending_list_limit=PENDING),
            GinIndex(name="entry_by_pairs", fields=["pairs"], gin_pending_list_limit=PENDING),
        ]

    def __str__(self) -> str:
        return self.heading


class SearchTermQuerySet(models.QuerySet["SearchTerm"]):
    """Words to suggest."""

    def visible_to(self, user: User) -> Self:
        """Words of published posts; whoever shows them makes sure that they still find one."""
        return self.all() if user.is_active else self.none()


class SearchTerm(models.Model):
    """A word that published posts hold, offered while somebody types.

    `lookup` is the query that finds the posts it stands in. `posts` is their number when it was counted last: it
    orders, but does not prove anything.
    """

    class Kind(models.TextChoices):
        SECTION = "section", "課室"
        SKILL = "skill", "スキル"
        TITLE = "title", "職名"
        WORD = "word", "言葉"

    word = models.CharField("言葉", max_length=80, unique=True)
    reading = models.CharField("よみ", max_length=120, blank=True)
    kind = models.CharField("種類", max_length=7, choices=Kind)
    lookup = models.TextField("探し方")
    posts = models.PositiveIntegerField("件数", default=1)

    objects = SearchTermQuerySet.as_manager()

    class Meta:
        verbose_name = "検索の候補"
        verbose_name_plural = "検索の候補"
        indexes = [
            models.Index(
                name="term_by_beginning", fields=["word"], opclasses=["varchar_pattern_ops"]
            ),
            models.Index(
                name="term_by_reading", fields=["reading"], opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return self.word


class SynonymGroupQuerySet(models.QuerySet["SynonymGroup"]):
    """Groups of words."""

    def visible_to(self, user: User) -> Self:
        """What the search takes for the same is no secret: it says so on every result."""
        return self.all() if user.is_active else self.none()


@pghistory.track()
class SynonymGroup(models.Model):
    """Words that the search takes for the same, in both directions, unless the group is out of use."""

    note = models.CharField("メモ", max_length=200, blank=True)
    is_used = models.BooleanField("検索に使う", default=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField("最後に直した日時", db_default=Now())

    objects = SynonymGroupQuerySet.as_manager()

    class Meta:
        verbose_name = "同じ意味の言葉"
        verbose_name_plural = "同じ意味の言葉"

    def __str__(self) -> str:
        return "、".join(synonym.term for synonym in self.synonyms.all())


class SynonymQuerySet(models.QuerySet["Synonym"]):
    """Words of groups."""

    def visible_to(self, user: User) -> Self:
        """With their groups."""
        return self.all() if user.is_active else self.none()


@pghistory.track()
class Synonym(models.Model):
    """A word of a group. `key` is its one notation, which stands in no other group."""

    group = models.ForeignKey(SynonymGroup, on_delete=models.CASCADE, related_name="synonyms")
    term = models.CharField("言葉", max_length=40)
    key = models.CharField("表記をそろえた形", max_length=80, unique=True)
    sort_order = models.PositiveSmallIntegerField("並び順")

    objects = SynonymQuerySet.as_manager()

    class Meta:
        verbose_name = "同じ意味の言葉の一つ"
        verbose_name_plural = "同じ意味の言葉の一つ"
        ordering = ["group", "sort_order"]

    def __str__(self) -> str:
        return self.term
