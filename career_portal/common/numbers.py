"""Numbers in addresses that people may have typed."""

from django.http import Http404


def whole_number(typed: str) -> int:
    """The id that an address's query names. Raises Http404 for anything that is none, or beyond every id."""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
        raise Http404
    return int(typed)
