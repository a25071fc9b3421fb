"""What HR types while a round runs."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms

from career_portal.design.forms import LongTextField, PortalForm, PortalFormHelper
from career_portal.design.layout import Actions, Button, Link

LOCAL_MOMENT = "%Y-%m-%dT%H:%M"


class ExtensionForm(PortalForm):
    """Until when somebody may write, and why; the reason is shown to those whom it concerns."""

    until = forms.DateTimeField(
        label="新しい締切（日本時間）",
        help_text="この日時までに提出したものを受け付けます。",
        input_formats=[LOCAL_MOMENT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "data-width": "medium"}, format=LOCAL_MOMENT
        ),
    )
    reason = LongTextField(
        label="理由",
        limit=300,
        help_text="延長の対象になる人の画面にも、そのまま表示されます。",
    )

    def __init__(self, *args: Any, back: str, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._back, self._button = back, button

    def clean_until(self) -> datetime.datetime:
        """The instant; beyond a year it is taken for a slip of the hand."""
        until: datetime.datetime = self.cleaned_data["until"]
        if until.year > datetime.datetime.now(tz=until.tzinfo).year + 1:
            raise forms.ValidationError("新しい締切が遠すぎます。年を確かめてください")
        return until

    @property
    def helper(self) -> PortalFormHelper:
        """Both fields, the button that names the act, the way back."""
        return PortalFormHelper(
            "until",
            "reason",
            Actions(Button(self._button, kind="primary"), Link("戻る", self._back)),
        )


class ReminderNoteForm(PortalForm):
    """A few words of HR's own in a reminder."""

    note = LongTextField(
        label="ひとこと",
        limit=300,
        required=False,
        help_text="メールの本文に、「人事担当から」として入ります。",
    )

    @property
    def helper(self) -> PortalFormHelper:
        """Seeing the mail with the words in it comes before sending."""
        return PortalFormHelper(
            "note",
            Actions(
                Button("文面を確かめる", name="then", value="look"),
                Button("この文面で送る", kind="primary", name="then", value="send"),
            ),
        )
