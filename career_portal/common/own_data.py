"""Files by which somebody takes along what the portal holds about him. Each app makes those about its own rows."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass

from django.utils import timezone


@dataclass(frozen=True)
class OwnFile:
    """One file: its path in the ZIP, what it holds in a sentence, and its bytes; None where it could not be made."""

    name: str
    about: str
    content: bytes | None


def json_file(name: str, about: str, value: object) -> OwnFile:
    """A file that people and programs can read: instants in JST with their offset, text as it was typed."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_moment)
    return OwnFile(name, about, f"{text}\n".encode())


def _moment(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
