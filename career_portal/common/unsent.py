"""What a refused post carried, so that the page which refuses it can give it back.

Only to a post of our own pages: to a forged one the refusal says nothing. The size is bounded by what Django reads of a
post at all (`DATA_UPLOAD_MAX_MEMORY_SIZE`). Nothing is stored anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

# Never sent back, whatever the form calls them.
_SECRET = re.compile(r"password|passwd|csrfmiddlewaretoken", re.IGNORECASE)
# What a form sends for a choice, a button, a row or a version; everything else somebody wrote.
_CHOSEN = re.compile(r"[a-z0-9_]{0,20}|[0-9. ]*")


@dataclass(frozen=True)
class Unsent:
    """The fields of a refused post, the texts among them, and whether files came along, which are not kept."""

    fields: Sequence[tuple[str, str]]
    texts: Sequence[str]
    has_files: bool


def unsent(request: HttpRequest) -> Unsent | None:
    """What a post from one of our own pages carried; nothing of any other request, or where it cannot be read."""
    if request.method != "POST" or not is_from_here(request):
        return None
    try:
        posted = list(request.POST.lists())
        has_files = bool(request.FILES)
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return None
    fields = [
        (name, value) for name, values in posted if not _SECRET.search(name) for value in values
    ]
    texts = [value for _, value in fields if value.strip() and not _CHOSEN.fullmatch(value)]
    return Unsent(fields, list(dict.fromkeys(texts)), has_files)


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this very host made the request; what says nothing is foreign."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    origin = urlsplit(said)
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())
