"""A person's own list of posts, with notes to himself."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from career_portal.common.era import moment
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from postings import keeping_services
from postings.choosing import list_to_return_to
from postings.models import KeptPost, PostDescription
from postings.note_form import NoteForm
from postings.providers import PostAction, PostActions


@require_GET
def kept_list(request: StaffHttpRequest) -> HttpResponse:
    """The posts that the person keeps, the latest first."""
    return _list(request)


@dataclass(frozen=True)
class Row:
    """One kept post, its note as a form, and what can be done with it."""

    kept: KeptPost
    form: NoteForm
    since: str
    actions: list[PostAction]

    @property
    def post(self) -> PostDescription:
        """The post."""
        return self.kept.post

    @property
    def anchor(self) -> str:
        """The id of its place in the page."""
        return f"post-{self.kept.post_id}"

    @property
    def is_being_written(self) -> bool:
        """Whether the note came back with something to mend."""
        return bool(self.form.errors)


def _list(request: StaffHttpRequest, refused: NoteForm | None = None) -> HttpResponse:
    """The list; with a note that was refused, as it was typed."""
    kept = KeptPost.objects.visible_to(request.user)
    rows = list(kept.select_related("post__shown", "post__section__bureau"))
    forms = {row.post_id: NoteForm(kept=row) for row in rows}
    if refused is not None:
        if refused.kept.post_id not in forms:
            rows.insert(0, refused.kept)
        forms[refused.kept.post_id] = refused
    offers = PostActions(request.user)
    return render(
        request,
        "postings/kept_list.html",
        {
            "rows": [
                Row(
                    row,
                    forms[row.post_id],
                    moment(row.kept_at) if row.pk else "",
                    offers.on(row.post),
                )
                for row in rows
            ],
            "form": refused,
            "here": reverse("postings:kept_list"),
            "most": keeping_services.KEPT_AT_MOST,
            "crumbs": [
                Crumb("ポストを探す", reverse("postings:post_search")),
                Crumb("保存したポスト"),
            ],
        },
        status=422 if refused else 200,
    )


@require_POST
def kept_change(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Keep a post, or take it off the list (`keep` is empty); with its note only where `note` says so."""
    post = _post(request, pk)
    back = list_to_return_to(request, pk, reverse("postings:post_detail", args=[pk]))
    try:
        if request.POST.get("keep"):
            keeping_services.keep_post(post, by=request.user)
            messages.success(request, f"「{post.title}」をリストに保存しました。")
        else:
            with_note = request.POST.get("note") == "gone"
            keeping_services.remove_post(post, with_note=with_note, by=request.user)
            messages.success(request, f"「{post.title}」をリストから外しました。")
    except keeping_services.HasNote as broken:
        messages.warning(request, broken.sentence)
        return redirect(_place(pk))
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    return redirect(back)


@require_POST
def kept_note(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Save the note beside a kept post."""
    post = _post(request, pk)
    kept = KeptPost.objects.visible_to(request.user).filter(post=post).first()
    form = NoteForm(request.POST, kept=kept or KeptPost(user=request.user, post=post))
    if form.is_valid():
        try:
            keeping_services.write_note(post, form.cleaned_data["note"], by=request.user)
        except RuleViolation as broken:
            form.add_error("note", broken.sentence)
    if form.errors:
        return _list(request, form)
    messages.success(request, f"「{post.title}」のメモを保存しました。")
    return redirect(_place(pk))


def _post(request: StaffHttpRequest, pk: int) -> PostDescription:
    posts = PostDescription.objects.visible_to(request.user).filter(shown__isnull=False)
    return get_object_or_404(posts.in_words(), pk=pk)


def _place(pk: int) -> str:
    """Where a post stands in the list."""
    return f"{reverse('postings:kept_list')}#post-{pk}"
