"""Writing a description: a new post, a draft, two editors at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from career_portal.common.clock import today
from career_portal.common.era import moment
from career_portal.common.errors import RuleViolation
from career_portal.common.numbers import whole_number
from career_portal.design.components import Crumb
from career_portal.design.layout import Actions, Button, Link
from career_portal.staff.http import StaffHttpRequest, require
from career_portal.staff.models import Section
from postings import permissions, services
from postings.content import (
    Change,
    PostContent,
    compare,
    content_of,
    skill_names,
)
from postings.forms import DescriptionForm, SectionChoiceForm, as_initial, with_stored
from postings.models import PostDescription, PostVersion
from postings.models.posts import in_care_of
from postings.views.pages import manage_crumb, remarks_on

SAVE, SUBMIT = "save", "submit"
KEEP = "keep-"


@require_http_methods(["GET", "POST"])
def post_new(request: StaffHttpRequest) -> HttpResponse:
    """Which section a new post is of, then its first description."""
    require(permissions.can_edit_some(request.user))
    day = today()
    sections = (
        Section.objects.visible_to(request.user)
        .on(day)
        .filter(in_care_of(request.user, day, ""))
        .select_related("bureau")
    )
    if typed := request.GET.get("section"):
        section = get_object_or_404(sections, pk=whole_number(typed))
        return _write_new(request, section)
    form = SectionChoiceForm(request.POST or None, sections=sections)
    if request.method == "POST" and form.is_valid():
        return redirect(f"{reverse('postings:post_new')}?section={form.cleaned_data['section'].pk}")
    return render(
        request,
        "postings/post_new.html",
        {"form": form, "crumbs": [manage_crumb(), Crumb("新しいポスト")]},
        status=422 if form.errors else 200,
    )


def _write_new(request: StaffHttpRequest, section: Section) -> HttpResponse:
    form = _form(request, PostContent(place=section.place), edit=0, back=_list())
    if request.method == "POST" and form.is_valid():
        try:
            version = services.create_post(section, form.content, by=request.user)
        except services.NotStorable as refused:
            form.add_problems(refused.problems)
        else:
            return _saved(request, version, form)
    return _page(request, form, section=section, heading="新しいポスト")


@require_http_methods(["GET", "POST"])
def post_edit(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The draft of a post, or the description shown as the start of one; saving begins or continues the draft."""
    posts = PostDescription.objects.visible_to(request.user).in_words()
    post = get_object_or_404(posts, pk=pk)
    require(permissions.can_write(request.user, post))
    stored = _stored(request, post)
    if request.method == "GET":
        if stored.version is not None and stored.version.stage != PostVersion.Stage.DRAFT:
            return redirect("postings:version_detail", post.pk, stored.version.number)
        form = _form(request, stored.content, edit=stored.edit, back=_list())
        return _page(request, form, post=post, stored=stored)
    return _save(request, post, stored)


@dataclass(frozen=True)
class Stored:
    """What is stored of a post's description now: its open version if there is one, and what it says."""

    version: PostVersion | None
    content: PostContent

    @property
    def edit(self) -> int:
        """The count of saves that a form starts from."""
        return self.version.edit if self.version else 0

    @property
    def said(self) -> str:
        """When and by whom the draft was saved."""
        if self.version is None:
            return ""
        return f"{moment(self.version.edited_at)} {self.version.edited_by.display_name} が保存"


def _stored(request: StaffHttpRequest, post: PostDescription) -> Stored:
    versions = PostVersion.objects.visible_to(request.user).filter(post=post)
    loaded = versions.select_related("edited_by").prefetch_related("skills__skill")
    draft = loaded.open().first()
    shown = draft or loaded.filter(pk=post.shown_id or 0).first()
    return Stored(draft, content_of(shown) if shown else PostContent())


def _save(request: StaffHttpRequest, post: PostDescription, stored: Stored) -> HttpResponse:
    kept = [
        name.removeprefix(KEEP)
        for name, value in request.POST.items()
        if name.startswith(KEEP) and value == "stored"
    ]
    data = with_stored(request.POST, stored.content, kept)
    form = DescriptionForm(data, skills=skill_names(), buttons=_buttons(_list()))
    if not form.is_valid():
        return _page(request, form, post=post, stored=stored)
    try:
        version = services.write_description(
            post, form.content, edit=form.cleaned_data["edit"], by=request.user
        )
    except services.StaleEdit as broken:
        fresh = _stored(request, post)
        changes = compare(fresh.content, form.content, skill_names())
        form.go_on_from(fresh.edit)
        return _page(request, form, post=post, stored=fresh, broken=broken, changes=changes)
    except services.NotStorable as refused:
        form.add_problems(refused.problems)
        return _page(request, form, post=post, stored=stored)
    except RuleViolation as broken:
        return _page(request, form, post=post, stored=stored, broken=broken)
    return _saved(request, version, form)


def _saved(request: StaffHttpRequest, version: PostVersion, form: DescriptionForm) -> HttpResponse:
    """Say that it is saved, and go on: back to the draft, or over to its review."""
    if request.POST.get("then") != SUBMIT:
        messages.success(request, "下書きを保存しました。")
        return redirect("postings:post_edit", version.post_id)
    try:
        services.submit_for_review(version, by=request.user)
    except services.NotReviewable as refused:
        form.add_problems(refused.problems)
        form.go_on_from(version.edit)
        post = get_object_or_404(
            PostDescription.objects.visible_to(request.user).in_words(), pk=version.post_id
        )
        messages.info(request, "下書きは保存しました。確認に出すには、まだ足りない項目があります。")
        return _page(request, form, post=post, stored=_stored(request, post))
    messages.success(request, "保存して、確認に出しました。ほかの人が確認すると公開できます。")
    return redirect("postings:version_detail", version.post_id, version.number)


@require_POST
def draft_discard(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Throw the draft of a post away."""
    post = get_object_or_404(PostDescription.objects.visible_to(request.user), pk=pk)
    require(permissions.can_write(request.user, post))
    drafts = PostVersion.objects.visible_to(request.user).filter(post=post)
    draft = get_object_or_404(drafts.open())
    try:
        services.discard_draft(draft, by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, f"「{draft.title}」の下書きを捨てました。")
    return redirect("postings:manage_list")


def _form(
    request: StaffHttpRequest, content: PostContent, *, edit: int, back: str
) -> DescriptionForm:
    return DescriptionForm(
        request.POST or None,
        initial=as_initial(content) | {"edit": edit},
        skills=skill_names(),
        buttons=_buttons(back),
    )


def _buttons(back: str) -> Actions:
    return Actions(
        Button("下書きを保存する", kind="primary", name="then", value=SAVE),
        Button("保存して確認に出す", name="then", value=SUBMIT),
        Link("一覧へ戻る", back),
    )


def _list() -> str:
    return reverse("postings:manage_list")


def _page(
    request: StaffHttpRequest,
    form: DescriptionForm,
    *,
    post: PostDescription | None = None,
    section: Section | None = None,
    stored: Stored | None = None,
    heading: str = "",
    broken: RuleViolation | None = None,
    changes: tuple[Change, ...] = (),
) -> HttpResponse:
    draft = stored.version if stored else None
    unit = post.section if post else section
    heading = heading or (draft.title if draft else post.title if post else "")
    status = 409 if broken else 422 if form.errors else 200
    return render(
        request,
        "postings/post_edit.html",
        {
            "form": form,
            "post": post,
            "unit": unit,
            "heading": heading,
            "draft": draft,
            "said": stored.said if stored else "",
            "comments": remarks_on(request.user, draft) if draft else (),
            "broken": broken,
            "changes": changes,
            "crumbs": [manage_crumb(), Crumb(heading)],
        },
        status=status,
    )
