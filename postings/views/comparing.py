"""Up to three posts side by side, and choosing which."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from postings.choosing import (
    COMPARED_AT_MOST,
    ComparisonFull,
    compare_no_more,
    compare_too,
    compared_posts,
    comparison_address,
    list_to_return_to,
)
from postings.comparison import side_by_side
from postings.describing import described
from postings.models import PostDescription
from postings.providers import PostActions

LONGEST_ID = 18


@require_GET
def post_compare(request: StaffHttpRequest) -> HttpResponse:
    """The posts that the address names; without any, those that the visitor has chosen while searching."""
    named = request.GET.getlist("post")
    if not named and (chosen := compared_posts(request.session)):
        return redirect(comparison_address(chosen))
    wanted = _ids(named)
    posts = {
        post.pk: post
        for post in PostDescription.objects.visible_to(request.user)
        .filter(pk__in=wanted[:COMPARED_AT_MOST], shown__isnull=False)
        .in_words()
        .prefetch_related("shown__skills__skill")
    }
    columns = described(posts[pk] for pk in wanted if pk in posts)
    offers = PostActions(request.user)
    return render(
        request,
        "postings/post_compare.html",
        {
            "columns": [
                (post, description, offers.on(post), comparison_address(_without(posts, post.pk)))
                for post, description in columns
            ],
            "groups": side_by_side(columns),
            "here": comparison_address(list(posts)),
            "width": len(columns),
            "room": COMPARED_AT_MOST - len(columns),
            "too_many": ComparisonFull.sentence if len(wanted) > COMPARED_AT_MOST else "",
            "is_some_missing": len(posts) < min(len(named), COMPARED_AT_MOST),
            "crumbs": [Crumb("ポストを探す", reverse("postings:post_search")), Crumb("比較")],
        },
    )


def _ids(named: Sequence[str]) -> list[int]:
    """The ids in an address, each once; what is none is left out."""
    numbers = [
        int(each) for each in named if each.isascii() and each.isdigit() and len(each) <= LONGEST_ID
    ]
    return list(dict.fromkeys(numbers))


def _without(posts: dict[int, PostDescription], post: int) -> list[int]:
    return [pk for pk in posts if pk != post]


@require_POST
def compare_change(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Choose a post to be compared, or take it out (`compare` is empty), and go back."""
    visible = PostDescription.objects.visible_to(request.user).filter(shown__isnull=False)
    post = get_object_or_404(visible.in_words(), pk=pk)
    try:
        if request.POST.get("compare"):
            compare_too(request.session, post.pk)
        else:
            compare_no_more(request.session, post.pk)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    return redirect(list_to_return_to(request, pk, reverse("postings:post_compare")))
