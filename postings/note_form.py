"""What a person types beside a post that he keeps."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from career_portal.design.forms import LongTextField, PortalForm, PortalFormHelper
from career_portal.design.layout import Actions, Button
from postings.models import KeptPost

NOTE_LIMIT = 300


class NoteForm(PortalForm):
    """A note beside one kept post; the post's id keeps the fields of a list apart."""

    note = LongTextField(
        label="自分だけのメモ",
        limit=NOTE_LIMIT,
        required=False,
        help_text="ほかの人には見えません。",
    )

    def __init__(self, *args: Any, kept: KeptPost, **kwargs: Any) -> None:
        super().__init__(
            *args, auto_id=f"id_{kept.post_id}_%s", initial={"note": kept.note}, **kwargs
        )
        self.kept = kept
        self.fields["note"].widget.attrs["rows"] = 3

    @property
    def helper(self) -> PortalFormHelper:
        """The note and its button."""
        return PortalFormHelper(
            "note",
            Actions(Button("メモを保存する")),
            submits_to=reverse("postings:kept_note", args=[self.kept.post_id]),
        )
