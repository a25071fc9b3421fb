"""What a person keeps for himself while looking for posts: a list with notes, and when he last looked at the news."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from career_portal.staff.models import User
from postings.models.posts import PostDescription


class KeptPostQuerySet(models.QuerySet["KeptPost"]):
    """Posts kept."""

    def visible_to(self, user: User) -> Self:
        """A list is the person's alone: nobody else learns what somebody looks for."""
        return self.filter(user=user) if user.is_active else self.none()


class KeptPost(models.Model):
    """A post on a person's list, with a note to himself."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="kept_posts"
    )
    post = models.ForeignKey(PostDescription, on_delete=models.PROTECT, related_name="+")
    note = models.TextField("メモ", blank=True)
    kept_at = models.DateTimeField("保存した日時", db_default=Now())

    objects = KeptPostQuerySet.as_manager()

    class Meta:
        verbose_name = "保存したポスト"
        verbose_name_plural = "保存したポスト"
        ordering = ["-kept_at", "-pk"]
        constraints = [models.UniqueConstraint(name="post_kept_once", fields=["user", "post"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.post_id}"


class CatalogueVisitQuerySet(models.QuerySet["CatalogueVisit"]):
    """Visits."""

    def visible_to(self, user: User) -> Self:
        """When somebody looked is known to himself alone."""
        return self.filter(user=user) if user.is_active else self.none()


class CatalogueVisit(models.Model):
    """The days (JST) on which a person last looked at what is new, and the time before that.

    Two days, so that what was new in the morning is still new in the evening.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="catalogue_visit"
    )
    last_on = models.DateField("新着を見た日")
    before_on = models.DateField("その前に見た日", null=True, blank=True)

    objects = CatalogueVisitQuerySet.as_manager()

    class Meta:
        verbose_name = "新着を見た日"
        verbose_name_plural = "新着を見た日"
        constraints = [
            models.CheckConstraint(
                name="visit_follows_the_one_before",
                condition=Q(before_on__isnull=True) | Q(last_on__gt=F("before_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.last_on}"
