"""The posts that somebody writes or publishes: finding them by what is to be done, ending one, moving a section's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from career_portal.common.clock import today
from career_portal.common.era import date_in_words, moment
from career_portal.common.errors import RuleViolation
from career_portal.common.text import search_words
from career_portal.design.components import ChipKind, Crumb
from career_portal.staff.http import StaffHttpRequest, require
from career_portal.staff.models import Section
from postings import permissions, services
from postings.forms import ReasonForm, SuccessorForm
from postings.models import PostDescription, PostVersion
from postings.models.posts import PostDescriptionQuerySet
from postings.views.pages import KINDS, manage_crumb, post_crumb, stage_in_words

Stage = PostVersion.Stage
POSTS_PER_PAGE = 30

Posts = PostDescriptionQuerySet
# What is to be done, in the order in which it is done, and which posts wait for it.
TABS: dict[str, tuple[str, Callable[[Posts], Posts]]] = {
    "review": ("確認を待つ", lambda posts: posts.filter(versions__stage=Stage.IN_REVIEW)),
    "draft": ("下書き", lambda posts: posts.filter(versions__stage=Stage.DRAFT)),
    "approved": ("公開待ち", lambda posts: posts.filter(versions__stage=Stage.APPROVED)),
    "overdue": ("見直しの時期", lambda posts: posts.overdue(today())),
    "published": ("公開中", lambda posts: posts.published()),
    "archived": ("公開終了", lambda posts: posts.filter(archived_on__isnull=False)),
}


@dataclass(frozen=True)
class Tab:
    """One thing to be done, and how many posts wait for it."""

    label: str
    url: str
    number: int
    is_current: bool


@dataclass(frozen=True)
class Row:
    """A post in the list."""

    title: str
    url: str
    code: str
    unit: str
    grade: str
    states: tuple[tuple[str, ChipKind], ...]
    when: str


@require_GET
def manage_list(request: StaffHttpRequest) -> HttpResponse:
    """The posts in one's care, by what is to be done with them."""
    require(permissions.can_edit_some(request.user))
    words = search_words(request.GET.get("q", ""))
    posts = _found(request, words)
    numbers = {name: waiting(posts).count() for name, (_, waiting) in TABS.items()}
    chosen = request.GET.get("show", "")
    if chosen not in TABS:
        chosen = next((name for name, number in numbers.items() if number), "published")
    found = TABS[chosen][1](posts).order_by(*_order(chosen))
    page = Paginator(_loaded(request, found), POSTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "postings/manage_list.html",
        {
            "tabs": [_tab(name, words, numbers[name], chosen) for name in TABS],
            "words": words,
            "chosen": chosen,
            "rows": [_row(post) for post in page],
            "page": page,
            "ended": _ended_sections(request),
            "can_run": permissions.can_run_catalogue(request.user),
            "crumbs": [Crumb("ポストの編集")],
        },
    )


def _found(request: StaffHttpRequest, words: str) -> PostDescriptionQuerySet:
    """The posts in one's care that hold every word, in whatever version."""
    found = PostDescription.objects.visible_to(request.user).in_care_of(request.user)
    versions = PostVersion.objects.visible_to(request.user)
    for word in words.split():
        found = found.filter(
            Q(code__icontains=word)
            | Q(section__name__icontains=word)
            | Q(section__division__icontains=word)
            | Q(section__bureau__name__icontains=word)
            | Q(pk__in=versions.filter(title__icontains=word).values("post"))
        )
    return found


def _order(chosen: str) -> tuple[str, ...]:
    if chosen == "overdue":
        return ("shown__next_review_on", "code")
    return ("section__bureau__sort_order", "section__sort_order", "code")


def _loaded(request: StaffHttpRequest, posts: PostDescriptionQuerySet) -> PostDescriptionQuerySet:
    on_their_way = PostVersion.objects.visible_to(request.user).open()
    return posts.in_words().prefetch_related(
        Prefetch("versions", queryset=on_their_way, to_attr="on_their_way")
    )


def _tab(name: str, words: str, number: int, chosen: str) -> Tab:
    query = urlencode({"show": name, **({"q": words} if words else {})})
    return Tab(TABS[name][0], f"?{query}", number, name == chosen)


def _row(post: Any) -> Row:
    version = post.on_their_way[0] if post.on_their_way else None
    spoken = version or post.shown
    states: list[tuple[str, ChipKind]] = []
    if post.shown is not None:
        states.append((str(post.state.label), "done" if post.archived_on is None else "outline"))
    if version is not None:
        states.append((stage_in_words(version, post), KINDS[version.stage]))
    if post.shown is not None and post.archived_on is None and post.shown.is_overdue(today()):
        states.append(("見直しの時期", "problem"))
    if version is None:
        url = reverse("postings:version_list", args=[post.pk])
        when = f"{date_in_words(post.shown.released_on)} 公開"
    else:
        when = f"{moment(version.edited_at)} 保存"
        url = (
            reverse("postings:post_edit", args=[post.pk])
            if version.stage == Stage.DRAFT
            else reverse("postings:version_detail", args=[post.pk, version.number])
        )
    unit = f"{post.section.bureau.name}　{post.section.name_in_bureau}"
    return Row(spoken.title, url, post.code, unit, spoken.get_grade_display(), tuple(states), when)


def _ended_sections(request: StaffHttpRequest) -> list[tuple[str, str, int]]:
    """Sections that no longer exist but still have posts: name, address for moving them, how many."""
    posts = PostDescription.objects.visible_to(request.user).in_care_of(request.user)
    counted = (
        posts.filter(section__valid_until__lte=today())
        .values("section", "section__name")
        .annotate(posts=Count("pk"))
        .order_by("section__name")
    )
    return [
        (
            row["section__name"],
            reverse("postings:section_move", args=[row["section"]]),
            row["posts"],
        )
        for row in counted
    ]


@require_http_methods(["GET", "POST"])
def post_archive(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """End the publication of a post, with the reason that readers see."""
    post = get_object_or_404(PostDescription.objects.visible_to(request.user).in_words(), pk=pk)
    require(permissions.can_publish(request.user, post))
    if post.state != PostDescription.State.PUBLISHED:
        raise Http404
    form = ReasonForm(
        request.POST or None,
        button="公開を終える",
        submits_to=reverse("postings:post_archive", args=[pk]),
        back=reverse("postings:post_detail", args=[pk]),
        help_text="このポストのページを開いた人に、そのまま表示されます。",
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.archive_post(post, reason=form.cleaned_data["reason"], by=request.user)
        except RuleViolation as broken:
            form.add_error("reason", broken.sentence)
        else:
            messages.success(request, f"「{post.title}」の公開を終えました。")
            return redirect("postings:post_detail", pk)
    return render(
        request,
        "postings/post_archive.html",
        {"post": post, "form": form, "crumbs": [post_crumb(post), Crumb("公開を終える")]},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def section_move(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Carry the posts of a section that was reorganised over to its successor."""
    require(permissions.can_run_catalogue(request.user))
    sections = Section.objects.visible_to(request.user).select_related("bureau")
    section = get_object_or_404(sections, pk=pk)
    posts = PostDescription.objects.visible_to(request.user).filter(section=section).in_words()
    successors = sections.on(today()).filter(successions_in__predecessor=section)
    form = SuccessorForm(
        request.POST or None, successors=successors, back=reverse("postings:manage_list")
    )
    if request.method == "POST" and form.is_valid():
        successor = form.cleaned_data["successor"]
        try:
            number = services.move_posts(section, successor, by=request.user)
        except RuleViolation as broken:
            form.add_error("successor", broken.sentence)
        else:
            messages.success(request, f"{number}件のポストを{successor.full_name}に移しました。")
            return redirect("postings:manage_list")
    return render(
        request,
        "postings/section_move.html",
        {
            "section": section,
            "posts": posts,
            "form": form,
            "has_successors": successors.exists(),
            "crumbs": [manage_crumb(), Crumb(f"{section.name}のポストを移す")],
        },
        status=422 if form.errors else 200,
    )
