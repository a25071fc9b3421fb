"""Receipt numbers (受付番号)."""

from __future__ import annotations

import secrets
from collections.abc import Callable

# Crockford's alphabet: no letter that is read as a digit or as another letter.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_receipt_number(fiscal_year: int, choose: Callable[[str], str] = secrets.choice) -> str:
    """A receipt number that tells neither order nor number of submissions: 2026-7KQ4-M2XD."""
    letters = "".join(choose(_ALPHABET) for _ in range(8))
    return f"{fiscal_year}-{letters[:4]}-{letters[4:]}"
