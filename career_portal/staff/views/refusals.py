"""Refusing a post without losing what it carried: signed out, with an old token, without the right, to nowhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.csrf import csrf_failure as plain_csrf_failure

from career_portal.common.unsent import Unsent, unsent
from career_portal.staff.middleware import is_made_by_script, unsent_page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The post again with a fresh token, where it came from a page of ours that asks for sign-in; else a plain 403."""
    match = request.resolver_match
    takes_strangers = match is not None and not getattr(match.func, "login_required", True)
    kept = None if takes_strangers or is_made_by_script(request) else unsent(request)
    if kept is None:
        return plain_csrf_failure(request, reason=reason)
    return unsent_page(request, kept, status=403)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with what was typed."""
    return _refused(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with what was typed."""
    return _refused(request, "404.html", status=404)


def _refused(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    kept: Unsent | None = unsent(request)
    return render(request, template, {"unsent": kept}, status=status)
