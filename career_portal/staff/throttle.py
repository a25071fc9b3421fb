"""Slowing down who guesses passwords, without letting a stranger lock anybody out.

Ten failures for one name from one address close that pair for fifteen minutes; the same name is free
from every other address. An address that fails with many names may go on only with names that have
signed in from it before. Counts stand in Postgres, never with the password or the name as typed:
people type passwords into the wrong field.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

IPV6_NETWORK_BITS = 64


def typed_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name that was tried, as a keyed digest."""
    given = credentials or {}
    name = given.get("username") or given.get("login") or request.POST.get("login") or ""
    return salted_hmac("career_portal.staff.throttle", str(name), algorithm="sha256").hexdigest()


def client_address(request: HttpRequest) -> str | None:
    """Where a request comes from: a host in IPv4, a network in IPv6, whose hosts change at will.

    Behind a proxy it is the last entry of the header that production names: the one that our own
    proxy wrote. What visitors send stands before it.
    """
    header = settings.CLIENT_ADDRESS_HEADER
    value = request.headers.get(header, "") if header else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(value.rpartition(",")[2].strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_NETWORK_BITS), strict=False).network_address)


class SignInThrottle(AxesDatabaseHandler):
    """The counts of django-axes with a rule for addresses that try many names."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether this attempt is refused before the password is looked at."""
        return super().is_locked(request, credentials) or self.is_flooding(request, credentials)

    def is_flooding(self, request: Any, credentials: dict[str, Any] | None) -> bool:
        """Whether the address failed too often and the name never signed in from it."""
        since = timezone.now() - get_cool_off(request)
        from_here = AccessAttempt.objects.filter(
            ip_address=request.axes_ip_address, attempt_time__gte=since
        )
        failures = from_here.aggregate(total=Sum("failures_since_start"))["total"] or 0
        if failures < settings.SIGN_IN_ADDRESS_FAILURE_LIMIT:
            return False
        name = (credentials or {}).get("login") or request.POST.get("login", "")
        return not AccessLog.objects.filter(
            username=name, ip_address=request.axes_ip_address
        ).exists()


def locked_out_response(request: HttpRequest, response: Any, credentials: object) -> Any:
    """The answer to a refused attempt: the sign-in page has said it already."""
    return response
