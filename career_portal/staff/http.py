"""Requests as views receive them, the one way in which a view refuses, and the way back to where somebody pressed."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from career_portal.common.sessions import SessionStore
from career_portal.staff.models import User


class StaffHttpRequest(HttpRequest):
    """A request of a signed-in person. Only for annotations: the sign-in middleware makes it true."""

    session: SessionStore
    user: User


def require(condition: object) -> None:
    """Answer 403 unless the condition holds: the object may be seen, but this may not be done.

    What may not even be seen is never loaded (`visible_to`) and so answers 404.
    """
    if not condition:
        raise PermissionDenied


_LONGEST_ADDRESS = 2000


def page_to_return_to(request: HttpRequest, otherwise: str) -> str:
    """The page of the portal from which a form was sent, as it says itself in `next`; else another one."""
    typed = request.POST.get("next", "")
    is_ours = typed.startswith("/") and url_has_allowed_host_and_scheme(
        typed, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return typed if is_ours and len(typed) <= _LONGEST_ADDRESS else otherwise
