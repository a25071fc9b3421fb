"""The year, the three files, and why they replace what is there."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms

from career_portal.design.forms import LongTextField, PortalForm, PortalFormHelper
from career_portal.design.layout import Actions, Button, Disclosure, Link
from surveys.past_rounds.reading import COLUMNS
from surveys.past_rounds.services import usual_reference_date

FIRST_YEAR, LAST_YEAR = 2000, 2999
_SENTENCES = {
    "required": "ファイルを選択してください",
    "missing": "ファイルを選択してください",
    "empty": "ファイルが空です。",
}


def _file(label: str, columns: tuple[str, ...]) -> forms.FileField:
    return forms.FileField(
        label=label,
        help_text=f"CSV。見出しは {', '.join(columns)}",
        error_messages=_SENTENCES,
        widget=forms.FileInput(attrs={"accept": ".csv"}),
    )


class PastRoundForm(PortalForm):
    """What is brought along."""

    fiscal_year = forms.IntegerField(
        label="年度",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text="西暦で入力してください。例：2024",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "年度は、2024のような西暦で入力してください",
        ),
        widget=forms.NumberInput(attrs={"data-width": "short", "inputmode": "numeric"}),
    )
    units = _file("単位（units.csv）", COLUMNS["units"])
    questions = _file("設問（questions.csv）", COLUMNS["questions"])
    answers = _file("回答（answers.csv）", COLUMNS["answers"])
    reference_date = forms.DateField(
        label="基準日",
        required=False,
        help_text="組織と在籍の基準にした日。空のままなら、年度の10月1日です。",
        widget=forms.DateInput(attrs={"type": "date", "data-width": "medium"}, format="%Y-%m-%d"),
    )
    reason = LongTextField(
        label="訂正の理由",
        limit=200,
        required=False,
        help_text="取り込み済みの年度を、別の内容で取り込み直すときだけ書いてください。",
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._back = back

    @property
    def helper(self) -> PortalFormHelper:
        """The year and the files; what is seldom needed is folded away."""
        actions = Actions(Button("内容を調べる", kind="primary"), Link("戻る", self._back))
        seldom = Disclosure("基準日が10月1日ではないとき、訂正のとき", "reference_date", "reason")
        return PortalFormHelper("fiscal_year", *COLUMNS, seldom, actions)

    def chosen(self) -> dict[str, Any]:
        """Year, day and reason as they were typed."""
        typed = self.cleaned_data
        year: int = typed["fiscal_year"]
        day: datetime.date = typed["reference_date"] or usual_reference_date(year)
        return {
            "fiscal_year": year,
            "reference_date": day,
            "reason": " ".join(typed["reason"].split()),
        }

    def contents(self) -> dict[str, bytes]:
        """The bytes of the files."""
        return {name: self.cleaned_data[name].read() for name in COLUMNS}
