"""What a version says about skills, and who wrote it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from career_portal.common.clock import today
from career_portal.skills.models import Skill
from career_portal.staff.models import User
from postings.models.posts import PostVersion, in_care_of


class PostSkillQuerySet(models.QuerySet["PostSkill"]):
    """Skills of versions."""

    def visible_to(self, user: User) -> Self:
        """With the version they belong to."""
        return self.filter(version__in=PostVersion.objects.visible_to(user))


class PostSkill(models.Model):
    """A skill that one gains in a post (習得が見込まれる), or that it asks for (求められる), with a sentence about it."""

    class Relation(models.TextChoices):
        GAINED = "gained", "習得が見込まれるスキル"
        REQUIRED = "required", "求められるスキル"

    class Strength(models.IntegerChoices):
        TOUCHED = 1, "弱"
        USED = 2, "中"
        CENTRAL = 3, "強"

    version = models.ForeignKey(PostVersion, on_delete=models.CASCADE, related_name="skills")
    relation = models.CharField("関係", max_length=8, choices=Relation)
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    strength = models.PositiveSmallIntegerField(
        "強さ", choices=Strength, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    sentence = models.CharField("説明", max_length=200, blank=True)
    sort_order = models.PositiveSmallIntegerField("並び順")

    objects = PostSkillQuerySet.as_manager()

    class Meta:
        verbose_name = "ポストのスキル"
        verbose_name_plural = "ポストのスキル"
        ordering = ["version", "relation", "sort_order"]
        constraints = [
            models.UniqueConstraint(
                name="skill_named_once_per_relation", fields=["version", "relation", "skill"]
            ),
            models.CheckConstraint(
                name="skill_strength_is_known", condition=Q(strength__gte=1, strength__lte=3)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_relation_display()} {self.skill}"

    @property
    def strength_in_words(self) -> str:
        """What the strength means, other for a skill gained than for one asked for."""
        return STRENGTHS[self.relation][self.strength]


STRENGTHS: dict[str, dict[int, str]] = {
    PostSkill.Relation.GAINED: {
        3: "仕事の中心で伸びる",
        2: "仕事を通して伸びる",
        1: "ふれる機会がある",
    },
    PostSkill.Relation.REQUIRED: {3: "欠かせない", 2: "あると始めやすい", 1: "着任後でよい"},
}


class VersionWriterQuerySet(models.QuerySet["VersionWriter"]):
    """Who wrote what."""

    def visible_to(self, user: User) -> Self:
        """To who cares for the post: readers of a description never see who wrote it."""
        if not user.is_active:
            return self.none()
        return self.filter(in_care_of(user, today(), "version__post__section__"))


class VersionWriter(models.Model):
    """Somebody has saved text in a version; he never approves it."""

    version = models.ForeignKey(PostVersion, on_delete=models.CASCADE, related_name="writers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = VersionWriterQuerySet.as_manager()

    class Meta:
        verbose_name = "書いた人"
        verbose_name_plural = "書いた人"
        constraints = [
            models.UniqueConstraint(name="writer_named_once", fields=["version", "user"])
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.user}"
