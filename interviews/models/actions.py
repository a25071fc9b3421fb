"""What the two agreed on, and what became of it."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from career_portal.staff.models import User
from interviews.models.talks import Interview

MOST_ACTIONS = 5


class AgreedActionQuerySet(models.QuerySet["AgreedAction"]):
    """Agreed actions."""

    def visible_to(self, user: User) -> Self:
        """The two who agreed."""
        return self.filter(interview__in=Interview.objects.visible_to(user))

    def open(self) -> Self:
        """Those of which it is still to be said what became of them."""
        return self.filter(status__in=[AgreedAction.Status.OPEN, AgreedAction.Status.DOING])

    def standing(self) -> Self:
        """Those that a correction of the record did not take out."""
        return self.exclude(status=AgreedAction.Status.WITHDRAWN)


class AgreedAction(models.Model):
    """One thing agreed in an interview (合意事項), as the published record has it: who does it, until when, and its state.

    `number` is its place in the record. What became of it is said by either of the two; each time is an `ActionUpdate`.
    """

    class Owner(models.TextChoices):
        INTERVIEWEE = "interviewee", "面談を受ける人"
        INTERVIEWER = "interviewer", "面談者"

    class Status(models.TextChoices):
        OPEN = "open", "これから"
        DOING = "doing", "続いている"
        DONE = "done", "できた"
        NOT_DONE = "not_done", "しないことにした"
        WITHDRAWN = "withdrawn", "取りやめ"

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="actions")
    number = models.PositiveSmallIntegerField("番号")
    text = models.TextField("内容")
    owner = models.CharField("だれが", max_length=11, choices=Owner)
    due_on = models.DateField("いつまでに")
    status = models.CharField("状態", max_length=9, choices=Status, default=Status.OPEN)
    outcome = models.TextField("どうなりましたか", blank=True)

    objects = AgreedActionQuerySet.as_manager()

    class Meta:
        verbose_name = "合意事項"
        verbose_name_plural = "合意事項"
        ordering = ["interview", "number"]
        constraints = [
            models.UniqueConstraint(
                name="agreed_action_number_once", fields=["interview", "number"]
            ),
            models.CheckConstraint(
                name="at_most_five_actions",
                condition=Q(number__gte=1, number__lte=MOST_ACTIONS),
            ),
            models.CheckConstraint(
                name="action_owner_is_one_of_the_two",
                condition=Q(owner__in=["interviewee", "interviewer"]),
            ),
            models.CheckConstraint(
                name="action_status_is_known",
                condition=Q(status__in=["open", "doing", "done", "not_done", "withdrawn"]),
            ),
            models.CheckConstraint(name="action_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.interview_id} {self.number}"

    @property
    def owning_person(self) -> User:
        """Who is to act."""
        interview = self.interview
        is_interviewer = self.owner == self.Owner.INTERVIEWER
        return interview.interviewer if is_interviewer else interview.interviewee

    @property
    def is_open(self) -> bool:
        """Whether it is still to be said what became of it."""
        return self.status in (self.Status.OPEN, self.Status.DOING)


class ActionUpdateQuerySet(models.QuerySet["ActionUpdate"]):
    """Updates."""

    def visible_to(self, user: User) -> Self:
        """With the action."""
        return self.filter(action__in=AgreedAction.objects.visible_to(user))


class ActionUpdate(models.Model):
    """Somebody said what became of an action, or a further version of the record took it out or back. Never changed."""

    action = models.ForeignKey(AgreedAction, on_delete=models.PROTECT, related_name="updates")
    status = models.CharField("状態", max_length=9, choices=AgreedAction.Status)
    outcome = models.TextField("どうなりましたか", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("日時", db_default=Now())

    objects = ActionUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = "合意事項の経過"
        verbose_name_plural = "合意事項の経過"
        ordering = ["action", "pk"]
        triggers = [
            pgtrigger.Protect(
                name="action_update_stays", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.action_id} {self.status}"
