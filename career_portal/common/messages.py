"""One-time notices in a cookie that belongs to exactly one host."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """The cookie of notices under a name that browsers accept only with Secure and path /."""

    cookie_name = "__Host-messages"


class HostFallbackStorage(FallbackStorage):
    """The cookie first, the session for what is too long for a cookie."""

    storage_classes = (HostCookieStorage, SessionStorage)
