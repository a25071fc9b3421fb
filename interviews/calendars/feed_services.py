"""The address of a person's feed: made, shown once, replaced, revoked."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.db.models.functions import Now

from career_portal.staff.models import User
from interviews.models import CalendarFeed

TOKEN_BYTES = 32


@transaction.atomic
def make_feed(*, by: User) -> str:
    """The token of a new feed, which is nowhere kept; the one before ends."""
    # Of two presses at once the second replaces what the first has made.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    revoke_feed(by=by)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CalendarFeed.objects.create(person=by, token_hash=_hash(token))
    return token


@transaction.atomic
def revoke_feed(*, by: User) -> None:
    """End a person's feed; again changes nothing."""
    CalendarFeed.objects.filter(person=by, revoked_at__isnull=True).update(revoked_at=Now())


def reader_of(token: str) -> User | None:
    """Whose feed a token opens; None where it was never made, was revoked, or the account has ended."""
    live = CalendarFeed.objects.live().select_related("person")
    feed = live.filter(token_hash=_hash(token)).first()
    return feed.person if feed else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
