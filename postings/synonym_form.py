"""What HR types about words that mean the same."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from career_portal.common.errors import RuleViolation
from career_portal.design.forms import LongTextField, PortalForm, PortalFormHelper
from career_portal.design.layout import Actions, Button, Link
from postings.models import SynonymGroup
from postings.models.posts import lines
from postings.search.synonym_services import check_terms

TERMS_LIMIT = 400


class SynonymForm(PortalForm):
    """The words of a group. It is stored only after its effect was shown: `previewed` is what that was shown for."""

    terms = LongTextField(
        label="同じ意味の言葉",
        limit=TERMS_LIMIT,
        help_text="1行に1つずつ、2つから8つまで。どの言葉で探しても、ほかの言葉を含むポストが見つかるようになります。"
        "送り仮名や全角・半角の違いは、書かなくても同じ言葉として扱われます。",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    note = LongTextField(
        label="メモ",
        limit=200,
        required=False,
        help_text="人事のためのメモです。職員には表示されません。",
        widget=forms.TextInput(),
    )
    is_used = forms.BooleanField(label="検索に使う", required=False)
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    data: QueryDict

    def __init__(self, *args: Any, group: SynonymGroup | None, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._group, self._back = group, back
        self.is_previewed = False

    @classmethod
    def initial_of(cls, group: SynonymGroup) -> dict[str, object]:
        """A group as the form starts with it."""
        terms = "\n".join(synonym.term for synonym in group.synonyms.all())
        return {"terms": terms, "note": group.note, "is_used": group.is_used}

    @property
    def typed(self) -> list[str]:
        """The words, one per line; to be asked once the form is valid."""
        return [" ".join(line.split()) for line in lines(self.cleaned_data["terms"])]

    @property
    def mark(self) -> str:
        """What an effect is shown for: the words, and whether they are used."""
        return "|".join([str(self.cleaned_data["is_used"]), *self.typed])

    @property
    def was_previewed(self) -> bool:
        """Whether the effect of exactly this was on the page that was posted."""
        return bool(self.cleaned_data["previewed"] == self.mark)

    def clean(self) -> dict[str, Any]:
        """Words that cannot be a group are told apart before their effect is looked at."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "terms" in data:
            try:
                check_terms(self.typed, self._group)
            except RuleViolation as broken:
                self.add_error("terms", broken.sentence)
        return data

    def show_preview(self) -> None:
        """Let this be stored by the next press."""
        posted = self.data.copy()
        posted["previewed"] = self.mark
        self.data = posted
        self.is_previewed = True

    @property
    def helper(self) -> PortalFormHelper:
        """Look first; once looked, store."""
        look = "もう一度確かめる" if self.is_previewed else "どう変わるかを確かめる"
        store = [Button("この内容で保存する", kind="primary", name="step", value="store")]
        buttons = [
            *(store if self.is_previewed else []),
            Button(look, kind="outline" if self.is_previewed else "primary"),
            Link("戻る", self._back),
        ]
        return PortalFormHelper("terms", "note", "is_used", "previewed", Actions(*buttons))
