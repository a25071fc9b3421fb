"""What a head types as improvement actions, and the feedback admin as a plan or as the reason of a correction."""

from __future__ import annotations

from typing import Any

from django import forms

from career_portal.design.forms import LongTextField, PortalForm, PortalFormHelper
from career_portal.design.layout import Actions, Button, Fieldset, Link
from surveys.feedback_sheets.action_services import (
    LONGEST_DRIVER,
    LONGEST_TEXT,
    MOST_ACTIONS,
    Draft,
)
from surveys.models import FeedbackSheet, ImprovementAction, RoundFreeze
from surveys.models.releases import LOWEST_MINIMUM, USUAL_MINIMUM

NUMBERS = range(1, MOST_ACTIONS + 1)


class ActionsForm(PortalForm):
    """Three actions: what, who drives it, aimed at which item, and how far it is."""

    def __init__(self, *args: Any, sheet: FeedbackSheet, back: str, **kwargs: Any) -> None:
        self._stored, self._back = _stored(sheet), back
        super().__init__(*args, initial=self._stored, **kwargs)
        for number in NUMBERS:
            self.fields.update(_fields(number, sheet.release.freeze))

    @property
    def helper(self) -> PortalFormHelper:
        """One group of fields for each action."""
        groups = [
            Fieldset(
                f"アクション{number}",
                *(f"{name}_{number}" for name in ("text", "driver", "item", "status")),
            )
            for number in NUMBERS
        ]
        return PortalFormHelper(
            *groups, Actions(Button("保存する", kind="primary"), Link("シートへ戻る", self._back))
        )

    def clean(self) -> dict[str, Any]:
        """Who drives nothing is asked what; an action that was there may be emptied, which removes it."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for number in NUMBERS:
            name = f"text_{number}"
            is_named = typed.get(f"driver_{number}") or typed.get(f"item_{number}")
            if is_named and name in typed and not (typed[name] or self._stored.get(name)):
                self.add_error(name, f"アクション{number}の内容を入力してください")
        return typed

    def drafts(self) -> list[Draft]:
        """The actions as they were typed."""
        typed = self.cleaned_data
        return [
            Draft(
                text=typed[f"text_{number}"],
                question_code=typed[f"item_{number}"],
                status=typed[f"status_{number}"],
                driver=typed[f"driver_{number}"],
            )
            for number in NUMBERS
        ]


def _fields(number: int, freeze: RoundFreeze) -> dict[str, forms.Field]:
    """The fields of one action; sentences of errors name it, since three look alike."""
    asked = [(row.code, row.short or row.text) for row in freeze.questions.all()]
    name = f"アクション{number}の"
    too_long = LongTextField.default_error_messages["too_long"]
    return {
        f"text_{number}": LongTextField(
            label="内容",
            limit=LONGEST_TEXT,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages={"too_long": f"{name}内容は{too_long}"},
        ),
        f"driver_{number}": LongTextField(
            label="担当",
            limit=LONGEST_DRIVER,
            required=False,
            help_text="だれが進めるか。シートは課室の外でも読まれることがあるため、氏名ではなく、役割や係・班を書いてください。",
            widget=forms.TextInput(attrs={"data-width": "medium"}),
            error_messages={"too_long": f"{name}担当は{too_long}"},
        ),
        f"item_{number}": forms.ChoiceField(
            label="ねらう項目",
            choices=[("", "選ばない"), *asked],
            required=False,
            error_messages={"invalid_choice": f"{name}ねらう項目を選択してください"},
        ),
        f"status_{number}": forms.ChoiceField(
            label="状況",
            choices=ImprovementAction.Status.choices,
            error_messages=dict.fromkeys(
                ("required", "invalid_choice"), f"{name}状況を選択してください"
            ),
        ),
    }


def _stored(sheet: FeedbackSheet) -> dict[str, str]:
    found = {f"status_{number}": str(ImprovementAction.Status.PLANNED) for number in NUMBERS}
    for action in sheet.actions.all():
        found[f"text_{action.number}"] = action.text
        found[f"driver_{action.number}"] = action.driver
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

    def clean(self) -> dict[str, Any]:
        """Fewer people than usual need a reason, which is asked for where it is typed."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        is_low = LOWEST_MINIMUM <= typed.get("minimum", USUAL_MINIMUM) < USUAL_MINIMUM
        if is_low and "reason" in typed and not typed["reason"].strip():
            self.add_error("reason", f"{USUAL_MINIMUM}人より少なくする理由を入力してください")
        return typed

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
