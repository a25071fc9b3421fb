"""Finding posts by words: the page of results, which script fetches again as somebody types, and words to complete."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from career_portal.common.text import search_words
from career_portal.staff.http import StaffHttpRequest
from postings import permissions
from postings.models import SearchTerm
from postings.search.address import Address
from postings.search.page import SearchPage
from postings.search.suggestions import complete

# The header by which script asks for the results alone.
PART_HEADER = "X-Portal-Part"
KIND_NAMES = dict(SearchTerm.Kind.choices)


@require_GET
def post_search(request: StaffHttpRequest) -> HttpResponse:
    """The published posts that hold every word, narrowed and ordered; all of them without a word."""
    address = Address.read(request.GET)
    page = SearchPage(address, request.user)
    is_part = request.headers.get(PART_HEADER) == "results"
    response = render(
        request,
        "postings/_search_results.html" if is_part else "postings/post_search.html",
        {
            "page": page,
            "address": address,
            "found": page.found,
            "facets": page.facets,
            "here": f"{request.path}{address.written()}",
            "can_edit_synonyms": permissions.can_run_catalogue(request.user),
        },
    )
    patch_vary_headers(response, [PART_HEADER])
    return response


@require_GET
def post_suggest(request: StaffHttpRequest) -> JsonResponse:
    """Words that go on from the last one typed, each with the whole line it would make."""
    typed = search_words(request.GET.get("q", ""))
    before, _, last = typed.rpartition(" ")
    found = complete(last)
    return JsonResponse(
        {
            "suggestions": [
                {
                    "word": each.word,
                    "line": f"{before} {each.word}".strip(),
                    "kind": KIND_NAMES[each.kind],
                    "posts": each.posts,
                }
                for each in found
            ]
        }
    )
