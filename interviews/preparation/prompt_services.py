"""How HR changes the bank of prompts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from interviews import permissions
from interviews.models import Prompt
from interviews.preparation.choosing import suffices

CONTENT = ("form", "topic", "text", "note", "conditions")


class PromptRefused(RuleViolation):
    """The bank cannot be changed like this; the sentence says why."""

    sentence = "問いかけを直す権限がありません。"


class BankTooSmall(PromptRefused):
    """Some talk would get fewer prompts than a sheet has."""

    sentence = (
        "どの面談にも出せるように、条件のない問いを3つの話題に、条件のない思い込みを1つ以上残してください。"
        "先に、条件のない問いかけを加えてください。"
    )


class PromptGone(PromptRefused):
    """Somebody else changed or retired it in the meantime."""

    sentence = "この問いかけは、ほかの人が直したか、使うのをやめています。一覧で確かめてください。"


class PromptExists(PromptRefused):
    """The same text is in use already."""

    sentence = "同じ文の問いかけが、すでにあります。"


def store_prompt(prompt: Prompt | None, content: Mapping[str, Any], *, by: User) -> Prompt:
    """Put a prompt in the place of another, or at the end. Raises PromptRefused, PromptGone, BankTooSmall, PromptExists."""
    try:
        with transaction.atomic():
            last = _hold_bank(by)
            if prompt is not None:
                _retire(prompt, by)
            stored = Prompt.objects.create(
                **{name: content[name] for name in CONTENT},
                sort_order=prompt.sort_order if prompt else last + 1,
                added_by=by,
            )
            _check_bank()
    except IntegrityError as error:
        raise PromptExists from error
    return stored


@transaction.atomic
def retire_prompt(prompt: Prompt, *, by: User) -> None:
    """Use a prompt no longer; sheets of talks that were made before keep it. Raises PromptRefused, PromptGone, BankTooSmall."""
    _hold_bank(by)
    _retire(prompt, by)
    _check_bank()


def _retire(prompt: Prompt, by: User) -> None:
    if not Prompt.objects.in_use().filter(pk=prompt.pk).update(retired_at=Now(), retired_by=by):
        raise PromptGone


def _hold_bank(by: User) -> int:
    """Of two changes at once the second waits, so that together they leave the bank large enough. The last place taken."""
    if not permissions.can_edit_prompts(by):
        raise PromptRefused
    places = Prompt.objects.select_for_update().order_by("pk").values_list("sort_order", flat=True)
    return max(places, default=0)


def _check_bank() -> None:
    if not suffices(Prompt.objects.in_use()):
        raise BankTooSmall
