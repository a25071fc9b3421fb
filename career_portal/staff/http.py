"""Requests as views receive them, and the one way in which a view refuses."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

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
