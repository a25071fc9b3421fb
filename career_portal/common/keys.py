"""Keys that follow from another secret."""

import hmac


def derived_key(secret: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose: for stacks that hold invented data only, others are given keys of their own."""
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")
