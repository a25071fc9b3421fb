"""Template tags of feedback sheets: ``{% load sheets %}``."""

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# Where a last phrase may begin: at a kanji or katakana after hiragana or a comma; else so many signs before the end.
_LAST_PHRASE = re.compile(r"(?<=[ぁ-ん、。])[ァ-ヶ一-龠][^、。（]{4,9}[。）]?$")
_TAIL = 7


@register.simple_tag
def tied(text: str) -> SafeString:
    """A text whose last phrase stays on one line, so that no line of a single sign ends it."""
    found = _LAST_PHRASE.search(text)
    start = found.start() if found else max(len(text) - _TAIL, 0)
    return format_html('{}<span class="cp-sheet__keep">{}</span>', text[:start], text[start:])
