"""The forms of records, memos, responses, actions, templates, and of a talk that was held without a booking."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from career_portal.common.text import UnreadableText, readable
from career_portal.design.forms import LongTextField, PortalForm, PortalFormHelper
from career_portal.design.layout import Actions, Button, Fieldset, Link
from interviews.kinds import Kind
from interviews.models import AgreedAction, RecordResponse, RecordTemplate
from interviews.models.actions import MOST_ACTIONS
from interviews.models.templates import MOST_HEADINGS
from interviews.records.action_services import SAYABLE
from interviews.records.asked import ACTION_LIMIT, STORED_AT_MOST, Answers, fields_of

COMMENT_LIMIT, OUTCOME_LIMIT, MEMO_LIMIT = 1_000, 300, 5_000
# Few talks end with more agreements.
LINES_AT_ONCE = 2
_DAY = forms.DateInput(attrs={"type": "date", "data-width": "medium"}, format="%Y-%m-%d")


class DraftTextField(LongTextField):
    """Long text of a working copy: its counter shows the limit, but a longer draft is kept."""

    def to_python(self, value: Any) -> str:
        """The text with line feeds only; refused where it cannot be stored."""
        try:
            text = readable(forms.CharField.to_python(self, value) or "")
        except UnreadableText as error:
            raise ValidationError(error.sentence, code="unreadable") from error
        if len(text) > STORED_AT_MOST:
            raise ValidationError(
                "長すぎるため、保存できません。文を減らしてください。", code="too_long"
            )
        return text


class DraftForm(PortalForm):
    """A working copy that is saved while it is typed; its fields are those of the answers."""

    def answers(self) -> Answers:
        """What was typed, by field; fields without an answer are left out."""
        typed = {code: _as_text(value) for code, value in self.cleaned_data.items()}
        return {code: text for code, text in typed.items() if text}

    def typed(self) -> Answers:
        """What stands in the fields of a posted form, whether it can be stored or not."""
        posted = {code: self.data.get(code, "").replace("\r\n", "\n") for code in self.fields}
        return {code: text for code, text in posted.items() if text}


def _as_text(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value or "") if str(value or "").strip() else ""


def _line(number: int, owners: Sequence[tuple[str, str]]) -> dict[str, forms.Field]:
    """The fields of one line for what was agreed."""
    text = forms.Textarea(attrs={"rows": 2})
    return {
        f"a{number}_text": DraftTextField(
            label="すること", limit=ACTION_LIMIT, required=False, widget=text
        ),
        f"a{number}_owner": forms.ChoiceField(label="だれが", choices=owners, required=False),
        f"a{number}_due": forms.DateField(label="いつまでに", required=False, widget=_DAY),
    }


class RecordForm(DraftForm):
    """The headings of a template, and five lines for what was agreed."""

    def __init__(
        self, *args: Any, template: RecordTemplate, names: Mapping[str, str], **kwargs: Any
    ) -> None:
        # Before the form is made: so their errors get the sentences of the house.
        own_fields: dict[str, forms.Field] = {
            asked.code: DraftTextField(
                label=asked.label, help_text=asked.hint, limit=asked.limit, required=False
            )
            for asked in fields_of(template)
        }
        owners = [("", "選択してください"), *names.items()]
        for number in range(1, MOST_ACTIONS + 1):
            own_fields |= _line(number, owners)
        self.base_fields = own_fields  # type: ignore[misc]  # this form's alone
        super().__init__(*args, **kwargs)

    @property
    def headings(self) -> list[forms.BoundField]:
        """The fields of the headings."""
        return [self[code] for code in self.fields if code.startswith("h")]

    @property
    def lines(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The lines for what was agreed that are open: the first two, and all up to the last one with an answer."""
        return self._all_lines[: self._open_lines]

    @property
    def more_lines(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The lines that are folded away."""
        return self._all_lines[self._open_lines :]

    @property
    def _all_lines(self) -> list[tuple[int, list[forms.BoundField]]]:
        parts = ("text", "owner", "due")
        return [
            (number, [self[f"a{number}_{part}"] for part in parts])
            for number in range(1, MOST_ACTIONS + 1)
        ]

    @property
    def _open_lines(self) -> int:
        filled = (
            number for number, fields in self._all_lines if any(field.value() for field in fields)
        )
        return max(LINES_AT_ONCE, *filled, 0)


class MemoForm(DraftForm):
    """The private memo."""

    memo = DraftTextField(
        label="面談者メモ",
        limit=MEMO_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )


class ResponseForm(PortalForm):
    """What the interviewee says to a record."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    comment = LongTextField(
        label="コメント",
        limit=COMMENT_LIMIT,
        required=False,
        help_text="書き足したいこと、違うと思うところ。面談者とあなただけが読みます。",
    )
    answer = forms.ChoiceField(choices=RecordResponse.Answer, widget=forms.HiddenInput)

    def __init__(self, *args: Any, submits_to: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._submits_to = submits_to

    @property
    def helper(self) -> PortalFormHelper:
        """The comment, and three buttons that are the answer."""
        answer = RecordResponse.Answer
        actions = Actions(
            Button("内容を確認しました", kind="primary", name="answer", value=answer.CONFIRMED),
            Button("確認しません", name="answer", value=answer.NOT_CONFIRMED),
            Button("コメントだけ送る", kind="text", name="answer", value=answer.COMMENT),
        )
        return PortalFormHelper("number", "comment", actions, submits_to=self._submits_to)


class ActionForm(PortalForm):
    """What became of an action."""

    known = forms.IntegerField(widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label="どうなりましたか",
        choices=[(status.value, status.label) for status in SAYABLE],
        widget=forms.RadioSelect,
    )
    outcome = LongTextField(
        label="ひとこと",
        limit=OUTCOME_LIMIT,
        required=False,
        help_text="できたこと、変わったこと。二人だけが読みます。",
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._back = back

    @property
    def helper(self) -> PortalFormHelper:
        """The state, a few words, and the way back."""
        actions = Actions(Button("保存する", kind="primary"), Link("戻る", self._back))
        return PortalFormHelper("known", "status", "outcome", actions)

    @property
    def said(self) -> tuple[AgreedAction.Status, str, int]:
        """State, words, and how many updates the page had shown."""
        typed = self.cleaned_data
        return AgreedAction.Status(typed["status"]), typed["outcome"], typed["known"]


class TemplateForm(PortalForm):
    """The headings of a kind, in order; a line without a heading is left out."""

    based_on = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        self._back = back
        lines: dict[str, forms.Field] = {}
        for number in range(1, MOST_HEADINGS + 1):
            lines[f"label_{number}"] = forms.CharField(
                label=f"見出し{number}", max_length=60, required=False
            )
            lines[f"hint_{number}"] = forms.CharField(
                label=f"見出し{number}の手がかり", max_length=200, required=False
            )
        self.base_fields = {**self.base_fields, **lines}  # type: ignore[misc]  # this form's alone
        super().__init__(*args, **kwargs)

    @property
    def helper(self) -> PortalFormHelper:
        """A pair of fields for each heading."""
        lines = [
            Fieldset(f"{number}つ目", f"label_{number}", f"hint_{number}")
            for number in range(1, MOST_HEADINGS + 1)
        ]
        actions = Actions(Button("新しい版をつくる", kind="primary"), Link("戻る", self._back))
        return PortalFormHelper("based_on", *lines, actions)

    def clean(self) -> dict[str, Any]:
        """At least one heading, each once, and no hint without one."""
        typed = super().clean() or {}
        labels = [label for label, _ in self.headings]
        for number in range(1, MOST_HEADINGS + 1):
            if typed.get(f"hint_{number}") and not typed.get(f"label_{number}"):
                self.add_error(f"label_{number}", f"見出し{number}を入力してください")
        if not labels and not self.errors:
            self.add_error("label_1", "見出しを一つは入力してください")
        if len(set(labels)) < len(labels):
            again = next(label for label in labels if labels.count(label) > 1)
            self.add_error(None, f"見出し「{again}」が二つあります。別の言葉にしてください")
        return typed

    @property
    def headings(self) -> list[tuple[str, str]]:
        """Headings with their hints, without gaps."""
        typed = self.cleaned_data
        pairs = [
            (typed.get(f"label_{number}", ""), typed.get(f"hint_{number}", ""))
            for number in range(1, MOST_HEADINGS + 1)
        ]
        return [pair for pair in pairs if pair[0]]


class LogForm(PortalForm):
    """Who, when, kind: a talk that was held without a booking."""

    who = forms.ChoiceField(label="相手")
    kind = forms.ChoiceField(label="種類")
    day = forms.DateField(label="日", widget=_DAY)
    starts = forms.TimeField(
        label="開始",
        widget=forms.TimeInput(attrs={"type": "time", "data-width": "short"}, format="%H:%M"),
    )
    minutes = forms.IntegerField(
        label="長さ（分）",
        initial=30,
        min_value=5,
        max_value=240,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "長さは、5から240までの分で入力してください",
        ),
        widget=forms.NumberInput(attrs={"data-width": "short", "inputmode": "numeric"}),
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[tuple[str, str]],
        kinds: Sequence[Kind],
        takes_numbers: bool,
        back: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._back = back
        who = self.fields["who"]
        if takes_numbers:
            who.required = False
            self.fields["staff_number"] = forms.CharField(
                label="職員番号",
                max_length=16,
                required=False,
                help_text="上の一覧にいない人のとき、こちらに入力してください。",
                widget=forms.TextInput(attrs={"data-width": "medium"}),
            )
        who.choices = [("", "選択してください"), *people]  # type: ignore[attr-defined]  # a choice field
        kind = self.fields["kind"]
        kind.choices = [(each.value, each.label) for each in kinds]  # type: ignore[attr-defined]  # as above

    @property
    def helper(self) -> PortalFormHelper:
        """Who, then kind and time."""
        numbered = ["staff_number"] if "staff_number" in self.fields else []
        actions = Actions(Button("記録する", kind="primary"), Link("戻る", self._back))
        return PortalFormHelper("who", *numbered, "kind", "day", "starts", "minutes", actions)

    def clean(self) -> dict[str, Any]:
        """One person, chosen or by number."""
        typed = super().clean() or {}
        if "staff_number" in self.fields and not self.errors:
            given = [name for name in ("who", "staff_number") if typed.get(name)]
            if len(given) != 1:
                self.add_error(
                    "who", "相手を一覧から選ぶか、職員番号を入力してください（どちらか一方）"
                )
        return typed

    def period(self) -> tuple[datetime.datetime, datetime.datetime]:
        """From when until when (JST)."""
        typed = self.cleaned_data
        starts = timezone.make_aware(datetime.datetime.combine(typed["day"], typed["starts"]))
        return starts, starts + datetime.timedelta(minutes=typed["minutes"])
