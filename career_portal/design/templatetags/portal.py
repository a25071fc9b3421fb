"""Template tags of the portal's look: ``{% load portal %}``.

Tags with markup of their own have a template in ``components/``; small ones that appear many times
on a page (icon, chip, readers) are built directly.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import QueryDict
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from career_portal.design.components import (
    Audience,
    Change,
    ChipKind,
    Choice,
    Crumb,
    ErrorLink,
    PartState,
    SummaryRow,
    Task,
)
from career_portal.design.errors import error_links
from career_portal.design.icons import ICONS

register = template.Library()

_BOX = '<rect x="{}" y="0.75" width="14.5" height="10.5" rx="2" stroke-width="1.5" data-fill="{}"/>'
_BOXES = [
    format_html_join(
        "", _BOX, ((18 * box + 0.75, "full" if box < filled else "empty") for box in range(3))
    )
    for filled in range(4)
]

TONE_LABELS = {"info": "お知らせ", "success": "完了", "warning": "注意", "error": "エラー"}
STATE_WORDS: dict[PartState, str] = {"empty": "未着手", "half": "入力中", "full": "入力済み"}


@register.simple_tag
@lru_cache(maxsize=64)
def icon(name: str, label: str = "", css_class: str = "cp-icon") -> SafeString:
    """An icon of the house: hidden from screen readers unless ``label`` says what it means."""
    paths = format_html_join("", '<path d="{}"/>', ((path,) for path in ICONS[name]))
    role = format_html(
        'role="img" aria-label="{}"' if label else 'aria-hidden="{}"', label or "true"
    )
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        css_class,
        role,
        paths,
    )


@register.filter
def counted(number: int) -> str:
    """A number of people or things as it is read: 3,859."""
    return f"{number:,}"


@register.simple_tag
def chip(text: str, kind: ChipKind = "done") -> SafeString:
    """A state as a word: kinds todo, doing, done, waiting, problem, person, outline, mark."""
    return format_html('<span class="cp-chip" data-kind="{}">{}</span>', kind, text)


@register.simple_tag
def readers(people: str, prefix: str = "") -> SafeString:
    """The eye and who reads, e.g. ``{% readers "本人・上司・人事" prefix="読む人：" %}``."""
    return format_html(
        '<span class="cp-readers">{}<span><span class="cp-visually-hidden">{}</span>{}{}</span>'
        "</span>",
        icon("eye"),
        "" if prefix else "読む人：",
        prefix,
        people,
    )


@register.inclusion_tag("components/error_summary.html")
def error_summary(*sources: BaseForm | Sequence[ErrorLink]) -> dict[str, list[ErrorLink]]:
    """The box above the heading that lists every error as a link; nothing when there is none.

    Takes forms, lists of ``ErrorLink`` or both. Script moves the focus to it on load.
    """
    links: list[ErrorLink] = []
    for source in sources:
        links += error_links(source) if isinstance(source, BaseForm) else source
    return {"links": links}


@register.inclusion_tag("components/banner.html")
def banner(messages: Iterable[Message]) -> dict[str, object]:
    """Django's messages as notices; a message's level gives the tone."""
    shown = [
        (message, next((tone for tone in TONE_LABELS if tone in message.tags.split()), "info"))
        for message in messages
    ]
    return {"messages": shown}


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "", role: str = "") -> SafeString:
    """A notice around its content: ``{% notice tone="warning" title="…" %}…{% endnotice %}``.

    Tones info, success, warning, error; ``role`` may be ``alert`` or ``status``.
    """
    return render_to_string(
        "components/notice.html",
        {"tone": tone, "title": title, "role": role, "content": content},
    )


@register.inclusion_tag("components/notice_icon.html")
def notice_icon(tone: str) -> dict[str, str]:
    """The icon of a notice, named in words since its hue cannot be heard."""
    return {"tone": tone, "label": TONE_LABELS[tone]}


@register.simple_block_tag
def disclosure(content: str, summary: str) -> SafeString:
    """Folded content: ``{% disclosure "…を見る" %}…{% enddisclosure %}``."""
    return render_to_string("components/disclosure.html", {"summary": summary, "content": content})


@register.inclusion_tag("components/task_list.html")
def task_list(tasks: Sequence[Task], columns: int = 3) -> dict[str, object]:
    """Rows to do in any order; three columns show readers beside the state, two do not."""
    return {"tasks": tasks, "columns": columns}


@register.inclusion_tag("components/parts_bar.html")
def parts_bar(states: Sequence[PartState], label: str = "") -> dict[str, object]:
    """One box per part (empty, half, full); ``label`` replaces the counted text alternative."""
    boxes = [{"x": index * 44 + 1, "state": state} for index, state in enumerate(states)]
    counted = "、".join(f"{word}{states.count(state)}" for state, word in STATE_WORDS.items())
    return {
        "boxes": boxes,
        "width": max(len(states) * 44 - 4, 0) + 2,
        "label": label or f"{len(states)}つの部分のうち、{counted}",
    }


@register.inclusion_tag("components/rate_bar.html")
def rate_bar(rate: int, before: int | None = None) -> dict[str, int | None]:
    """A share in per cent as a bar, last year's as a line across it; the figures stand beside it in words."""
    return {"length": rate * 4, "mark": None if before is None else before * 4}


@register.simple_tag
def strength(filled: int, words: str) -> SafeString:
    """How strongly a skill is gained or asked for: three boxes, of which some are filled, and words that say it."""
    return format_html(
        '<span class="cp-strength"><svg class="cp-strength__boxes" viewBox="0 0 52 12" '
        'aria-hidden="true" focusable="false">{}</svg><span>{}</span></span>',
        _BOXES[filled],
        words,
    )


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Sequence[SummaryRow]) -> dict[str, object]:
    """The answers of one section on a check page, each with a link to change it."""
    return {"rows": rows}


@register.inclusion_tag("components/changes.html")
def changes(items: Sequence[Change], before: str = "昨年", now: str = "今年") -> dict[str, object]:
    """Cards of what differs from the year before."""
    return {"items": items, "before": before, "now": now}


@register.inclusion_tag("components/confirmation.html")
def confirmation(title: str, number: str = "", lead: str = "") -> dict[str, str]:
    """The page's ``h1`` after a submission, with the receipt number; nothing interactive inside."""
    return {"title": title, "number": number, "lead": lead}


@register.inclusion_tag("components/audience.html", takes_context=True)
def audience(context: RequestContext, readers: Audience) -> dict[str, object]:
    """Who reads this part, above everything typed, with a form to narrow it in place."""
    return {"audience": readers, "csrf_token": context.get("csrf_token", "")}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(crumbs: Sequence[Crumb]) -> dict[str, object]:
    """The way to this page; the last crumb is the page itself."""
    return {"crumbs": crumbs}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: RequestContext, page: Page[Any], label: str = "ページ") -> dict[str, object]:
    """前へ and 次へ around 「2 / 5」, keeping the query; nothing when there is one page."""
    query: QueryDict = context["request"].GET

    def address(number: int) -> str:
        changed = query.copy()
        changed["page"] = str(number)
        return f"?{changed.urlencode()}"

    return {
        "page": page,
        "label": label,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/choice_levels.html")
def levels(choice: Choice) -> dict[str, Choice]:
    """Five levels, each with its shared name and the sentence of this competency."""
    return {"choice": choice}


@register.inclusion_tag("components/choice_pills.html")
def pills(choice: Choice) -> dict[str, Choice]:
    """A few short answers side by side, stacked on a phone."""
    return {"choice": choice}


@register.inclusion_tag("components/choice_options.html")
def options(choice: Choice) -> dict[str, Choice]:
    """Radios, or checkboxes when several may be chosen, one below the other."""
    return {"choice": choice}


@register.inclusion_tag("components/choice_scale.html")
def scale(choice: Choice) -> dict[str, Choice]:
    """Five steps of agreement; a phone prints the words of the ends and of the chosen step."""
    return {"choice": choice}


@register.inclusion_tag("components/skill_row.html")
def skill_row(
    code: str, name: str, experience: Choice, wish: Choice, hint: str = ""
) -> dict[str, object]:
    """One skill with two short answers; ``code`` makes the ids unique."""
    return {"code": code, "name": name, "groups": (experience, wish), "hint": hint}
