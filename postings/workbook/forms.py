"""What is chosen to write the catalogue out, and to read a file in."""

from __future__ import annotations

from typing import Any

from django import forms

from career_portal.design.forms import PortalForm, PortalFormHelper
from career_portal.design.layout import Actions, Button, Link
from career_portal.staff.models import Bureau
from postings.workbook.writing import STATES, ExportFilters

FORMATS = [("xlsx", "Excel（手順と選択肢つき）"), ("csv", "CSV")]


class ExportForm(PortalForm):
    """Which posts, in which kind of file; sent in the address, so that it can be kept."""

    bureau: forms.ModelChoiceField[Bureau] = forms.ModelChoiceField(
        label="局・庁", queryset=None, empty_label="担当するすべて", required=False
    )
    state = forms.ChoiceField(
        label="状態", choices=[(name, words) for name, (words, _) in STATES.items()], required=False
    )
    file_format = forms.ChoiceField(
        label="形式", choices=FORMATS, widget=forms.RadioSelect, initial="xlsx"
    )

    def __init__(self, *args: Any, bureaus: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._back = back
        self.fields["bureau"].queryset = bureaus  # type: ignore[attr-defined]  # a ModelChoiceField

    @property
    def filters(self) -> ExportFilters:
        """The conditions; to be asked once the form is valid."""
        return ExportFilters(self.cleaned_data["bureau"], self.cleaned_data["state"])

    @property
    def helper(self) -> PortalFormHelper:
        """The conditions and the button."""
        actions = Actions(Button("書き出す", kind="primary"), Link("戻る", self._back))
        helper = PortalFormHelper("bureau", "state", "file_format", actions)
        helper.form_method = "get"
        return helper


class UploadForm(PortalForm):
    """The file."""

    file = forms.FileField(
        label="ファイル",
        help_text="書き出して編集した、Excel（.xlsx）かCSVのファイル。20MB、5,000行まで。",
        error_messages={
            "required": "ファイルを選択してください",
            "missing": "ファイルを選択してください",
            "empty": "ファイルが空です。",
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._back = back

    @property
    def helper(self) -> PortalFormHelper:
        """The file and the button."""
        actions = Actions(Button("内容を調べる", kind="primary"), Link("戻る", self._back))
        return PortalFormHelper("file", actions)
