"""What is fixed when a round closes: its tree of units, who belonged to which, the questions, and exact figures.

Nothing here is ever shown: releases (`releases.py`) show what passed disclosure control, and only that.
"""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from career_portal.staff.models import Bureau, Section, User
from surveys.models.rounds import SurveyRound
from surveys.models.submission import Submission

_STAYS = pgtrigger.Update | pgtrigger.Delete


class RoundFreezeQuerySet(models.QuerySet["RoundFreeze"]):
    """Freezes."""

    def visible_to(self, user: User) -> Self:
        """That a round was frozen is no secret."""
        return self.all() if user.is_active else self.none()


class RoundFreeze(models.Model):
    """The figures of a closed round, fixed once. A correction is another one, with a reason, audited with the first.

    Of a past year's round that was brought along in files, `digest` is the SHA-256 of what stood in them.
    """

    round = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="freezes")
    number = models.PositiveSmallIntegerField("番号", default=1)
    reason = models.CharField("訂正の理由", max_length=200, blank=True)
    digest = models.CharField("取り込んだ内容のSHA-256", max_length=64, blank=True)
    frozen_at = models.DateTimeField("固定した日時", db_default=Now())

    objects = RoundFreezeQuerySet.as_manager()

    class Meta:
        verbose_name = "集計値の固定"
        verbose_name_plural = "集計値の固定"
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(name="freeze_number_once", fields=["round", "number"]),
            models.CheckConstraint(
                name="correction_has_a_reason", condition=Q(number=1) | ~Q(reason="")
            ),
        ]
        triggers = [pgtrigger.Protect(name="freeze_stays", operation=_STAYS)]

    def __str__(self) -> str:
        return f"{self.round_id} {self.number}"


class RoundUnitQuerySet(models.QuerySet["RoundUnit"]):
    """Units of frozen trees."""

    def visible_to(self, user: User) -> Self:
        """The organisation of a day is known to all staff."""
        return self.all() if user.is_active else self.none()

    def with_figures(self) -> Self:
        """Units that have figures of their own: all but the sections within a joint unit."""
        return self.filter(is_member=False)


class RoundUnit(models.Model):
    """A unit of the tree at the round's reference date: the ministry, a bureau, a section, or a joint unit.

    A joint unit (「〇〇課ほか」) is of level section; its sections stand below it (`is_member`) and have no figures.
    """

    class Level(models.TextChoices):
        MINISTRY = "ministry", "省全体"
        BUREAU = "bureau", "局・庁"
        SECTION = "section", "課室"

    freeze = models.ForeignKey(RoundFreeze, on_delete=models.CASCADE, related_name="units")
    level = models.CharField("段階", max_length=8, choices=Level)
    code = models.CharField("コード", max_length=32)
    name = models.CharField("名称", max_length=160)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    bureau = models.ForeignKey(
        Bureau, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_joint = models.BooleanField("合同の単位", default=False)
    is_member = models.BooleanField("合同の単位に含まれる", default=False)
    headcount = models.PositiveIntegerField("人数")
    sort_order = models.PositiveIntegerField("並び順")

    objects = RoundUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "集計の単位"
        verbose_name_plural = "集計の単位"
        ordering = ["freeze", "sort_order"]
        constraints = [
            models.UniqueConstraint(name="unit_code_once", fields=["freeze", "level", "code"]),
            models.CheckConstraint(
                name="only_the_ministry_has_no_parent",
                condition=Q(level="ministry", parent__isnull=True)
                | (~Q(level="ministry") & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="joint_unit_is_no_member", condition=Q(is_joint=False) | Q(is_member=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What names the unit within its tree: code, then level, so that units sort by their codes."""
        return f"{self.code}\t{self.level}"


class RoundMemberQuerySet(models.QuerySet["RoundMember"]):
    """Members."""

    def visible_to(self, user: User) -> Self:
        """Each sees where he was counted himself."""
        return self.filter(user=user) if user.is_active else self.none()

    def who_answered(self) -> Self:
        """Those whose answers entered the figures; of a round that was brought along, all."""
        return self.filter(Q(submission__isnull=False) | ~Q(person=""))


class RoundMember(models.Model):
    """Where a person belonged at the reference date, and the version of his form that entered the figures, if any.

    Of a round that was brought along only those who answered are known, by the key that the file gave them (`person`).
    """

    freeze = models.ForeignKey(RoundFreeze, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    person = models.CharField("ファイルでの回答者", max_length=64, blank=True)
    unit = models.ForeignKey(RoundUnit, on_delete=models.CASCADE, related_name="members")
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = RoundMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "集計の対象"
        verbose_name_plural = "集計の対象"
        constraints = [
            models.UniqueConstraint(name="person_counts_once", fields=["freeze", "user"]),
            models.UniqueConstraint(
                name="person_of_a_file_counts_once",
                fields=["freeze", "person"],
                condition=~Q(person=""),
            ),
            models.CheckConstraint(
                name="member_is_staff_or_of_a_file",
                condition=Q(user__isnull=False, person="")
                | (Q(user__isnull=True, submission__isnull=True) & ~Q(person="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.user_id or self.person}"


class RoundQuestionQuerySet(models.QuerySet["RoundQuestion"]):
    """Questions as they were asked."""

    def visible_to(self, user: User) -> Self:
        """The wording is open to all staff."""
        return self.all() if user.is_active else self.none()


class RoundQuestion(models.Model):
    """A question that enters figures, as it was asked that year.

    `wording` is equal in two years where wording and scale are; it is empty where a file gave the text alone. A sensitive
    question is shown for bureaus and the ministry only (rule 13).
    """

    class Kind(models.TextChoices):
        REFLECTION = "reflection", "振り返り（3区分）"
        COMPETENCY = "competency", "コンピテンシー（平均）"
        WISH = "wish", "伸ばしたい力（割合の区分）"

    freeze = models.ForeignKey(RoundFreeze, on_delete=models.CASCADE, related_name="questions")
    code = models.CharField("コード", max_length=40)
    kind = models.CharField("種類", max_length=10, choices=Kind)
    text = models.CharField("問い", max_length=300)
    short = models.CharField("短い名前", max_length=60, blank=True)
    skill_code = models.CharField("スキル", max_length=8, blank=True)
    wording = models.CharField("文言と尺度の印", max_length=64)
    is_sensitive = models.BooleanField("慎重に扱う", default=False)
    sort_order = models.PositiveIntegerField("並び順")

    objects = RoundQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "集計する設問"
        verbose_name_plural = "集計する設問"
        ordering = ["freeze", "sort_order"]
        constraints = [
            models.UniqueConstraint(name="asked_once_per_freeze", fields=["freeze", "code"])
        ]

    def __str__(self) -> str:
        return self.code

    def is_asked_like(self, other: RoundQuestion) -> bool:
        """Whether the answers of two years can be compared (rule 10): by the marks, or by the texts where one has none."""
        if self.wording and other.wording:
            return self.wording == other.wording
        return (self.kind, self.text) == (other.kind, other.text)


class ImportedAnswerQuerySet(models.QuerySet["ImportedAnswer"]):
    """Answers out of files."""

    def visible_to(self, user: User) -> Self:
        """Single answers are nobody's to see; whose they are, the portal does not know."""
        return self.none()


class ImportedAnswer(models.Model):
    """One valid answer of a round that was brought along, kept so that a correction can be audited with what was released.

    From 1 to 5; of a wish 1 or 0.
    """

    member = models.ForeignKey(RoundMember, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(RoundQuestion, on_delete=models.CASCADE, related_name="+")
    answer = models.PositiveSmallIntegerField("回答")

    objects = ImportedAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "取り込んだ回答"
        verbose_name_plural = "取り込んだ回答"
        constraints = [
            models.UniqueConstraint(name="answered_once", fields=["member", "question"]),
            models.CheckConstraint(name="answer_is_a_step", condition=Q(answer__lte=5)),
        ]
        triggers = [pgtrigger.Protect(name="imported_answer_stays", operation=_STAYS)]

    def __str__(self) -> str:
        return f"{self.member_id} {self.question_id}"


class FrozenFigureQuerySet(models.QuerySet["FrozenFigure"]):
    """Exact figures."""

    def visible_to(self, user: User) -> Self:
        """Exact figures are nobody's to see."""
        return self.none()


class FrozenFigure(models.Model):
    """Exact counts of one question in one unit. `points` is the sum of the steps 1-5, `wishes` of those who wish."""

    unit = models.ForeignKey(RoundUnit, on_delete=models.CASCADE, related_name="figures")
    question = models.ForeignKey(RoundQuestion, on_delete=models.CASCADE, related_name="figures")
    answers = models.PositiveIntegerField("有効回答")
    favourable = models.PositiveIntegerField("肯定的", default=0)
    neutral = models.PositiveIntegerField("中立", default=0)
    unfavourable = models.PositiveIntegerField("否定的", default=0)
    points = models.PositiveIntegerField("段階の合計", default=0)
    wishes = models.PositiveIntegerField("伸ばしたい", default=0)

    objects = FrozenFigureQuerySet.as_manager()

    class Meta:
        verbose_name = "固定した集計値"
        verbose_name_plural = "固定した集計値"
        constraints = [
            models.UniqueConstraint(name="one_figure_per_question", fields=["unit", "question"])
        ]
        triggers = [pgtrigger.Protect(name="figure_stays", operation=_STAYS)]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.question_id}"
