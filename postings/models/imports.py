"""Imports of descriptions out of files: what somebody uploaded, what it would do or did, row by row."""

from __future__ import annotations

import datetime
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, Q
from django.db.models.functions import Now

from career_portal.common.clock import today
from career_portal.staff.models import RoleGrant, Section, User
from postings.models.posts import PostDescription, PostVersion

# A worker that was not heard of for so long is dead.
SILENCE = datetime.timedelta(minutes=2)


def imported_by(user: User, path: str = "") -> Q:
    """The condition that an import, reached by that path, is for somebody to see."""
    grants = RoleGrant.objects.as_hr(user, today())
    own = Q(**{f"{path}uploaded_by": user}) & Exists(grants)
    return own | Q(Exists(grants.everywhere()))


class PostImportQuerySet(models.QuerySet["PostImport"]):
    """Imports."""

    def visible_to(self, user: User) -> Self:
        """To HR: its own; to HR of the whole ministry also those of others."""
        return self.filter(imported_by(user)) if user.is_active else self.none()

    def to_be_worked_on(self) -> Self:
        """Imports that wait for a worker, and those whose worker has not been heard of for long."""
        silent = Q(heartbeat_at__isnull=True) | Q(heartbeat_at__lt=Now() - SILENCE)
        under_way = [PostImport.State.CHECKING, PostImport.State.CONFIRMING]
        return self.filter(Q(state=PostImport.State.QUEUED) | (Q(state__in=under_way) & silent))


@pghistory.track(exclude=["done", "total", "heartbeat_at", "layout"])
class PostImport(models.Model):
    """A file of descriptions that an HR officer uploaded.

    queued, checking: a worker finds out what it would do. checked: the officer decides. confirming: a worker makes its drafts,
    all or none. refused: it could not be read, or the worker gave up (failed). `sentence` tells why it was refused, or
    why it is to be decided anew; `layout` is where its columns stand. The file itself is kept until it is checked.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "順番待ち"
        CHECKING = "checking", "確認中"
        CHECKED = "checked", "確定前"
        CONFIRMING = "confirming", "確定中"
        CONFIRMED = "confirmed", "確定済み"
        UNDONE = "undone", "取り消し済み"
        REFUSED = "refused", "読めないファイル"
        FAILED = "failed", "失敗"

    file_name = models.CharField("ファイル名", max_length=200)
    digest = models.CharField("ファイルの指紋", max_length=64)
    file = models.CharField("ファイル", max_length=100, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("選んだ日時", db_default=Now())
    state = models.CharField("状態", max_length=10, choices=State, default=State.QUEUED)
    sentence = models.TextField("理由", blank=True)
    remarks = models.JSONField("読み込まなかったもの", default=list, blank=True)
    layout = models.JSONField("列の位置", default=dict, blank=True)
    added = models.PositiveIntegerField("新しいポスト", default=0)
    changed = models.PositiveIntegerField("変更", default=0)
    unchanged = models.PositiveIntegerField("変更なし", default=0)
    refused = models.PositiveIntegerField("取り込めない行", default=0)
    done = models.PositiveIntegerField("済んだ行", default=0)
    total = models.PositiveIntegerField("行", default=0)
    attempts = models.PositiveSmallIntegerField("作業の回数", default=0)
    heartbeat_at = models.DateTimeField("作業中の最終更新", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField("確定した日時", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField("取り消した日時", null=True, blank=True)

    objects = PostImportQuerySet.as_manager()

    class Meta:
        verbose_name = "ポストの取り込み"
        verbose_name_plural = "ポストの取り込み"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="import_is_confirmed_by_somebody_at_some_time",
                condition=Q(
                    state__in=["confirmed", "undone"],
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                )
                | (~Q(state__in=["confirmed", "undone"]) & Q(confirmed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="import_is_undone_by_somebody_at_some_time",
                condition=Q(state="undone", undone_by__isnull=False, undone_at__isnull=False)
                | (~Q(state="undone") & Q(undone_by__isnull=True, undone_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="refused_import_says_why", condition=~Q(state="refused") | ~Q(sentence="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"

    @property
    def is_under_way(self) -> bool:
        """Whether a worker has it, or will."""
        return self.state in {self.State.QUEUED, self.State.CHECKING, self.State.CONFIRMING}


class PostImportRowQuerySet(models.QuerySet["PostImportRow"]):
    """Rows of imports."""

    def visible_to(self, user: User) -> Self:
        """With the import they belong to."""
        return self.filter(imported_by(user, "source__")) if user.is_active else self.none()

    def applied(self) -> Self:
        """Rows by which a draft was made or changed."""
        return self.filter(made_edit__isnull=False)

    def that_added_posts(self) -> Self:
        """Rows by which a post was added that is still there, of imports that were not undone."""
        confirmed = Q(source__state=PostImport.State.CONFIRMED)
        return self.applied().filter(confirmed, kind="added", post__isnull=False)


class PostImportRow(models.Model):
    """A row of an uploaded file: what it says, what it would do or why it cannot, and what it did.

    `problems` are cells with sentences, `changes` fields with old and new words, `said` is the row as it was read. Once
    confirmed, `made` is the version that says it, at its save number `made_edit`; `replaced` is what the post said before,
    null for a new post, and `began` tells whether the row began the draft. `undoing` is what became of it when the import was
    undone.
    """

    class Kind(models.TextChoices):
        ADDED = "added", "新しいポスト"
        CHANGED = "changed", "変更"
        UNCHANGED = "unchanged", "変更なし"
        REFUSED = "refused", "取り込めない行"

    class Undoing(models.TextChoices):
        REMOVE_POST = "remove_post", "加えたポストの下書きを消す"
        REMOVE_DRAFT = "remove_draft", "取り込みでできた下書きを消す"
        PUT_BACK = "put_back", "下書きを、取り込む前の文章に戻す"
        NEW_DRAFT = "new_draft", "公開したポストに、取り込む前の文章の下書きをつくる"
        ARCHIVE = "archive", "加えて公開したポストの公開を終える"
        KEEP = "keep", "取り込んだあとにほかの変更があったため、そのままにする"
        GONE = "gone", "下書きはもうない"

    source = models.ForeignKey(PostImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("行")
    kind = models.CharField("種類", max_length=9, choices=Kind)
    code = models.CharField("コード", max_length=40, blank=True)
    title = models.CharField("職名", max_length=80, blank=True)
    post = models.ForeignKey(
        PostDescription, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    problems = models.JSONField("取り込めない理由", default=list, blank=True)
    changes = models.JSONField("変わるところ", default=list, blank=True)
    said = models.JSONField("読み取った内容", default=dict, blank=True)
    made = models.ForeignKey(
        PostVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_edit = models.PositiveIntegerField("取り込んだときの保存の回数", null=True, blank=True)
    replaced = models.JSONField("取り込む前の内容", null=True, blank=True)
    began = models.BooleanField("下書きを始めた", default=False)
    undoing = models.CharField("取り消し方", max_length=12, choices=Undoing, blank=True)

    objects = PostImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = "取り込みの行"
        verbose_name_plural = "取り込みの行"
        ordering = ["source", "number"]
        constraints = [
            models.UniqueConstraint(name="import_row_numbered_once", fields=["source", "number"]),
            models.CheckConstraint(
                name="refused_import_row_says_why",
                condition=~Q(kind="refused") | ~Q(problems=[]),
            ),
            models.CheckConstraint(
                name="only_rows_that_change_something_made_a_draft",
                condition=Q(made_edit__isnull=True) | Q(kind__in=["added", "changed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.number} {self.kind}"
