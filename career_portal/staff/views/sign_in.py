"""Signing in and out."""

from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.account.views import LoginView, LogoutView
from django.conf import settings
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from career_portal.staff.demonstration import demonstration_sign_ins
from career_portal.staff.forms import SignInForm

# The library's form view would take a PUT for a POST.
METHODS = ["GET", "HEAD", "POST"]


@method_decorator(require_http_methods(METHODS), name="dispatch")
class SignInView(LoginView):
    """The sign-in page."""

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        """The page again; 429 when the attempt was refused unseen."""
        response: HttpResponse = super().form_invalid(form)
        if form.is_locked_out:
            response.status_code = 429
            response["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME.total_seconds()))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the demonstration's people where the stack has them."""
        return {
            **super().get_context_data(**kwargs),
            "comes_back": self.get_next_url() not in {None, "/"},
            "demonstration": demonstration_sign_ins(),
            "demonstration_password": settings.DEMO_PASSWORD,
        }


@method_decorator([login_not_required, require_http_methods(METHODS)], name="dispatch")
class SignOutView(LogoutView):
    """Asks before it signs out; only a POST does."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session and have the browser forget pages it may have kept."""
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response
