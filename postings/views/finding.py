"""Finding posts by words."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from career_portal.common.text import search_words
from career_portal.staff.http import StaffHttpRequest
from postings.models import PostDescription

POSTS_PER_PAGE = 20


@require_GET
def post_search(request: StaffHttpRequest) -> HttpResponse:
    """The published posts that hold every word; all of them without a word."""
    words = search_words(request.GET.get("q", ""))
    found = PostDescription.objects.visible_to(request.user).published().matching(words)
    page = Paginator(found.in_words(), POSTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "postings/post_search.html",
        {"words": words, "page": page, "here": request.get_full_path()},
    )
