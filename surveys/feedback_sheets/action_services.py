"""What a section means to improve: up to three actions that its head records on its sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Now

from career_portal.common.errors import RuleViolation
from career_portal.common.text import exceeds, readable
from career_portal.staff.models import User
from surveys import permissions
from surveys.models import FeedbackSheet, ImprovementAction

MOST_ACTIONS = 3
LONGEST_TEXT, LONGEST_DRIVER = 120, 40


class NotTheHead(RuleViolation):
    """Only the head of the section records its actions."""

    sentence = "改善のアクションを書けるのは、この課室の長だけです。"


class UnknownItem(RuleViolation):
    """There are too many actions, or one aims at an item that is not on the sheet."""

    sentence = "改善のアクションは3つまでです。ねらう項目は、シートにある項目から選んでください。"


class TooLong(RuleViolation):
    """An action, or who drives it, takes more room than next year's sheet has."""

    sentence = f"改善のアクションは{LONGEST_TEXT}文字まで、担当は{LONGEST_DRIVER}文字までです。"


@dataclass(frozen=True)
class Draft:
    """An action as it is written; without a text there is none."""

    text: str = ""
    question_code: str = ""
    status: str = ImprovementAction.Status.PLANNED
    driver: str = ""


@transaction.atomic
def record_actions(sheet: FeedbackSheet, drafts: Sequence[Draft], *, by: User) -> None:
    """Write the actions of a sheet, each at its place; what did not change stays.

    Raises NotTheHead, UnknownItem or TooLong.
    """
    if not permissions.can_record_actions(by, sheet):
        raise NotTheHead
    asked = {"", *sheet.release.freeze.questions.values_list("code", flat=True)}
    if len(drafts) > MOST_ACTIONS or any(draft.question_code not in asked for draft in drafts):
        raise UnknownItem
    if any(
        exceeds(draft.text, LONGEST_TEXT) or exceeds(draft.driver, LONGEST_DRIVER)
        for draft in drafts
    ):
        raise TooLong
    # Two heads of a joint unit may write at once.
    FeedbackSheet.objects.select_for_update().get(pk=sheet.pk)
    stored = {action.number: action for action in sheet.actions.all()}
    for number, draft in enumerate(drafts, start=1):
        action = stored.get(number) or ImprovementAction(sheet=sheet, number=number)
        _record(action, draft, by)


def _record(action: ImprovementAction, draft: Draft, by: User) -> None:
    text, driver = readable(draft.text).strip(), readable(draft.driver).strip()
    before = (action.text, action.driver, action.question_code, action.status)
    if not text:
        if action.pk:
            action.delete()
    elif before != (text, driver, draft.question_code, draft.status):
        action.text, action.driver = text, driver
        action.question_code, action.status = draft.question_code, draft.status
        action.written_by, action.written_at = by, Now()
        action.save()
