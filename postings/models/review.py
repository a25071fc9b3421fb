"""What is said about a version while it is reviewed."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.staff.models import User
from postings.models.posts import PostVersion, in_care_of


class ReviewCommentQuerySet(models.QuerySet["ReviewComment"]):
    """Comments."""

    def visible_to(self, user: User) -> Self:
        """To who cares for the post; readers of a published description never see how it came about."""
        if not user.is_active:
            return self.none()
        return self.filter(in_care_of(user, today(), "version__post__section__"))


class ReviewComment(models.Model):
    """A remark on a version, about one field or the whole; `sends_back` where it returned the version to its writer."""

    version = models.ForeignKey(PostVersion, on_delete=models.CASCADE, related_name="comments")
    field = models.CharField("項目", max_length=20, blank=True)
    text = models.TextField("コメント")
    sends_back = models.BooleanField("差し戻し", default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("日時", db_default=Now())

    objects = ReviewCommentQuerySet.as_manager()

    class Meta:
        verbose_name = "確認のコメント"
        verbose_name_plural = "確認のコメント"
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(name="comment_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.field}"


class ReviewReminderQuerySet(models.QuerySet["ReviewReminder"]):
    """Reminders."""

    def visible_to(self, user: User) -> Self:
        """To who cares for the post."""
        if not user.is_active:
            return self.none()
        return self.filter(in_care_of(user, today(), "version__post__section__"))


class ReviewReminder(models.Model):
    """Those who care for a post were told that the version shown should be looked at again: once for each version."""

    version = models.OneToOneField(
        PostVersion, on_delete=models.CASCADE, related_name="review_reminder"
    )
    sent_on = models.DateField("知らせた日")

    objects = ReviewReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "見直しの知らせ"
        verbose_name_plural = "見直しの知らせ"

    def __str__(self) -> str:
        return f"{self.version} {self.sent_on}"
