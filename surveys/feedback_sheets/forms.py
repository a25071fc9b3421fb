"""What a head types as improvement actions, and the feedback admin as a plan or as the reason of a correction."""

from __future__ import annotations

from typing import Any

from django import forms

from career_portal.design.forms import LongTextField, PortalForm, PortalFormHelper
from career_portal.design.layout import Actions, Button, Fieldset, Link
from surveys.feedback_sheets.action_services import MOST_ACTIONS, Draft
from surveys.models import FeedbackSheet, ImprovementAction

NUMBERS = range(1, MOST_ACTIONS + 1)


class ActionsForm(PortalForm):
    """Three actions: what, aimed at which item, and how far it is."""

    def __init__(self, *args: Any, sheet: FeedbackSheet, back: str, **kwargs: Any) -> None:
        super().__init__(*args, initial=_stored(sheet), **kwargs)
        self._back = back
        asked = sheet.release.freeze.questions.all()
        items = [("", "選ばない"), *((row.code, row.short or row.text) for row in asked)]
        for number in NUMBERS:
            self.fields[f"text_{number}"] = forms.CharField(
                label="内容", max_length=120, required=False
            )
            self.fields[f"item_{number}"] = forms.ChoiceField(
                label="ねらう項目", choices=items, required=False
            )
            self.fields[f"status_{number}"] = forms.ChoiceField(
                label="状況", choices=ImprovementAction.Status.choices
            )

    @property
    def helper(self) -> PortalFormHelper:
        """One group of fields for each action."""
        groups = [
            Fieldset(f"アクション{number}", f"text_{number}", f"item_{number}", f"status_{number}")
            for number in NUMBERS
        ]
        return PortalFormHelper(
            *groups, Actions(Button("保存する", kind="primary"), Link("シートへ戻る", self._back))
        )

    def drafts(self) -> list[Draft]:
        """The actions as they were typed."""
        typed = self.cleaned_data
        return [
            Draft(typed[f"text_{number}"], typed[f"item_{number}"], typed[f"status_{number}"])
            for number in NUMBERS
        ]


def _stored(sheet: FeedbackSheet) -> dict[str, str]:
    found = {f"status_{number}": str(ImprovementAction.Status.PLANNED) for number in NUMBERS}
    for action in sheet.actions.all():
        found[f"text_{action.number}"] = action.text
        found[f"item_{action.number}"] = action.question_code
        found[f"status_{action.number}"] = action.status
    return found


class PlanForm(PortalForm):
    """From how many answers on figures are shown, and why where these are few."""

    minimum = forms.IntegerField(
        label="表示する最小の人数",
        min_value=1,
        max_value=1000,
        help_text="ふだんは10人です。これに届かない見込みの課室は、同じ局の近い課室と合わせて集計します。",
        widget=forms.NumberInput(attrs={"data-width": "short", "inputmode": "numeric"}),
    )
    reason = LongTextField(
        label="10人より少なくする理由",
        limit=300,
        required=False,
        help_text="10人より少なくするときだけ、書いてください。5人より少なくはできません。",
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._back = back

    @property
    def helper(self) -> PortalFormHelper:
        """Both, the button, the way back."""
        return PortalFormHelper(
            "minimum",
            "reason",
            Actions(Button("提案する", kind="primary"), Link("戻る", self._back)),
        )


class CorrectionForm(PortalForm):
    """Why the figures of a round are fixed once more."""

    reason = LongTextField(
        label="訂正の理由",
        limit=200,
        help_text="あとから見た人に分かるように書いてください。シートには載りません。",
        error_messages={"required": "訂正の理由を入力してください"},
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._back = back

    @property
    def helper(self) -> PortalFormHelper:
        """The reason, the button, the way back."""
        actions = Actions(Button("訂正のシートを作る", kind="primary"), Link("戻る", self._back))
        return PortalFormHelper("reason", actions)
