"""Times that an interviewer proposes to one person, who takes one or says what would suit."""

from __future__ import annotations

from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from career_portal.staff.models import User
from interviews.kinds import Kind
from interviews.models.slots import handled_by
from interviews.models.talks import Interview, place_on_one_line

MOST_TIMES = 3


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals."""

    def visible_to(self, user: User) -> Self:
        """The two, and today's delegates of the interviewer."""
        if not user.is_active:
            return self.none()
        return self.filter(handled_by(user) | Q(interviewee=user))

    def open(self) -> Self:
        """Those that wait for an answer."""
        return self.filter(state=Proposal.State.OPEN)


@pghistory.track()
class Proposal(models.Model):
    """Up to three times, proposed to one person. `wish` is what he answered where none suits."""

    class State(models.TextChoices):
        OPEN = "open", "返事待ち"
        ACCEPTED = "accepted", "決まりました"
        ANSWERED = "answered", "別の希望"
        WITHDRAWN = "withdrawn", "取り下げ"

    kind = models.CharField("種類", max_length=12, choices=Kind)
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals_made"
    )
    interviewee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals_received"
    )
    place = models.CharField("場所", max_length=120, blank=True)
    online_link = models.URLField("オンラインのリンク", max_length=300, blank=True)
    state = models.CharField("状態", max_length=9, choices=State, default=State.OPEN)
    wish = models.CharField("希望", max_length=300, blank=True)
    interview = models.OneToOneField(
        Interview, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("提案した日時", db_default=Now())
    answered_at = models.DateTimeField("返事の日時", null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "候補日時の提案"
        verbose_name_plural = "候補日時の提案"
        constraints = [
            models.CheckConstraint(
                name="nobody_proposes_to_himself", condition=~Q(interviewer=F("interviewee"))
            ),
            models.CheckConstraint(
                name="accepted_proposal_has_its_interview",
                condition=~Q(state="accepted") | Q(interview__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_open_proposal_of_a_kind",
                fields=["interviewer", "interviewee", "kind"],
                condition=Q(state="open"),
                violation_error_message="返事を待っている提案が、すでにあります。",
            ),
            place_on_one_line("proposal_place_is_one_line"),
        ]

    def __str__(self) -> str:
        return f"{self.interviewer_id} {self.interviewee_id} {self.state}"


class ProposedTimeQuerySet(models.QuerySet["ProposedTime"]):
    """Proposed times."""

    def visible_to(self, user: User) -> Self:
        """With their proposal."""
        return self.filter(proposal__in=Proposal.objects.visible_to(user))


class ProposedTime(models.Model):
    """One of the times of a proposal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="times")
    number = models.PositiveSmallIntegerField("番号")
    period = DateTimeRangeField("日時")

    objects = ProposedTimeQuerySet.as_manager()

    class Meta:
        verbose_name = "候補日時"
        verbose_name_plural = "候補日時"
        ordering = ["proposal", "number"]
        constraints = [
            models.UniqueConstraint(name="proposed_time_once", fields=["proposal", "number"]),
            models.CheckConstraint(
                name="at_most_three_times",
                condition=Q(number__gte=1, number__lte=MOST_TIMES),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.number}"
