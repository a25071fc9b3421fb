"""Typed readers of environment variables that fail loudly.

A value that is missing or cannot be understood raises ``ImproperlyConfigured`` naming the
variable. A secret may be given by ``NAME`` or by a file whose path stands in ``NAME_FILE``.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

CONNECTION_SECONDS = 600
KEY_BYTES = 32


def text(name: str, *, default: str | None = None) -> str:
    value = os.environ.get(name)
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"The environment variable {name} is not set.")
    return default


def secret(name: str, *, default: str | None = None) -> str:
    file_name = os.environ.get(f"{name}_FILE")
    if not file_name:
        return text(name, default=default)
    if os.environ.get(name):
        raise ImproperlyConfigured(f"Set either {name} or {name}_FILE, not both.")
    try:
        value = Path(file_name).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}.") from error
    if not value:
        raise ImproperlyConfigured(f"The file named by {name}_FILE is empty.")
    return value


def flag(name: str, *, default: bool) -> bool:
    value = text(name, default=str(default))
    if value not in {"True", "False"}:
        raise ImproperlyConfigured(f"{name} must be True or False.")
    return value == "True"


def number(name: str, *, default: int) -> int:
    value = text(name, default=str(default))
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number.")
    return int(value)


def names(name: str, *, default: str | None = None) -> list[str]:
    """Return the comma-separated entries of a variable."""
    return [entry.strip() for entry in text(name, default=default).split(",") if entry.strip()]


def path(name: str, *, default: Path | None = None) -> Path:
    return Path(text(name, default=None if default is None else str(default)))


def key_ring(name: str) -> dict[str, bytes]:
    """Return the keys of a secret ``name:base64,name:base64``, each of 32 bytes; the first one is in use."""
    ring: dict[str, bytes] = {}
    for entry in secret(name).split(","):
        key_name, _, encoded = entry.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        # The sentence shows nothing of what was given.
        if not key_name or key_name in ring or len(key) != KEY_BYTES:
            raise ImproperlyConfigured(
                f"{name} must be name:key,name:key with names of their own and {KEY_BYTES} bytes in base64 as keys."
            )
        ring[key_name] = key
    return ring


def database(name: str, *, default: str | None = None) -> dict[str, Any]:
    """Return Django's settings for ``postgres://user:password@host:port/name``."""
    parts = urlsplit(secret(name, default=default))
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} must look like postgres://user:password@host:port/name."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or 5432,
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        # Compiling a statement takes Postgres longer than any statement of ours takes to run.
        "OPTIONS": {"connect_timeout": 10, "options": "-c jit=off"},
    }
