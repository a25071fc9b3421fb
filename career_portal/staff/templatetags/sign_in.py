"""The notice about the end of a sign-in: ``{% load sign_in %}``."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=1)
def session_words() -> SafeString:
    """What the notice may say. Every page has it and none shows it at first, so it is put together once."""
    return render_to_string("partials/session_words.html")
