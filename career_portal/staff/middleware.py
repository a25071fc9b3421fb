"""The sign-in check in front of every page that does not opt out."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from career_portal.common.unsent import Unsent, unsent

SAFE_METHODS = frozenset({"GET", "HEAD"})


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Sends a visitor to the sign-in page, and a script a plain answer that it can act on."""

    def handle_no_permission(  # type: ignore[override]  # a script gets no redirect
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """A redirect that comes back to the page; 401 for a script, and for a form, whose text is given back."""
        sign_in = resolve_url(self.get_login_url(view_func))
        back = way_back(request)
        redirect = redirect_to_login(back, sign_in) if back else redirect_to_login("/", sign_in)
        if is_made_by_script(request):
            return JsonResponse({"error": "signed_out", "sign_in": redirect.url}, status=401)
        kept = unsent(request)
        return unsent_page(request, kept, status=401) if kept else redirect


def unsent_page(request: HttpRequest, kept: Unsent, *, status: int) -> HttpResponse:
    """The page that gives a refused post back, to be sent again to where it was sent."""
    return render(request, "account/unsent.html", {"unsent": kept}, status=status)


def way_back(request: HttpRequest) -> str:
    """The page to show after sign-in: where the person was, never an address that only takes posts."""
    if request.method in SAFE_METHODS:
        return request.get_full_path()
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def is_made_by_script(request: HttpRequest) -> bool:
    """Whether a script waits for the answer, not a person looking at the browser's window."""
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    return mode != "navigate" or request.headers.get("Accept", "").startswith("application/json")
