"""Log lines about signing in and out: the account's number and the address, never a typed name."""

import logging
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from career_portal.staff.models import User
from career_portal.staff.throttle import client_address

logger = logging.getLogger(__name__)


def facts(request: HttpRequest | None, **more: object) -> dict[str, object]:
    """What the lines say beside their message."""
    address = client_address(request) if request is not None else None
    return {"facts": {"address": address, **more}}


@receiver(user_logged_in)
def log_sign_in(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """Somebody signed in."""
    logger.info("signed in", extra=facts(request, user=user.pk))


@receiver(user_logged_out)
def log_sign_out(request: HttpRequest | None, user: User | None, **kwargs: Any) -> None:
    """Somebody signed out."""
    logger.info("signed out", extra=facts(request, user=user.pk if user else None))


@receiver(user_login_failed)
def log_refusal(request: HttpRequest | None, **kwargs: Any) -> None:
    """A name and a password did not fit."""
    logger.warning("sign-in refused", extra=facts(request))


@receiver(user_locked_out)
def log_lock(request: HttpRequest, **kwargs: Any) -> None:
    """A name may not be tried from this address for a while."""
    logger.warning("sign-in locked", extra=facts(request))
