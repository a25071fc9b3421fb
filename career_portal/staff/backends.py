"""Local accounts: who may sign in, and who a session belongs to."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from career_portal.staff.models import User
from career_portal.staff.models.user import request_user


def may_sign_in(user: User) -> bool:
    """Ended accounts may not; demonstration accounts only where the stack allows them."""
    return user.is_active and (settings.DEMO_ACCOUNTS_ALLOWED or not user.is_demonstration)


class LocalAccountBackend(BaseBackend):
    """Sign-in name and password; a session loads its person with today's roles in one statement."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: object,
    ) -> User | None:
        """The account, when name and password fit and it may sign in.

        An unknown name costs the same hashing as a known one, so that answers tell nothing by
        their time.
        """
        if username is None or password is None:
            return None
        user: User | None = User.objects.filter(username=username).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and may_sign_in(user) else None

    def get_user(self, user_id: int) -> User | None:
        """The person of a session; none once the account has ended, whatever the session says."""
        user = request_user(user_id)
        return user if user is not None and may_sign_in(user) else None
