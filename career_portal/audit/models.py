"""The log of reads. Changes are logged by the database itself (pghistory, beside each tracked model)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models.functions import Now


class AccessEvent(models.Model):
    """Somebody read a part of another person's record: who, in which capacity, whose, what, when. Never the content.

    It holds plain ids on purpose, no foreign keys: what has been read stays true whatever becomes of the rows.
    """

    read_at = models.DateTimeField("日時", db_default=Now())
    reader_id = models.BigIntegerField("読んだ人")
    reader_name = models.CharField("読んだ人の氏名", max_length=100)
    capacity = models.CharField("立場", max_length=20)
    subject_id = models.BigIntegerField("本人")
    object_kind = models.CharField("種類", max_length=40)
    object_id = models.BigIntegerField("番号")
    part = models.CharField("部分", max_length=40)

    class Meta:
        verbose_name = "閲覧の記録"
        verbose_name_plural = "閲覧の記録"
        indexes = [
            models.Index(fields=["subject_id", "-read_at"], name="access_by_subject"),
            models.Index(fields=["reader_id", "-read_at"], name="access_by_reader"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.object_kind} {self.object_id} {self.part}"
