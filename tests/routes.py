"""Every route of the portal with an address that fits it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

SAMPLES = {"IntConverter": 1, "SlugConverter": "a", "StringConverter": "a", "PathConverter": "a"}


@dataclass(frozen=True)
class Route:
    """A named route; `address` has sample values for what the path asks for."""

    name: str
    address: str
    view: Callable


def routes(patterns=None, namespace="") -> Iterator[Route]:
    """All routes below the given patterns, by default those of the whole portal."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inside = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry.url_patterns, inside)
        elif isinstance(entry, URLPattern):
            values = {
                name: SAMPLES[type(converter).__name__]
                for name, converter in entry.pattern.converters.items()
            }
            name = f"{namespace}{entry.name}"
            yield Route(name, reverse(name, kwargs=values), entry.callback)
