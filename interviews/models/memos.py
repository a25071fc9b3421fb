"""What an interviewer writes for himself: sealed, and opened for its author alone."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from career_portal.staff.models import User
from interviews.models.talks import Interview

NONCE_BYTES = 12
# What AES-GCM adds to the text, so that no row is shorter.
TAG_BYTES = 16


class PrivateMemoQuerySet(models.QuerySet["PrivateMemo"]):
    """Memos."""

    def visible_to(self, user: User) -> Self:
        """The author's alone, also after a transfer."""
        return self.filter(author=user) if user.is_active else self.none()


class PrivateMemo(models.Model):
    """面談者メモ: sealed by the key `key_name` and bound to its interview and author. It has no history.

    `version` counts the saves; sealing it anew with another key is none.
    """

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="memos")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key_name = models.CharField("鍵の名前", max_length=40)
    nonce = models.BinaryField("ナンス", max_length=NONCE_BYTES)
    sealed = models.BinaryField("封をした本文")
    version = models.PositiveIntegerField("版", default=1)
    saved_at = models.DateTimeField("保存日時")

    objects = PrivateMemoQuerySet.as_manager()

    class Meta:
        verbose_name = "面談者メモ"
        verbose_name_plural = "面談者メモ"
        constraints = [
            models.UniqueConstraint(name="one_memo_of_an_author", fields=["interview", "author"]),
            # A nonce that came twice under one key would give both texts away.
            models.UniqueConstraint(name="nonce_once_for_a_key", fields=["key_name", "nonce"]),
            models.CheckConstraint(name="memo_names_its_key", condition=~Q(key_name="")),
        ]

    def __str__(self) -> str:
        return f"{self.interview_id} {self.author_id}"
