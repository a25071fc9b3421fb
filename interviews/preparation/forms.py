"""What HR types about a prompt."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from career_portal.design.forms import LongTextField, PortalForm, PortalFormHelper
from career_portal.design.layout import Actions, Button, Link, Section
from interviews.facts import GROUPS, Fact
from interviews.models import Prompt

# So that three questions and an assumption leave room on one page.
TEXT_LIMIT, NOTE_LIMIT = 60, 80
CONDITIONS = {f"when_{group}": group for group in GROUPS}


class PromptLineField(LongTextField):
    """One line of a prompt."""

    def to_python(self, value: Any) -> str:
        """The line without blanks at its ends, line breaks as blanks."""
        return " ".join(super().to_python(value).split())


class PromptForm(PortalForm):
    """A prompt. It is stored only after it was shown when it fits: `previewed` is what that was shown for."""

    form = forms.ChoiceField(label="形", choices=Prompt.Form, widget=forms.RadioSelect)
    topic = forms.ChoiceField(
        label="話題",
        choices=[("", "選択してください"), *Prompt.Topic.choices],
        help_text="1枚のシートには、話題のちがう問いが3つ並びます。",
    )
    text = PromptLineField(
        label="文",
        limit=TEXT_LIMIT,
        help_text="問いは、「はい」「いいえ」で終わらない形に。思い込みは、頭に浮かびそうな言葉のままに。",
        widget=forms.TextInput(),
    )
    note = PromptLineField(
        label="添える文",
        limit=NOTE_LIMIT,
        help_text="その下に小さく並ぶ一文です。評価の言葉は使わないでください。",
        widget=forms.TextInput(),
    )
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    data: QueryDict

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._back = back
        self.is_previewed = False
        for name, group in CONDITIONS.items():
            label = GROUPS[group]
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                choices=[(fact.value, fact.label) for fact in Fact if fact.group == group],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": f"{label}は、画面にあるものから選んでください"},
            )

    @classmethod
    def initial_of(cls, prompt: Prompt) -> dict[str, object]:
        """A prompt as the form starts with it."""
        initial: dict[str, object] = {
            name: getattr(prompt, name) for name in ("form", "topic", "text", "note")
        }
        chosen = prompt.condition_groups.items()
        return initial | {f"when_{group}": sorted(facts) for group, facts in chosen}

    @property
    def content(self) -> dict[str, Any]:
        """The prompt as it was typed; to be asked once the form is valid."""
        typed = self.cleaned_data
        chosen = {fact for name in CONDITIONS for fact in typed[name]}
        return {name: typed[name] for name in ("form", "topic", "text", "note")} | {
            "conditions": [fact.value for fact in Fact if fact.value in chosen]
        }

    @property
    def mark(self) -> str:
        """What a preview is shown for."""
        content = self.content
        return "|".join([*content.pop("conditions"), *content.values()])

    @property
    def was_previewed(self) -> bool:
        """Whether exactly this was on the page that was posted."""
        return bool(self.cleaned_data["previewed"] == self.mark)

    def show_preview(self) -> None:
        """Let this be stored by the next press."""
        posted = self.data.copy()
        posted["previewed"] = self.mark
        self.data = posted
        self.is_previewed = True

    @property
    def helper(self) -> PortalFormHelper:
        """What it says, when it fits; look first, then store."""
        look = "もう一度確かめる" if self.is_previewed else "いつ出るかを確かめる"
        store = [Button("この内容で保存する", kind="primary", name="step", value="store")]
        buttons = [
            *(store if self.is_previewed else []),
            Button(look, kind="outline" if self.is_previewed else "primary"),
            Link("戻る", self._back),
        ]
        lead = (
            "選ばなければ、いつでも出ます。同じ見出しの中はどれか1つ、見出しどうしはすべてが当てはまるときに出ます。"
            "当てはまる見出しの多いものが、先に選ばれます。"
        )
        return PortalFormHelper(
            Section("ことば", "form", "topic", "text", "note"),
            Section("いつ出すか", *CONDITIONS, lead=lead),
            "previewed",
            Actions(*buttons),
        )
