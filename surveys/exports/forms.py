"""What HR types to order a file, and to decide about an order."""

from __future__ import annotations

from typing import Any

from django import forms

from career_portal.design.forms import LongTextField, PortalForm, PortalFormHelper
from career_portal.design.layout import Actions, Button, Link
from surveys.models import FormExport


class ExportForm(PortalForm):
    """The kind of file, and what it is for; whom it holds, the address says."""

    file_format = forms.ChoiceField(
        label="形式", choices=FormExport.Format.choices, widget=forms.RadioSelect, initial="xlsx"
    )
    purpose = LongTextField(
        label="目的",
        limit=300,
        help_text="何のために使うかを書いてください。承認する人に表示され、調書を書いた人の「持ち出す記録」にも残ります。",
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._back = back

    @property
    def helper(self) -> PortalFormHelper:
        """Both fields, then the order."""
        return PortalFormHelper(
            "file_format",
            "purpose",
            Actions(Button("出力を依頼する", kind="primary"), Link("戻る", self._back)),
        )


class RefusalForm(PortalForm):
    """Why an order is refused."""

    reason = LongTextField(
        label="承認しない理由", limit=300, help_text="依頼した人に表示されます。"
    )

    def __init__(self, *args: Any, submits_to: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._submits_to = submits_to

    @property
    def helper(self) -> PortalFormHelper:
        """The reason and the refusal."""
        refuse = Button("承認しない", kind="danger", name="decision", value="refuse")
        return PortalFormHelper("reason", Actions(refuse), submits_to=self._submits_to)
