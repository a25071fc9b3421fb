"""The questionnaire (設問票) as data: parts, questions with codes that stay across years, answer options."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from career_portal.skills.models import SkillFramework
from career_portal.staff.models import User


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    """Questionnaires."""

    def visible_to(self, user: User) -> Self:
        """The wording is open to all staff."""
        return self.all() if user.is_active else self.none()


class Questionnaire(models.Model):
    """One version of the wording, which may change only until the first answer: a form stays readable as it was asked.

    Whoever changes it raises `revision`; what is kept in memory is kept by id and revision.
    """

    code = models.CharField("コード", max_length=40)
    version = models.CharField("版", max_length=20)
    title = models.CharField("名称", max_length=80)
    framework = models.ForeignKey(
        SkillFramework, on_delete=models.PROTECT, related_name="questionnaires"
    )
    revision = models.PositiveIntegerField("改訂", default=1)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = "設問票"
        verbose_name_plural = "設問票"
        constraints = [
            models.UniqueConstraint(name="questionnaire_version_once", fields=["code", "version"])
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.version}）"


class PartQuerySet(models.QuerySet["Part"]):
    """Parts of questionnaires."""

    def visible_to(self, user: User) -> Self:
        """The wording is open to all staff."""
        return self.all() if user.is_active else self.none()


class Part(models.Model):
    """One part (①-⑧) of a questionnaire: what it asks about, and who reads it unless the writer says otherwise."""

    class SupervisorAccess(models.TextChoices):
        DEFAULT = "default", "読む（本人が外せる）"
        OPTIONAL = "optional", "読まない（本人が加えられる）"
        NEVER = "never", "読まない"

    class Layout(models.TextChoices):
        PLAIN = "plain", "質問を順に"
        COMPETENCIES = "competencies", "コンピテンシーごと"
        SKILL_ROWS = "skill_rows", "スキルごとの行"

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField("番号")
    code = models.SlugField("コード", max_length=40)
    title = models.CharField("題名", max_length=60)
    group = models.CharField("まとまり", max_length=40)
    hint = models.CharField("案内", max_length=120, blank=True)
    minutes = models.PositiveSmallIntegerField("目安の分数")
    lead = models.TextField("説明", blank=True)
    layout = models.CharField("形", max_length=12, choices=Layout, default=Layout.PLAIN)
    supervisor_access = models.CharField("上司", max_length=8, choices=SupervisorAccess)
    hr_reads = models.BooleanField("人事が読む")
    listener_reads = models.BooleanField("面談の相手が読む", default=False)
    is_aggregated = models.BooleanField("集計にも使う", default=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = "パート"
        verbose_name_plural = "パート"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="part_number_once", fields=["questionnaire", "number"]),
            models.UniqueConstraint(name="part_code_once", fields=["questionnaire", "code"]),
            models.CheckConstraint(name="part_number_positive", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return self.title


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions of questionnaires."""

    def visible_to(self, user: User) -> Self:
        """The wording is open to all staff."""
        return self.all() if user.is_active else self.none()


class Question(models.Model):
    """One question; its code is the same in every year that asks it."""

    class Kind(models.TextChoices):
        TEXT = "text", "一行の文章"
        LONG_TEXT = "long_text", "文章"
        SCALE = "scale", "五段階の実感"
        LEVEL = "level", "五段階の水準"
        CHOICE = "choice", "一つ選ぶ"
        CHOICES = "choices", "いくつでも選ぶ"
        POST = "post", "ポストを選ぶ"

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="questions")
    code = models.CharField("コード", max_length=40)
    kind = models.CharField("種類", max_length=10, choices=Kind)
    label = models.CharField("問い", max_length=200)
    summary_label = models.CharField("短い名前", max_length=60, blank=True)
    support = models.TextField("補足", blank=True)
    skill_code = models.CharField("スキル", max_length=8, blank=True)
    options = models.JSONField("選択肢", default=list, blank=True)
    max_length = models.PositiveIntegerField("文字数の上限", null=True, blank=True)
    is_required = models.BooleanField("必須", default=False)
    is_key = models.BooleanField("入力済みの判断に使う", default=False)
    sort_order = models.PositiveIntegerField("並び順")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "設問"
        verbose_name_plural = "設問"
        ordering = ["sort_order"]
        constraints = [
            models.UniqueConstraint(name="question_code_once_per_part", fields=["part", "code"]),
            models.CheckConstraint(
                name="texts_have_a_limit",
                condition=~Q(kind__in=["text", "long_text"]) | Q(max_length__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label
