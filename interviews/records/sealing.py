"""Sealing private memos: AES-GCM with a ring of keys, bound to the row that holds the text.

The first key of the ring seals, every key opens. The name of a memo's row is part of what is authenticated: sealed text
that was put into another row, or under the name of another key, cannot be opened.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from interviews.models.memos import NONCE_BYTES


class SealBroken(Exception):
    """Sealed text cannot be opened: its key is not in the ring, or it was changed or moved. Says nothing of the text."""


@dataclass(frozen=True)
class Sealed:
    """Sealed text, its nonce, and the name of the key that opens it."""

    key_name: str
    nonce: bytes
    sealed: bytes


def sealing_key() -> str:
    """The name of the key that seals now: the first of the ring."""
    return next(iter(settings.MEMO_KEYS))


def seal(text: str, *, interview: int, author: int) -> Sealed:
    """Seal a text for the row of an interview and an author, with a nonce of its own."""
    name = sealing_key()
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(settings.MEMO_KEYS[name])
    return Sealed(name, nonce, cipher.encrypt(nonce, text.encode(), _row(name, interview, author)))


def unseal(sealed: Sealed, *, interview: int, author: int) -> str:
    """The text that was sealed for this row. Raises SealBroken."""
    key = settings.MEMO_KEYS.get(sealed.key_name)
    if key is None:
        raise SealBroken("The key is not in the ring.")
    row = _row(sealed.key_name, interview, author)
    try:
        return AESGCM(key).decrypt(sealed.nonce, sealed.sealed, row).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken("The text does not fit its key and its row.") from error


def _row(key_name: str, interview: int, author: int) -> bytes:
    return f"memo\0{key_name}\0{interview}\0{author}".encode()
