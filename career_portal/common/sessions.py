"""Sessions in Postgres that end by themselves, prolonged without a write on every request.

A signed-in session ends after `SESSION_COOKIE_AGE` without a request, and `SESSION_ABSOLUTE_AGE`
after sign-in whatever happens. Both limits are one date in the session's row, looked at whenever a
session is loaded. While the person works, the date moves at most once in `SESSION_PROLONG_EVERY`, by
one statement that never rewrites what the session holds.
"""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

STARTED_KEY = "signed_in_at"
SHORTEST_KEY = 8
# Every request runs this; building it as a queryset would cost more than Postgres needs to answer.
LOAD = "SELECT session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DatabaseSessionStore):
    """A session row with an idle and an absolute limit."""

    expires_at: datetime.datetime | None = None
    # A request that only asks how long the session lasts leaves its end where it is.
    is_only_looked_at = False

    def load(self) -> dict[str, Any]:
        """What the session holds, nothing when it is unknown or over."""
        with connection.cursor() as cursor:
            cursor.execute(LOAD, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            self.expires_at = None
            return {}
        content, self.expires_at = row
        return self.decode(content)

    def _validate_session_key(self, key: str | None) -> bool:
        """Whether the key is one that we could have given: the database takes no odd bytes."""
        return key is not None and len(key) >= SHORTEST_KEY and key.isascii() and key.isalnum()

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row to save; the absolute limit counts from the first save that knows the person."""
        if SESSION_KEY in data:
            data.setdefault(STARTED_KEY, int(timezone.now().timestamp()))
        return super().create_model_instance(data)

    def get_expiry_date(self, **kwargs: Any) -> datetime.datetime:
        """The nearer of the two limits, as of now."""
        now = timezone.now()
        idle = now + datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)
        started = self.get(STARTED_KEY)
        if started is None:
            return idle
        began = datetime.datetime.fromtimestamp(started, tz=datetime.UTC)
        return min(idle, began + settings.SESSION_ABSOLUTE_AGE)

    def prolong(self) -> None:
        """Move the end of a loaded session of a signed-in person, unless it moved a moment ago.

        A session deleted in the meantime (signed out in another window) stays deleted.
        """
        if self.can_be_prolonged and not self.is_only_looked_at:
            end = self.get_expiry_date()
            self.model.objects.filter(session_key=self.session_key).update(expire_date=end)

    @property
    def can_be_prolonged(self) -> bool:
        """Whether a request moves the end of this session of a signed-in person by as much as is worth a write."""
        if self.expires_at is None or SESSION_KEY not in self:
            return False
        return self.get_expiry_date() - self.expires_at >= settings.SESSION_PROLONG_EVERY

    @property
    def ends_at(self) -> datetime.datetime | None:
        """When the session of a signed-in person ends unless another request comes after this one."""
        if SESSION_KEY not in self:
            return None
        moves = self.modified or self.can_be_prolonged
        return self.get_expiry_date() if moves and not self.is_only_looked_at else self.expires_at

    @property
    def seconds_left(self) -> int | None:
        """Whole seconds until `ends_at`, 0 at least."""
        end = self.ends_at
        return None if end is None else max(0, int((end - timezone.now()).total_seconds()))


class ProlongingSessionMiddleware(SessionMiddleware):
    """Django's session middleware; prolongs what the request used and did not save anyway."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save a changed session, prolong an unchanged one; after a fault neither."""
        session = request.session
        prolongs = session.accessed and not session.modified and response.status_code < 500
        response = super().process_response(request, response)
        if prolongs and isinstance(session, SessionStore):
            session.prolong()
        return response
