"""What HR types about a training that people attended."""

from __future__ import annotations

from typing import Any

from django import forms

from career_portal.common.clock import today
from career_portal.design.forms import LongTextField, PortalForm, PortalFormHelper
from career_portal.design.layout import Actions, Button

MOST_PEOPLE = 200


class TrainingForm(PortalForm):
    """The day, and who attended: staff numbers, one a line."""

    attended_on = forms.DateField(
        label="受けた日",
        widget=forms.DateInput(attrs={"type": "date", "data-width": "medium"}, format="%Y-%m-%d"),
    )
    staff_numbers = LongTextField(
        label="受けた人の職員番号",
        limit=4000,
        help_text=f"1行に1人ずつ、{MOST_PEOPLE}人まで。表計算の列をそのまま貼り付けられます。",
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean_attended_on(self) -> Any:
        """Nobody has attended a training that is still to come."""
        day = self.cleaned_data["attended_on"]
        if day > today():
            raise forms.ValidationError("受けた日は、今日までの日付にしてください。")
        return day

    def clean_staff_numbers(self) -> list[str]:
        """The numbers by line; empty lines mean nobody and count as lines."""
        typed: str = self.cleaned_data["staff_numbers"]
        numbers = [line.strip() for line in typed.split("\n")]
        people = sum(map(bool, numbers))
        if people > MOST_PEOPLE:
            raise forms.ValidationError(
                f"一度に記録できるのは{MOST_PEOPLE}人までです（現在{people}人）。分けて記録してください。"
            )
        return numbers

    @property
    def helper(self) -> PortalFormHelper:
        """One press records all of them, or none."""
        return PortalFormHelper(
            "attended_on", "staff_numbers", Actions(Button("受講を記録する", kind="primary"))
        )
