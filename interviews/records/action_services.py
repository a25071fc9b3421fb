"""Agreed actions: put down when a record is published, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from interviews import permissions
from interviews.models import ActionUpdate, AgreedAction, Interview
from interviews.records.asked import Agreement

Status = AgreedAction.Status
# What either of the two may say; only a further version of the record takes an action out.
SAYABLE = (Status.OPEN, Status.DOING, Status.DONE, Status.NOT_DONE)


class NotYourAction(RuleViolation):
    """Somebody else's action, or one that was taken out of the record."""

    sentence = "この合意事項は更新できません。"


class UpdatedMeanwhile(RuleViolation):
    """The other one said something since the page was opened."""

    sentence = "この画面を開いたあとに、相手が更新しています。新しい内容を読んでから、もう一度押してください。"


@transaction.atomic
def update_action(
    action: AgreedAction, status: AgreedAction.Status, outcome: str, *, known: int, by: User
) -> AgreedAction:
    """Say what became of an action (どうなりましたか). `known` is how many updates the page had shown.

    The same again changes nothing. Raises NotYourAction or UpdatedMeanwhile.
    """
    found = AgreedAction.objects.select_for_update(of=("self",)).select_related("interview")
    held = found.get(pk=action.pk)
    if status not in SAYABLE or not permissions.can_update_action(by, held):
        raise NotYourAction
    said = outcome.strip()
    if (held.status, held.outcome) == (status, said):
        return held
    if held.updates.count() != known:
        raise UpdatedMeanwhile
    _say(held, status, said, by)
    return held


def put_actions_down(interview: Interview, lines: Iterable[Agreement], *, by: User) -> None:
    """Make the actions of an interview those of its record; what became of those that stay is kept."""
    wanted = {line.number: line for line in lines}
    stored = {action.number: action for action in interview.actions.select_for_update()}
    for number, action in stored.items():
        if number not in wanted and action.status != Status.WITHDRAWN:
            _say(action, Status.WITHDRAWN, "", by)
    for number, line in wanted.items():
        known = stored.get(number)
        action = known or AgreedAction(interview=interview, number=number)
        action.text, action.owner = line.text.strip(), line.owner
        action.due_on = line.due_on  # type: ignore[assignment]  # published ones have their date
        action.save()
        if known and known.status == Status.WITHDRAWN:
            _say(action, Status.OPEN, "", by)


def _say(action: AgreedAction, status: AgreedAction.Status, outcome: str, by: User) -> None:
    action.status, action.outcome = status, outcome
    action.save(update_fields=["status", "outcome"])
    ActionUpdate.objects.create(action=action, status=status, outcome=outcome, by=by)
